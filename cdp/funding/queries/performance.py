"""How partners keep their agreements, as everybody reads it: signed, paid, late by instalment, in default since."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from cdp.funding.models import (
    Agreement,
    AgreementInstalment,
    AgreementVersion,
    FundingLine,
    PartnerStep,
)
from cdp.funding.queries import Flows
from cdp.funding.rules.performance import Funder, Signed, funders
from cdp.funding.rules.sheet import HERE
from cdp.funding.states import PartnerAct
from cdp.store.ready import Ready


def partners(db: Session, commune_id: int, day: date, sums: Flows) -> list[Funder]:
    """The partners that signed for the projects of these flows, all lines of each together."""
    rows = _agreements.rows(db, commune=commune_id, ids=list(sums))
    if not rows:
        return []
    failing = _failing(db, [row.id for row in rows])
    parts = _instalments(db, [row.id for row in rows])
    paid = _paid(sums)
    by_line: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_line[row.line_id].append(row)
    signed = [
        Signed(
            own[0].source,
            own[0].party,
            signed_minor=sum(row.amount for row in own),
            paid_minor=paid.get(line, 0),
            parts=tuple(part for row in own for part in parts.get(row.id, ())),
            default_since=min((failing[row.id] for row in own if row.id in failing), default=None),
        )
        for line, own in by_line.items()
    ]
    return funders(signed, day)


def _agreements_statement() -> Any:
    amended = (
        select(AgreementVersion.amount_minor)
        .where(AgreementVersion.agreement_id == Agreement.id)
        .order_by(AgreementVersion.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Agreement.id,
            Agreement.line_id,
            FundingLine.source,
            FundingLine.party,
            func.coalesce(amended, Agreement.amount_minor).label("amount"),
        )
        .join(FundingLine, FundingLine.id == Agreement.line_id)
        .where(Agreement.commune_id == bindparam("commune"), FundingLine.project_id.in_(_ids()))
        .order_by(Agreement.id)
    )


def _ids() -> Any:
    return bindparam("ids", expanding=True)


_agreements = Ready(_agreements_statement)
"""Each agreement with its line's source and party, and its amount as last amended."""

_steps = Ready(
    lambda: (
        select(PartnerStep.agreement_id, PartnerStep.act, PartnerStep.day)
        .where(PartnerStep.agreement_id.in_(_ids()), PartnerStep.act != PartnerAct.VISA)
        .order_by(PartnerStep.day, PartnerStep.id)
    )
)

_parts = Ready(
    lambda: select(
        AgreementInstalment.agreement_id,
        AgreementInstalment.version,
        AgreementInstalment.due_on,
        AgreementInstalment.amount_minor,
    ).where(AgreementInstalment.agreement_id.in_(_ids()))
)


def _failing(db: Session, agreement_ids: list[int]) -> dict[int, date]:
    """Agreement -> since when its funder fails, for those of which nothing else was said after."""
    last = {agreement: (act, on) for agreement, act, on in _steps.rows(db, ids=agreement_ids)}
    return {agreement: on for agreement, (act, on) in last.items() if act is PartnerAct.DEFAULT}


def _instalments(db: Session, agreement_ids: list[int]) -> dict[int, list[tuple[date, int]]]:
    """Agreement -> days and amounts of its last version."""
    found: defaultdict[int, dict[int, list[tuple[date, int]]]] = defaultdict(lambda: defaultdict(list))
    for agreement, version, on, amount in _parts.rows(db, ids=agreement_ids):
        found[agreement][version].append((on, amount))
    return {agreement: versions[max(versions)] for agreement, versions in found.items()}


def _paid(sums: Flows) -> dict[int, int]:
    """Line -> centimes that came on it or were paid to its supplier, people's promises left out."""
    found: defaultdict[int, int] = defaultdict(int)
    for own in sums.values():
        for purse, ops in own.items():
            if purse.pledge is None and purse.line is not None:
                found[purse.line] += sum(sign * ops[op].mad_minor for op, sign in HERE.items() if op in ops)
    return dict(found)
