"""Promises as their givers and the treasurer see them, with what became of each: worked out, never stored."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from cdp.funding.models import ClubShare, Instalment, PaymentCall, Pledge, PledgeTerm, Reminder, StillMeant
from cdp.funding.queries import flows
from cdp.funding.queries.conditions import Conditions, Stated, conditions
from cdp.funding.rules.ledger import Op
from cdp.funding.rules.promises import Due, Purse, dues, next_part, status, unpaid
from cdp.funding.rules.references import grouped
from cdp.funding.rules.standing import Figures, Flow, purse_figures
from cdp.funding.rules.units import IN_KIND, MAD
from cdp.funding.states import ConditionKind, PledgeStatus
from cdp.i18n.say import language
from cdp.kernel.clock import day_of
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.people.models import Group, Person
from cdp.people.queries import said_name, shown_name
from cdp.people.states import ShownAs
from cdp.programme.models import Project
from cdp.proposals.models import Proposal
from cdp.teams.models import Membership


@dataclass(frozen=True)
class PledgeCard:
    """A promise as its giver and the treasurer see it; what became of it is from the books.

    ``giver`` is empty for who may not read whose it is. ``ended_on``: the giver's membership ended on that day while
    something was open, and nobody has said yet whether it still stands; ``meant_on``: that day the giver said so.
    ``worth`` and ``kept_worth``: dirhams of what was promised in another currency, at the rates of the promise, and of
    what came of it, at those of the days it came; None for dirhams, hours and goods.
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
    meant_on: date | None = None
    has_shares: bool = False
    """Whether it is made of the shares of a group's members, in a private list."""
    group: Words | None = None
    """In whose name it was made, where not in the giver's own."""
    worth: Money | None = None
    kept_worth: Money | None = None
    due: tuple[date, int] | None = None
    """By which day how much of what was called is to come."""
    withdrawable_minor: int = 0
    """What was neither called nor came: it may be withdrawn."""
    reminded: tuple[date, ...] = ()
    """Days on which its giver was reminded."""

    @property
    def is_of_money(self) -> bool:
        """Whether it is money that was promised, neither hours nor goods."""
        return self.unit not in IN_KIND


def promises_of(db: Session, day: date, person_id: int) -> list[PledgeCard]:
    """The promises of a person, the newest first: for that person alone."""
    return _cards(db, day, Pledge.person_id == person_id)


def promises_for_treasurer(db: Session, day: date, project_id: int) -> list[PledgeCard]:
    """The promises to a project with all their givers, the newest first: for the commune's treasurer alone."""
    return _cards(db, day, Pledge.project_id == project_id)


def promises_to(db: Session, day: date, project_id: int) -> list[PledgeCard]:
    """The promises to a project for the office: secret givers are named to nobody there."""
    found = promises_for_treasurer(db, day, project_id)
    return [replace(card, giver="", group=None) if card.is_secret else card for card in found]


def _cards(db: Session, day: date, mine: ColumnElement[bool]) -> list[PledgeCard]:
    rows = db.execute(
        select(Pledge, Project.number, Proposal.title, said_name(), Group.name.label("group"))
        .join(Project, Project.id == Pledge.project_id)
        .join(Proposal, Proposal.id == Project.proposal_id)
        .join(Person, Person.id == Pledge.person_id)
        .outerjoin(Group, Group.id == Pledge.group_id)
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
    ended: Mapping[int, tuple[date, datetime | None]]
    shared: Collection[int]
    reminded: Mapping[int, tuple[date, ...]]


def _beside(db: Session, pledges: Collection[Pledge], day: date) -> _Beside:
    numbers = [pledge.id for pledge in pledges]
    projects = {pledge.project_id for pledge in pledges}
    sums = {purse.pledge: ops for own in flows(db, projects).values() for purse, ops in own.items()}
    calls = calls_by_promise(db, numbers)
    stated = set(db.scalars(select(PledgeTerm.pledge_id).where(PledgeTerm.pledge_id.in_(numbers))))
    asked = {p.project_id for p in pledges if p.id in stated or p.condition is not ConditionKind.NONE}
    found = {project: conditions(db, project, day) for project in asked}
    ended, shared, reminded = _ended(db, pledges, day), _shared(db, pledges), _reminded(db, calls)
    return _Beside(sums, calls, found, schedules(db, numbers), ended, shared, reminded)


def _reminded(db: Session, called: Collection[int]) -> dict[int, tuple[date, ...]]:
    """Promise -> the days on which its giver was reminded: only what was called is reminded of."""
    if not called:
        return {}
    found: defaultdict[int, tuple[date, ...]] = defaultdict(tuple)
    asked = select(Reminder.pledge_id, Reminder.day).where(Reminder.pledge_id.in_(called)).order_by(Reminder.day)
    for pledge, on in db.execute(asked):
        found[pledge] += (on,)
    return found


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


def _ended(db: Session, pledges: Iterable[Pledge], day: date) -> dict[int, tuple[date, datetime | None]]:
    """Promise -> the last day of the membership it was made in, once it has passed, and when its giver said it stands.

    The moment is None while nobody has said so.
    """
    numbers = [pledge.id for pledge in pledges if pledge.membership_id is not None]
    if not numbers:
        return {}
    last = func.coalesce(Membership.ended_on, Membership.until)
    answered = (StillMeant.pledge_id == Pledge.id) & (StillMeant.membership_id == Pledge.membership_id)
    rows = db.execute(
        select(Pledge.id, last, StillMeant.said_at)
        .join(Membership, Membership.id == Pledge.membership_id)
        .outerjoin(StillMeant, answered)
        .where(Pledge.id.in_(numbers), or_(last < day, Membership.ended_on == day))
    )
    return {number: (on, said_at) for number, on, said_at in rows}


def _card(pledge: Pledge, about: tuple[Any, ...], beside: _Beside, *, day: date) -> PledgeCard:
    number, title, name, group = about
    ops = beside.sums.get(pledge.id, {})
    (native, dirhams), purse = purse_figures(ops), Purse.of(ops)
    due = next(iter(unpaid(beside.calls.get(pledge.id, ()), purse.committed)), None)
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
        until=pledge.until,
        is_expired=pledge.until < day and native.open > 0,
        giver=name,
        shown=_shown(name, group, pledge.shown_as),
        shown_as=pledge.shown_as,
        is_secret=pledge.is_secret,
        note=pledge.note,
        status=status(
            purse,
            day,
            until=pledge.until,
            due=due[0] if due else None,
            waits=held is not None and held.waits(pledge.id),
            ended=PledgeStatus.WITHDRAWN,
        ),
        may_change=is_open,
        condition=held.stated.get(pledge.id) if held is not None else None,
        parts=tuple(dues(beside.parts.get(pledge.id, ()), purse.received + purse.fees)),
        has_shares=pledge.id in beside.shared,
        group=group,
        due=due,
        reminded=beside.reminded.get(pledge.id, ()),
        **_amounts(pledge, native, dirhams, purse),
        **(_ended_membership(beside, pledge.id) if is_open else {}),
    )


def _amounts(pledge: Pledge, native: Figures, dirhams: Figures, purse: Purse) -> dict[str, Any]:
    """What is open, came and may be withdrawn; of another currency what it is and was worth in dirhams."""
    found: dict[str, Any] = {
        "open_minor": native.open,
        "kept_minor": native.covered - native.open,
        "withdrawable_minor": max(0, purse.pledged),
    }
    if pledge.unit not in IN_KIND and pledge.unit != MAD:
        found["worth"] = Money(dirhams.pledged) if dirhams.pledged else None
        found["kept_worth"] = Money(dirhams.covered - dirhams.open) if native.covered > native.open else None
    return found


def _ended_membership(beside: _Beside, pledge_id: int) -> dict[str, Any]:
    """The day the membership ended, or the day on which the giver said that the promise still stands."""
    ended, said_at = beside.ended.get(pledge_id, (None, None))
    if ended is None:
        return {}
    return {"ended_on": ended} if said_at is None else {"meant_on": day_of(said_at)}


def _shown(name: str, group: Words | None, shown_as: ShownAs) -> str:
    """The name beside a promise in public: the group's where one promised, nobody's for who stays unnamed."""
    if group is not None and shown_as is not ShownAs.ANONYMOUS:
        return group.in_(language())[0]
    return shown_name(name, shown_as)
