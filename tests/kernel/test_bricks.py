from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.kernel import clock, reference
from cdp.kernel.errors import Refused, RuleBroken
from cdp.kernel.machine import Machine
from cdp.kernel.period import Period
from cdp.kernel.predicate import allowed, authorize, predicate
from cdp.kernel.words import Words


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"


class Push(StrEnum):
    CLOSE = "close"
    OPEN = "open"


LIFE = Machine(Door.OPEN, {(Door.OPEN, Push.CLOSE): Door.SHUT, (Door.SHUT, Push.OPEN): Door.OPEN})


def test_a_machine_goes_only_where_its_table_leads() -> None:
    assert LIFE.next(Door.OPEN, Push.CLOSE) is Door.SHUT
    with pytest.raises(RuleBroken, match="step_not_possible"):
        LIFE.next(Door.SHUT, Push.CLOSE)


def test_what_is_allowed_is_state_and_policy_together() -> None:
    class Thing:
        state = Door.OPEN

    @predicate
    def is_strong(actor: str, _thing: object) -> bool:
        return actor == "strong"

    policy = {Push.CLOSE: is_strong, Push.OPEN: ~is_strong}
    assert allowed(policy, LIFE, "strong", Thing()) == {Push.CLOSE}
    assert allowed(policy, LIFE, "weak", Thing()) == frozenset()
    with pytest.raises(Refused):
        authorize(policy, Push.CLOSE, "weak", Thing())


def test_a_day_in_morocco_keeps_its_length_over_the_shift_of_ramadan() -> None:
    shift = [d for d in (date(2027, 1, 1) + timedelta(days=n) for n in range(365)) if length(d) != timedelta(days=1)]
    assert len(shift) == 2, "the clock goes back before Ramadan and forward after it"
    assert {length(d) for d in shift} == {timedelta(hours=23), timedelta(hours=25)}


def length(day: date) -> timedelta:
    return clock.end_of(day) - clock.start_of(day)


@given(st.dates(date(2024, 1, 1), date(2034, 12, 31)))
def test_a_moroccan_day_holds_all_its_moments(day: date) -> None:
    assert clock.day_of(clock.start_of(day)) == day
    assert clock.day_of(clock.end_of(day) - timedelta(microseconds=1)) == day
    assert clock.day_of(clock.end_of(day)) == day + timedelta(days=1)


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.day_of(datetime(2027, 1, 1))  # noqa: DTZ001


def test_the_clock_can_be_held() -> None:
    with clock.held_at(datetime(2030, 5, 1, 23, 30, tzinfo=UTC)):
        assert clock.today() == date(2030, 5, 2)


def test_words_fall_back_and_say_so() -> None:
    words = Words(fr="Un puits", ar="  ")
    assert words.in_("ar") == ("Un puits", "fr")
    assert Words().in_("fr") == ("", "fr")
    assert not Words(en=" ")


def test_a_period_holds_both_its_ends() -> None:
    period = Period(date(2027, 4, 1), date(2027, 4, 30))
    assert date(2027, 4, 1) in period
    assert date(2027, 4, 30) in period
    assert date(2027, 5, 1) not in period
    assert period.is_over(date(2027, 5, 1))


def test_a_code_catches_every_single_slip() -> None:
    code = reference.new_code()
    assert reference.is_code(code)
    slips = [
        code[:i] + other + code[i + 1 :] for i in range(len(code)) for other in reference.ALPHABET if other != code[i]
    ]
    assert not [slip for slip in slips if reference.is_code(slip)]
    swaps = [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(len(code) - 2) if code[i] != code[i + 1]]
    assert not [swap for swap in swaps if reference.is_code(swap)]
    assert reference.tidy_code(reference.grouped(code).lower()) == code
