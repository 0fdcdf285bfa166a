"""What the public may see of people and of small numbers, on plain values."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from cdp.funding.rules.givers import FEWEST
from cdp.funding.rules.sheet import MoneySheet
from cdp.kernel.money import Money
from cdp.programme.states import ProjectState
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


def summed(sheets: Iterable[MoneySheet]) -> MoneySheet:
    """The money of several projects together: each part is the sum of theirs, so what one has too much fills no other.

    The sources are left to the sheets.
    """
    names = ("cost", "received", "committed", "pledged", "sought", "spent", "over")
    sums = dict.fromkeys((*names, "promised", "done"), 0)
    for sheet in sheets:
        for name in names:
            sums[name] += getattr(sheet, name).minor
        sums["promised"] += sheet.hours_promised
        sums["done"] += sheet.hours_done
    parts = {name: Money(sums[name]) for name in names}
    return MoneySheet(**parts, rows=(), hours_promised=sums["promised"], hours_done=sums["done"])


UNDER_WAY = frozenset({ProjectState.STUDY, ProjectState.TENDER, ProjectState.WORKS})


def tone(states: Collection[ProjectState]) -> str:
    """How far the projects of a place are: "now" when one is under way, "done" when all are, else "next"."""
    going = [state for state in states if state is not ProjectState.DROPPED]
    if any(state in UNDER_WAY for state in going):
        return "now"
    return "done" if going and all(state is ProjectState.DONE for state in going) else "next"
