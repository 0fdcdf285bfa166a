"""MT940 and MT942 of SWIFT, as banks really write them: statements in fields ``:20:`` to ``:86:``.

Read here line by line, not by a general library, so that what cannot be read is named with its line. Value
dates of 30 February (interest on years of 360 days) are read as the last day of that month; booking days
must exist. Some banks leave ``:20:`` out: a statement then begins with its account or its first booking.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from cdp.funding.rules.references import find
from cdp.funding.rules.statements.amounts import read_minor
from cdp.funding.rules.statements.mt940_words import is_nothing, words_of
from cdp.funding.rules.statements.values import DIRHAM, Line, Reading, Statement, Unreadable
from cdp.kernel.errors import Message

FIELD = re.compile(
    r"^[ \t]{0,4}:(?:(20|21|25P?|28C?|13D?|34F|60[FM]?|61|62[FM]?|6[45][FM]?|86|90[CD]|NS|940|942):"
    r"|(6[02][FM])(?=[CD]\d{6}))(.*)$",
    re.IGNORECASE,
)
"""A field and its text; the colon after an opening or closing balance is left out by some."""
BALANCE = re.compile(r"([CD])\s*(\d{6})\s*([A-Z]{3})?\s*([\d.,]+)\s*$", re.IGNORECASE)
STATED = re.compile(r"[CD]\s*\d{6}\s*([A-Z]{3})", re.IGNORECASE)
"""Mark, day and currency of a balance whose amount cannot be read."""
FLOOR = re.compile(r"^\s*([A-Z]{3})")
SUM = re.compile(r"^\s*\d*\s*([A-Z]{3})")
BOOKING = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4}|[ ]{4})?\s*(?P<mark>[RE]?[CD])(?P<funds>[A-Z])?\s*"
    r"(?P<amount>\d[\d.,]*|,\d+)(?=[A-Z][A-Z0-9 ]{3}|\s|//|$)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
REFERENCE = re.compile(
    r"(?:[A-Z][A-Z0-9 ]{3})?(?P<customer>(?:(?!//)[^\n])*)(?://(?P<bank>[^\n]*))?(?P<more>.*)", re.DOTALL
)
ENVELOPE = re.compile(r"^.*\{4:\s*(?=:)")
LAST_LINE = re.compile(r"(?:^|[\r\n])[ \t]*-(?:\}[^\r\n]*)?\Z")
"""The end of a message: a line of a hyphen, or of a hyphen and a brace."""
CUSTOMER = 16
"""Signs of the customer's reference; banks that write more write words of the payment."""
CENTURY_TURN = 80


@dataclass
class _Field:
    tag: str
    text: str
    line: int


@dataclass
class _Block:
    """The fields of one statement while it is read."""

    account: str | None = None
    currency: str | None = None
    opening: str | None = None
    closing: str | None = None
    bookings: list[tuple[_Field, list[str]]] = field(default_factory=list)
    closed: bool = False
    headed: bool = False
    doubtful: list[int] = field(default_factory=list)


def read_mt940(text: str) -> Reading:
    """The statements of a text; Unreadable when there is none, a booking cannot be read or the end is missing."""
    notes: list[Message] = []
    fields = list(_fields(text))
    blocks = [block for block in _blocks(fields) if block.headed or block.bookings or block.opening or block.closing]
    if not blocks:
        raise Unreadable("funding.statement_without_statement")
    _check_end(blocks, text, notes)
    statements = tuple(_statement(block, notes) for block in blocks)
    intraday = any(each.tag in {"34F", "90C", "90D"} for each in fields)
    return Reading("mt942" if intraday else "mt940", statements, tuple(notes))


def _fields(text: str) -> Iterator[_Field]:
    """Fields with their continuation lines; what stands between the end of one message and the next is left out."""
    current: _Field | None = None
    unclosed = False
    for number, raw in enumerate(text_rows(text), 1):
        found = FIELD.match(raw)
        if found or (ends := _ends(raw, unclosed)):
            if current:
                yield current
            current = None
        if found:
            current = _Field((found.group(1) or found.group(2)).upper(), found.group(3), number)
            unclosed = (unclosed or current.tag.startswith("60")) and not current.tag.startswith("62")
        elif current and not ends:
            current.text += "\n" + raw
    if current:
        yield current


def text_rows(text: str) -> list[str]:
    """The lines of a text; what stands before a field on the line of its envelope (``{4:``) is taken off."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [ENVELOPE.sub("", each, count=1) if each.lstrip().startswith(("{", "-}")) else each for each in plain]


def _ends(raw: str, unclosed: bool) -> bool:
    """The end of a message, or the envelope of the next; a hyphen in a statement not yet closed is text."""
    return (raw.strip() == "-" and not unclosed) or raw.lstrip().startswith(("-}", "{1:"))


def _blocks(fields: list[_Field]) -> list[_Block]:
    """One block a statement: from ``:20:``, or from the account or booking after a statement that was closed."""
    blocks: list[_Block] = []
    for each in fields:
        begins = each.tag[:2] in {"25", "60", "61", "62"} and (not blocks or _ended(blocks[-1], each))
        if each.tag == "20" or begins:
            blocks.append(_Block(headed=each.tag == "20"))
        if blocks:
            _take(blocks[-1], each)
    return blocks


def _ended(block: _Block, each: _Field) -> bool:
    """Whether a field cannot belong to a statement any more: an account after its closing balance."""
    return each.tag.startswith("25") and block.closing is not None


def _take(block: _Block, each: _Field) -> None:
    """Put a field where it belongs; a ``:86:`` after the closing balance is about the statement, not a payment."""
    kind = each.tag[:2]
    if kind == "20":
        return
    if kind == "25":
        block.account = each.text.split("\n")[0].strip() or None
    elif kind == "61":
        block.bookings.append((each, []))
        block.closed = False
    elif kind in {"86", "NS"} and block.bookings and not block.closed:
        block.bookings[-1][1].append(each.text)
    elif kind in {"60", "62"}:
        _take_balance(block, each)
    elif kind in {"34", "90"} and block.currency is None:
        found = (FLOOR if kind == "34" else SUM).match(each.text)
        block.currency = found.group(1).upper() if found else None
    if kind in {"62", "64", "65"}:
        block.closed = True


def _take_balance(block: _Block, each: _Field) -> None:
    """A balance that states its day and currency and no amount is left open; anything else is an error."""
    first = each.text.strip().split("\n")[0]
    found, stated = BALANCE.match(first), STATED.match(first)
    if not found and not stated:
        raise Unreadable("funding.statement_balance", line=each.line, text=each.text[:40])
    if not found:
        block.currency = block.currency or (stated.group(1).upper() if stated else None)
        block.doubtful.append(each.line)
        return
    mark, _, currency, amount = found.groups()
    block.currency = block.currency or (currency.upper() if currency else None)
    if currency and currency.upper() != block.currency:
        raise Unreadable("funding.statement_currency", line=each.line, text=currency)
    signed = f"{'-' if mark.upper() == 'D' else ''}{amount}"
    if each.tag.startswith("60"):
        block.opening = block.opening or signed
    else:
        block.closing = signed


def _check_end(blocks: list[_Block], text: str, notes: list[Message]) -> None:
    """A last statement that opens and does not close was cut, unless nothing else speaks for that."""
    last = blocks[-1]
    if last.opening is None or last.closing is not None:
        return
    closes = LAST_LINE.search(text.rstrip())
    if not closes and (not text.endswith(("\n", "\r", "}")) or any(block.closing for block in blocks[:-1])):
        raise Unreadable("funding.statement_cut", line=text.count("\n") + 1)
    notes.append(Message("funding.statement_no_closing"))


def _statement(block: _Block, notes: list[Message]) -> Statement:
    notes += [Message("funding.statement_balance_unreadable", {"line": line}) for line in block.doubtful]
    if block.currency is None and block.bookings:
        if block.closing is not None and block.opening is None and not block.headed:
            raise Unreadable("funding.statement_cut", line=block.bookings[0][0].line)
        block.currency = DIRHAM
        notes.append(Message("funding.statement_dirhams_assumed"))
    lines = [_line(booking, details, block.currency or "", notes) for booking, details in block.bookings]
    opening = _balance(block.opening, block.currency)
    closing = _balance(block.closing, block.currency)
    account = _account(block.account, block.currency)
    return Statement(account, block.currency, opening, closing, tuple(line for line in lines if line))


def _account(text: str | None, currency: str | None) -> str | None:
    """The number of the account; some banks write its currency behind it."""
    if text is None or currency is None:
        return text
    return text.removesuffix(currency).strip(" /") or text


def _balance(text: str | None, currency: str | None) -> int | None:
    return None if text is None or currency is None else read_minor(text, currency, mark=_mark(text))


def _mark(text: str) -> str | None:
    """SWIFT writes a comma before the decimals, even when none follow; some banks write a point."""
    return "," if "," in text else None


def _line(booking: _Field, details: list[str], currency: str, notes: list[Message]) -> Line | None:
    found = BOOKING.match(booking.text.strip())
    if not found:
        raise Unreadable("funding.statement_booking", line=booking.line, text=booking.text[:40])
    mark = found["mark"].upper()
    if mark.startswith("E"):
        notes.append(Message("funding.statement_not_booked", {"line": booking.line, "text": mark}))
        return None
    size = _size(found["amount"], currency, booking.line)
    if size == 0:
        notes.append(Message("funding.statement_zero", {"line": booking.line}))
    value, booked = _days(found["value"], found["entry"], booking.line, notes)
    return _described(found["rest"], details, booking.line, (booked, value, size, mark, currency))


def _size(text: str, currency: str, place: int) -> int:
    try:
        return read_minor(text, currency, mark=_mark(text))
    except Unreadable as broken:
        raise Unreadable(Message(broken.message.key, broken.message.values | {"line": place})) from broken


def _described(rest: str, details: list[str], place: int, facts: tuple[date, date, int, str, str]) -> Line:
    booked, value, size, mark, currency = facts
    parts = REFERENCE.match(rest)
    customer, bank, more = (
        (parts["customer"] or "", parts["bank"] or "", parts["more"] or "") if parts else ("", "", rest)
    )
    words = words_of(details)
    name = customer[:CUSTOMER].strip()
    text = " ".join(" ".join(each.split()) for each in (customer[CUSTOMER:], more, words.text) if each.strip())
    found = find(customer, bank, more, *details, words.text)
    return Line(
        booked=booked,
        value_date=value,
        amount_minor=size if mark in {"C", "RD"} else -size,
        currency=currency,
        references=tuple(dict.fromkeys([*(each for each in words.references if not find(each)), *found])),
        text=text,
        end_to_end=words.end_to_end,
        reversal=mark.startswith("R"),
        bank_reference=bank.strip() or (None if is_nothing(name) else name),
        party=words.party,
        party_account=words.account,
        place=place,
    )


def _days(value: str, entry: str | None, place: int, notes: list[Message]) -> tuple[date, date]:
    """Value date and booking day; the booking day carries no year and is taken nearest to the value date."""
    year, month, day = int(value[:2]), int(value[2:4]), int(value[4:])
    year += 1900 if year >= CENTURY_TURN else 2000
    if month == 2 and day in {29, 30} and day > calendar.monthrange(year, 2)[1]:
        notes.append(Message("funding.statement_february", {"line": place}))
        day = calendar.monthrange(year, 2)[1]
    on = _date(year, month, day, place)
    if not entry or not entry.strip() or entry == "0000":
        return on, on
    years = (year - 1, year, year + 1)
    booked = [each for y in years if (each := _date_or_none(y, int(entry[:2]), int(entry[2:])))]
    if not booked:
        raise Unreadable("funding.statement_day", line=place, text=entry)
    return on, min(booked, key=lambda each: abs((each - on).days))


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _date(year: int, month: int, day: int, place: int) -> date:
    found = _date_or_none(year, month, day)
    if found is None:
        raise Unreadable("funding.statement_day", line=place, text=f"{year:04}-{month:02}-{day:02}")
    return found
