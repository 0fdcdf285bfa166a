"""Everything about the money of one project that everybody may read, in two statements."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Date, String, bindparam, cast, func, literal, select
from sqlalchemy.orm import Session

from cdp.funding.models import Agreement, AgreementVersion, EntrySum, FundingLine, PartnerStep, Pledge
from cdp.funding.queries import by_the_plan
from cdp.funding.rules.givers import Given, Shown, shown
from cdp.funding.rules.ledger import Op, Purse
from cdp.funding.rules.sheet import MoneySheet, Place, sheet, uncounted
from cdp.funding.rules.standing import Flow, native_open_and_brought
from cdp.funding.states import PartnerAct
from cdp.kernel.money import Money
from cdp.kernel.words import LANGUAGES, Words
from cdp.people.models import Group, Person
from cdp.people.queries import shown_name
from cdp.people.states import ShownAs
from cdp.programme.models import Project, YearAmount
from cdp.rounds.states import Source
from cdp.store.ready import Ready


@dataclass(frozen=True)
class Paper:
    """A signed agreement as everybody reads it."""

    source: Source
    party: str
    reference: str
    signed_on: date
    amount: Money
    visa_on: date | None = None
    default_since: date | None = None
    """The funder fails since that day; None when it pays, or pays again."""


@dataclass(frozen=True)
class Dossier:
    """A project's money, its agreements, and whom the public sees behind the promises."""

    sheet: MoneySheet
    papers: tuple[Paper, ...]
    givers: Shown


class _Promise(NamedTuple):
    until: date
    person_id: int
    group_id: int | None
    name: Words


def dossier(db: Session, project: Project, day: date) -> Dossier:
    """The money of one project on a day."""
    places, papers, plan = _lines(db, project.id)
    sums, promises = _flows(db, project.id)
    expired = {number for number, promise in promises.items() if promise.until < day}
    given = []
    for purse, ops in sums.items():
        promise = promises.get(purse.pledge or 0)
        if promise is None:
            continue
        still, brought = native_open_and_brought(ops)
        amount = brought if purse.pledge in expired else still + brought
        if amount > 0:
            given.append(Given(f"{promise.person_id}:{promise.group_id}", promise.name, purse.unit, amount))
    money, givers = sheet(Money(project.cost_minor), plan, sums, places=places, expired=expired), shown(given)
    return Dossier(uncounted(money) if givers.unnamed is None else money, papers, givers)


def with_unnamed(db: Session, project_ids: Collection[int]) -> set[int]:
    """Projects to which somebody promised without a public name."""
    asked = select(Pledge.project_id).where(Pledge.project_id.in_(project_ids), Pledge.shown_as == ShownAs.ANONYMOUS)
    return set(db.scalars(asked.distinct()))


def _last_day(act: PartnerAct) -> Any:
    """The last day on which that was said of an agreement."""
    said = (PartnerStep.agreement_id == Agreement.id, PartnerStep.act == act)
    return select(func.max(PartnerStep.day)).where(*said).correlate(Agreement).scalar_subquery()


def _amended() -> Any:
    """The amount of the last amendment."""
    asked = select(AgreementVersion.amount_minor).where(AgreementVersion.agreement_id == Agreement.id)
    return asked.order_by(AgreementVersion.version.desc()).limit(1).correlate(Agreement).scalar_subquery()


_lines_ready = Ready(
    lambda: (
        select(
            FundingLine.id.label("line"),
            FundingLine.source,
            FundingLine.party,
            Agreement.reference,
            Agreement.signed_on.label("signed_on"),
            func.coalesce(_amended(), Agreement.amount_minor),
            _last_day(PartnerAct.VISA),
            _last_day(PartnerAct.DEFAULT),
            _last_day(PartnerAct.RESUMED),
            Agreement.id.label("agreement"),
        )
        .outerjoin(Agreement, Agreement.line_id == FundingLine.id)
        .where(FundingLine.project_id == bindparam("project_id"))
        .union_all(_of_the_plan())
        .order_by("signed_on", "agreement")
    )
)


def _of_the_plan() -> Any:
    """What the adopted plan takes from each source, as rows of no funding line."""
    nothing, never = literal(None, BigInteger), literal(None, Date)
    amount = cast(func.sum(YearAmount.amount_minor), BigInteger)
    about = (nothing, YearAmount.source, literal(""), literal(None, String), never)
    return by_the_plan(*about, amount, never, never, never, nothing).where(Project.id == bindparam("project_id"))


def _lines(db: Session, project_id: int) -> tuple[dict[int, Place], tuple[Paper, ...], dict[Source, int]]:
    """The funding lines, the papers signed on them, and what the plan takes from each source."""
    rows = _lines_ready.rows(db, project_id=project_id)
    papers = tuple(
        Paper(source, party, reference, signed_on, Money(amount), visa, failed if _still(failed, again) else None)
        for _, source, party, reference, signed_on, amount, visa, failed, again, _agreement in rows
        if reference is not None
    )
    places = {row[0]: (row[1], row[2]) for row in rows if row[0] is not None}
    return places, papers, {row[1]: row[5] for row in rows if row[0] is None}


def _still(failed: date | None, again: date | None) -> bool:
    """Whether a default was not ended on a later day (or the same)."""
    return failed is not None and (again is None or again < failed)


def _flows_statement() -> Any:
    about = (Pledge.until, Pledge.person_id, Pledge.group_id, Pledge.shown_as, Person.name, Person.name_ar, Group.name)
    own = (EntrySum.line_id, EntrySum.pledge_id, EntrySum.unit, EntrySum.op)
    return (
        select(*own, EntrySum.amount_minor, EntrySum.dirhams_minor, *about)
        .outerjoin(Pledge, Pledge.id == EntrySum.pledge_id)
        .outerjoin(Person, Person.id == Pledge.person_id)
        .outerjoin(Group, Group.id == Pledge.group_id)
        .where(EntrySum.project_id == bindparam("project_id"))
        .order_by(EntrySum.pledge_id, EntrySum.line_id, EntrySum.unit, EntrySum.op)
    )


_flows_ready = Ready(_flows_statement)


def _flows(db: Session, project_id: int) -> tuple[dict[Purse, dict[Op, Flow]], dict[int, _Promise]]:
    """Net sums of the books by purse and operation, and the promises they are about."""
    rows = _flows_ready.rows(db, project_id=project_id)
    sums: dict[Purse, dict[Op, Flow]] = defaultdict(dict)
    promises: dict[int, _Promise] = {}
    names: dict[tuple[int, int | None, ShownAs], Words] = {}
    for line_id, pledge_id, unit, op, amount, dirhams, until, *giver, name, name_ar, group in rows:
        sums[Purse(project_id, line_id or None, pledge_id or None, unit)][op] = Flow(amount, dirhams)
        if until is None:
            continue
        person_id, group_id, shown_as = key = tuple(giver)
        if key not in names:
            names[key] = _name(name, name_ar, group, shown_as)
        promises[pledge_id] = _Promise(until, person_id, group_id, names[key])
    return sums, promises


def _arabic(name: str) -> dict[str, str]:
    return {"ar": name} if name else {}


def _name(name: str, name_ar: str, group: Words | None, shown_as: ShownAs) -> Words:
    """The name a promise is shown under: the group's where one promised, none for who stays unnamed.

    Unnamed means nobody's name: a group that promises unnamed is not named either, for its few members would be.
    """
    if shown_as is ShownAs.ANONYMOUS:
        return Words()
    said = dict.fromkeys(LANGUAGES, shown_name(name, shown_as))
    return group or Words(said, **_arabic(shown_name(name_ar, shown_as)))
