"""Writing: a draft is begun, for oneself, for a group or on behalf of another, and kept at every step."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.actor import Actor
from cdp.people.models import Belonging, Group, Person
from cdp.people.states import GroupState
from cdp.proposals import queries
from cdp.proposals.models import Proposal, ProposalPlace
from cdp.proposals.policy import MAY_START, MAY_START_FOR_ANOTHER, POLICY, WRITERS_FOR_OTHERS, Opening
from cdp.proposals.rules.drafts import Draft, WritingStep, draft_problems
from cdp.proposals.rules.proposers import proposer_kind
from cdp.proposals.services.cases import held, writing
from cdp.proposals.services.counting import counted
from cdp.proposals.states import LIFE, Channel, ProposalState, Step
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import ProposerKind
from cdp.store.audit import record


@dataclass(frozen=True)
class Behalf:
    """For whom somebody enters a proposal: a person with a card here, or only a name; consent was given aloud."""

    name: str
    consents: bool
    person_id: int | None = None


def start(db: Session, actor: Actor, card: RoundCard, *, key: str, group_id: int | None = None) -> Proposal:
    """Begin a draft, in the name of a group or of oneself; the same key again gives the same draft.

    Refused: not signed in, phase over, not in the group, no tie to the commune, not among who may propose.
    """
    if not MAY_START(actor, Opening(card, today())):
        raise _why_not(actor)
    person_id = actor.known()
    if sent := _sent_before(db, key):
        if (sent.author_id, sent.group_id, sent.round_id) != (person_id, group_id, card.id):
            raise Conflict("errors.sent_before")
        return sent
    kind = _kind(db, actor, card, group_id)
    proposal = _new(card, key=key, author_id=person_id, kind=kind, group_id=group_id)
    db.add(proposal)
    db.flush()
    record(db, writing(actor, proposal), "proposals.start", proposal)
    return proposal


def start_for_another(db: Session, actor: Actor, card: RoundCard, behalf: Behalf, *, key: str) -> Proposal:
    """Begin a draft for somebody without e-mail, who agreed to it; a facilitator or officer writes it.

    RuleBroken "proposals.consent_missing", "proposals.name_missing", "proposals.person_not_here".
    """
    if not MAY_START_FOR_ANOTHER(actor, Opening(card, today())):
        raise _why_not(actor)
    actor = actor.under_mandate(card.commune_id, *WRITERS_FOR_OTHERS)
    if not behalf.consents:
        raise RuleBroken("proposals.consent_missing")
    author_id, name = _whose(db, actor, card.commune_id, behalf)
    if sent := _sent_before(db, key):
        if (sent.author_id, sent.on_behalf_of, sent.round_id) != (author_id, name, card.id):
            raise Conflict("errors.sent_before")
        return sent
    _admitted(card, ProposerKind.RESIDENT)
    proposal = _new(card, key=key, author_id=author_id, kind=ProposerKind.RESIDENT)
    proposal.channel, proposal.entered_by_id = Channel.FACILITATOR, actor.person_id
    proposal.on_behalf_of, proposal.consent_noted_at = name, now()
    db.add(proposal)
    db.flush()
    record(db, actor, "proposals.start_for_another", proposal)
    return proposal


def write(db: Session, actor: Actor, proposal: Proposal, draft: Draft, *, step: WritingStep) -> list[str]:
    """Keep what was written up to a step; returns the message keys of what this step still lacks.

    A draft is kept as it is, whole or not; only what can never be kept (someone else's douar, a negative or
    absurd number, an endless text) is refused. What was returned is refused while it lacks something.
    """
    case = held(db, proposal)
    authorize(POLICY, Step.EDIT, actor, case)
    LIFE.next(proposal.state, Step.EDIT)
    found = draft_problems(
        draft,
        sectors=[sector.key for sector in case.card.charter.sectors],
        places=queries.place_ids(db, proposal.commune_id, case.revision),
    )
    for problem in found:
        if str(problem.message) in NEVER_KEPT:
            raise RuleBroken(problem.message)
    with counted(db, proposal):
        _keep(db, proposal, draft)
    proposal.step = max(proposal.step, min(step + 1, WritingStep.CONFIRM))
    record(db, writing(actor, proposal), "proposals.write", proposal, step=int(step))
    return [str(problem.message) for problem in found if problem.step == step]


def speak_for(db: Session, actor: Actor, proposal: Proposal, group_id: int | None) -> None:
    """Say in whose name a draft of one's own stands: a group, or oneself; once submitted that stays.

    RuleBroken("proposals.who_asks_stays").
    """
    case = held(db, proposal)
    authorize(POLICY, Step.EDIT, actor, case)
    if group_id == proposal.group_id:
        return
    if proposal.state is not ProposalState.DRAFT or proposal.channel is not Channel.SCREEN:
        raise RuleBroken("proposals.who_asks_stays")
    if proposal.author_id != actor.person_id:
        raise Refused("errors.not_allowed", step=Step.EDIT)
    proposal.proposer_kind = _kind(db, actor, case.card, group_id)
    proposal.group_id, proposal.edited_at = group_id, now()
    record(db, writing(actor, proposal), "proposals.speak_for", proposal)
    db.flush()


NEVER_KEPT = frozenset(
    f"proposals.{what}"
    for what in (
        "unknown_place",
        "too_many_places",
        "title_too_long",
        "need_too_long",
        "unknown_sector",
        "number_negative",
        "number_absurd",
        "upkeep_too_long",
    )
)
"""Problems with which not even a draft is kept."""


def _why_not(actor: Actor) -> Refused:
    if actor.person_id is None:
        return Refused("errors.sign_in")
    return Refused("proposals.not_open")


def _sent_before(db: Session, key: str) -> Proposal | None:
    return db.scalar(select(Proposal).where(Proposal.idempotency_key == key))


def _new(card: RoundCard, *, key: str, author_id: int, kind: ProposerKind, group_id: int | None = None) -> Proposal:
    return Proposal(
        commune_id=card.commune_id,
        round_id=card.id,
        state=ProposalState.DRAFT,
        author_id=author_id,
        group_id=group_id,
        proposer_kind=kind,
        step=WritingStep.WHERE,
        started_at=now(),
        edited_at=now(),
        idempotency_key=key,
    )


def _kind(db: Session, actor: Actor, card: RoundCard, group_id: int | None) -> ProposerKind:
    group = None
    if group_id is not None:
        actor = actor.for_group(group_id)
        group = db.get(Group, group_id)
        if group is None or group.commune_id != card.commune_id:
            raise Refused("people.not_in_group")
        if group.state not in {GroupState.STANDING, GroupState.CHECKED}:
            raise RuleBroken("proposals.group_not_standing")
    ties = [tie for of, tie in actor.ties if of == card.commune_id]
    kind = proposer_kind(actor.capacity.kind, group=group.kind if group else None, ties=ties)
    if kind is None:
        raise Refused("proposals.no_tie")
    return _admitted(card, kind)


def _admitted(card: RoundCard, kind: ProposerKind) -> ProposerKind:
    if kind not in card.charter.proposers:
        raise RuleBroken("proposals.kind_may_not_propose", kind=kind)
    return kind


def _whose(db: Session, actor: Actor, commune_id: int, behalf: Behalf) -> tuple[int, str]:
    """Author and name: the person chosen, if they belong here; else the writer stands in for the name."""
    if behalf.person_id is None:
        name = " ".join(behalf.name.split())[:120]
        if not name:
            raise RuleBroken("proposals.name_missing")
        return actor.known(), name
    person = db.scalar(
        select(Person)
        .join(Belonging, Belonging.person_id == Person.id)
        .where(Person.id == behalf.person_id, Belonging.commune_id == commune_id, Person.erased_at.is_(None))
    )
    if person is None:
        raise RuleBroken("proposals.person_not_here")
    return person.id, person.name


def _keep(db: Session, proposal: Proposal, draft: Draft) -> None:
    proposal.title, proposal.need, proposal.upkeep = draft.title, draft.need, draft.upkeep
    proposal.sector = draft.sector
    for name, value in vars(draft.people).items():
        setattr(proposal, name, value)
    proposal.edited_at = now()
    standing = {
        place.locality_id: place
        for place in db.scalars(select(ProposalPlace).where(ProposalPlace.proposal_id == proposal.id))
    }
    for locality_id, place in standing.items():
        if locality_id not in draft.places:
            db.delete(place)
    for locality_id in sorted(draft.places - set(standing)):
        db.add(ProposalPlace(commune_id=proposal.commune_id, proposal_id=proposal.id, locality_id=locality_id))
    if proposal.submitted_at is not None:
        proposal.search_text = queries.text_to_search(proposal)
    db.flush()
