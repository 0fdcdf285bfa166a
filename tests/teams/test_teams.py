from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken
from cdp.kernel.words import Words
from cdp.notices.models import Notice
from cdp.people.actor import NOBODY
from cdp.people.states import Role, ShownAs
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.store.audit import Event
from cdp.teams import queries, services
from cdp.teams.policy import TEAM, TeamStep
from cdp.teams.rules import Joining, joining_problem
from cdp.teams.services import Asking, Invite
from cdp.teams.states import Ending, Offer
from tests.factories import (
    actor_of,
    make_commune,
    make_diaspora,
    make_group,
    make_locality,
    make_official,
    make_person,
    make_proposal,
    make_resident,
    make_round,
)

SUMMER = date(2027, 9, 30)


def a_project(db: Session, **over: Any) -> Proposal:
    round_ = over.pop("round_", None) or make_round(db)
    return make_proposal(db, round_, state=ProposalState.PROGRAMMED, **over)


def joining(**over: Any) -> Joining:
    return Joining(**{"offer": Offer.HOURS, "hours": 12, "until": SUMMER} | over)


def an_invitation(db: Session, project: Proposal) -> tuple[Any, str]:
    officer = make_official(db, db.get_one(type(make_commune(db)), project.commune_id))
    return services.invite(db, actor_of(db, officer), project, Invite("Salma", "fr", today() + timedelta(days=30)))


def test_an_invited_person_joins_one_project_until_a_day(db: Session) -> None:
    project = a_project(db)
    invitation, token = an_invitation(db, project)
    guest = make_person(db, name="Salma Benali")
    assert queries.find_invitation(db, token).id == invitation.id
    membership = services.join(db, actor_of(db, guest), project, joining(), invitation=invitation)
    assert (membership.since, membership.until) == (today(), SUMMER)
    assert actor_of(db, guest).memberships == {project.id: SUMMER}
    acted = db.scalars(select(Event).where(Event.act == "teams.join")).one()
    assert (acted.person_id, acted.thing_id) == (guest.id, membership.id)


def test_rights_hold_on_the_last_day_and_are_gone_the_day_after(db: Session) -> None:
    project = a_project(db)
    invitation, _ = an_invitation(db, project)
    guest = make_person(db)
    services.join(db, actor_of(db, guest), project, joining(), invitation=invitation)
    with clock.held_at(SUMMER):
        assert TEAM[TeamStep.ENTER_ROOM](actor_of(db, guest), project)
        assert actor_of(db, guest).as_member(project.id).capacity.until == SUMMER
    with clock.held_at(SUMMER + timedelta(days=1)):
        late = actor_of(db, guest)
        assert not TEAM[TeamStep.ENTER_ROOM](late, project)
        with pytest.raises(Refused, match="not_a_member"):
            late.as_member(project.id)
        with pytest.raises(Refused):
            services.say(db, late, project, "One more thing", language="en")


@pytest.mark.parametrize(("shown_as", "name"), [("full", "Salma Benali"), ("first", "Salma B."), ("anonymous", "")])
def test_the_record_stays_under_the_name_that_was_chosen(db: Session, shown_as: str, name: str) -> None:
    project = a_project(db)
    invitation, _ = an_invitation(db, project)
    guest = make_person(db, name="Salma Benali")
    services.join(db, actor_of(db, guest), project, joining(shown_as=ShownAs(shown_as)), invitation=invitation)
    with clock.held_at(SUMMER + timedelta(days=100)):
        (member,) = queries.team(db, project.id, today())
        assert (member.name, member.is_over, member.until) == (name, True, SUMMER)


def test_one_belongs_to_two_projects_and_a_village_at_once(db: Session) -> None:
    round_ = make_round(db)
    first, second = a_project(db, round_=round_), a_project(db, round_=round_)
    commune = db.get_one(type(make_commune(db)), round_.commune_id)
    guest = make_diaspora(db, commune)
    make_locality(db, commune)
    for project in (first, second):
        invitation, _ = an_invitation(db, project)
        services.join(db, actor_of(db, guest), project, joining(), invitation=invitation)
    actor = actor_of(db, guest)
    assert set(actor.memberships) == {first.id, second.id}
    assert len(actor.ties) == 1
    assert [b.number for b in queries.belongings(db, guest.id, today())] == [first.number, second.number]


def test_leaving_needs_no_reason_and_is_thanked_once(db: Session) -> None:
    project = a_project(db)
    invitation, _ = an_invitation(db, project)
    guest = make_person(db)
    membership = services.join(db, actor_of(db, guest), project, joining(), invitation=invitation)
    services.leave(db, actor_of(db, guest), membership)
    assert (membership.ended_on, membership.ending) == (today(), Ending.LEFT)
    with clock.held_at(today() + timedelta(days=1)):
        assert actor_of(db, guest).memberships == {}
        assert services.thank_the_ended(db, today()) == 0
    thanks = select(func.count()).select_from(Notice).where(Notice.kind == "membership_ended")
    assert db.scalar(thanks) == 1


def test_who_reaches_the_last_day_is_thanked_once_even_after_a_pause_of_the_worker(db: Session) -> None:
    project = a_project(db)
    invitation, _ = an_invitation(db, project)
    services.join(db, actor_of(db, make_person(db)), project, joining(), invitation=invitation)
    with clock.held_at(SUMMER - timedelta(days=3)):
        assert services.warn_the_ending(db, today()) == 1
        assert services.warn_the_ending(db, today()) == 0
    with clock.held_at(SUMMER):
        assert services.thank_the_ended(db, today()) == 0
    with clock.held_at(SUMMER + timedelta(days=4)):
        assert services.thank_the_ended(db, today()) == 1
        assert services.thank_the_ended(db, today()) == 0


def test_the_office_lets_go_with_a_reason(db: Session) -> None:
    commune = make_commune(db)
    project = a_project(db, round_=make_round(db, commune))
    invitation, _ = an_invitation(db, project)
    guest = make_person(db)
    membership = services.join(db, actor_of(db, guest), project, joining(), invitation=invitation)
    officer = actor_of(db, make_official(db, commune))
    with pytest.raises(RuleBroken, match="reason_missing"):
        services.let_go(db, officer, membership, "  ")
    services.let_go(db, officer, membership, "The study is finished.")
    assert membership.ending is Ending.LET_GO
    assert db.scalars(select(Event).where(Event.act == "teams.let_go")).one().capacity == f"officer:{commune.id}"


def test_a_membership_can_be_prolonged_by_its_own_person_only(db: Session) -> None:
    project = a_project(db)
    invitation, _ = an_invitation(db, project)
    guest = make_person(db)
    membership = services.join(db, actor_of(db, guest), project, joining(), invitation=invitation)
    services.prolong(db, actor_of(db, guest), membership, SUMMER + timedelta(days=30))
    assert membership.until == SUMMER + timedelta(days=30)
    with pytest.raises(RuleBroken, match="too_far"):
        services.prolong(db, actor_of(db, guest), membership, today() + timedelta(days=400))
    with pytest.raises(Refused):
        services.prolong(db, actor_of(db, make_person(db)), membership, SUMMER)


def test_an_invitation_serves_one_person_once_and_in_time(db: Session) -> None:
    project = a_project(db)
    invitation, token = an_invitation(db, project)
    guest = actor_of(db, make_person(db))
    first = services.join(db, guest, project, joining(), invitation=invitation)
    assert services.join(db, guest, project, joining(), invitation=invitation) is first, "twice counts once"
    with pytest.raises(Refused, match="invitation_taken"):
        services.join(db, actor_of(db, make_person(db)), project, joining(), invitation=invitation)
    with pytest.raises(NotFound):
        queries.find_invitation(db, token[:-1])
    late, _ = an_invitation(db, project)
    with clock.held_at(today() + timedelta(days=31)), pytest.raises(Refused, match="invitation_over"):
        services.join(db, actor_of(db, make_person(db)), project, joining(), invitation=late)


def test_an_invitation_to_one_project_does_not_open_another(db: Session) -> None:
    invitation, _ = an_invitation(db, a_project(db))
    with pytest.raises(Refused, match="invitation_unknown"):
        services.join(db, actor_of(db, make_person(db)), a_project(db), joining(), invitation=invitation)


def test_an_invitation_taken_back_opens_nothing(db: Session) -> None:
    commune = make_commune(db)
    project = a_project(db, round_=make_round(db, commune))
    officer = actor_of(db, make_official(db, commune))
    invitation, token = services.invite(db, officer, project, Invite("A", "ar", today()))
    services.revoke(db, officer, project, invitation)
    with pytest.raises(NotFound):
        queries.find_invitation(db, token)
    with pytest.raises(Refused):
        services.join(db, actor_of(db, make_person(db)), project, joining(), invitation=invitation)


def test_without_an_invitation_one_joins_only_in_answer_to_a_need(db: Session) -> None:
    commune = make_commune(db)
    project = a_project(db, round_=make_round(db, commune))
    guest = actor_of(db, make_person(db))
    with pytest.raises(Refused, match="needs_invitation"):
        services.join(db, guest, project, joining())
    officer = actor_of(db, make_official(db, commune))
    need = services.ask(db, officer, project, Asking(Offer.HOURS, Words(fr="Une hydraulicienne, 12 heures"), 12))
    services.join(db, guest, project, joining())
    services.find(db, officer, project, need)
    with pytest.raises(Refused, match="needs_invitation"):
        services.join(db, actor_of(db, make_person(db)), project, joining())


def test_a_member_already_does_not_join_again(db: Session) -> None:
    project = a_project(db)
    first, _ = an_invitation(db, project)
    second, _ = an_invitation(db, project)
    guest = actor_of(db, make_person(db))
    services.join(db, guest, project, joining(), invitation=first)
    with pytest.raises(Conflict, match="member_already"):
        services.join(db, guest, project, joining(), invitation=second)


@pytest.mark.parametrize(
    ("over", "key"),
    [
        ({"until": date(2027, 4, 11)}, "teams.until_in_the_past"),
        ({"until": date(2029, 1, 1)}, "teams.until_too_far"),
        ({"hours": None}, "teams.hours_missing"),
        ({"hours": -3}, "teams.hours_absurd"),
        ({"hours": 10**9}, "teams.hours_absurd"),
        ({"offer": Offer.SKILL, "text": " "}, "teams.skill_missing"),
        ({"offer": Offer.VISIT}, "teams.visit_missing"),
        ({"offer": Offer.VISIT, "visit_since": date(2027, 12, 1)}, "teams.visit_out_of_order"),
        (
            {"offer": Offer.VISIT, "visit_since": date(2027, 8, 9), "visit_until": date(2027, 8, 1)},
            "teams.visit_out_of_order",
        ),
    ],
)
def test_a_joining_that_does_not_hold_together_is_told_why(over: dict[str, Any], key: str) -> None:
    assert joining_problem(joining(**over), date(2027, 4, 12)) == key


def test_who_may_invite(db: Session) -> None:
    commune = make_commune(db)
    author, speaker = make_resident(db, commune), make_resident(db, commune)
    group = make_group(db, commune, speaker, make_resident(db, commune))
    project = a_project(db, round_=make_round(db, commune), author_id=author.id, group_id=group.id)
    may = {
        "author": author,
        "speaker of the group": speaker,
        "officer": make_official(db, commune),
        "facilitator": make_official(db, commune, Role.FACILITATOR),
    }
    may_not = {
        "resident": make_resident(db, commune),
        "treasurer": make_official(db, commune, Role.TREASURER),
        "panel": make_official(db, commune, Role.PANEL),
        "officer of another commune": make_official(db, make_commune(db)),
    }
    for who, person in may.items():
        assert TEAM[TeamStep.INVITE](actor_of(db, person), project), who
    for who, person in may_not.items():
        assert not TEAM[TeamStep.INVITE](actor_of(db, person), project), who
        with pytest.raises(Refused):
            services.invite(db, actor_of(db, person), project, Invite("X", "fr", today()))
    with pytest.raises(Refused):
        services.invite(db, NOBODY, project, Invite("X", "fr", today()))


def test_a_draft_has_no_team(db: Session) -> None:
    commune = make_commune(db)
    draft = make_proposal(db, make_round(db, commune), state=ProposalState.DRAFT)
    with pytest.raises(Refused):
        services.invite(db, actor_of(db, make_official(db, commune)), draft, Invite("X", "fr", today()))


def test_what_is_said_carries_its_capacity_and_can_be_hidden_not_erased(db: Session) -> None:
    commune = make_commune(db)
    project = a_project(db, round_=make_round(db, commune))
    invitation, _ = an_invitation(db, project)
    guest = make_person(db, name="Salma Benali")
    services.join(db, actor_of(db, guest), project, joining(), invitation=invitation)
    message = services.say(db, actor_of(db, guest), project, "I can read the plans on Sunday.", language="en")
    assert message.capacity == f"member:{project.id}:{SUMMER}"
    assert message.shown_name == "Salma B."
    with pytest.raises(RuleBroken, match="too_long"):
        services.say(db, actor_of(db, guest), project, "x" * 5000, language="en")
    with pytest.raises(Refused):
        services.hide(db, actor_of(db, guest), project, message)
    services.hide(db, actor_of(db, make_official(db, commune)), project, message)
    (said,) = queries.messages(db, project.id)
    assert said.is_hidden
    assert said.text == ""
