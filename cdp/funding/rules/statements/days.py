"""Days as banks write them: ``01/03/2027``, ``2027-03-01``, ``1 mars 2027``, ``20270301``; February has its end."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache

from cdp.funding.rules.statements.amounts import tidy
from cdp.funding.rules.statements.columns import header_word
from cdp.funding.rules.statements.values import Unreadable

NUMBERS = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")
COMPACT = re.compile(r"(20\d{2}|19\d{2})(\d{2})(\d{2})")
NAMED = re.compile(r"(\d{1,2})[ -]([^\W\d]+)[ -](\d{4}|\d{2})")
NAMED_FIRST = re.compile(r"([^\W\d]+)[ -](\d{1,2}),?[ -](\d{4})")
WITHOUT_YEAR = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]?")
MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "janvier janv jan january يناير",
            "fevrier fevr fev february feb فبراير",
            "mars mar march مارس",
            "avril avr april apr ابريل",
            "mai may ماي مايو",
            "juin jun june يونيو",
            "juillet juil jul july يوليوز يوليو",
            "aout aou august aug غشت اغسطس",
            "septembre sept sep september شتنبر سبتمبر",
            "octobre oct october اكتوبر",
            "novembre nov november نونبر نوفمبر",
            "decembre dec december دجنبر ديسمبر",
        ),
        1,
    )
    for word in words.split()
}
CENTURY_TURN = 80


@lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[str, str, str] | None:
    """The three parts of a day as they stand; a time after it is left out."""
    plain = re.sub(r"[T ]\d{1,2}:\d{2}.*$", "", " ".join(text.split()))
    squeezed = tidy(plain)
    for pattern in (NUMBERS, COMPACT):
        if found := pattern.fullmatch(squeezed):
            return found.group(1), found.group(2), found.group(3)
    return _named_parts(plain.replace(".", ""))


def _named_parts(plain: str) -> tuple[str, str, str] | None:
    """Year, month and day of a day whose month is a word: ``1 mars 2027``, ``Mar 1, 2027``."""
    first, second = NAMED.fullmatch(plain), NAMED_FIRST.fullmatch(plain)
    found = (first.group(3), first.group(2), first.group(1)) if first else None
    if second:
        found = (second.group(3), second.group(1), second.group(2))
    month = MONTHS.get(header_word(found[1])) if found else None
    if found is None or month is None:
        return None
    return (found[0] if len(found[0]) == 4 else f"20{found[0]}", str(month), found[2])


def nearest(cell: object, to: date) -> date | None:
    """A day written without its year (``09.03``), in the year that brings it nearest to another; None for others."""
    found = WITHOUT_YEAR.fullmatch(tidy(cell)) if isinstance(cell, str) else None
    days = []
    for year in (to.year - 1, to.year, to.year + 1) if found else ():
        with suppress(ValueError):
            days.append(date(year, int(found.group(2)), int(found.group(1))) if found else to)
    return min(days, key=lambda day: abs((day - to).days)) if days else None


def is_day(cell: object) -> bool:
    """Whether a cell has the form of a day, be it a day of the calendar or not."""
    return isinstance(cell, date) or (isinstance(cell, str) and _parts(cell) is not None)


def month_is_first(cells: Iterable[object]) -> bool:
    """Whether the days of a column only make sense with the month first: one has a 13 or more in second place."""
    pairs = [_first_two(cell) for cell in cells if isinstance(cell, str)]
    known = [pair for pair in pairs if pair]
    return any(second > 12 for _, second in known) and all(first <= 12 for first, _ in known)


def _first_two(text: str) -> tuple[int, int] | None:
    parts = _parts(text)
    return None if parts is None or len(parts[0]) == 4 else (int(parts[0]), int(parts[1]))


def read_day(cell: object, *, month_first: bool) -> date:
    """The day of a cell; Unreadable for one that is none or does not exist (30 February)."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    parts = _parts(cell) if isinstance(cell, str) else None
    if parts is None:
        raise Unreadable("funding.statement_day", text=str(cell)[:20])
    if len(parts[0]) == 4:
        year, month, day = parts
    else:
        day, month, year = (parts[1], parts[0], parts[2]) if month_first else parts
    whole = int(year) if len(year) > 2 else int(year) + (1900 if int(year) >= CENTURY_TURN else 2000)
    try:
        return date(whole, int(month), int(day))
    except ValueError as broken:
        raise Unreadable("funding.statement_day", text=str(cell)[:20]) from broken
