"""Proving a commune's books: every entry read once in order, then what stands beside them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import BigInteger, case, cast, func, inspect, select
from sqlalchemy.orm import Session

from cdp.funding.models import BooksCheck, EntrySum, LedgerEntry, Pledge, Reminder, StatementLine
from cdp.funding.queries import banking, flows, money_sheets, proof_of_promises
from cdp.funding.rules import trace
from cdp.funding.rules.chain import GENESIS
from cdp.funding.rules.invariants import Audit, Broken, Facts
from cdp.funding.rules.ledger import Entry, Op, Purse
from cdp.funding.rules.named import FROM_ENTRIES
from cdp.funding.rules.promises import Reminding
from cdp.funding.rules.sheet import MoneySheet, sheet
from cdp.funding.rules.standing import Flow
from cdp.funding.rules.statements.fingerprints import content
from cdp.kernel.money import Money
from cdp.programme.models import Project
from cdp.rounds.states import Source

AT_ONCE = 2000
LONGEST_WORD = 140
SPENDS = frozenset({Op.SPEND, Op.PAY_DIRECT, Op.DELIVER})
IN_ORDER = ("L6", "L23")
"""What following the money entry by entry shows."""

E, S = LedgerEntry, EntrySum
COLUMNS = (
    E.op, E.project_id, E.line_id, E.pledge_id, E.unit, E.amount_minor, E.effective_on, E.recorded_by_id, E.key,
    E.second_by_id, E.rate, E.rate_day, E.rate_source, E.dirhams_minor, E.reverses, E.linked, E.evidence,
    E.statement_line, E.sequence, E.recorded_at, E.previous_hash, E.hash,
)  # fmt: skip


@dataclass(frozen=True)
class Proof:
    """What was found: entries, the last seal, which invariants were asked, which are broken (the first hundred)."""

    entries: int
    hash: str
    asked: tuple[str, ...]
    broken: tuple[Broken, ...]
    found: int

    def of(self, name: str) -> list[Broken]:
        """What is broken of one invariant."""
        return [each for each in self.broken if each.name == name]


Question = Callable[[Session, int, date, Audit], Iterable[str]]


def prove(db: Session, commune_id: int, day: date) -> Proof:
    """Read all books of a commune once and ask every question that the stored facts can answer."""
    audit, trail, last, count = Audit(), _Trail(), GENESIS, 0
    published = checkpoints(db, commune_id)
    for entry in stream(db, commune_id):
        audit.read(entry)
        trail.read(entry, audit)
        last, count = entry.hash, count + 1
        if entry.seq in published and published[entry.seq] != entry.hash:
            audit.name("L3", entry.seq, "not the seal that was published")
    for seq in published:
        if seq > count:
            audit.name("L3", seq, "a published entry is gone")
    amounts = dict(
        db.execute(
            select(StatementLine.id, StatementLine.amount_minor).where(StatementLine.commune_id == commune_id)
        ).all()
    )
    audit.finish(Facts(statement_lines=amounts))
    for name, question in QUESTIONS.items():
        for why in answers(question(db, commune_id, day, audit)):
            audit.name(name, 0, why)
    asked = sorted({*FROM_ENTRIES, *IN_ORDER, *QUESTIONS}, key=lambda name: int(name[1:]))
    return Proof(count, last if count else "", tuple(asked), tuple(audit.broken), audit.found)


def answers(found: Iterable[str]) -> Iterator[str]:
    """What a question finds; books so wrong that it cannot be worked out are one more thing it found."""
    try:
        yield from found
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        yield f"cannot be worked out on these books ({type(error).__name__}: {error})"


def stream(db: Session, commune_id: int, *, project_id: int | None = None) -> Iterator[Entry]:
    """The entries of a commune (or of one project) in order, a few thousand in memory at a time."""
    asked = select(*COLUMNS).where(E.commune_id == commune_id).order_by(E.sequence)
    if project_id is not None:
        asked = asked.where(E.project_id == project_id)
    for row in db.execute(asked.execution_options(yield_per=AT_ONCE)):
        yield _entry(row)


def _entry(row: Any) -> Entry:
    (op, project, line, pledge, unit, amount, effective, by, key, second, rate, rate_day, rate_source, dirhams,
     reverses, linked, evidence, statement_line, seq, recorded, previous, hash_) = row  # fmt: skip
    return Entry(
        op=op, project=project, line=line, pledge=pledge, unit=unit, amount_minor=amount, effective_date=effective,
        actor="clock" if by is None else f"person:{by}", key=key,
        second_actor=None if second is None else f"person:{second}", rate=rate, rate_date=rate_day,
        rate_source=rate_source, mad_minor=dirhams, reverses=reverses, linked=linked, evidence=evidence,
        statement_line=statement_line, seq=seq, recorded_at=recorded, prev_hash=previous, hash=hash_,
    )  # fmt: skip


def checkpoints(db: Session, commune_id: int) -> dict[int, str]:
    """Seals that were published, by the number of the entry they stood on."""
    rows = db.execute(select(BooksCheck.entries, BooksCheck.hash).where(BooksCheck.commune_id == commune_id))
    return {entries: hash_ for entries, hash_ in rows if entries}


def last_checks(db: Session, commune_id: int, *, most: int = 60) -> list[BooksCheck]:
    """The checks of the last nights, the newest first."""
    return list(
        db.scalars(
            select(BooksCheck).where(BooksCheck.commune_id == commune_id).order_by(BooksCheck.day.desc()).limit(most)
        )
    )


def all_flows(db: Session, commune_id: int) -> dict[Purse, dict[Op, Flow]]:
    """Net sums of all projects of a commune by purse and operation."""
    projects = list(db.scalars(select(Project.id).where(Project.commune_id == commune_id)))
    return {purse: ops for sums in flows(db, projects).values() for purse, ops in sums.items()}


def communes_with_books(db: Session) -> list[int]:
    """Numbers of the communes that have entries."""
    return list(db.scalars(select(LedgerEntry.commune_id).distinct().order_by(LedgerEntry.commune_id)))


def _sheets(db: Session, commune_id: int, day: date) -> dict[int, MoneySheet]:
    rows = db.execute(select(Project.id, Project.cost_minor).where(Project.commune_id == commune_id)).all()
    return money_sheets(db, [(number, Money(cost)) for number, cost in rows], day) if rows else {}


class _Trail:
    """L6 and L23: every spending leads back to somebody's money, and the givers' parts sum to it."""

    def __init__(self) -> None:
        self._trace = trace.Trace()
        self._is_lost = False

    def read(self, entry: Entry, audit: Audit) -> None:
        """One entry in order; books so wrong that money cannot be followed any further say so once."""
        if self._is_lost:
            return
        try:
            self._trace.read(entry)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            self._is_lost = True
            audit.name("L23", entry.seq, f"money cannot be followed from here ({type(error).__name__})")
            return
        if entry.op in SPENDS and entry.reverses is None:
            parts = self._trace.paid.get(entry.seq, {})
            if not parts:
                audit.name("L23", entry.seq, "has no source")
            elif sum(parts.values()) != entry.amount_minor or min(parts.values()) < 0:
                audit.name("L6", entry.seq, f"its parts sum to {sum(parts.values())}, not to {entry.amount_minor}")


def shown_is_booked(db: Session, commune_id: int, day: date, _audit: Audit) -> Iterable[str]:
    """L10: what pages show is the sum of the entries, and the parts of a sheet sum to its whole."""
    for project_id, shown in _sheets(db, commune_id, day).items():
        rows = sum(row.received.minor for row in shown.rows), sum(row.spent.minor for row in shown.rows)
        if rows != (shown.received.minor, shown.spent.minor):
            yield f"project {project_id}: its sources do not sum to the whole"
        stacked = (shown.received + shown.committed + shown.pledged + shown.sought - shown.over).minor
        if stacked != shown.cost.minor:
            yield f"project {project_id}: the parts stack up to {stacked}, not to its cost"
    yield from _sums_differ(db, commune_id)


def _sums_differ(db: Session, commune_id: int) -> Iterable[str]:
    """Whether the sums that the database keeps are those of the entries, added up anew."""
    sign = case((E.reverses.is_(None), 1), else_=-1)
    keys = [func.coalesce(column, 0) for column in (E.project_id, E.line_id, E.pledge_id)]
    added = [
        cast(func.sum(sign * amount), BigInteger) for amount in (E.amount_minor, func.coalesce(E.dirhams_minor, 0))
    ]
    booked = select(*keys, E.unit, E.op, *added).where(E.commune_id == commune_id).group_by(*keys, E.unit, E.op)
    own = (S.project_id, S.line_id, S.pledge_id, S.unit, S.op, S.amount_minor, S.dirhams_minor)
    kept = select(*own).where(S.commune_id == commune_id)
    for said, one, other in (("kept", kept, booked), ("booked", booked, kept)):
        for project, line, pledge, unit, op, amount, dirhams in db.execute(one.except_(other)):
            place = f"project {project}, line {line}, pledge {pledge}, {unit} {op}"
            yield f"{place}: {said} {amount} ({dirhams} centimes)"


def expired_count_nothing(db: Session, commune_id: int, day: date, _audit: Audit) -> Iterable[str]:
    """L16: a promise past its day stands for nothing in what is promised."""
    rows = db.execute(
        select(Pledge.id, Pledge.project_id).where(Pledge.commune_id == commune_id, Pledge.until < day)
    ).all()
    past = {number for number, _ in rows}
    for project_id, sums in flows(db, {project for _, project in rows}).items():
        own = {purse: ops for purse, ops in sums.items() if purse.pledge in past}
        places = {purse.line or 0: (Source.DIASPORA, "") for purse in own}
        if sheet(Money(0), {}, own, places=places, expired=past).pledged:
            yield f"project {project_id}: promises past their day still count"


def lines_stand_once(db: Session, commune_id: int, _day: date, _audit: Audit) -> Iterable[str]:
    """L13: every stored line still is what its fingerprint says, and none stands twice."""
    numbers = {each.id: each.number for each in banking.accounts(db, commune_id)}
    asked = select(StatementLine).where(StatementLine.commune_id == commune_id).execution_options(yield_per=AT_ONCE)
    seen: set[tuple[int, str]] = set()
    for row in db.scalars(asked):
        if (row.payee_id, row.fingerprint) in seen:
            yield f"line {row.id} stands twice"
        seen.add((row.payee_id, row.fingerprint))
        own = content(numbers.get(row.payee_id, ""), banking.as_line(row, row.amount_minor))
        if row.fingerprint.partition(":")[0] != own and not _was_cut(row):
            yield f"line {row.id} is not what its fingerprint says"


def _was_cut(row: StatementLine) -> bool:
    """Whether a word of the bank was longer than what is kept of it."""
    return len(row.end_to_end or "") == LONGEST_WORD or len(row.bank_reference or "") == LONGEST_WORD


def reminders_are_few(db: Session, commune_id: int, _day: date, _audit: Audit) -> Iterable[str]:
    """L15: nobody was reminded of one part more often, or of a promise sooner again, than the rule says."""
    rule, days = Reminding(), defaultdict[int, list[tuple[date, date | None]]](list)
    asked = select(Reminder.pledge_id, Reminder.day, Reminder.due_on).where(Reminder.commune_id == commune_id)
    for pledge, day, due in db.execute(asked.order_by(Reminder.day)):
        days[pledge].append((day, due))
    for pledge, sent in days.items():
        gaps = [(later[0] - earlier[0]).days for earlier, later in pairwise(sent)]
        often = max(Counter(due for _, due in sent).values())
        if often > rule.most or min(gaps, default=rule.days_apart) < rule.days_apart:
            yield f"pledge {pledge}: reminded {often} times, {min(gaps, default=0)} days apart"


WORKED_OUT = ("entry", "pledge", "instalment", "payment_call", "funding_line", "agreement", "expense")
STORED_STATUS = {"status", "state", "is_funded", "is_paid", "received_minor", "open_minor"}


def no_status_is_kept(db: Session, _commune_id: int, _day: date, _audit: Audit) -> Iterable[str]:
    """L19: no table of the books, as the database has it, has a column for what can be worked out."""
    tables = inspect(db.connection())
    for name in WORKED_OUT:
        kept = {column["name"] for column in tables.get_columns(name)} & STORED_STATUS
        yield from (f"{name} keeps a {column}" for column in sorted(kept))


QUESTIONS: dict[str, Question] = {
    **proof_of_promises.QUESTIONS,
    "L10": shown_is_booked,
    "L13": lines_stand_once,
    "L15": reminders_are_few,
    "L16": expired_count_nothing,
    "L19": no_status_is_kept,
}
"""What the entries alone cannot show, by the invariant it proves."""
