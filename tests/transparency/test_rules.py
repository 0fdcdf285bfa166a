from datetime import date

import pytest

from cdp.funding.rules.sheet import MoneySheet, SourceRow
from cdp.kernel.money import Money
from cdp.rounds.states import Source
from cdp.teams.states import Offer
from cdp.transparency.rules import hours, shown_count, shown_givers, shown_member
from cdp.transparency.sheets import MemberSheet

NOTHING = Money(0)


@pytest.mark.parametrize(("people", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (40, 40)])
def test_fewer_than_five_people_without_a_name_are_not_counted(people: int, shown: int | None) -> None:
    assert shown_count(people) == shown


def test_givers_of_a_source_are_counted_from_five_on() -> None:
    rows = tuple(
        SourceRow(Source.DIASPORA, "", NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, givers=n) for n in (0, 1, 4, 5, 6)
    )
    money = MoneySheet(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, rows, 0, 0)
    assert [row.givers for row in shown_givers(money).rows] == [0, 0, 0, 5, 6]


def test_who_shows_no_name_shows_nothing_else() -> None:
    member = MemberSheet("", "Gand", Offer.HOURS, "mason", date(2027, 9, 1))
    assert (shown_member(member).city, shown_member(member).text) == ("", "")
    named = MemberSheet("Salma B.", "Gand", Offer.HOURS, "mason", date(2027, 9, 1))
    assert shown_member(named) == named


def test_hours_promised_are_those_open_and_those_given() -> None:
    assert (hours(90, 30).promised, hours(90, 30).given) == (2.0, 0.5)
