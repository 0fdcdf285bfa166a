from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.conduct import worklist
from cdp.delivery.models import Milestone
from cdp.kernel.clock import now, today
from cdp.kernel.words import Words
from cdp.people.states import Role, ShownAs
from cdp.programme.models import CouncilAct, PlanVersion, Project
from cdp.programme.states import ActKind
from cdp.proposals.states import ProposalState
from cdp.rounds import queries
from cdp.rounds.models import Round
from cdp.rounds.states import Phase
from cdp.store.engine import Store
from cdp.teams.models import Membership
from cdp.teams.states import Offer
from tests.factories import keep, make_commune, make_group, make_official, make_proposal, make_resident, make_round

OFFICER = frozenset({Role.OFFICER})


def desk(db: Session, round_: Round, **over: Any) -> worklist.Desk:
    card = queries.card(db, round_)
    day = over.get("day", today())
    return worklist.desk(db, round_.commune_id, card, day, roles=over.get("roles", OFFICER))


def keys(found: worklist.Desk) -> list[str]:
    return [task.title.key for task in found.tasks]


def version_of(db: Session, round_: Round, *kinds: ActKind) -> None:
    base: dict[str, Any] = {"commune_id": round_.commune_id, "made_at": now(), "frozen_at": now()}
    maker = round_.opened_by_id
    version = keep(db, PlanVersion(**base, round_id=round_.id, number=1, charter_version=1, made_by_id=maker))
    for kind in kinds:
        keep(
            db,
            CouncilAct(
                commune_id=round_.commune_id,
                version_id=version.id,
                kind=kind,
                on=date(2027, 4, 5),
                recorded_by_id=maker,
                recorded_at=now(),
            ),
        )


def test_an_empty_desk_is_empty(db: Session) -> None:
    assert desk(db, make_round(db)).tasks == ()


def test_the_oldest_due_date_comes_first_and_undated_things_last(db: Session) -> None:
    round_ = make_round(db)
    make_group(db, db.get_one(Commune, round_.commune_id))
    make_proposal(db, round_, submitted_at=datetime(2027, 4, 2, 9, tzinfo=UTC))
    make_proposal(db, round_, state=ProposalState.RETURNED, correct_until=date(2027, 4, 10))
    found = desk(db, round_)
    assert keys(found) == ["desk.overdue", "desk.review", "desk.groups"]
    detail = found.tasks[1].detail
    assert detail
    assert detail.values == {"days": 10}
    assert found.tasks[1].due == next(w.ends_on for w in queries.card(db, round_).windows if w.phase is Phase.REVIEW)


def test_a_proposal_given_back_is_not_overdue_on_its_last_day(db: Session) -> None:
    round_ = make_round(db)
    make_proposal(db, round_, state=ProposalState.RETURNED, correct_until=today())
    assert keys(desk(db, round_)) == []
    assert keys(desk(db, round_, day=today() + timedelta(days=1))) == ["desk.overdue"]


def test_the_decision_to_draw_up_is_due_fifteen_days_after_the_round_begins(db: Session) -> None:
    round_ = make_round(db, phase=Phase.INFORMATION)
    (task,) = [t for t in desk(db, round_).tasks if t.title.key == "desk.post_decision"]
    assert task.due == queries.card(db, round_).windows[0].starts_on + timedelta(days=15)


def test_the_draft_goes_to_the_commissions_thirty_days_before_the_council_phase_ends(db: Session) -> None:
    round_ = make_round(db, phase=Phase.PROGRAMMING)
    (task,) = [t for t in desk(db, round_).tasks if t.title.key == "desk.to_commissions"]
    council = next(w for w in queries.card(db, round_).windows if w.phase is Phase.COUNCIL)
    assert council.ends_on
    assert task.due == council.ends_on - timedelta(days=30)
    version_of(db, round_, ActKind.SUBMIT)
    assert "desk.to_commissions" not in keys(desk(db, round_))


def test_the_visa_is_expected_twenty_days_after_the_vote_until_it_comes(db: Session) -> None:
    round_ = make_round(db, phase=Phase.VISA)
    version_of(db, round_, ActKind.SUBMIT, ActKind.ADOPT)
    (task,) = [t for t in desk(db, round_).tasks if t.title.key == "desk.visa"]
    assert task.due == date(2027, 4, 25)
    other = make_round(db, phase=Phase.VISA)
    version_of(db, other, ActKind.ADOPT, ActKind.VISA)
    assert "desk.visa" not in keys(desk(db, other))


def test_a_membership_that_ends_this_week_is_on_the_desk_and_a_later_one_is_not(db: Session) -> None:
    round_ = make_round(db)
    commune = db.get_one(Commune, round_.commune_id)
    proposal = make_proposal(db, round_, state=ProposalState.ADMITTED)
    for days in (5, 20):
        keep(
            db,
            Membership(
                commune_id=commune.id,
                proposal_id=proposal.id,
                person_id=make_resident(db, commune).id,
                offer=Offer.HOURS,
                since=today() - timedelta(days=30),
                until=today() + timedelta(days=days),
                shown_as=ShownAs.FIRST,
                joined_at=now(),
            ),
        )
    found = desk(db, round_, roles=frozenset({Role.FACILITATOR}))
    assert keys(found) == ["desk.memberships"]
    assert (found.tasks[0].due, found.tasks[0].values) == (today() + timedelta(days=5), {"number": proposal.number})
    assert found.figures.memberships == 2


def test_works_whose_day_has_passed_are_on_the_desk_until_they_are_reported(db: Session) -> None:
    round_ = make_round(db, phase=Phase.DELIVERY)
    proposal = make_proposal(db, round_, state=ProposalState.PROGRAMMED)
    project = keep(
        db,
        Project(
            commune_id=round_.commune_id,
            round_id=round_.id,
            proposal_id=proposal.id,
            number=proposal.number,
            start_year=2028,
            cost_minor=100,
            price_year=2027,
            state_since=date(2027, 1, 1),
        ),
    )
    milestone = keep(
        db,
        Milestone(
            commune_id=round_.commune_id,
            project_id=project.id,
            position=1,
            title=Words(fr="Forage"),
            planned_on=today() - timedelta(days=1),
        ),
    )
    assert "desk.milestones" in keys(desk(db, round_))
    milestone.done_on, milestone.reported_at = today(), now()
    db.flush()
    assert "desk.milestones" not in keys(desk(db, round_))


@pytest.mark.parametrize("things", [1, 30])
def test_the_desk_costs_one_statement_however_much_waits(db: Session, store: Store, things: int) -> None:
    round_ = make_round(db)
    commune = db.get_one(Commune, round_.commune_id)
    for _ in range(things):
        make_proposal(db, round_)
        make_official(db, commune)
    card = queries.card(db, round_)
    with counted(store) as statements:
        worklist.desk(db, commune.id, card, today(), roles=OFFICER)
    assert len(statements) == 1


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that were sent inside."""
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(store.engine, "before_cursor_execute", listen)


def test_one_commune_never_counts_what_waits_in_another(db: Session) -> None:
    round_ = make_round(db)
    make_group(db, make_commune(db))
    make_proposal(db, make_round(db))
    assert desk(db, round_).tasks == ()
