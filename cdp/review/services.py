"""Writes of the review: what was found, what it costs, what was concluded; the reason is public."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import RuleBroken
from cdp.kernel.predicate import authorize
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.proposals import services as proposals
from cdp.proposals.models import Proposal
from cdp.proposals.policy import OFFICE, Case
from cdp.proposals.states import Step
from cdp.review import queries, rules
from cdp.review.models import Conclusion, CostEstimate, CostLine, Finding
from cdp.review.policy import POLICY, POSSIBLE
from cdp.review.rules import Decision, EstimateDraft
from cdp.review.states import Answer, ReviewStep, Verdict
from cdp.rounds.models import Round
from cdp.rounds.services import freeze
from cdp.store.audit import record


@dataclass(frozen=True)
class Found:
    """What somebody found about one point of the checklist."""

    point: str
    answer: Answer
    note: str = ""


def find(db: Session, actor: Actor, proposal: Proposal, found: Iterable[Found]) -> None:
    """Answer points of the checklist; an answer given before is replaced, the same again changes nothing.

    RuleBroken("review.unknown_point") for a key that is not in the charter, "review.text_too_long".
    """
    case = _entered(db, actor, proposal, ReviewStep.FIND)
    actor = actor.under_mandate(proposal.commune_id, *OFFICE)
    answers = {each.point: each for each in found}
    if rules.unknown_points(answers, [point.key for point in case.card.charter.checklist]):
        raise RuleBroken("review.unknown_point")
    if any(len(each.note) > rules.LONGEST_NOTE for each in answers.values()):
        raise RuleBroken("review.text_too_long", longest=rules.LONGEST_NOTE)
    kept = {row.point: row for row in db.scalars(select(Finding).where(Finding.proposal_id == proposal.id))}
    changed = [key for key, each in answers.items() if _is_new(each, kept.get(key))]
    for key in changed:
        row = kept.get(key) or Finding(commune_id=proposal.commune_id, proposal_id=proposal.id, point=key)
        row.answer, row.note = answers[key].answer, answers[key].note.strip()
        row.charter_version, row.found_at = case.card.charter_version, now()
        row.found_by_id, row.capacity = actor.known(), str(actor.capacity)
        db.add(row)
    if changed:
        freeze(db, actor, db.get_one(Round, proposal.round_id))
        record(db, actor, "review.find", proposal, points={key: answers[key].answer.value for key in changed})
    db.flush()


def _is_new(each: Found, kept: Finding | None) -> bool:
    return kept is None or (kept.answer, kept.note) != (each.answer, each.note.strip())


def estimate(db: Session, actor: Actor, proposal: Proposal, draft: EstimateDraft) -> CostEstimate:
    """Keep a new version of the cost; the versions before stay. The same lines again are the same version.

    RuleBroken with the first thing :func:`cdp.review.rules.estimate_problems` finds.
    """
    _entered(db, actor, proposal, ReviewStep.ESTIMATE)
    actor = actor.under_mandate(proposal.commune_id, *OFFICE)
    if found := rules.estimate_problems(draft, today().year):
        raise RuleBroken(found[0])
    last = queries.last_estimate(db, proposal.id)
    if last is not None and (last.lines, last.price_year, last.basis) == (draft.lines, draft.price_year, draft.basis):
        return db.get_one(CostEstimate, last.id)
    made = CostEstimate(
        commune_id=proposal.commune_id,
        proposal_id=proposal.id,
        version=(last.version if last else 0) + 1,
        price_year=draft.price_year,
        basis=draft.basis,
        total_minor=rules.cost(draft.lines).minor,
        estimated_by_id=actor.known(),
        capacity=str(actor.capacity),
        estimated_at=now(),
    )
    db.add(made)
    db.flush()
    _keep_lines(db, made, draft.lines)
    record(db, actor, "review.estimate", proposal, version=made.version, total=made.total_minor)
    return made


def _keep_lines(db: Session, made: CostEstimate, lines: Sequence[rules.Line]) -> None:
    db.add_all(
        CostLine(
            commune_id=made.commune_id,
            estimate_id=made.id,
            position=position,
            kind=line.kind,
            label=line.label,
            quantity_milli=line.quantity_milli,
            unit=line.unit,
            price_minor=line.price_minor,
        )
        for position, line in enumerate(lines, 1)
    )
    db.flush()


def conclude(
    db: Session, actor: Actor, proposal: Proposal, decision: Decision, *, into: Proposal | None = None
) -> Conclusion:
    """Admit, refuse, return, merge (``into``) or reopen a proposal; the reason is kept and public.

    The author and those who act for the group are told; supporters of what is merged are asked whether they
    support the other, never moved. The same decision sent again is the same conclusion; another one sent for a
    file that was concluded meanwhile is refused by its state. RuleBroken with what stands against it.
    """
    step = ReviewStep(decision.verdict.value)
    case = _locked_case(db, proposal)
    authorize(POLICY, step, actor, case)
    last = _last(db, proposal)
    if last is not None and case.state not in POSSIBLE[step] and _says_the_same(last, decision, into):
        return last
    if case.state not in POSSIBLE[step]:
        raise RuleBroken("errors.step_not_possible", state=case.state, step=step)
    if found := rules.decision_problem(decision, queries.standing(db, case)):
        raise RuleBroken(found)
    proposals.move(db, actor, proposal, Step(step.value), correct_until=decision.correct_until, into=into)
    made = _keep(db, actor.under_mandate(proposal.commune_id, *OFFICE), proposal, decision, into)
    _tell(db, proposal, made, into)
    return made


def _keep(db: Session, actor: Actor, proposal: Proposal, decision: Decision, into: Proposal | None) -> Conclusion:
    returned = decision.verdict is Verdict.RETURN
    made = Conclusion(
        commune_id=proposal.commune_id,
        proposal_id=proposal.id,
        verdict=decision.verdict,
        reason=decision.reason.strip(),
        reason_language=decision.language,
        points=list(decision.points) if returned else [],
        correct_until=decision.correct_until if returned else None,
        merged_into_id=into.id if into is not None and decision.verdict is Verdict.MERGE else None,
        concluded_by_id=actor.known(),
        capacity=str(actor.capacity),
        concluded_at=now(),
    )
    db.add(made)
    db.flush()
    record(db, actor, "review.conclude", proposal, verdict=decision.verdict.value, conclusion=made.id)
    return made


def _tell(db: Session, proposal: Proposal, made: Conclusion, into: Proposal | None) -> None:
    """The author and today's acting members of the group, each once."""
    people = {proposal.author_id}
    if proposal.group_id is not None:
        people |= queries.acting_members(db, proposal.group_id, today())
    for person_id in sorted(people):
        post(
            db,
            person_id,
            f"review_{made.verdict.value}",
            commune_id=proposal.commune_id,
            once=f"review:{made.id}:{person_id}",
            number=proposal.number,
            reason=made.reason,
            reason_language=made.reason_language,
            until=made.correct_until.isoformat() if made.correct_until else "",
            into=into.number if into is not None else "",
        )


def _says_the_same(last: Conclusion, decision: Decision, into: Proposal | None) -> bool:
    said = (last.verdict, last.reason, last.merged_into_id)
    return said == (decision.verdict, decision.reason.strip(), into.id if into is not None else None)


def _last(db: Session, proposal: Proposal) -> Conclusion | None:
    return db.scalar(
        select(Conclusion).where(Conclusion.proposal_id == proposal.id).order_by(Conclusion.id.desc()).limit(1)
    )


def _locked_case(db: Session, proposal: Proposal) -> Case:
    """The proposal as it stands now, held until the act is committed, with its round today."""
    db.flush()
    db.execute(select(Proposal.id).where(Proposal.id == proposal.id).with_for_update())
    db.refresh(proposal, ["state", "group_id", "correct_until", "merged_into_id"])
    return queries.case_of(db, proposal)


def _entered(db: Session, actor: Actor, proposal: Proposal, step: ReviewStep) -> Case:
    case = _locked_case(db, proposal)
    authorize(POLICY, step, actor, case)
    if case.state not in POSSIBLE[step]:
        raise RuleBroken("errors.step_not_possible", state=case.state, step=step)
    return case
