"""The books as Beancount text, for auditors: one transaction an entry, numbers for names, balances at the end."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from cdp.funding.rules.ledger import Account, Entry
from cdp.funding.rules.units import HOURS, ITEM, MAD
from cdp.kernel.money import exponent

TOP: dict[Account, str] = {
    Account.WORLD: "Equity:World",
    Account.PLEDGED: "Assets:Pledged",
    Account.COMMITTED: "Assets:Committed",
    Account.HELD: "Assets:Held",
    Account.SPENT: "Expenses:Spent",
    Account.LAPSED: "Equity:Lapsed",
    Account.REFUNDED: "Expenses:Refunded",
    Account.FEES: "Expenses:Fees",
    Account.UNALLOCATED: "Liabilities:Unallocated",
    Account.WRITTEN_OFF: "Equity:WrittenOff",
    Account.FX: "Equity:Exchange",
}
"""Where each stage account stands among Beancount's five."""

COMMODITY = {ITEM: "ITEM"}


def beancount_lines(entries: Iterable[Entry], title: str) -> Iterator[str]:
    """The file line by line; hours stand in minutes, which are whole."""
    yield f'option "title" "{_quoted(title)}"\n'
    yield f'option "operating_currency" "{MAD}"\n'
    opened: set[str] = set()
    balance: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    last = date(1970, 1, 1)
    for entry in entries:
        last = max(last, entry.effective_date)
        places = [account_of(entry, account) for account in entry.route]
        for place in places:
            if place not in opened:
                opened.add(place)
                yield f"1970-01-01 open {place}\n"
        yield from _transaction(entry, places)
        value, commodity = quantity(entry)
        balance[places[0], commodity] -= value
        balance[places[1], commodity] += value
    for (place, commodity), value in sorted(_with_below(balance).items()):
        yield f"{(last + timedelta(days=1)).isoformat()} balance {place} {value} {commodity}\n"


def _with_below(balance: dict[tuple[str, str], Decimal]) -> dict[tuple[str, str], Decimal]:
    """Balances as Beancount checks them: an account with all those below it."""
    found = dict.fromkeys(balance, Decimal(0))
    for (place, commodity), value in balance.items():
        parts = place.split(":")
        for length in range(2, len(parts) + 1):
            above = (":".join(parts[:length]), commodity)
            if above in found:
                found[above] += value
    return found


def account_of(entry: Entry, account: Account) -> str:
    """The account of one entry: the stage, then project, line and pledge by number."""
    parts = (("P", entry.project), ("L", entry.line), ("G", entry.pledge))
    return ":".join([TOP[account], *(f"{letter}{number}" for letter, number in parts if number is not None)])


def quantity(entry: Entry) -> tuple[Decimal, str]:
    """What was moved: whole units with their decimals, minutes for hours."""
    if entry.unit == HOURS:
        return Decimal(entry.amount_minor), "MINUTES"
    digits = 0 if entry.unit == ITEM else exponent(entry.unit)
    return Decimal(entry.amount_minor).scaleb(-digits), COMMODITY.get(entry.unit, entry.unit)


def _transaction(entry: Entry, places: list[str]) -> Iterator[str]:
    value, commodity = quantity(entry)
    about = _quoted(f"{entry.op}{'' if entry.reverses is None else f' (takes back {entry.reverses})'}")
    yield f'{entry.effective_date.isoformat()} * "{about}" ^e{entry.seq}\n'
    yield f"  seq: {entry.seq}\n"
    yield f'  seal: "{entry.hash}"\n'
    if entry.evidence:
        yield f'  evidence: "{_quoted(entry.evidence)}"\n'
    if entry.rate:
        yield f'  rate: "{entry.rate}"\n  rate-source: "{_quoted(entry.rate_source or "")}"\n'
    if entry.mad_minor is not None:
        yield f"  dirhams: {Decimal(entry.mad_minor).scaleb(-2)}\n"
    yield f"  {places[0]}  {-value} {commodity}\n"
    yield f"  {places[1]}  {value} {commodity}\n"


def _quoted(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace('"', '\\"').split())
