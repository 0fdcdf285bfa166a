"""Partners' shares of an admitted proposal's cost, by year where that is agreed, and the rule they keep."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.kernel.errors import Message, RuleBroken
from cdp.kernel.money import Money
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme import queries
from cdp.programme.models import PartnerShare
from cdp.programme.policy import authorize_step
from cdp.programme.queries.share_rules import own
from cdp.programme.rules.drafting import preset_problem
from cdp.programme.rules.shares import PartShare, envelope_problem, share_problem, years_problem
from cdp.programme.services.conditions import keep_project_terms
from cdp.programme.services.drafting import fit_again
from cdp.programme.services.partners import party_of
from cdp.programme.states import PlanStep
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.review.queries.costs import costs
from cdp.rounds import queries as rounds
from cdp.rounds.queries import RoundCard
from cdp.store.audit import record


def set_shares(
    db: Session, actor: Actor, proposal: Proposal, shares: Sequence[PartShare], *, preset: str | None = None
) -> None:
    """Write down what partners bear of an admitted proposal's cost, or of a project's while the plan is drafted anew,
    instead of what was written before.

    ``preset`` names a share rule (``fit.presets``): it is kept among the project's conditions, so that every later
    change is held to it; "" lets it go, None leaves it as it is. A draft in hand is fitted again; what stands keeps
    its years where there is still room.
    RuleBroken "programme.shares_of_admitted", "programme.no_cost", what ``rules.shares`` has against them beside the
    cost, the years and the envelopes, what the share rule says, or why the draft has no room: nothing is changed.
    """
    card = rounds.card_of(db, proposal.commune_id, proposal.round_id)
    authorize_step(PlanStep.SHARE, actor, queries.plan_case(db, card, today()))
    actor = actor.under_mandate(proposal.commune_id, Role.OFFICER)
    is_updated = proposal.state is ProposalState.PROGRAMMED and queries.draft_version(db, card.id) is not None
    if proposal.state is not ProposalState.ADMITTED and not is_updated:
        raise RuleBroken("programme.shares_of_admitted", state=proposal.state)
    cost = costs(db, [proposal.id]).get(proposal.id)
    if not cost:
        raise RuleBroken("programme.no_cost", number=proposal.number)
    shares = [replace(share, party=party_of(db, proposal.commune_id, share.party)) for share in shares]
    terms = dict(queries.project_terms(db, [proposal.id]).get(proposal.id, {}))
    rule = terms.get("preset", "") if preset is None else preset
    if problem := _problem(db, card, proposal, shares, cost=cost, rule=rule):
        raise RuleBroken(problem)
    _write(db, proposal, shares)
    if rule != terms.get("preset", ""):
        terms = {name: value for name, value in terms.items() if name != "preset"}
        keep_project_terms(db, actor, proposal, terms | ({"preset": rule} if rule else {}))
    record(
        db,
        actor,
        "programme.share",
        proposal,
        shares=[[share.source.value, share.amount, [list(one) for one in share.by_year]] for share in shares],
        preset=rule,
    )
    db.flush()
    if (version := queries.draft_version(db, card.id)) is not None:
        fit_again(db, card, version)


def _problem(
    db: Session, card: RoundCard, proposal: Proposal, shares: Sequence[PartShare], *, cost: Money, rule: str
) -> Message | None:
    version = queries.draft_version(db, card.id)
    noted = queries.noted_by_year(db, version.id, but=proposal.id) if version else {}
    terms = queries.project_terms(db, [proposal.id]).get(proposal.id, {})
    years = range(card.first_year, card.last_year + 1)
    return (
        share_problem(shares, cost)
        or years_problem(shares, years, terms)
        or envelope_problem(shares, card.charter.envelopes, noted)
        or (preset_problem(rule, cost.minor, shares, own(db, card.commune_id, today())) if rule else None)
    )


def _write(db: Session, proposal: Proposal, shares: Sequence[PartShare]) -> None:
    db.execute(delete(PartnerShare).where(PartnerShare.proposal_id == proposal.id))
    for share in shares:
        db.add(
            PartnerShare(
                commune_id=proposal.commune_id,
                proposal_id=proposal.id,
                source=share.source,
                party=share.party,
                amount_minor=share.amount,
                sureness=share.sureness,
                by_year=[list(one) for one in share.by_year] or None,
            )
        )
