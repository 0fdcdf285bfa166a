from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.funding.rules.sheet import MoneySheet, SourceRow
from cdp.kernel.money import Money
from cdp.programme.states import ProjectState
from cdp.rounds.states import Source
from cdp.teams.states import Offer
from cdp.transparency.rules import hours, shown_count, shown_givers, shown_member, summed, tone
from cdp.transparency.sheets import MemberSheet

NOTHING = Money(0)
P = ProjectState
amounts = st.integers(0, 10**12).map(Money)
sheets = st.builds(
    MoneySheet, cost=amounts, received=amounts, committed=amounts, pledged=amounts, sought=amounts, spent=amounts,
    over=amounts, rows=st.just(()), hours_promised=st.integers(0, 10**6), hours_done=st.integers(0, 10**6),
)  # fmt: skip


@pytest.mark.parametrize(("people", "shown"), [(0, 0), (1, None), (2, None), (3, 3), (40, 40)])
def test_one_or_two_people_without_a_name_are_not_counted(people: int, shown: int | None) -> None:
    assert shown_count(people) == shown


def test_givers_of_a_source_are_counted_from_three_on() -> None:
    rows = tuple(
        SourceRow(Source.DIASPORA, "", NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, givers=n) for n in range(5)
    )
    money = MoneySheet(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, rows, 0, 0)
    assert [row.givers for row in shown_givers(money).rows] == [0, 0, 0, 3, 4]


def test_who_shows_no_name_shows_nothing_else() -> None:
    member = MemberSheet("", "Gand", Offer.HOURS, "mason", date(2027, 9, 1))
    assert (shown_member(member).city, shown_member(member).text) == ("", "")
    named = MemberSheet("Salma B.", "Gand", Offer.HOURS, "mason", date(2027, 9, 1))
    assert shown_member(named) == named


def test_hours_promised_are_those_open_and_those_given() -> None:
    assert (hours(90, 30).promised, hours(90, 30).given) == (2.0, 0.5)


@given(st.lists(sheets, max_size=6))
def test_the_sum_is_that_of_each_part_alone(parts: list[MoneySheet]) -> None:
    whole = summed(parts)
    for name in ("cost", "received", "committed", "pledged", "sought", "spent", "over"):
        assert getattr(whole, name).minor == sum(getattr(each, name).minor for each in parts)
    assert whole.hours_done == sum(each.hours_done for each in parts)


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ([P.DONE, P.DONE], "done"),
        ([P.DONE, P.WORKS], "now"),
        ([P.DONE, P.PROGRAMMED], "next"),
        ([P.DROPPED], "next"),
        ([P.DROPPED, P.DONE], "done"),
    ],
)
def test_a_douar_stands_where_its_projects_stand(states: list[ProjectState], shown: str) -> None:
    assert tone(states) == shown
