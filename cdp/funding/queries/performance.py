"""How partners keep their agreements, as everybody reads it: signed, paid, late by instalment, in default since."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, select
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


def partners(db: Session, commune_id: int, day: date, sums: Flows) -> list[Funder]:
    """The partners that signed for the projects of these flows, all lines of each together, in three statements."""
    rows = _agreements(db, commune_id, list(sums))
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


def _agreements(db: Session, commune_id: int, project_ids: Iterable[int]) -> list[Any]:
    """Each agreement with its line's source and party, and its amount as last amended."""
    amended = (
        select(AgreementVersion.amount_minor)
        .where(AgreementVersion.agreement_id == Agreement.id)
        .order_by(AgreementVersion.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    asked = (
        select(
            Agreement.id,
            Agreement.line_id,
            FundingLine.source,
            FundingLine.party,
            func.coalesce(amended, Agreement.amount_minor).label("amount"),
        )
        .join(FundingLine, FundingLine.id == Agreement.line_id)
        .where(Agreement.commune_id == commune_id, FundingLine.project_id.in_(list(project_ids)))
        .order_by(Agreement.id)
    )
    return list(db.execute(asked).all())


def _failing(db: Session, agreement_ids: Iterable[int]) -> dict[int, date]:
    """Agreement -> since when its funder fails, for those of which nothing else was said after."""
    steps = db.execute(
        select(PartnerStep.agreement_id, PartnerStep.act, PartnerStep.day)
        .where(PartnerStep.agreement_id.in_(list(agreement_ids)), PartnerStep.act != PartnerAct.VISA)
        .order_by(PartnerStep.day, PartnerStep.id)
    )
    last = {agreement: (act, on) for agreement, act, on in steps}
    return {agreement: on for agreement, (act, on) in last.items() if act is PartnerAct.DEFAULT}


def _instalments(db: Session, agreement_ids: Iterable[int]) -> dict[int, list[tuple[date, int]]]:
    """Agreement -> days and amounts of its last version."""
    rows = db.execute(
        select(
            AgreementInstalment.agreement_id,
            AgreementInstalment.version,
            AgreementInstalment.due_on,
            AgreementInstalment.amount_minor,
        ).where(AgreementInstalment.agreement_id.in_(list(agreement_ids)))
    )
    found: defaultdict[int, dict[int, list[tuple[date, int]]]] = defaultdict(lambda: defaultdict(list))
    for agreement, version, on, amount in rows:
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
