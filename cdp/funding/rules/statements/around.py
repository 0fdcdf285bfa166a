"""What stands around the table of a bank: the number of the account, the opening and the closing balance."""

import re
from collections.abc import Sequence

from cdp.funding.rules.accounts import is_iban, is_rib
from cdp.funding.rules.references import squeezed
from cdp.funding.rules.statements.amounts import from_cell, read_minor
from cdp.funding.rules.statements.columns import as_text, header_word
from cdp.funding.rules.statements.days import is_day
from cdp.funding.rules.statements.headers import ACCOUNT_NAMED
from cdp.funding.rules.statements.values import Unreadable

NUMBER = re.compile(r"(?:[A-Z]{2}\d{2}[ A-Z0-9]{11,40}|\d[\d ]{22,34}\d)")


def account_named(rows: Sequence[Sequence[object]]) -> str | None:
    """The RIB, the IBAN or the number after the word for an account in the rows above a table, or None."""
    above = [[as_text(cell) for cell in row] for row in rows]
    for cell in (cell for row in above for cell in row):
        for word in NUMBER.findall(cell):
            if is_rib(word) or is_iban(word):
                return squeezed(word)
    found = (ACCOUNT_NAMED.search(" ".join(row)) for row in above)
    return next((each.group(1).replace(" ", "") for each in found if each), None)


def stated_balance(
    rows: Sequence[Sequence[object]], words: re.Pattern[str], currency: str, mark: str | None
) -> int | None:
    """Minor units of the balance a row names in these words; None where none does, or not beyond doubt."""
    for row in rows:
        said = header_word(" ".join(cell for cell in row if isinstance(cell, str)))
        if not words.search(said):
            continue
        cells = [cell for cell in row if re.search(r"\d", as_text(cell)) and not is_day(cell)]
        if len(cells) == 1:
            return _read(cells[0], currency, mark)
    return None


def _read(cell: object, currency: str, mark: str | None) -> int | None:
    try:
        if isinstance(cell, int | float):
            return from_cell(cell, currency)
        return read_minor(re.sub(r"^.*:", "", as_text(cell)), currency, mark=mark)
    except Unreadable:
        return None
