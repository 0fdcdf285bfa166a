"""The acts on a version: submitted, voted, visaed, published. Each is written down once and never changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.papers import queries as papers
from cdp.papers.reference import calendar
from cdp.papers.rules import due_days
from cdp.people.actor import Actor
from cdp.programme import queries
from cdp.programme.models import CouncilAct, PlanLine, PlanVersion, YearAmount
from cdp.programme.policy import OFFICE, authorize_step
from cdp.programme.rules.drafting import data_hash
from cdp.programme.rules.votes import Vote, vote_problem
from cdp.programme.services.projects import carry_out
from cdp.programme.states import ACTS, ActKind, PlanStep, VersionState, version_state
from cdp.rounds import queries as rounds
from cdp.store.audit import record

STEPS = {
    ActKind.SUBMIT: PlanStep.SUBMIT,
    ActKind.ADOPT: PlanStep.VOTE,
    ActKind.REJECT: PlanStep.VOTE,
    ActKind.VISA: PlanStep.VISA,
    ActKind.REFUSE_VISA: PlanStep.VISA,
    ActKind.PUBLISH: PlanStep.PUBLISH,
}


def submit(db: Session, actor: Actor, version: PlanVersion) -> CouncilAct:
    """Hand the draft to the council: frozen from now on with all its document prints.

    RuleBroken "programme.no_lines".
    """
    actor, acts = _authorized(db, actor, version, ActKind.SUBMIT)
    if earlier := acts.get(ActKind.SUBMIT):
        return earlier
    card = rounds.card_of(db, version.commune_id, version.round_id)
    version.record = queries.gathered(db, card, version.id)
    document = queries.document(db, version)
    if not any(line["verdict"] == "in" for line in document["lines"]):
        raise RuleBroken("programme.no_lines")
    at = now()
    own = select(PlanLine.id).where(PlanLine.version_id == version.id)
    amounts = update(YearAmount).where(YearAmount.line_id.in_(own)).values(frozen_at=at)
    lines = update(PlanLine).where(PlanLine.version_id == version.id).values(frozen_at=at)
    for statement in (amounts, lines):
        db.execute(statement.execution_options(synchronize_session="fetch"))
    version.data_hash = data_hash(document)
    version.frozen_at = at
    db.flush()
    return _act(db, actor, version, ActKind.SUBMIT, on=today())


def adopt(db: Session, actor: Actor, version: PlanVersion, vote: Vote) -> CouncilAct:
    """Write down that the council adopted a version; its lines become projects, the others are not kept.

    Those of an update do so with its visa: until then the plan in force is carried out.

    The same vote sent twice counts once; another one is a Conflict. RuleBroken for what stands against the vote
    (see ``rules.votes``) and "programme.session_day" for a day to come or before the version was submitted.
    """
    act, is_new = _voted(db, actor, version, ActKind.ADOPT, vote=vote)
    if is_new and not version.updates:
        carry_out(db, actor.under_mandate(version.commune_id, *OFFICE), version)
    return act


def reject(db: Session, actor: Actor, version: PlanVersion, vote: Vote) -> CouncilAct:
    """Write down that the council did not adopt a version; another may be drafted."""
    return _voted(db, actor, version, ActKind.REJECT, vote=vote)[0]


def visa(db: Session, actor: Actor, version: PlanVersion, *, on: date, reference: str) -> CouncilAct:
    """Write down the governor's visa with its reference. RuleBroken "programme.visa_before_vote"."""
    if not reference.strip():
        raise RuleBroken("programme.reference_missing")
    act, is_new = _answered(db, actor, version, ActKind.VISA, on=on, reference=reference.strip())
    if is_new and version.updates:
        carry_out(db, actor.under_mandate(version.commune_id, *OFFICE), version)
    return act


def visa_by_silence(db: Session, actor: Actor, version: PlanVersion, *, received_on: date) -> CouncilAct:
    """Write down that the governor did not answer in time, where the commune's calendar counts that as a visa.

    Its day is the last one of that time, counted from the day the province received the deliberation; it has no
    reference. RuleBroken "programme.silence_is_no_visa", "programme.receipt_day", "programme.silence_not_over".
    """
    actor, acts = _authorized(db, actor, version, ActKind.VISA)
    if ActKind.ADOPT not in acts:
        raise RuleBroken("programme.visa_before_vote")
    _check_day(received_on, acts[ActKind.ADOPT].on, "programme.receipt_day")
    steps = papers.calendar_of(db, version.commune_id, calendar())
    last = due_days(steps, {"deliberation_received": received_on}, {}).get("visa")
    if last is None or not any(step.key == "visa" and step.rule.silence_grants for step in steps):
        raise RuleBroken("programme.silence_is_no_visa")
    if today() <= last:
        raise RuleBroken("programme.silence_not_over", last=last)
    act, is_new = _answered(db, actor, version, ActKind.VISA, on=last, reference="")
    if is_new and version.updates:
        carry_out(db, actor, version)
    return act


def refuse_visa(
    db: Session, actor: Actor, version: PlanVersion, *, on: date, reference: str, reason: str
) -> CouncilAct:
    """Write down that the governor refused the visa, with the reasons given; another version may be drafted."""
    if not reason.strip():
        raise RuleBroken("programme.reason_missing")
    given = {"reference": reference.strip(), "reason": reason.strip()}
    return _answered(db, actor, version, ActKind.REFUSE_VISA, on=on, **given)[0]


def publish(db: Session, actor: Actor, version: PlanVersion) -> CouncilAct:
    """Write down that the visaed plan was published today; a second time is the first."""
    actor, acts = _authorized(db, actor, version, ActKind.PUBLISH)
    if earlier := acts.get(ActKind.PUBLISH):
        return earlier
    if ActKind.VISA not in acts:
        raise RuleBroken("programme.publish_before_visa")
    return _act(db, actor, version, ActKind.PUBLISH, on=today())


def _voted(db: Session, actor: Actor, version: PlanVersion, word: ActKind, *, vote: Vote) -> tuple[CouncilAct, bool]:
    """The act of a vote, and whether it is new."""
    actor, acts = _authorized(db, actor, version, word)
    values = {
        "on": vote.on,
        "votes_for": vote.votes_for,
        "votes_against": vote.votes_against,
        "abstentions": vote.abstentions,
    }
    if earlier := acts.get(ActKind.ADOPT) or acts.get(ActKind.REJECT):
        return _same(earlier, word, values), False
    if ActKind.SUBMIT not in acts:
        raise RuleBroken("programme.vote_before_submission")
    _check_day(vote.on, acts[ActKind.SUBMIT].on, "programme.session_day")
    size = db.get_one(Commune, version.commune_id).council_size
    if problem := vote_problem(vote, word, size):
        raise RuleBroken(problem)
    return _act(db, actor, version, word, **values), True


def _answered(
    db: Session, actor: Actor, version: PlanVersion, kind: ActKind, *, on: date, **given: str
) -> tuple[CouncilAct, bool]:
    """The act of the governor's answer, and whether it is new."""
    actor, acts = _authorized(db, actor, version, kind)
    if earlier := acts.get(ActKind.VISA) or acts.get(ActKind.REFUSE_VISA):
        return _same(earlier, kind, {"on": on} | given), False
    if ActKind.ADOPT not in acts:
        raise RuleBroken("programme.visa_before_vote")
    _check_day(on, acts[ActKind.ADOPT].on, "programme.visa_day")
    return _act(db, actor, version, kind, on=on, **given), True


def _check_day(on: date, not_before: date, key: str) -> None:
    if not not_before <= on <= today():
        raise RuleBroken(key, first=not_before, last=today())


def _same(earlier: CouncilAct, kind: ActKind, values: Mapping[str, Any]) -> CouncilAct:
    """The earlier act when it is the same; Conflict else."""
    if earlier.kind is not kind or any(getattr(earlier, name) != value for name, value in values.items()):
        raise Conflict("programme.act_recorded", on=earlier.on)
    return earlier


def _authorized(
    db: Session, actor: Actor, version: PlanVersion, kind: ActKind
) -> tuple[Actor, dict[ActKind, CouncilAct]]:
    """Who acts under which mandate, and the acts so far; the version's row is held until the act is committed."""
    card = rounds.card_of(db, version.commune_id, version.round_id)
    authorize_step(STEPS[kind], actor, queries.plan_case(db, card, today()))
    db.execute(select(PlanVersion.id).where(PlanVersion.id == version.id).with_for_update())
    acts = db.scalars(select(CouncilAct).where(CouncilAct.version_id == version.id)).all()
    return actor.under_mandate(version.commune_id, *OFFICE), {act.kind: act for act in acts}


def _act(db: Session, actor: Actor, version: PlanVersion, kind: ActKind, **values: Any) -> CouncilAct:
    ACTS.next(_state(db, version), kind)
    made = CouncilAct(
        commune_id=version.commune_id,
        version_id=version.id,
        kind=kind,
        recorded_by_id=actor.known(),
        recorded_at=now(),
        **values,
    )
    db.add(made)
    record(db, actor, f"programme.{kind.value}", version, number=version.number)
    db.flush()
    return made


def _state(db: Session, version: PlanVersion) -> VersionState:
    return version_state(db.scalars(select(CouncilAct.kind).where(CouncilAct.version_id == version.id)).all())
