from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import held_at, now, today
from cdp.kernel.errors import Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.notices.models import Notice
from cdp.people.actor import NOBODY, Actor
from cdp.people.models import Mandate
from cdp.people.states import Role
from cdp.proposals.models import Proposal, Support
from cdp.proposals.states import ProposalState
from cdp.review import queries, services
from cdp.review.models import Conclusion, CostEstimate, Finding
from cdp.review.rules import Decision, EstimateDraft, Line
from cdp.review.services import Found
from cdp.review.states import Answer, CostKind, Verdict, Waiting
from cdp.rounds.models import Charter
from cdp.rounds.states import Phase
from cdp.store.audit import Event
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

WELL = (
    Line(CostKind.WORKS, Words(fr="Forage"), 120_000, "ml", 150_000),
    Line(CostKind.EQUIPMENT, Words(fr="Pompe solaire"), 1_000, "u", 8_000_000),
    Line(CostKind.RUNNING, Words(fr="Gardien"), 12_000, "mois", 100_000),
)
ALL_YES = (Found("competence", Answer.YES), Found("upkeep", Answer.YES, "L’association du douar."))
ADMIT = Decision(Verdict.ADMIT, "Le besoin est réel et le terrain est libre.", "fr")
REFUSE = Decision(Verdict.REFUSE, "Un ministère seul peut le faire.", "fr")


def officer_for(db: Session, proposal: Proposal) -> Actor:
    return actor_of(db, make_official(db, db.get_one(Commune, proposal.commune_id)))


def ready(db: Session, **over: Any) -> tuple[Proposal, Actor]:
    """A proposal with all answers and a cost, in the review."""
    proposal = make_proposal(db, over.pop("round_", None) or make_round(db, phase=Phase.REVIEW), **over)
    officer = officer_for(db, proposal)
    services.find(db, officer, proposal, ALL_YES)
    services.estimate(db, officer, proposal, EstimateDraft(WELL, 2027, "Bordereau"))
    return proposal, officer


def told(db: Session, person_id: int) -> list[str]:
    return list(db.scalars(select(Notice.kind).where(Notice.person_id == person_id).order_by(Notice.id)))


# --- who may, and when -------------------------------------------------------------------

WHO: dict[str, Callable[[Session, Commune, Proposal], Actor]] = {
    "officer": lambda db, commune, _: actor_of(db, make_official(db, commune)),
    "president": lambda db, commune, _: actor_of(db, make_official(db, commune, Role.PRESIDENT)),
    "facilitator": lambda db, commune, _: actor_of(db, make_official(db, commune, Role.FACILITATOR)),
    "panel": lambda db, commune, _: actor_of(db, make_official(db, commune, Role.PANEL)),
    "treasurer": lambda db, commune, _: actor_of(db, make_official(db, commune, Role.TREASURER)),
    "councillor": lambda db, commune, _: actor_of(db, make_official(db, commune, Role.COUNCILLOR)),
    "resident": lambda db, commune, _: actor_of(db, make_resident(db, commune)),
    "officer of another commune": lambda db, *_: actor_of(db, make_official(db, make_commune(db))),
    "nobody": lambda *_: NOBODY,
}
IN_OFFICE = {"officer", "president"}
OPEN_PHASES = {Phase.PROPOSALS, Phase.REVIEW}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("phase", Phase)
def test_files_are_judged_by_the_office_of_the_commune_while_the_round_reviews(
    db: Session, phase: Phase, who: str
) -> None:
    proposal = make_proposal(db, make_round(db, phase=phase))
    actor = WHO[who](db, db.get_one(Commune, proposal.commune_id), proposal)
    acts: tuple[Callable[[], object], ...] = (
        lambda: services.find(db, actor, proposal, ALL_YES),
        lambda: services.estimate(db, actor, proposal, EstimateDraft(WELL, 2027)),
        lambda: services.conclude(db, actor, proposal, ADMIT),
        lambda: services.conclude(db, actor, proposal, Decision(Verdict.REOPEN, "Erreur de lieu.", "fr")),
    )
    if who in IN_OFFICE and phase in OPEN_PHASES:
        for act in acts:
            act()
        assert proposal.state is ProposalState.SUBMITTED
        return
    for act in acts:
        with pytest.raises(Refused, match=r"errors\.not_allowed"):
            act()
    assert db.scalar(select(func.count()).select_from(Finding)) == 0


def test_nobody_judges_what_they_ask_for_themselves_or_for_a_group(db: Session) -> None:
    round_ = make_round(db, phase=Phase.REVIEW)
    commune = db.get_one(Commune, round_.commune_id)
    author, member = make_official(db, commune), make_official(db, commune)
    own = make_proposal(db, round_, author_id=author.id)
    of_group = make_proposal(db, round_, group_id=make_group(db, commune, member, make_resident(db, commune)).id)
    for person, proposal in ((author, own), (member, of_group)):
        with pytest.raises(Refused):
            services.find(db, actor_of(db, person), proposal, ALL_YES)
        with pytest.raises(Refused):
            services.conclude(db, actor_of(db, person), proposal, REFUSE)
    services.find(db, actor_of(db, member), own, ALL_YES)


def test_the_day_after_the_review_closed_or_the_mandate_ended_is_too_late(db: Session) -> None:
    proposal, officer = ready(db)
    card = queries.case_of(db, proposal).card
    window = next(w for w in card.windows if w.phase is Phase.REVIEW)
    assert window.ends_on
    with held_at(window.ends_on + timedelta(days=1)), pytest.raises(Refused):
        services.conclude(db, officer, proposal, ADMIT)
    mandate = db.scalars(select(Mandate).where(Mandate.person_id == officer.person_id)).one()
    mandate.until = today()
    person_id = officer.known()
    with held_at(today() + timedelta(days=1)):
        from cdp.http.context import load_actor

        db.flush()
        with pytest.raises(Refused):
            services.conclude(db, load_actor(db, person_id), proposal, ADMIT)
    with held_at(window.ends_on):
        services.conclude(db, officer, proposal, ADMIT)


# --- findings ----------------------------------------------------------------------------


def test_the_first_answer_freezes_the_charter_and_the_latest_stands(db: Session) -> None:
    proposal = make_proposal(db)
    officer = officer_for(db, proposal)
    services.find(db, officer, proposal, [Found("upkeep", Answer.UNKNOWN)])
    services.find(db, officer, proposal, [Found("upkeep", Answer.YES, " Une association. ")])
    services.find(db, officer, proposal, [Found("upkeep", Answer.YES, "Une association.")])
    (row,) = queries.public_file(db, proposal.id).findings
    assert (row.answer, row.note, row.question) == (
        Answer.YES,
        "Une association.",
        Words(fr="L’entretien est-il prévu ?", ar="هل الصيانة مضمونة؟"),
    )
    assert str(row.capacity) == f"officer:{proposal.commune_id}"
    assert db.scalars(select(Charter.frozen_at).where(Charter.round_id == proposal.round_id)).one() is not None
    assert len(db.scalars(select(Event).where(Event.act == "review.find")).all()) == 2


def test_a_point_of_no_charter_and_a_note_without_end_change_nothing(db: Session) -> None:
    proposal = make_proposal(db)
    officer = officer_for(db, proposal)
    for found, key in (
        ([*ALL_YES, Found("beauty", Answer.YES)], "review.unknown_point"),
        ([Found("upkeep", Answer.NO, "x" * 2000)], "review.text_too_long"),
    ):
        with pytest.raises(RuleBroken, match=key.replace(".", r"\.")):
            services.find(db, officer, proposal, found)
    assert queries.public_file(db, proposal.id).findings == ()


# --- costs -------------------------------------------------------------------------------


def test_a_new_cost_is_a_new_version_and_the_same_again_is_not(db: Session) -> None:
    proposal = make_proposal(db)
    officer = officer_for(db, proposal)
    first = services.estimate(db, officer, proposal, EstimateDraft(WELL, 2027, "Bordereau"))
    assert services.estimate(db, officer, proposal, EstimateDraft(WELL, 2027, "Bordereau")).id == first.id
    second = services.estimate(db, officer, proposal, EstimateDraft(WELL[:2], 2026))
    assert (first.version, second.version) == (1, 2)
    estimate = queries.last_estimate(db, proposal.id)
    assert estimate
    assert (estimate.lines, estimate.price_year, estimate.total) == (WELL[:2], 2026, Money(26_000_000))
    assert queries.costs(db, [proposal.id, 0]) == {proposal.id: Money(26_000_000)}
    assert first.total_minor == 26_000_000
    assert db.scalar(select(func.count()).select_from(CostEstimate)) == 2


def test_an_absurd_cost_is_not_kept(db: Session) -> None:
    proposal = make_proposal(db)
    officer = officer_for(db, proposal)
    huge = Line(CostKind.WORKS, Words(fr="Route"), 10**9, "km", 10**12)
    with pytest.raises(RuleBroken, match=r"review\.line_absurd"):
        services.estimate(db, officer, proposal, EstimateDraft((huge,), 2027))
    with pytest.raises(RuleBroken, match=r"review\.line_negative"):
        services.estimate(db, officer, proposal, EstimateDraft((replace(WELL[0], price_minor=-1),), 2027))
    assert queries.last_estimate(db, proposal.id) is None


# --- conclusions -------------------------------------------------------------------------


def test_an_admissible_proposal_is_told_to_its_author_and_to_those_who_act_for_the_group(db: Session) -> None:
    round_ = make_round(db, phase=Phase.REVIEW)
    commune = db.get_one(Commune, round_.commune_id)
    first, second, author = make_resident(db, commune), make_resident(db, commune), make_resident(db, commune)
    group = make_group(db, commune, first, second)
    proposal, officer = ready(db, round_=round_, author_id=author.id, group_id=group.id)
    made = services.conclude(db, officer, proposal, ADMIT)
    again = services.conclude(db, officer, proposal, ADMIT)
    assert made.id == again.id
    assert proposal.state is ProposalState.ADMITTED
    for person in (first, second, author):
        assert told(db, person.id) == ["review_admit"]
    (row,) = queries.public_file(db, proposal.id).conclusions
    assert (row.verdict, row.reason, row.reason_language) == (Verdict.ADMIT, ADMIT.reason, "fr")
    assert row.by == "Person N."


def test_what_is_not_looked_at_or_has_no_cost_is_not_admitted(db: Session) -> None:
    proposal = make_proposal(db)
    officer = officer_for(db, proposal)
    with pytest.raises(RuleBroken, match=r"review\.unanswered"):
        services.conclude(db, officer, proposal, ADMIT)
    services.find(db, officer, proposal, ALL_YES)
    with pytest.raises(RuleBroken, match=r"review\.without_cost"):
        services.conclude(db, officer, proposal, ADMIT)
    assert db.scalars(select(Conclusion)).all() == []
    assert proposal.state is ProposalState.SUBMITTED


def test_a_refusal_needs_a_reason_and_the_reason_is_public_for_good(db: Session) -> None:
    proposal = make_proposal(db)
    officer = officer_for(db, proposal)
    with pytest.raises(RuleBroken, match=r"review\.reason_missing"):
        services.conclude(db, officer, proposal, Decision(Verdict.REFUSE, " ", "fr"))
    services.conclude(db, officer, proposal, REFUSE)
    assert queries.public_file(db, proposal.id).conclusions[0].reason == REFUSE.reason
    db.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(update(Conclusion).values(reason="Autre chose."))
    db.rollback()


def test_a_file_goes_back_with_its_points_and_its_day(db: Session) -> None:
    proposal = make_proposal(db, make_round(db, phase=Phase.REVIEW))
    officer = officer_for(db, proposal)
    services.find(db, officer, proposal, [Found("upkeep", Answer.NO)])
    day = today() + timedelta(days=10)
    decision = Decision(Verdict.RETURN, "Qui entretiendra ?", "fr", ("upkeep",), day)
    services.conclude(db, officer, proposal, decision)
    assert (proposal.state, proposal.correct_until) == (ProposalState.RETURNED, day)
    (row,) = queries.public_file(db, proposal.id).conclusions
    assert (row.correct_until, [q["fr"] for q in row.questions]) == (day, ["L’entretien est-il prévu ?"])
    with pytest.raises(RuleBroken, match=r"review\.still_being_corrected"):
        services.conclude(db, officer, proposal, REFUSE)
    with held_at(day + timedelta(days=1)):
        services.conclude(db, officer, proposal, REFUSE)
    assert proposal.state is ProposalState.REFUSED


def test_a_merge_asks_the_supporters_and_moves_nobody(db: Session) -> None:
    round_ = make_round(db, phase=Phase.REVIEW)
    commune = db.get_one(Commune, round_.commune_id)
    source, target = make_proposal(db, round_), make_proposal(db, round_)
    voices = [make_resident(db, commune) for _ in range(3)]
    for person in voices:
        keep(
            db,
            Support(commune_id=commune.id, proposal_id=source.id, person_id=person.id, capacity="self", given_at=now()),
        )
    db.execute(update(Support).where(Support.person_id == voices[2].id).values(withdrawn_at=now()))
    officer = officer_for(db, source)
    merge = Decision(Verdict.MERGE, "Même puits, même douar.", "fr")
    services.conclude(db, officer, source, merge, into=target)
    services.conclude(db, officer, source, merge, into=target)
    assert (source.state, source.merged_into_id) == (ProposalState.MERGED, target.id)
    assert [told(db, person.id) for person in voices] == [["proposal_merged"], ["proposal_merged"], []]
    assert db.scalar(select(func.count()).select_from(Support).where(Support.proposal_id == target.id)) == 0
    assert queries.public_file(db, source.id).conclusions[0].into == target.number


def test_a_merge_needs_another_standing_proposal_of_the_same_round(db: Session) -> None:
    round_ = make_round(db, phase=Phase.REVIEW)
    source, refused = make_proposal(db, round_), make_proposal(db, round_, state=ProposalState.REFUSED)
    officer = officer_for(db, source)
    merge = Decision(Verdict.MERGE, "Pareil.", "fr")
    for target in (None, source, refused, make_proposal(db)):
        with pytest.raises(RuleBroken):
            services.conclude(db, officer, source, merge, into=target)
    assert source.state is ProposalState.SUBMITTED
    assert db.scalars(select(Conclusion)).all() == []


def test_a_conclusion_is_taken_up_again_with_a_reason_and_all_of_it_stays_readable(db: Session) -> None:
    proposal, officer = ready(db)
    services.conclude(db, officer, proposal, REFUSE)
    with pytest.raises(RuleBroken, match=r"errors\.step_not_possible"):
        services.conclude(db, officer, proposal, ADMIT)
    with pytest.raises(RuleBroken, match=r"review\.reason_missing"):
        services.conclude(db, officer, proposal, Decision(Verdict.REOPEN, "", "fr"))
    services.conclude(db, officer, proposal, Decision(Verdict.REOPEN, "La convention est signée.", "fr"))
    services.conclude(db, officer, proposal, ADMIT)
    verdicts = [row.verdict for row in queries.public_file(db, proposal.id).conclusions]
    assert verdicts == [Verdict.ADMIT, Verdict.REOPEN, Verdict.REFUSE]
    assert told(db, proposal.author_id) == ["review_refuse", "review_reopen", "review_admit"]


# --- lists -------------------------------------------------------------------------------


def test_the_longest_wait_comes_first_and_leads_to_the_next(db: Session) -> None:
    round_ = make_round(db, phase=Phase.REVIEW)
    late, early, between = (make_proposal(db, round_, submitted_at=now() - timedelta(days=days)) for days in (1, 9, 5))
    make_proposal(db, round_, state=ProposalState.RETURNED, correct_until=today())
    make_proposal(db, round_, state=ProposalState.REFUSED)
    make_proposal(db, round_, state=ProposalState.DRAFT)
    make_proposal(db)
    page = queries.worklist(db, round_.id, Waiting.OFFICE)
    assert [row.number for row in page.rows] == [early.number, between.number, late.number]
    assert queries.neighbours(db, between) == (early.number, late.number)
    assert queries.neighbours(db, early) == (None, between.number)
    assert queries.counts(db, round_.id) == {Waiting.OFFICE: 3, Waiting.AUTHOR: 1, Waiting.NOBODY: 1}


def test_a_list_pages_on_and_says_how_far_each_file_is(db: Session) -> None:
    round_ = make_round(db, phase=Phase.REVIEW)
    ready(db, round_=round_, submitted_at=now() - timedelta(days=1))
    make_proposal(db, round_)
    page = queries.worklist(db, round_.id, Waiting.OFFICE, size=1)
    assert page.more
    assert (page.rows[0].answered, page.rows[0].cost) == (2, Money(26_000_000))
    last = queries.worklist(db, round_.id, Waiting.OFFICE, page=2, size=1)
    assert (last.more, last.rows[0].answered, last.rows[0].cost) == (False, 0, None)
