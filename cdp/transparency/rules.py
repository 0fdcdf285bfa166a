"""What the public may see of people and of small numbers, on plain values."""

from dataclasses import replace

from cdp.funding.rules.givers import FEWEST
from cdp.funding.rules.sheet import MoneySheet
from cdp.transparency.sheets import HoursSheet, MemberSheet

MINUTES = 60


def hours(promised_open: int, done: int) -> HoursSheet:
    """Hours promised in all and given so far, from minutes still open and minutes done; one decimal."""
    return HoursSheet(round((promised_open + done) / MINUTES, 1), round(done / MINUTES, 1))


def shown_count(people: int) -> int | None:
    """A number of people without a public name; None where they are so few that they could be known."""
    return people if people == 0 or people >= FEWEST else None


def shown_givers(money: MoneySheet) -> MoneySheet:
    """The same money; where givers are so few that they could be known, none is counted."""
    rows = tuple(replace(row, givers=shown_count(row.givers) or 0) for row in money.rows)
    return replace(money, rows=rows)


def shown_member(member: MemberSheet) -> MemberSheet:
    """A member as the public sees them: who shows no name shows no town and no words either."""
    return member if member.name else replace(member, city="", text="")
