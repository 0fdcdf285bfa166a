"""Submitting: the draft gets its number for life and is public from now on. Withdrawing: with a reason."""

from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import now
from cdp.kernel.errors import RuleBroken
from cdp.kernel.predicate import authorize
from cdp.kernel.words import Words
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.proposals import queries
from cdp.proposals.models import Proposal
from cdp.proposals.policy import IS_OWN, POLICY, Case
from cdp.proposals.rules.drafts import Draft, draft_problems
from cdp.proposals.rules.search import search_text
from cdp.proposals.services.cases import held, writing
from cdp.proposals.services.counting import counted
from cdp.proposals.states import LIFE, ProposalState, Step
from cdp.rounds.models import Round
from cdp.rounds.services import freeze
from cdp.store.audit import record
from cdp.store.base import table_of
from cdp.store.ready import Deed, Ready, told


def submit(db: Session, actor: Actor, proposal: Proposal) -> Proposal:
    """Hand a draft, or a returned proposal, to the commune; submitting twice counts once.

    With the first one of a round its charter is fixed.

    RuleBroken with the first thing it lacks, or "proposals.kind_may_not_propose".
    """
    case = held(db, proposal)
    if proposal.state is ProposalState.SUBMITTED and IS_OWN(actor, case):
        return proposal
    authorize(POLICY, Step.SUBMIT, actor, case)
    draft = _check(db, case)
    again = proposal.number is not None
    with counted(db, proposal, places=draft.places):
        enter(db, proposal)
    if not case.card.is_fixed:
        freeze(db, writing(actor, proposal), db.get_one(Round, proposal.round_id))
    record(db, writing(actor, proposal), "proposals.submit_again" if again else "proposals.submit", proposal)
    post(
        db,
        proposal.author_id,
        "proposal_received",
        commune_id=proposal.commune_id,
        once=None if again else f"proposal_received:{proposal.id}",
        number=proposal.number,
    )
    return proposal


def enter(db: Session, proposal: Proposal) -> None:
    """Number, day and searched words of a proposal that comes in; no question of rights or counts here."""
    state = LIFE.next(proposal.state, Step.SUBMIT)
    db.flush()
    entered: dict[str, Any] = {"number": proposal.number, "submitted_at": proposal.submitted_at}
    if proposal.number is None:
        entered = {"number": next_number(db, proposal.round_id), "submitted_at": now()}
    text = search_text(proposal.round_id, entered["number"], (proposal.title, proposal.need))
    entered |= {"state": state, "correct_until": None, "search_text": text}
    _enter.run(db, entered | {"proposal": proposal.id})
    told(proposal, entered)


def _entering(_dialect: str) -> Any:
    table = table_of(Proposal)
    columns = ("number", "submitted_at", "state", "correct_until", "search_text")
    return update(table).where(table.c.id == bindparam("proposal")).values({name: bindparam(name) for name in columns})


_enter = Deed(_entering)


_next = Ready(
    lambda: (
        update(table_of(Round))
        .where(table_of(Round).c.id == bindparam("round"))
        .values(last_number=table_of(Round).c.last_number + 1)
        .returning(
            select(Commune.letters).where(Commune.id == table_of(Round).c.commune_id).scalar_subquery(),
            *(table_of(Round).c[name] for name in ("commune_id", "first_year", "last_number")),
        )
    )
)


def next_number(db: Session, round_id: int) -> str:
    """The next number of a round, ``TZ-2028-031``: letters of the commune, first year, count; never given twice."""
    letters, commune_id, first_year, last = _next.first(db, round=round_id)
    return f"{letters or f'C{commune_id}'}-{first_year}-{last:03}"


def withdraw(db: Session, actor: Actor, proposal: Proposal, because: Words | None = None) -> None:
    """Take a proposal back; once it was public the reason is shown. RuleBroken("proposals.reason_missing").

    A draft that was never public is withdrawn without a reason and never seen.
    """
    case = held(db, proposal)
    if proposal.state is ProposalState.WITHDRAWN and IS_OWN(actor, case):
        return
    authorize(POLICY, Step.WITHDRAW, actor, case)
    if proposal.submitted_at is not None and not because:
        raise RuleBroken("proposals.reason_missing")
    with counted(db, proposal):
        proposal.state = LIFE.next(proposal.state, Step.WITHDRAW)
        proposal.withdrawn_because = because or Words()
    record(db, writing(actor, proposal), "proposals.withdraw", proposal)


def _check(db: Session, case: Case) -> Draft:
    proposal, card = case.proposal, case.card
    if proposal.proposer_kind not in card.charter.proposers:
        raise RuleBroken("proposals.kind_may_not_propose", kind=proposal.proposer_kind)
    draft = queries.draft_of(db, proposal)
    problems = draft_problems(
        draft,
        sectors=[sector.key for sector in card.charter.sectors],
        places=queries.place_ids(db, proposal.commune_id, case.revision),
    )
    if problems:
        raise RuleBroken(problems[0].message)
    return draft
