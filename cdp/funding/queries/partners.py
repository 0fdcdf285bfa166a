"""Reads of agreements: their steps, versions and instalments."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import (
    Agreement,
    AgreementInstalment,
    AgreementVersion,
    FundingLine,
    PartnerPromise,
    PartnerStep,
)
from cdp.funding.states import PartnerAct
from cdp.kernel.errors import NotFound
from cdp.programme.models import Project


def find(db: Session, commune_id: int, agreement_id: int) -> tuple[Agreement, FundingLine, str]:
    """An agreement of this commune with its line and the number of its project; NotFound else."""
    asked = (
        select(Agreement, FundingLine, Project.number)
        .join(FundingLine, FundingLine.id == Agreement.line_id)
        .join(Project, Project.id == FundingLine.project_id)
        .where(Agreement.id == agreement_id, Agreement.commune_id == commune_id)
    )
    row = db.execute(asked).first()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


def agreed_on(db: Session, commune_id: int, promise_id: int) -> PartnerPromise:
    """What an institution of this commune's projects has agreed to; NotFound else."""
    asked = select(PartnerPromise).where(PartnerPromise.id == promise_id, PartnerPromise.commune_id == commune_id)
    found = db.scalar(asked)
    if found is None:
        raise NotFound
    return found


def steps(db: Session, agreement_id: int) -> list[PartnerStep]:
    """Visa, defaults and their ends, in order."""
    asked = select(PartnerStep).where(PartnerStep.agreement_id == agreement_id)
    return list(db.scalars(asked.order_by(PartnerStep.day, PartnerStep.id)))


def is_in_default(found: Sequence[PartnerStep]) -> bool:
    """Whether the last that was said of payments is that the funder fails."""
    of_payments = [each.act for each in found if each.act is not PartnerAct.VISA]
    return bool(of_payments) and of_payments[-1] is PartnerAct.DEFAULT


def versions(db: Session, agreement_id: int) -> list[AgreementVersion]:
    """The amendments, in order; the agreement itself is version 1."""
    asked = select(AgreementVersion).where(AgreementVersion.agreement_id == agreement_id)
    return list(db.scalars(asked.order_by(AgreementVersion.version)))


def instalments(db: Session, agreement_id: int) -> list[AgreementInstalment]:
    """What is due by which day, by version and day."""
    asked = select(AgreementInstalment).where(AgreementInstalment.agreement_id == agreement_id)
    return list(db.scalars(asked.order_by(AgreementInstalment.version, AgreementInstalment.due_on)))
