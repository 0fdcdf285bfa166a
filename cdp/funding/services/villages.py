"""Paper promises of a village or club for those without e-mail: counted on the spot, read by two people, one reference.

The group promises once, by who gathers the money for it (its treasurer); who gives how much within it is a private
list, read by that person and the commune's treasurer alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cdp.funding.models import ClubShare, Pledge, PromiseBatch, PromiseReading
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.queries import villages as queries
from cdp.funding.queries.rates import rates_on
from cdp.funding.rules.paper import Share, differences, read_lines, read_shares, settled_problem
from cdp.funding.rules.units import IN_KIND, MAD
from cdp.funding.services.promises import LONGEST, Promise, put
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.kernel.predicate import authorize
from cdp.people.actor import Actor
from cdp.people.states import Role, ShownAs
from cdp.programme.models import Project
from cdp.store.audit import record

MOST_SHEETS = 500


@dataclass(frozen=True)
class Counted:
    """What was counted on the spot: of which group, who gathers, how many lines, how much in all, in which currency.

    With the scan of the signed paper, or the reason why there is none.
    """

    group_id: int
    keeper_id: int
    sheets: int
    total_minor: int
    until: date
    unit: str = MAD
    file_id: int | None = None
    without_scan: str = ""


def open_batch(db: Session, actor: Actor, project: Project, counted: Counted, *, key: str) -> PromiseBatch:
    """Begin a batch with its control totals, before anybody reads a line; the same form again is the first batch."""
    actor = _entering(actor, project)
    known = db.scalar(select(PromiseBatch).where(PromiseBatch.idempotency_key == key))
    if known is not None:
        said = (project.id, counted.group_id, counted.total_minor, counted.unit)
        if (known.project_id, known.group_id, known.total_minor, known.unit) == said:
            return known
        raise Conflict("errors.sent_before")
    if problem := _problem(db, project, counted, today()):
        raise RuleBroken(problem)
    batch = PromiseBatch(
        commune_id=project.commune_id,
        project_id=project.id,
        group_id=counted.group_id,
        keeper_id=counted.keeper_id,
        sheets=counted.sheets,
        total_minor=counted.total_minor,
        unit=counted.unit,
        file_id=counted.file_id,
        without_scan="" if counted.file_id is not None else counted.without_scan.strip()[:200],
        until=counted.until,
        made_by_id=actor.known(),
        made_at=now(),
        idempotency_key=key,
    )
    db.add(batch)
    db.flush()
    record(db, actor, "funding.open_paper", batch, sheets=counted.sheets)
    return batch


def _problem(db: Session, project: Project, counted: Counted, day: date) -> str | None:
    """Message key of what is wrong with a batch before anybody reads a line, or None."""
    doubts = {
        "funding.paper_totals": not 0 < counted.sheets <= MOST_SHEETS or counted.total_minor <= 0,
        "funding.paper_scan_or_reason": counted.file_id is None and not counted.without_scan.strip(),
        "funding.no_rate_today": counted.unit not in rates_on(db, project.commune_id, day),
        "teams.until_in_the_past": counted.until < day,
        "funding.until_too_far": counted.until > day + LONGEST,
        "funding.keeper_does_not_speak": not queries.speaks_for(
            db, project.commune_id, counted.group_id, counted.keeper_id, day
        ),
    }
    return next((name for name, holds in doubts.items() if holds), None)


def read(db: Session, actor: Actor, batch: PromiseBatch, text: str) -> bool:
    """Keep one person's reading; whether it agrees with the first and the promise is made.

    RuleBroken: a line, the number of lines or the total that does not agree; "funding.paper_read_before" for one
    person twice, "funding.paper_read_twice" once two people have read.
    """
    actor = _entering(actor, batch.project)
    readings = queries.readings(db, batch.id)
    if batch.settled_at is not None or len(readings) > 1:
        raise RuleBroken("funding.paper_read_twice")
    if any(reading.read_by_id == actor.known() for reading in readings):
        raise RuleBroken("funding.paper_read_before")
    shares = read_shares(text, sheets=batch.sheets, total=Money(batch.total_minor, batch.unit))
    marks = [share.mark for share in shares]
    made = PromiseReading(commune_id=batch.commune_id, batch_id=batch.id, turn=len(readings) + 1, lines=marks)
    made.read_by_id, made.read_at = actor.known(), now()
    db.add(made)
    db.flush()
    record(db, actor, "funding.read_paper", batch, turn=made.turn)
    if readings and not differences(readings[0].lines, marks):
        _settle(db, actor, batch, shares)
        return True
    return False


def settle(db: Session, actor: Actor, batch: PromiseBatch, text: str) -> None:
    """Settle what two people read differently with the paper in hand: every line as one of them read it."""
    actor = _entering(actor, batch.project)
    readings = queries.readings(db, batch.id)
    if batch.settled_at is not None:
        return
    if len(readings) < 2:
        raise RuleBroken("funding.paper_one_reading")
    shares = read_shares(text, sheets=batch.sheets, total=Money(batch.total_minor, batch.unit))
    wrong = settled_problem([share.mark for share in shares], [reading.lines for reading in readings])
    if wrong is not None:
        raise RuleBroken("funding.paper_line_unclear", line=wrong)
    _settle(db, actor, batch, shares)


def _settle(db: Session, actor: Actor, batch: PromiseBatch, shares: Sequence[Share]) -> None:
    keeper = Actor(batch.keeper_id, groups=frozenset({batch.group_id})).for_group(batch.group_id)
    given = Promise(batch.unit, batch.total_minor, batch.until, ShownAs.FULL, group_id=batch.group_id)
    made = put(db, keeper, batch.project, given, key=f"paper:{batch.id}", by=actor)
    add_shares(db, actor, made, [share for share in shares if not share.flaw])
    batch.lines = [share.flaw for share in shares]
    batch.pledge_id, batch.settled_at, batch.settled_by_id = made.id, now(), actor.known()
    db.flush()
    record(db, actor, "funding.settle_paper", batch, refused=sum(bool(share.flaw) for share in shares))


def add_shares(db: Session, actor: Actor, made: Pledge, shares: Sequence[Share]) -> None:
    """Keep who gives how much within a group's promise, for its treasurer."""
    for share in shares:
        one = ClubShare(commune_id=made.commune_id, pledge_id=made.id, name=share.name, amount_minor=share.amount_minor)
        one.added_by_id, one.added_at = actor.known(), now()
        db.add(one)
    db.flush()


def list_members(db: Session, actor: Actor, made: Pledge, text: str) -> None:
    """Write who gives how much within a group's promise, by who made it; anew while nobody has given.

    RuleBroken: "funding.list_stands" for a list from signed paper or one of which somebody has given,
    "funding.paper_line_unclear" (line), "funding.list_does_not_sum", "funding.paper_totals" for too many lines.
    """
    if made.group_id is None or actor.known() != made.person_id or made.unit in IN_KIND:
        raise Refused("errors.not_allowed", step="list_members")
    if not queries.list_is_open(db, made.id):
        raise RuleBroken("funding.list_stands")
    shares = read_lines(text, made.unit)
    if not 0 < len(shares) <= MOST_SHEETS:
        raise RuleBroken("funding.paper_totals")
    if (flaw := next((place for place, share in enumerate(shares, 1) if share.flaw), None)) is not None:
        raise RuleBroken("funding.paper_line_unclear", line=flaw)
    found, expected = sum(share.amount_minor for share in shares), made.amount_minor
    if found != expected:
        raise RuleBroken(
            "funding.list_does_not_sum", expected=Money(expected, made.unit), found=Money(found, made.unit)
        )
    db.execute(delete(ClubShare).where(ClubShare.pledge_id == made.id))
    add_shares(db, actor, made, shares)
    record(db, actor, "funding.list_members", made, people=len(shares))


def mark_share(db: Session, actor: Actor, made: Pledge, share_id: int, *, paid_on: date | None) -> ClubShare:
    """Note that one of the private list has given, or not yet (None); only who gathers the money for the group.

    Nothing of it is in the books before the group's money comes. NotFound for a share of another promise.
    """
    if actor.known() != made.person_id:
        raise Refused("errors.not_allowed", step="mark_share")
    if paid_on is not None and paid_on > today():
        raise RuleBroken("funding.paid_in_the_future")
    share = db.scalar(select(ClubShare).where(ClubShare.id == share_id, ClubShare.pledge_id == made.id))
    if share is None:
        raise NotFound
    share.paid_on = paid_on
    db.flush()
    return share


def _entering(actor: Actor, project: Project) -> Actor:
    """The officer or facilitator of the commune, while the project takes promises."""
    authorize(MONEY, MoneyStep.ENTER_PAPER, actor, project)
    return actor.under_mandate(project.commune_id, Role.OFFICER, Role.FACILITATOR)
