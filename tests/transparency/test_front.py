"""What the front page counts, and which project it shows as finished last."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import now, today
from cdp.people.models import Belonging, Person
from cdp.people.states import ShownAs, Tie
from cdp.programme.models import Project
from cdp.programme.states import ProjectState
from cdp.rounds.models import Round
from cdp.teams.models import Membership
from cdp.teams.states import Offer
from cdp.transparency.front import front
from tests.factories import keep, make_commune, make_diaspora, make_person, make_project, make_resident, make_round


@pytest.fixture
def commune(db: Session) -> Commune:
    return make_commune(db)


@pytest.fixture
def round_(db: Session, commune: Commune) -> Round:
    return make_round(db, commune)


def join(db: Session, project: Project, person: Person, *, until: date | None = None) -> None:
    days = {"since": today() - timedelta(days=30), "until": until or today(), "joined_at": now()}
    of = {"commune_id": project.commune_id, "proposal_id": project.proposal_id, "person_id": person.id}
    keep(db, Membership(**of, **days, offer=Offer.SKILL, shown_as=ShownAs.FIRST))


def test_members_are_all_in_teams_today_and_those_from_afar_are_said_apart(
    db: Session, commune: Commune, round_: Round
) -> None:
    first, second = make_project(db, round_), make_project(db, round_)
    abroad = make_diaspora(db, commune)
    join(db, first, abroad)
    join(db, second, abroad)
    join(db, first, make_resident(db, commune))
    join(db, first, make_person(db))
    back = make_diaspora(db, commune)
    keep(db, Belonging(commune_id=commune.id, person_id=back.id, tie=Tie.LIVES, since=date(2026, 1, 1)))
    join(db, first, back)
    join(db, first, make_diaspora(db, commune), until=today() - timedelta(days=1))
    elsewhere = make_diaspora(db, make_commune(db))
    join(db, first, elsewhere)
    seen = front(db, commune.id, None, today())
    assert (seen.members, seen.from_afar, seen.projects_with_members) == (5, 1, 2)


def test_the_project_shown_as_finished_last_is_the_one_that_was_finished_last(
    db: Session, commune: Commune, round_: Round
) -> None:
    make_project(db, round_, state=ProjectState.WORKS, state_since=today())
    assert front(db, commune.id, None, today()).finished is None
    make_project(db, round_, state=ProjectState.DONE, state_since=date(2026, 5, 1))
    last = make_project(db, round_, state=ProjectState.DONE, state_since=date(2027, 3, 1))
    found = front(db, commune.id, None, today()).finished
    assert found is not None
    assert (found.number, found.done_on, dict(found.title)) == (last.number, date(2027, 3, 1), {})
