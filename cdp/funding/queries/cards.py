"""Promises as their givers and the treasurer see them, with what became of each: worked out, never stored."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from cdp.funding.models import ClubShare, Instalment, PaymentCall, Pledge, PledgeTerm, StillMeant
from cdp.funding.queries import flows
from cdp.funding.queries.conditions import Conditions, Stated, conditions
from cdp.funding.rules.ledger import Op
from cdp.funding.rules.promises import Due, Purse, dues, next_part, status, unpaid
from cdp.funding.rules.references import grouped
from cdp.funding.rules.standing import Flow, purse_figures
from cdp.funding.states import ConditionKind, PledgeStatus
from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.people.queries import said_name, shown_name
from cdp.people.states import ShownAs
from cdp.programme.models import Project
from cdp.proposals.models import Proposal
from cdp.teams.models import Membership


@dataclass(frozen=True)
class PledgeCard:
    """A promise as its giver and the treasurer see it; what became of it is from the books.

    ``giver`` is empty for who may not read whose it is. ``ended_on``: the giver's membership ended on that day while
    something was open, and nobody has said yet whether it still stands.
    """

    id: int
    project_id: int
    project_number: str
    project_title: Words
    commune_id: int
    reference: str
    unit: str
    amount_minor: int
    open_minor: int
    kept_minor: int
    until: date
    is_expired: bool
    giver: str
    shown: str
    shown_as: ShownAs
    is_secret: bool
    note: str
    status: PledgeStatus
    may_change: bool
    condition: Stated | None = None
    parts: tuple[Due, ...] = ()
    ended_on: date | None = None
    has_shares: bool = False
    """Whether it is made of the shares of a group's members, in a private list."""


def promises_of(db: Session, day: date, person_id: int) -> list[PledgeCard]:
    """The promises of a person, the newest first: for that person alone."""
    return _cards(db, day, Pledge.person_id == person_id)


def promises_for_treasurer(db: Session, day: date, project_id: int) -> list[PledgeCard]:
    """The promises to a project with all their givers, the newest first: for the commune's treasurer alone."""
    return _cards(db, day, Pledge.project_id == project_id)


def promises_to(db: Session, day: date, project_id: int) -> list[PledgeCard]:
    """The promises to a project for the office: secret givers are named to nobody there."""
    return [replace(card, giver="") if card.is_secret else card for card in promises_for_treasurer(db, day, project_id)]


def _cards(db: Session, day: date, mine: ColumnElement[bool]) -> list[PledgeCard]:
    rows = db.execute(
        select(Pledge, Project.number, Proposal.title, said_name())
        .join(Project, Project.id == Pledge.project_id)
        .join(Proposal, Proposal.id == Project.proposal_id)
        .join(Person, Person.id == Pledge.person_id)
        .where(mine)
        .order_by(Pledge.id.desc())
    ).all()
    if not rows:
        return []
    beside = _beside(db, [row[0] for row in rows], day)
    return [_card(row[0], tuple(row[1:]), beside, day=day) for row in rows]


@dataclass(frozen=True)
class _Beside:
    sums: Mapping[int | None, Mapping[Op, Flow]]
    calls: Mapping[int, list[tuple[date, int]]]
    conditions: Mapping[int, Conditions]
    parts: Mapping[int, list[tuple[date, int]]]
    ended: Mapping[int, date]
    shared: Collection[int]


def _beside(db: Session, pledges: Collection[Pledge], day: date) -> _Beside:
    numbers = [pledge.id for pledge in pledges]
    projects = {pledge.project_id for pledge in pledges}
    sums = {purse.pledge: ops for own in flows(db, projects).values() for purse, ops in own.items()}
    calls = calls_by_promise(db, numbers)
    stated = set(db.scalars(select(PledgeTerm.pledge_id).where(PledgeTerm.pledge_id.in_(numbers))))
    asked = {p.project_id for p in pledges if p.id in stated or p.condition is not ConditionKind.NONE}
    found = {project: conditions(db, project, day) for project in asked}
    return _Beside(sums, calls, found, schedules(db, numbers), _ended(db, pledges, day), _shared(db, pledges))


def _shared(db: Session, pledges: Iterable[Pledge]) -> set[int]:
    """Promises of groups that have a private list."""
    numbers = [pledge.id for pledge in pledges if pledge.group_id is not None]
    return set(db.scalars(select(ClubShare.pledge_id).where(ClubShare.pledge_id.in_(numbers)))) if numbers else set()


def calls_by_promise(db: Session, pledge_ids: Iterable[int]) -> dict[int, list[tuple[date, int]]]:
    """Promise -> its calls: by which day, how much."""
    asked = select(PaymentCall.pledge_id, PaymentCall.due_on, PaymentCall.amount_minor)
    found: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    for pledge, on, amount in db.execute(asked.where(PaymentCall.pledge_id.in_(list(pledge_ids)))):
        found[pledge].append((on, amount))
    return dict(found)


def part_to_call(db: Session, pledge: Pledge) -> tuple[date, int] | None:
    """The instalment that is called next, with its amount; None for a promise without instalments or wholly called."""
    parts = schedules(db, [pledge.id]).get(pledge.id, [])
    ops = next(
        (ops for purse, ops in flows(db, [pledge.project_id])[pledge.project_id].items() if purse.pledge == pledge.id),
        {},
    )
    purse = Purse.of(ops)
    return next_part(parts, purse.promised - purse.pledged)


def schedules(db: Session, pledge_ids: Iterable[int]) -> dict[int, list[tuple[date, int]]]:
    """Promise -> its instalments by day, for those that have some."""
    rows = db.execute(
        select(Instalment.pledge_id, Instalment.due_on, Instalment.amount_minor)
        .where(Instalment.pledge_id.in_(list(pledge_ids)))
        .order_by(Instalment.due_on)
    )
    found: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    for pledge, on, amount in rows:
        found[pledge].append((on, amount))
    return dict(found)


def _ended(db: Session, pledges: Iterable[Pledge], day: date) -> dict[int, date]:
    """Promise -> the last day of the membership it was made in, once it has passed and nobody said it stands."""
    numbers = [pledge.id for pledge in pledges if pledge.membership_id is not None]
    if not numbers:
        return {}
    last = func.coalesce(Membership.ended_on, Membership.until)
    answered = (StillMeant.pledge_id == Pledge.id) & (StillMeant.membership_id == Pledge.membership_id)
    rows = db.execute(
        select(Pledge.id, last)
        .join(Membership, Membership.id == Pledge.membership_id)
        .outerjoin(StillMeant, answered)
        .where(Pledge.id.in_(numbers), StillMeant.id.is_(None), or_(last < day, Membership.ended_on == day))
    )
    return {number: on for number, on in rows}  # noqa: C416


def _card(pledge: Pledge, about: tuple[Any, ...], beside: _Beside, *, day: date) -> PledgeCard:
    number, title, name = about
    ops = beside.sums.get(pledge.id, {})
    native, purse = purse_figures(ops)[0], Purse.of(ops)
    held = beside.conditions.get(pledge.project_id)
    is_open = purse.pledged > 0 and pledge.until >= day
    return PledgeCard(
        id=pledge.id,
        project_id=pledge.project_id,
        project_number=number,
        project_title=title,
        commune_id=pledge.commune_id,
        reference=grouped(pledge.reference),
        unit=pledge.unit,
        amount_minor=pledge.amount_minor,
        open_minor=native.open,
        kept_minor=native.covered - native.open,
        until=pledge.until,
        is_expired=pledge.until < day and native.open > 0,
        giver=name,
        shown=shown_name(name, pledge.shown_as),
        shown_as=pledge.shown_as,
        is_secret=pledge.is_secret,
        note=pledge.note,
        status=status(
            purse,
            day,
            until=pledge.until,
            due=next((on for on, _ in unpaid(beside.calls.get(pledge.id, ()), purse.received + purse.fees)), None),
            waits=held is not None and held.waits(pledge.id),
            ended=PledgeStatus.WITHDRAWN,
        ),
        may_change=is_open,
        condition=held.stated.get(pledge.id) if held is not None else None,
        parts=tuple(dues(beside.parts.get(pledge.id, ()), purse.received + purse.fees)),
        has_shares=pledge.id in beside.shared,
        ended_on=beside.ended.get(pledge.id) if is_open else None,
    )
