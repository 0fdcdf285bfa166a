from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import held_at, now, today
from cdp.kernel.errors import Refused, RuleBroken
from cdp.people.actor import NOBODY, Actor
from cdp.people.models import Mandate
from cdp.people.states import Role, ShownAs
from cdp.priorities import queries, services
from cdp.priorities.models import Interest, Mark, MarkSheet, RankDecision
from cdp.priorities.queries.panel import SheetState
from cdp.priorities.rules.sheets import SheetDraft
from cdp.priorities.states import InterestKind
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.rounds import queries as rounds
from cdp.rounds.models import Charter, Round
from cdp.rounds.states import Phase
from cdp.store.audit import Event
from cdp.teams.models import Membership
from cdp.teams.states import Offer
from tests.factories import (
    actor_of,
    keep,
    make_commune,
    make_group,
    make_official,
    make_proposal,
    make_resident,
    make_round,
)


def sheet(need: int, reach: int, reason: str = "Le besoin est quotidien.") -> SheetDraft:
    return SheetDraft({"need": need, "reach": reach}, reason, "fr")


def commune_of(db: Session, round_: Round) -> Commune:
    return db.get_one(Commune, round_.commune_id)


def panel(db: Session, round_: Round, number: int) -> list[Actor]:
    commune = commune_of(db, round_)
    return [actor_of(db, make_official(db, commune, Role.PANEL)) for _ in range(number)]


def admitted(db: Session, round_: Round, **over: Any) -> Proposal:
    return make_proposal(db, round_, state=ProposalState.ADMITTED, **over)


@pytest.fixture
def round_(db: Session) -> Round:
    return make_round(db, phase=Phase.PRIORITIES)


def ranking(db: Session, round_: Round) -> queries.Ranking:
    db.flush()
    return queries.ranking(db, rounds.card(db, round_), today())


# --- who may, and when -------------------------------------------------------------------

WHO: dict[str, Callable[[Session, Commune], Actor]] = {
    **{
        role.value: lambda db, commune, role=role: actor_of(db, make_official(db, commune, role))  # type: ignore[misc]
        for role in Role
    },
    "resident": lambda db, commune: actor_of(db, make_resident(db, commune)),
    "panel of another commune": lambda db, _: actor_of(db, make_official(db, make_commune(db), Role.PANEL)),
    "officer of another commune": lambda db, _: actor_of(db, make_official(db, make_commune(db))),
    "nobody": lambda *_: NOBODY,
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("phase", Phase)
def test_marks_are_the_panels_in_the_phase_of_priorities_alone(db: Session, phase: Phase, who: str) -> None:
    proposal = admitted(db, make_round(db, phase=phase))
    actor = WHO[who](db, db.get_one(Commune, proposal.commune_id))
    acts: tuple[Callable[[], object], ...] = (
        lambda: services.mark(db, actor, proposal, SheetDraft({"need": 3})),
        lambda: services.hand_in(db, actor, proposal, sheet(3, 3)),
        lambda: services.declare(db, actor, proposal, InterestKind.FAMILY),
    )
    may = who == "panel" and phase is Phase.PRIORITIES
    for act in acts:
        if may:
            act()
        else:
            with pytest.raises(Refused, match=r"errors\.not_allowed"):
                act()
    assert db.scalar(select(func.count()).select_from(Interest)) == (1 if may else 0)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("phase", Phase)
def test_places_are_set_by_the_office_while_the_order_is_made(db: Session, phase: Phase, who: str) -> None:
    round_ = make_round(db, phase=Phase.PRIORITIES)
    proposal = admitted(db, round_)
    services.hand_in(db, panel(db, round_, 1)[0], proposal, sheet(3, 3))
    start = next(w.starts_on for w in rounds.card(db, round_).windows if w.phase is phase)
    actor = WHO[who](db, commune_of(db, round_))
    may = who in {"officer", "president"} and phase in {Phase.PRIORITIES, Phase.PROGRAMMING}
    with held_at(start):
        if may:
            assert services.set_place(db, actor, proposal, 1, reason="Urgence.", language="fr").position == 1
            return
        with pytest.raises(Refused, match=r"errors\.not_allowed"):
            services.set_place(db, actor, proposal, 1, reason="Urgence.", language="fr")


def test_a_mandate_that_ended_yesterday_marks_no_more(db: Session, round_: Round) -> None:
    proposal = admitted(db, round_)
    person = make_official(db, commune_of(db, round_), Role.PANEL)
    db.scalars(select(Mandate).where(Mandate.person_id == person.id)).one().until = today() - timedelta(days=1)
    with pytest.raises(Refused):
        services.mark(db, actor_of(db, person), proposal, sheet(1, 1))


def test_the_last_day_of_the_phase_counts_and_the_day_after_does_not(db: Session, round_: Round) -> None:
    proposal, (member,) = admitted(db, round_), panel(db, round_, 1)
    end = next(w.ends_on for w in rounds.card(db, round_).windows if w.phase is Phase.PRIORITIES)
    assert end
    with held_at(end):
        services.mark(db, member, proposal, sheet(1, 1))
    with held_at(end + timedelta(days=1)), pytest.raises(Refused):
        services.hand_in(db, member, proposal, sheet(1, 1))


@pytest.mark.parametrize("state", [s for s in ProposalState if s is not ProposalState.ADMITTED])
def test_only_admissible_proposals_are_marked(db: Session, round_: Round, state: ProposalState) -> None:
    target = admitted(db, round_)
    over = {"merged_into_id": target.id} if state is ProposalState.MERGED else {}
    proposal, (member,) = make_proposal(db, round_, state=state, **over), panel(db, round_, 1)
    with pytest.raises(Refused):
        services.mark(db, member, proposal, sheet(1, 1))


# --- interests ---------------------------------------------------------------------------


def test_who_asks_or_stands_behind_a_proposal_is_shut_out_without_being_asked(db: Session, round_: Round) -> None:
    commune = commune_of(db, round_)
    people = [make_official(db, commune, Role.PANEL) for _ in range(4)]
    author, of_group, of_team, free = people
    group = make_group(db, commune, of_group, make_resident(db, commune))
    proposal = admitted(db, round_, author_id=author.id, group_id=group.id)
    keep(
        db,
        Membership(
            commune_id=commune.id,
            proposal_id=proposal.id,
            person_id=of_team.id,
            offer=Offer.HOURS,
            since=today(),
            until=today(),
            shown_as=ShownAs.FIRST,
            joined_at=now(),
        ),
    )
    for person in (author, of_group, of_team):
        with pytest.raises(Refused, match=r"priorities\.shut_out"):
            services.mark(db, actor_of(db, person), proposal, sheet(5, 5))
    services.hand_in(db, actor_of(db, free), proposal, sheet(5, 5))
    (row,) = ranking(db, round_).rows
    assert row.interests == {InterestKind.AUTHOR: 1, InterestKind.MEMBER: 2}


def test_a_declared_interest_takes_the_sheet_out_and_stays(db: Session, round_: Round) -> None:
    proposal, (cousin, other) = admitted(db, round_), panel(db, round_, 2)
    services.hand_in(db, cousin, proposal, sheet(5, 5))
    services.declare(db, cousin, proposal, InterestKind.FAMILY)
    services.declare(db, cousin, proposal, InterestKind.FAMILY)
    with pytest.raises(Refused, match=r"priorities\.shut_out"):
        services.mark(db, cousin, proposal, sheet(5, 5))
    services.hand_in(db, other, proposal, sheet(1, 1))
    (row,) = ranking(db, round_).rows
    assert (row.score.mean, row.score.members, row.interests) == (Fraction(1), 1, {InterestKind.FAMILY: 1})
    assert db.scalar(select(func.count()).select_from(Mark)) == 2
    assert db.scalar(select(func.count()).select_from(Event).where(Event.act == "priorities.declare")) == 1


# --- sheets ------------------------------------------------------------------------------


def test_a_sheet_is_kept_as_a_draft_and_the_first_mark_freezes_the_charter(db: Session, round_: Round) -> None:
    proposal, (member,) = admitted(db, round_), panel(db, round_, 1)
    services.mark(db, member, proposal, SheetDraft({"need": 4}, "", "fr"))
    services.mark(db, member, proposal, SheetDraft({"need": 2, "reach": 0}, " Un manque. ", "fr"))
    own = queries.own_sheet(db, proposal.id, member.known())
    assert own.draft == SheetDraft({"need": 2, "reach": 0}, "Un manque.", "fr")
    assert db.scalars(select(Charter.frozen_at).where(Charter.round_id == round_.id)).one() is not None


def test_a_sheet_handed_in_twice_counts_once_and_is_not_changed_by_another(db: Session, round_: Round) -> None:
    proposal, (member, _) = admitted(db, round_), panel(db, round_, 2)
    first = services.hand_in(db, member, proposal, sheet(4, 2))
    assert services.hand_in(db, member, proposal, sheet(4, 2)).id == first.id
    for act in (services.hand_in, services.mark):
        with pytest.raises(RuleBroken, match=r"priorities\.sheet_handed_in"):
            act(db, member, proposal, sheet(0, 0))
    assert queries.own_sheet(db, proposal.id, member.known()).draft.marks == {"need": 4, "reach": 2}
    assert db.scalar(select(func.count()).select_from(Event).where(Event.act == "priorities.hand_in")) == 1


def test_a_sheet_with_wrong_or_missing_marks_changes_nothing(db: Session, round_: Round) -> None:
    proposal, (member,) = admitted(db, round_), panel(db, round_, 1)
    for draft, key in (
        (SheetDraft({"need": 9, "reach": 1}, "Un grand besoin.", "fr"), "priorities.mark_out_of_range"),
        (SheetDraft({"need": 3}, "Un grand besoin.", "fr"), "priorities.marks_missing"),
        (sheet(3, 3, "Bien."), "priorities.reason_missing"),
    ):
        with pytest.raises(RuleBroken, match=key.replace(".", r"\.")):
            services.hand_in(db, member, proposal, draft)
    assert db.scalar(select(func.count()).select_from(MarkSheet)) == 0


def test_marks_stay_hidden_until_all_are_in_and_open_with_the_end_of_the_phase(db: Session, round_: Round) -> None:
    proposal, (first, second) = admitted(db, round_), panel(db, round_, 2)
    services.hand_in(db, first, proposal, sheet(5, 1))
    hidden = ranking(db, round_)
    assert (hidden.rows, hidden.hidden, hidden.handed_in, hidden.expected) == ((), 1, 1, 2)
    services.take_back(db, first, proposal)
    services.hand_in(db, first, proposal, sheet(5, 3))
    end = next(w.ends_on for w in rounds.card(db, round_).windows if w.phase is Phase.PRIORITIES)
    assert end
    with held_at(end + timedelta(days=1)):
        (row,) = ranking(db, round_).rows
        assert (row.score.mean, row.score.members) == (Fraction(9, 2), 1)
    services.hand_in(db, second, proposal, sheet(1, 1))
    (row,) = ranking(db, round_).rows
    assert row.score.mean == Fraction(11, 4)
    assert [each.reason for each in row.sheets] == ["Le besoin est quotidien."] * 2
    with pytest.raises(RuleBroken, match=r"priorities\.marks_are_open"):
        services.take_back(db, first, proposal)


# --- desk --------------------------------------------------------------------------------


def test_the_desk_of_a_member_says_what_is_left_and_leads_on(db: Session, round_: Round) -> None:
    (member,) = panel(db, round_, 1)
    one, two, three = sorted((admitted(db, round_) for _ in range(3)), key=lambda p: p.number or "")
    own = admitted(db, round_, author_id=member.known())
    make_proposal(db, round_)
    admitted(db, make_round(db, phase=Phase.PRIORITIES))
    services.hand_in(db, member, one, sheet(1, 1))
    services.mark(db, member, three, SheetDraft({"need": 1}))
    desk = queries.desk(db, round_.id, member.known(), today())
    assert {row.number: row.state for row in desk.rows} == {
        one.number: SheetState.HANDED_IN,
        two.number: SheetState.TO_MARK,
        three.number: SheetState.DRAFT,
        own.number: SheetState.SHUT_OUT,
    }
    assert desk.due == 3
    assert desk.next
    assert desk.next.number == three.number
    after = queries.next_sheet(desk.rows, two.number or "")
    assert after
    assert after.number == three.number


# --- ranking and the order people set ----------------------------------------------------


def ranked(db: Session, round_: Round, *marks: tuple[int, int]) -> list[Proposal]:
    (member,) = panel(db, round_, 1)
    proposals = [admitted(db, round_) for _ in marks]
    for proposal, (need, reach) in zip(proposals, marks, strict=True):
        services.hand_in(db, member, proposal, sheet(need, reach))
    return proposals


def test_the_ranking_weighs_marks_by_the_charter_and_shows_ties(db: Session, round_: Round) -> None:
    low, high, tied = ranked(db, round_, (1, 1), (4, 0), (3, 3))
    rows = ranking(db, round_).rows
    assert {row.number: (row.score.mean, row.score.rank, row.score.tied) for row in rows} == {
        high.number: (Fraction(3), 1, True),
        tied.number: (Fraction(3), 1, True),
        low.number: (Fraction(1), 3, False),
    }


def test_people_set_another_place_with_a_reason_that_is_shown_where_it_differs(db: Session, round_: Round) -> None:
    first, second, third = ranked(db, round_, (5, 5), (4, 4), (3, 3))
    officer = actor_of(db, make_official(db, commune_of(db, round_), name="Fatima Ouali"))
    services.set_place(db, officer, third, 1, reason="La crue a coupé la piste.", language="fr")
    services.set_place(db, officer, third, 1, reason="La crue a coupé la piste.", language="fr")
    services.set_place(db, officer, second, None, reason="Retenu par le ministère.", language="fr")
    rows = ranking(db, round_).rows
    assert [(row.id, row.place, row.differs) for row in rows] == [
        (third.id, 1, True),
        (first.id, 2, False),
        (second.id, None, True),
    ]
    assert rows[0].decided
    assert (rows[0].decided.by, rows[0].decided.reason) == ("Fatima O.", "La crue a coupé la piste.")
    assert db.scalar(select(func.count()).select_from(RankDecision)) == 2
    db.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(update(RankDecision).values(position=3))
    db.rollback()


def test_a_place_needs_a_reason_open_marks_and_to_be_free(db: Session, round_: Round) -> None:
    first, second = ranked(db, round_, (5, 5), (4, 4))
    hidden = admitted(db, round_)
    officer = actor_of(db, make_official(db, commune_of(db, round_)))
    services.set_place(db, officer, second, 1, reason="Urgence.", language="fr")
    for proposal, position, reason, key in (
        (first, 2, " ", "priorities.reason_needed"),
        (first, 2, "x" * 5000, "priorities.reason_too_long"),
        (first, 0, "Raison.", "priorities.no_such_place"),
        (first, 3, "Raison.", "priorities.no_such_place"),
        (first, 1, "Raison.", "priorities.place_is_taken"),
        (hidden, 1, "Raison.", "priorities.marks_hidden"),
    ):
        with pytest.raises(RuleBroken, match=key.replace(".", r"\.")):
            services.set_place(db, officer, proposal, position, reason=reason, language="fr")


def test_an_officer_sets_no_place_for_what_they_ask_themselves(db: Session, round_: Round) -> None:
    person = make_official(db, commune_of(db, round_))
    proposal = admitted(db, round_, author_id=person.id)
    (member,) = panel(db, round_, 1)
    services.hand_in(db, member, proposal, sheet(3, 3))
    with pytest.raises(Refused):
        services.set_place(db, actor_of(db, person), proposal, 1, reason="Urgence.", language="fr")
