"""Bringing in a bank's statement: read whole or refused whole, each line kept once whatever files it stands in."""

from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.funding.models import BankStatement, PayeeAccount, SavedMap, StatementLine
from cdp.funding.rules.references import squeezed
from cdp.funding.rules.statements.columns import ColumnMap, column_map
from cdp.funding.rules.statements.fingerprints import file_mark, fingerprints
from cdp.funding.rules.statements.values import Line, Reading, Statement
from cdp.funding.services.ledger import lock
from cdp.kernel.clock import now
from cdp.kernel.errors import Message, RuleBroken
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.store.audit import record

AT_ONCE = 500


@dataclass(frozen=True)
class Imported:
    """What a file brought: lines that are new, lines that were known, and what a person should see."""

    new: int
    known: int
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Brought:
    """A file as it was sent: its name and bytes, and how its columns are read."""

    name: str
    data: bytes
    columns: ColumnMap | None = None


def bring(db: Session, actor: Actor, payee: PayeeAccount, file: Brought) -> Imported:
    """Keep the new lines of a file; Unreadable (with line and reason) or RuleBroken keeps nothing at all.

    The same file twice, and overlapping files in any order, change nothing; two equal lines of one file stay two;
    a line of nothing (zero) is said and not kept.
    """
    actor = actor.under_mandate(payee.commune_id, Role.TREASURER)
    mark = file_mark(file.data)
    reading: Reading = import_module("cdp.funding.rules.statements.reading").read(file.data, file.columns)
    statements = [replace(each, lines=tuple(x for x in each.lines if x.amount_minor)) for each in reading.statements]
    lines = [line for statement in statements for line in statement.lines]
    _fits(payee, reading, lines)
    lock(db, payee.commune_id)
    known = _known_of_file(db, payee, mark)
    if known is not None:
        return Imported(0, known, reading.warnings)
    marks = iter(fingerprints(payee.number, lines))
    new = 0
    for position, statement in enumerate(statements, 1):
        own = [next(marks) for _ in statement.lines]
        new += _keep(db, actor, payee, _Part(file.name, mark, reading, statement, position, own))
    record(db, actor, "funding.bring_statement", payee, new=new, lines=len(lines))
    return Imported(new, len(lines) - new, reading.warnings)


def _fits(payee: PayeeAccount, reading: Reading, lines: list[Line]) -> None:
    """That the file is of this account and in its currency; the first line that is not, is named."""
    for statement in reading.statements:
        stated = squeezed(statement.account or "")
        if len(stated) >= 8 and stated not in payee.number and payee.number not in stated:
            raise RuleBroken("funding.statement_other_account", account=statement.account or "")
    for line in lines:
        if line.currency != payee.currency:
            raise RuleBroken("funding.statement_other_currency", line=line.place, currency=line.currency)


def _known_of_file(db: Session, payee: PayeeAccount, mark: str) -> int | None:
    """How many lines a file held that was brought before; None for a new one."""
    rows = db.scalars(
        select(BankStatement.lines).where(
            BankStatement.payee_id.in_(_same_number(db, payee)), BankStatement.file_hash == mark
        )
    ).all()
    return sum(rows) if rows else None


def _same_number(db: Session, payee: PayeeAccount) -> list[int]:
    """The entries of one account: it is entered anew with each new legal basis, and stays one account at the bank."""
    asked = select(PayeeAccount.id).where(
        PayeeAccount.commune_id == payee.commune_id, PayeeAccount.number == payee.number
    )
    return list(db.scalars(asked))


@dataclass(frozen=True)
class _Part:
    name: str
    mark: str
    reading: Reading
    statement: Statement
    position: int
    marks: list[str]


def _keep(db: Session, actor: Actor, payee: PayeeAccount, part: _Part) -> int:
    """Keep one statement and those of its lines that nobody has brought; how many they were."""
    known = _known(db, payee, part.marks)
    fresh = [(m, line) for m, line in zip(part.marks, part.statement.lines, strict=True) if m not in known]
    days = sorted(line.booked for line in part.statement.lines if line.booked)
    statement = BankStatement(
        commune_id=payee.commune_id,
        payee_id=payee.id,
        file_hash=part.mark,
        file_name=part.name[:200],
        format=part.reading.format[:20],
        position=part.position,
        opening_minor=part.statement.opening,
        closing_minor=part.statement.closing,
        since=days[0] if days else None,
        until=days[-1] if days else None,
        lines=len(part.statement.lines),
        new_lines=len(fresh),
        warnings=[[message.key, _plain(message.values)] for message in part.reading.warnings],
        imported_by_id=actor.known(),
        imported_at=now(),
    )
    db.add(statement)
    db.flush()
    rows = [_row(payee, statement.id, m, line) for m, line in fresh]
    for start in range(0, len(rows), AT_ONCE):
        db.execute(insert(StatementLine), rows[start : start + AT_ONCE])
    return len(fresh)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | str) else str(value) for name, value in values.items()}


def _known(db: Session, payee: PayeeAccount, marks: list[str]) -> set[str]:
    """Fingerprints of these that are there."""
    found: set[str] = set()
    accounts = _same_number(db, payee)
    for start in range(0, len(marks), AT_ONCE):
        asked = select(StatementLine.fingerprint).where(
            StatementLine.payee_id.in_(accounts), StatementLine.fingerprint.in_(marks[start : start + AT_ONCE])
        )
        found.update(db.scalars(asked))
    return found


def _row(payee: PayeeAccount, statement_id: int, fingerprint: str, line: Line) -> dict[str, Any]:
    return {
        "commune_id": payee.commune_id,
        "payee_id": payee.id,
        "statement_id": statement_id,
        "fingerprint": fingerprint,
        "place": line.place,
        "booked": line.booked,
        "value_date": line.value_date,
        "amount_minor": line.amount_minor,
        "currency": line.currency,
        "references": list(line.references),
        "text": line.text,
        "end_to_end": _cut(line.end_to_end, 140),
        "bank_reference": _cut(line.bank_reference, 140),
        "party": _cut(line.party, 200),
        "party_account": _cut(line.party_account, 80),
        "is_reversal": line.reversal,
    }


def _cut(text: str | None, most: int) -> str | None:
    return None if text is None else text[:most]


def save_map(db: Session, actor: Actor, commune: Commune, name: str, columns: dict[str, Any]) -> SavedMap:
    """Keep how a bank's tables are read under a name; the same name again replaces it."""
    actor = actor.under_mandate(commune.id, Role.TREASURER)
    if not name.strip():
        raise RuleBroken("funding.map_without_name")
    column_map(columns)
    found = db.scalar(select(SavedMap).where(SavedMap.commune_id == commune.id, SavedMap.name == name.strip()))
    if found is None:
        found = SavedMap(commune_id=commune.id, name=name.strip()[:60], columns=columns, saved_by_id=actor.known())
        db.add(found)
    found.columns, found.saved_at, found.saved_by_id = columns, now(), actor.known()
    db.flush()
    record(db, actor, "funding.save_map", found)
    return found
