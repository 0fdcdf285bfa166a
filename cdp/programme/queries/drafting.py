"""What a draft is made from and what is frozen of it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.kernel.errors import RuleBroken
from cdp.kernel.words import Words
from cdp.people.models import GroupMember
from cdp.priorities.queries import ranking
from cdp.programme.models import CouncilAct, PartnerShare, PlanLine, PlanTerms, PlanVersion, ProjectTerms, YearAmount
from cdp.programme.policy import PlanCase
from cdp.programme.queries.share_rules import own
from cdp.programme.rules.drafting import Candidate, Decision, PartShare
from cdp.programme.rules.fit.presets import as_preset
from cdp.programme.states import ActKind, LineVerdict, Pin, VersionState, version_state
from cdp.proposals.models import Proposal, ProposalPlace
from cdp.review.models import CostEstimate
from cdp.review.queries.costs import costs
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import Phase, ProposerKind, Source
from cdp.teams.models import Membership
from cdp.teams.queries import holds_on


def candidates(db: Session, card: RoundCard, day: date) -> dict[int, Candidate]:
    """The proposals of the ranking by number, in its order, with costs and partners' shares.

    RuleBroken "programme.ranking_open" while marks of some are still hidden.
    """
    ranked = ranking(db, card, day)
    if ranked.hidden or not ranked.is_final:
        raise RuleBroken("programme.ranking_open", hidden=ranked.hidden)
    ids = [row.id for row in ranked.rows]
    cost, parts = costs(db, ids), shares(db, ids)
    fractions, kinds, own = _fractions(db, ids), _proposers(db, ids), project_terms(db, ids)
    return {
        row.id: Candidate(
            number=row.number,
            rank=position,
            mean=row.score.mean,
            cost=cost[row.id].minor if row.id in cost else None,
            shares=parts.get(row.id, ()),
            set_aside=row.decided.reason if row.place is None and row.decided else None,
            sector=row.sector,
            territory=fractions.get(row.id, ""),
            proposer=kinds.get(row.id),
            terms=own.get(row.id, {}),
        )
        for position, row in enumerate(ranked.rows, 1)
    }


def _proposers(db: Session, ids: Collection[int]) -> dict[int, ProposerKind]:
    rows = db.execute(select(Proposal.id, Proposal.proposer_kind).where(Proposal.id.in_(ids)))
    return {proposal_id: kind for proposal_id, kind in rows}  # noqa: C416


def _fractions(db: Session, ids: Collection[int]) -> dict[int, str]:
    """The fraction a proposal lies in, by its first name; none for one that lies in several."""
    found: dict[int, set[str]] = {}
    for proposal_id, fraction in db.execute(
        select(ProposalPlace.proposal_id, Locality.fraction)
        .join(Locality, Locality.id == ProposalPlace.locality_id)
        .where(ProposalPlace.proposal_id.in_(ids))
    ):
        found.setdefault(proposal_id, set()).add(fraction_key(fraction))
    return {proposal_id: names.pop() for proposal_id, names in found.items() if len(names) == 1}


def fraction_key(fraction: Words) -> str:
    """What quotas call a fraction: its French name, else the first it has."""
    return fraction.in_("fr")[0]


def fractions_of(db: Session, commune_id: int) -> tuple[Words, ...]:
    """The fractions of a commune."""
    found: dict[str, Words] = {}
    for fraction in db.scalars(select(Locality.fraction).where(Locality.commune_id == commune_id)):
        found.setdefault(fraction_key(fraction), fraction)
    return tuple(found[key] for key in sorted(found) if key)


def project_terms(db: Session, proposal_ids: Collection[int]) -> dict[int, Mapping[str, Any]]:
    """A project's own conditions, by proposal (one statement)."""
    rows = db.execute(
        select(ProjectTerms.proposal_id, ProjectTerms.terms).where(ProjectTerms.proposal_id.in_(proposal_ids))
    )
    return {proposal_id: terms for proposal_id, terms in rows}  # noqa: C416


def round_terms(db: Session, round_id: int) -> Mapping[str, Any]:
    """The conditions of a round's plan; empty when nobody set any."""
    return db.scalar(select(PlanTerms.terms).where(PlanTerms.round_id == round_id)) or {}


def with_own_rules(db: Session, commune_id: int, terms: Mapping[str, Any], day: date) -> Mapping[str, Any]:
    """A round's conditions with the commune's own share rules, as the instance of a plan keeps them."""
    rules = [as_preset(rule) for rule in own(db, commune_id, day)]
    return {**terms, "presets": rules} if rules else terms


def starts_of(db: Session, version_id: int) -> dict[str, int]:
    """First year of works by number, in a version."""
    rows = db.execute(
        select(Proposal.number, PlanLine.start_year)
        .join(PlanLine, PlanLine.proposal_id == Proposal.id)
        .where(PlanLine.version_id == version_id, PlanLine.start_year.is_not(None))
    )
    return {number or "": start or 0 for number, start in rows}


def shares(db: Session, proposal_ids: Collection[int]) -> dict[int, tuple[PartShare, ...]]:
    """Partners' shares by proposal (one statement)."""
    rows = db.execute(
        select(
            PartnerShare.proposal_id,
            PartnerShare.source,
            PartnerShare.amount_minor,
            PartnerShare.sureness,
            PartnerShare.party,
            PartnerShare.by_year,
        )
        .where(PartnerShare.proposal_id.in_(proposal_ids))
        .order_by(PartnerShare.proposal_id, PartnerShare.id)
    )
    found: dict[int, tuple[PartShare, ...]] = {}
    for proposal_id, source, amount, sureness, party, by_year in rows:
        years = tuple((year, part) for year, part in by_year or ())
        found[proposal_id] = (*found.get(proposal_id, ()), PartShare(source, amount, sureness, party, years))
    return found


def noted_by_year(db: Session, version_id: int, *, but: int) -> dict[tuple[int, Source], int]:
    """What partners give by year to the projects that stand in a version, in centimes; ``but`` one proposal's."""
    rows = db.execute(
        select(PartnerShare.source, PartnerShare.by_year)
        .join(PlanLine, PlanLine.proposal_id == PartnerShare.proposal_id)
        .where(
            PlanLine.version_id == version_id,
            PlanLine.verdict == LineVerdict.IN,
            PartnerShare.proposal_id != but,
            PartnerShare.by_year.is_not(None),
        )
    )
    found: dict[tuple[int, Source], int] = {}
    for source, by_year in rows:
        for year, amount in by_year or ():
            found[year, source] = found.get((year, source), 0) + amount
    return found


def draft_version(db: Session, round_id: int) -> PlanVersion | None:
    """The version of a round that is not submitted yet, or None."""
    return db.scalar(select(PlanVersion).where(PlanVersion.round_id == round_id, PlanVersion.frozen_at.is_(None)))


def last_state(db: Session, round_id: int) -> VersionState | None:
    """Where the newest version of a round stands; None before there is one."""
    last = db.scalar(select(func.max(PlanVersion.id)).where(PlanVersion.round_id == round_id))
    if last is None:
        return None
    return version_state(db.scalars(select(CouncilAct.kind).where(CouncilAct.version_id == last)).all())


def plan_case(db: Session, card: RoundCard, day: date) -> PlanCase:
    """The plan of a round on a day: whether it was sent back for good, or is updated (read in the delivery alone).

    A visa may be refused only when the works should have begun: then another version is drafted and voted, until one
    has its visa. An update is open while the newest version is one without a visa.
    """
    if not card.is_in(day, Phase.DELIVERY):
        return PlanCase(card, day)
    answers = (
        select(CouncilAct.kind)
        .join(PlanVersion, PlanVersion.id == CouncilAct.version_id)
        .where(PlanVersion.round_id == card.id, CouncilAct.kind.in_((ActKind.VISA, ActKind.REFUSE_VISA)))
    )
    return PlanCase(
        card,
        day,
        is_sent_back=set(db.scalars(answers)) == {ActKind.REFUSE_VISA},
        is_updating=_is_updating(db, card.id),
    )


def _is_updating(db: Session, round_id: int) -> bool:
    newest = newest_version(db, round_id)
    if newest is None or not newest.updates:
        return False
    visas = select(CouncilAct.id).where(CouncilAct.version_id == newest.id, CouncilAct.kind == ActKind.VISA)
    return db.scalar(visas) is None


def newest_version(db: Session, round_id: int) -> PlanVersion | None:
    """The version of a round that was drafted last; None before there is one."""
    return db.scalar(
        select(PlanVersion).where(PlanVersion.round_id == round_id).order_by(PlanVersion.number.desc()).limit(1)
    )


def has_line(db: Session, version_id: int, number: str) -> bool:
    """Whether a version has a line of the proposal of that number."""
    line = (
        select(PlanLine.id)
        .join(Proposal, Proposal.id == PlanLine.proposal_id)
        .where(PlanLine.version_id == version_id, Proposal.number == number)
    )
    return db.scalar(line) is not None


def decisions(db: Session, version_id: int) -> dict[str, Decision]:
    """What people decided about lines of a version, by number of the proposal."""
    rows = db.execute(
        select(Proposal.number, PlanLine.pin, PlanLine.pin_reason, PlanLine.pin_year)
        .join(Proposal, Proposal.id == PlanLine.proposal_id)
        .where(PlanLine.version_id == version_id, PlanLine.pin != Pin.FREE)
    )
    return {number or "": Decision(pin, reason, year) for number, pin, reason, year in rows}


def document(db: Session, version: PlanVersion) -> dict[str, Any]:
    """A version as a document of plain values in a fixed order: what is frozen, and what its hash is taken of."""
    amounts: dict[int, list[list[Any]]] = {}
    for line_id, year, source, amount in db.execute(
        select(YearAmount.line_id, YearAmount.year, YearAmount.source, YearAmount.amount_minor)
        .join(PlanLine, PlanLine.id == YearAmount.line_id)
        .where(PlanLine.version_id == version.id)
    ):
        amounts.setdefault(line_id, []).append([year, source.value, amount])
    lines = db.execute(
        select(PlanLine, Proposal.number)
        .join(Proposal, Proposal.id == PlanLine.proposal_id)
        .where(PlanLine.version_id == version.id)
        .order_by(PlanLine.rank, Proposal.number)
    )
    fit = {"instance": version.instance, "value": version.value, "bound": version.bound} if version.instance else {}
    kept = {"record": version.record} if version.record is not None else {}
    update = {"updates": version.updates, "note": version.note} if version.updates else {}
    return {
        **fit,
        **kept,
        **update,
        "version": version.number,
        "charter": version.charter_version,
        "lines": [
            {
                "number": number,
                "rank": line.rank,
                "mean": line.mean,
                "cost": line.cost_minor,
                "verdict": line.verdict.value,
                "start": line.start_year,
                "reason": line.reason,
                "reason_values": line.reason_values,
                "pin": line.pin.value,
                "pin_year": line.pin_year,
                "pin_reason": line.pin_reason,
                "amounts": sorted(amounts.get(line.id, [])),
            }
            for line, number in lines
        ],
    }


def price_years(db: Session, version_id: int) -> dict[int, int]:
    """The year of prices of the costs of a version's proposals, by proposal."""
    rows = db.execute(
        select(CostEstimate.proposal_id, CostEstimate.price_year)
        .join(PlanLine, PlanLine.proposal_id == CostEstimate.proposal_id)
        .where(PlanLine.version_id == version_id)
        .order_by(CostEstimate.version)
    )
    return {proposal_id: year for proposal_id, year in rows}  # noqa: C416


def concerned(db: Session, proposal: Proposal, day: date) -> list[int]:
    """Whom news of a proposal concerns: its author, who may act for its group, the members of its team today."""
    people = {proposal.author_id}
    if proposal.group_id is not None:
        people |= set(
            db.scalars(
                select(GroupMember.person_id).where(
                    GroupMember.group_id == proposal.group_id,
                    GroupMember.may_act,
                    GroupMember.since <= day,
                    (GroupMember.until.is_(None)) | (GroupMember.until >= day),
                )
            )
        )
    people |= set(db.scalars(select(Membership.person_id).where(Membership.proposal_id == proposal.id, *holds_on(day))))
    return sorted(people)
