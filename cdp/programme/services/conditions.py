"""The conditions of a plan, of the round and of one project: the office writes them down, the fit keeps them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import Message, RuleBroken
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme import queries
from cdp.programme.models import PlanTerms, ProjectTerms
from cdp.programme.policy import authorize_step
from cdp.programme.queries.share_rules import own
from cdp.programme.rules.conditions import (
    instance_document,
    paid_by,
    project_problems,
    round_problems,
    waits_for_no_share,
)
from cdp.programme.rules.drafting import instance_of, preset_problem
from cdp.programme.rules.shares import years_problem
from cdp.programme.states import PlanStep
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.review.queries.costs import costs
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.rounds.queries import RoundCard
from cdp.store.audit import record

PLANNED = frozenset({ProposalState.ADMITTED, ProposalState.PROGRAMMED})


def set_terms(db: Session, actor: Actor, round_: Round, terms: Mapping[str, Any]) -> None:
    """Write down the conditions of a round's plan, instead of those before; the draft takes them in when made anew.

    RuleBroken with the first thing that is wrong with them (``rules.conditions.round_problems``), or
    "programme.unknown_numbers".
    """
    card = _authorized(db, actor, round_)
    actor = actor.under_mandate(round_.commune_id, Role.OFFICER)
    if wrong := round_problems(terms):
        raise RuleBroken(wrong[0])
    named = [number for name in ("exclusions", "phases") for one in terms.get(name, ()) for number in one["projects"]]
    known = queries.titles(db, round_.id, named)
    if unknown := [number for number in named if number not in known]:
        raise RuleBroken("programme.unknown_numbers", numbers=" ".join(unknown))
    _check(db, card, terms)
    kept = db.scalar(select(PlanTerms).where(PlanTerms.round_id == round_.id))
    if kept is None:
        kept = PlanTerms(commune_id=round_.commune_id, round_id=round_.id)
        db.add(kept)
    kept.terms, kept.set_by_id, kept.set_at = dict(terms), actor.known(), now()
    db.flush()
    record(db, actor, "programme.set_terms", round_, terms=dict(terms))


def set_project_terms(db: Session, actor: Actor, proposal: Proposal, terms: Mapping[str, Any]) -> None:
    """Write down the conditions of one project, instead of those before.

    RuleBroken "programme.shares_of_admitted", or the first thing that is wrong with them.
    """
    round_ = rounds.get(db, proposal.round_id)
    card = _authorized(db, actor, round_)
    actor = actor.under_mandate(proposal.commune_id, Role.OFFICER)
    if proposal.state not in PLANNED:
        raise RuleBroken("programme.shares_of_admitted", state=proposal.state)
    if wrong := project_problems(terms):
        raise RuleBroken(wrong[0])
    if problem := _against_partners(db, card, proposal, terms):
        raise RuleBroken(problem)
    keep_project_terms(db, actor, proposal, terms)
    _check(db, card, queries.round_terms(db, round_.id))
    record(db, actor, "programme.set_project_terms", proposal, terms=dict(terms))


def keep_project_terms(db: Session, actor: Actor, proposal: Proposal, terms: Mapping[str, Any]) -> None:
    """The conditions of a project as a row; what they may hold was checked before."""
    kept = db.scalar(select(ProjectTerms).where(ProjectTerms.proposal_id == proposal.id))
    if kept is None:
        kept = ProjectTerms(commune_id=proposal.commune_id, proposal_id=proposal.id)
        db.add(kept)
    kept.terms, kept.set_by_id, kept.set_at = dict(terms), actor.known(), now()
    db.flush()


def _against_partners(db: Session, card: RoundCard, proposal: Proposal, terms: Mapping[str, Any]) -> Message | None:
    """What the shares already noted have against new conditions: their years, and the share rule."""
    shares = queries.shares(db, [proposal.id]).get(proposal.id, ())
    cost, rule = costs(db, [proposal.id]).get(proposal.id), terms.get("preset")
    if cost and (waiting := waits_for_no_share(terms, paid_by(cost.minor, shares))):
        return Message("programme.waits_without_share", {"source": waiting})
    return years_problem(shares, range(card.first_year, card.last_year + 1), terms) or (
        preset_problem(rule, cost.minor, shares, own(db, card.commune_id, today())) if rule and cost else None
    )


def _authorized(db: Session, actor: Actor, round_: Round) -> RoundCard:
    card = rounds.card(db, round_)
    authorize_step(PlanStep.SHARE, actor, queries.plan_case(db, card, today()))
    return card


def _check(db: Session, card: RoundCard, terms: Mapping[str, Any]) -> None:
    """Names, years and sums hold together, as far as the ranking is known."""
    try:
        candidates = queries.candidates(db, card, today())
    except RuleBroken:
        return
    years = range(card.first_year, card.last_year + 1)
    terms = queries.with_own_rules(db, card.commune_id, terms, today())
    instance_of(instance_document(years, card.charter.envelopes, tuple(candidates.values()), {}, terms))
