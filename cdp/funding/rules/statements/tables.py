"""Tables of banks, from CSV or a spreadsheet, read into lines: the header is found, every amount is exact.

A row with a day and an amount is a payment. Rows before the header, totals and balances are told apart by
their words; a row that has an amount and no day, or a day and no readable amount, is an error with its number.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from cdp.funding.rules.references import find, squeezed
from cdp.funding.rules.statements.amounts import currency_named, decimal_mark, from_cell, read_minor, tidy
from cdp.funding.rules.statements.around import account_named, stated_balance
from cdp.funding.rules.statements.columns import (
    ColumnMap,
    Columns,
    as_text,
    by_number,
    guessed,
    header_word,
    mapped,
    recognised,
)
from cdp.funding.rules.statements.days import is_day, month_is_first, nearest, read_day
from cdp.funding.rules.statements.headers import (
    CLOSING,
    CREDIT_WORDS,
    DEBIT_WORDS,
    FOOTER,
    FORMULA,
    NOT_BOOKED,
    OPENING,
    RETURNED,
    TOTAL,
)
from cdp.funding.rules.statements.values import DIRHAM, Line, Statement, Unreadable
from cdp.kernel.errors import Message
from cdp.kernel.money import CURRENCIES, exponent

Row = Sequence[object]
CODES = re.compile(rf"\b({'|'.join(CURRENCIES)}|PLN|CZK|HUF|RON|DZD)\b")
EURO = re.compile(r"€|\bEUROS?\b")
DOLLARS = {"CAD", "AUD", "NZD", "SGD", "HKD"}
"""Currencies that write the sign of the dollar too."""
HEADER_WITHIN = 60


@dataclass
class _Table:
    """A table while it is read."""

    rows: Sequence[Row]
    header: int
    columns: Columns
    saved: ColumnMap
    currency: str
    mark: str | None = None
    month_first: bool = False
    debits_are_negative: bool = False
    notes: list[Message] = field(default_factory=list)

    def cells(self, row: Row, role: str) -> list[object]:
        """The cells of a row that say this."""
        return [row[place] for place in self.columns.get(role, ()) if place < len(row)]

    def word(self, row: Row, role: str) -> str:
        """The cells of a row that say this, as words."""
        return " ".join(text for cell in self.cells(row, role) if (text := as_text(cell)))

    def column(self, *roles: str) -> Iterable[object]:
        """All cells below the header that say one of these."""
        return (cell for row in self.rows[self.header + 1 :] for role in roles for cell in self.cells(row, role))


def find_table(rows: Sequence[Row], saved: ColumnMap | None) -> tuple[int, Columns] | None:
    """Number of the header row and its columns; -1 when a map by numbers needs none; None when there is none."""
    if saved and by_number(saved):
        first = mapped([], saved)
        return (-1, first) if first else None
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        columns = mapped(row, saved) if saved else recognised(row)
        if columns:
            return number, columns
    return None if saved else _guessed_table(rows)


def _guessed_table(rows: Sequence[Row]) -> tuple[int, Columns] | None:
    """The first row that seems to be a header, where none is known word for word."""
    found = ((number, guessed(row)) for number, row in enumerate(rows[:HEADER_WITHIN]))
    return next(((number, columns) for number, columns in found if columns), None)


def read_table(rows: Sequence[Row], saved: ColumnMap | None) -> tuple[Statement, list[Message]]:
    """The payments of a table as one statement; Unreadable with the row where something is wrong."""
    found = find_table(rows, saved)
    if found is None:
        raise Unreadable("funding.statement_no_header" if saved is None else "funding.statement_map_does_not_fit")
    table = _Table(rows, found[0], found[1], saved or ColumnMap(), DIRHAM)
    _settle_currency(table)
    _settle_direction(table)
    _settle_signs(table)
    account = table.saved.account_number or _settle_account(table)
    lines = _lines(table)
    opening, closing = (stated_balance(rows, words, table.currency, table.mark) for words in (OPENING, CLOSING))
    return Statement(account, table.currency, opening, closing, tuple(lines)), table.notes


def _settle_currency(table: _Table) -> None:
    """From the map, the currency column, the amounts, or the words around the table; else dirhams, and a warning."""
    stated = {as_text(cell).upper() for cell in table.column("currency")} - {""}
    stated = {code for code in stated if re.fullmatch(r"[A-Z]{3}", code)}
    head = " ".join(as_text(cell) for row in table.rows[: table.header + 1] for cell in row)
    around = set(CODES.findall(EURO.sub(" EUR ", head.upper())))
    named = Counter(filter(None, (currency_named(cell) for cell in _amounts(table))))
    if table.saved.currency_code:
        table.currency = table.saved.currency_code
    elif stated:
        table.currency = sorted(stated)[0] if len(stated) == 1 else _most(table, stated)
    elif named:
        table.currency = max(sorted(named), key=named.__getitem__)
    elif len(around) == 1:
        table.currency = around.pop()
    elif not re.search(r"\bdhs?\b|dirham|درهم", head.casefold()):
        table.notes.append(Message("funding.statement_dirhams_assumed"))


def _amounts(table: _Table) -> Iterable[str]:
    return (cell for cell in table.column("amount", "debit", "credit") if isinstance(cell, str))


def _most(table: _Table, codes: set[str]) -> str:
    words = [as_text(cell).upper() for cell in table.column("currency")]
    return max(sorted(codes), key=words.count)


def _settle_direction(table: _Table) -> None:
    """A column without a name that only holds D and C (S and H, plus and minus) gives the direction."""
    if "direction" in table.columns or "amount" not in table.columns or table.header < 0:
        return
    head = table.rows[table.header]
    unnamed = [place for place, cell in enumerate(head) if not header_word(cell) or header_word(cell) == "type"]
    for place in unnamed:
        cells = [as_text(row[place]) for row in table.rows[table.header + 1 :] if place < len(row)]
        words = {header_word(cell) or cell for cell in cells} - {""}
        if words and words <= DEBIT_WORDS | CREDIT_WORDS | {"+", "-"}:
            table.columns["direction"] = (place,)
            return


def _settle_signs(table: _Table) -> None:
    """What one amount alone does not tell: the decimal sign, the order of day and month, signed debits."""
    balances = [cell for cell in table.column("balance") if isinstance(cell, str)]
    texts = [*_amounts(table), *balances]
    table.mark = table.saved.decimal or decimal_mark(texts)
    table.month_first = table.saved.month_first or month_is_first(table.column("booked", "value_date"))
    if table.month_first and not table.saved.month_first:
        table.notes.append(Message("funding.statement_month_first"))
    debits = [as_text(cell) for cell in table.column("debit")]
    signs = [tidy(text) for text in debits if re.search(r"[1-9]", tidy(text))]
    table.debits_are_negative = bool(signs) and all(re.match(r"[-(]|.*-$", sign) for sign in signs)


def _lines(table: _Table) -> list[Line]:
    lines: list[Line] = []
    for number, row in enumerate(table.rows[table.header + 1 :], table.header + 2):
        if not any(as_text(cell) for cell in row):
            continue
        try:
            line = _line(table, row, number)
        except Unreadable as broken:
            values = broken.message.values | {"line": number}
            raise Unreadable(Message(broken.message.key, values)) from broken
        if line:
            lines.append(line)
        elif lines and _continues(table, row):
            lines[-1] = _longer(lines[-1], table.word(row, "text"))
    return lines


def _continues(table: _Table, row: Row) -> bool:
    """A row of words alone goes on with the row above: banks cut long words so."""
    words = table.word(row, "text")
    return bool(words) and len([cell for cell in row if as_text(cell)]) == 1 and not FOOTER.search(header_word(words))


def _longer(line: Line, words: str) -> Line:
    text = f"{line.text} {words}".strip()
    return replace(line, text=text, references=tuple(dict.fromkeys([*line.references, *find(text)])))


def _line(table: _Table, row: Row, number: int) -> Line | None:
    """The payment of a row; None for a row that is none: a total, a balance, a title, words alone."""
    currency = _row_currency(table, row)
    if _is_not_booked(table, row):
        table.notes.append(Message("funding.statement_not_booked", {"line": number, "text": table.word(row, "status")}))
        return None
    cell = _day_cell(table, row)
    if not isinstance(cell, date) and not is_day(cell):
        _refuse_amount_without_day(table, row, cell)
        return None
    if _is_footer(table, row):
        table.notes.append(Message("funding.statement_total_row", {"line": number}))
        return None
    _refuse_long_row(table, row)
    size = _row_amount(table, row, currency)
    if not size:
        _note_nothing(table, row, number, zero=size == 0)
        return None
    value_cell = (table.cells(row, "value_date") or [None])[0]
    booked = read_day(cell, month_first=table.month_first)
    value = read_day(value_cell, month_first=table.month_first) if as_text(value_cell) else booked
    return _built(table, row, number, (booked, value, size, currency))


def _day_cell(table: _Table, row: Row) -> object:
    """The booking day of a row, or its value date; a booking day without year takes the year of the value date."""
    booked = (table.cells(row, "booked") or [None])[0]
    value = (table.cells(row, "value_date") or [None])[0]
    if not as_text(booked):
        return value
    if not is_day(booked) and is_day(value):
        return nearest(booked, read_day(value, month_first=table.month_first)) or booked
    return booked


def _is_not_booked(table: _Table, row: Row) -> bool:
    """Whether the status column says that the payment waits, failed or was taken back before it was booked."""
    return bool(set(header_word(table.word(row, "status")).split()) & NOT_BOOKED)


def _built(table: _Table, row: Row, number: int, facts: tuple[date, date, int, str]) -> Line:
    booked, value, size, currency = facts
    for role in ("text", "reference", "party", "end_to_end", "booked", "amount", "debit", "credit"):
        if any(
            isinstance(cell, str) and not tidy(cell)[1:2].isdigit() and FORMULA.match(cell)
            for cell in table.cells(row, role)
        ):
            raise Unreadable("funding.statement_formula", line=number, text=table.word(row, role)[:40])
    text, reference = table.word(row, "text"), table.word(row, "reference")
    party, end = table.word(row, "party"), table.word(row, "end_to_end")
    return Line(
        booked=booked,
        value_date=value,
        amount_minor=size,
        currency=currency,
        references=tuple(find(reference, end, text, party)),
        text=text or party,
        end_to_end=end or None,
        reversal=size < 0 and bool(RETURNED.search(header_word(text))),
        bank_reference=reference or None,
        party=party or None,
        party_account=table.word(row, "party_account") or None,
        place=number,
    )


def _row_currency(table: _Table, row: Row) -> str:
    """What the column or the map says, else the amount itself, else the table; they may not contradict each other."""
    stated = table.word(row, "currency").upper()
    if stated and not re.fullmatch(r"[A-Z]{3}", stated):
        stated = {"DH": DIRHAM, "DHS": DIRHAM, "€": "EUR", "درهم": DIRHAM}.get(stated, "")
    stated = stated or table.saved.currency_code or ""
    cells = (cell for role in ("amount", "debit", "credit") for cell in table.cells(row, role))
    named = next((code for cell in cells if isinstance(cell, str) and (code := currency_named(cell))), "")
    if stated and named and named != stated and not (named == "USD" and stated in DOLLARS):
        raise Unreadable("funding.statement_currency", text=named)
    return stated or named or table.currency


def _is_footer(table: _Table, row: Row) -> bool:
    """A total or balance that carries a day: a cell says that and nothing else ("Solde de mon don" is a gift)."""
    both = all(re.search(r"[1-9]", table.word(row, role)) for role in ("debit", "credit"))
    for cell in row:
        if isinstance(cell, str) and FOOTER.search(cell.casefold()):
            words = header_word(cell)
            if OPENING.match(words) or CLOSING.match(words) or TOTAL.fullmatch(words):
                return True
            if both and FOOTER.match(words):
                return True
    return False


def _refuse_amount_without_day(table: _Table, row: Row, cell: object) -> None:
    """A row that has no day: fine for totals and words alone, an error when it holds an amount."""
    filled = [as_text(each) for role in ("amount", "debit", "credit") for each in table.cells(row, role)]
    amounts = [text for text in filled if re.search(r"\d", tidy(text))]
    words = header_word(" ".join(as_text(each) for each in row if isinstance(each, str)))
    if not amounts or FOOTER.match(words):
        return
    if len([1 for each in row if as_text(each)]) == len(amounts):
        return  # the sums of the columns, without a word
    raise Unreadable("funding.statement_day", text=as_text(cell)[:20])


def _row_amount(table: _Table, row: Row, currency: str) -> int | None:
    """Signed minor units of a row; None when it states none."""
    amount = _cell_amount(table, row, "amount", currency)
    if amount is not None:
        return _directed(table, row, amount)
    debit, credit = _cell_amount(table, row, "debit", currency), _cell_amount(table, row, "credit", currency)
    if debit and credit:
        raise Unreadable("funding.statement_both_sides", text=table.word(row, "debit")[:40])
    if debit is None and credit is None:
        _refuse_cut_row(table, row)
        return None
    if debit:
        return debit if table.debits_are_negative else -debit
    return credit or 0


def _refuse_cut_row(table: _Table, row: Row) -> None:
    """A row that ends before its amount was cut, or its amount was lost: that is an error, not a zero."""
    places = [place for role in ("amount", "debit", "credit") for place in table.columns.get(role, ())]
    if places and max(places) >= len(row) and min(places) >= len([cell for cell in row if cell is not None]):
        raise Unreadable("funding.statement_amount", text="")


def _refuse_long_row(table: _Table, row: Row) -> None:
    """A payment with more cells than the header has: a sign between cells stands inside one, all after it shifted."""
    if table.header >= 0 and (
        over := next((text for cell in row[len(table.rows[table.header]) :] if (text := as_text(cell))), "")
    ):
        raise Unreadable("funding.statement_row_too_long", text=over[:40])


def _directed(table: _Table, row: Row, amount: int) -> int:
    """The amount with the sign of its direction column, where there is one."""
    word = header_word(table.word(row, "direction")) or table.word(row, "direction").strip()
    if not word:
        return amount
    if word in {header_word(each) for each in table.saved.debit_words} | DEBIT_WORDS or word == "-":
        return -abs(amount)
    if word in CREDIT_WORDS or word == "+":
        return abs(amount)
    raise Unreadable("funding.statement_sign", text=word[:20])


def _cell_amount(table: _Table, row: Row, role: str, currency: str) -> int | None:
    cell = (table.cells(row, role) or [None])[0]
    if isinstance(cell, bool | date | time):
        raise Unreadable("funding.statement_amount", text=as_text(cell)[:40])
    if isinstance(cell, int | float):
        return from_cell(cell, currency)
    text = as_text(cell)
    if text in {"", "-", "--", "–", "/"}:
        return None
    mark = table.mark or ("." if exponent(currency) == 0 else None)
    return read_minor(text, currency, mark=mark)


def _note_nothing(table: _Table, row: Row, number: int, *, zero: bool) -> None:
    words = header_word(" ".join(as_text(cell) for cell in row))
    if not FOOTER.search(words):
        key = "funding.statement_zero" if zero else "funding.statement_row_without_amount"
        table.notes.append(Message(key, {"line": number}))


def _settle_account(table: _Table) -> str | None:
    """The account named above the table, else the only one its column names; a column of others names the givers."""
    own = account_named(table.rows[: max(0, table.header)])
    stated = {as_text(cell) for cell in table.column("account")} - {""}
    if own and stated and squeezed(own) not in {squeezed(each) for each in stated}:
        table.columns.setdefault("party_account", table.columns["account"])
        return own
    return stated.pop() if len(stated) == 1 else own
