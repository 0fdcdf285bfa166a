from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.i18n import formats
from cdp.kernel.errors import RuleBroken
from cdp.kernel.money import Money, in_dirhams, read_amount, total


@pytest.mark.parametrize(
    ("typed", "centimes"),
    [
        ("1 250 000,50", 125000050),
        ("1.250.000,50", 125000050),
        ("1,250,000.50", 125000050),
        ("1\u202f250\u00a0000,50", 125000050),
        ("١٢٥٠٫٥٠", 125050),
        ("١٬٢٥٠٬٠٠٠", 125000000),
        ("500", 50000),
        ("12,5", 1250),
        ("0", 0),
        ("1.250", 125000),
        ("1,005", 100500),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, centimes: int) -> None:
    assert read_amount(typed) == Money(centimes)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "money.not_an_amount"),
        ("abc", "money.not_an_amount"),
        ("1,2,3", "money.not_an_amount"),
        ("12.34.56", "money.not_an_amount"),
        ("-5", "money.negative"),
        ("0,125", "money.too_many_decimals"),
        ("9" * 20, "money.too_large"),
        ("=1+1", "money.not_an_amount"),
        ("1e5", "money.not_an_amount"),
    ],
)
def test_what_is_doubtful_is_refused_and_never_guessed(typed: str, key: str) -> None:
    with pytest.raises(RuleBroken, match=key):
        read_amount(typed)


@given(st.integers(0, 10**12), st.sampled_from(("ar", "fr", "en")))
def test_what_we_write_we_read_again(minor: int, language: str) -> None:
    written = formats.money(Money(minor), language)
    assert " " not in written, "an amount must not break"
    assert read_amount(written.rsplit("\u00a0", 1)[0]) == Money(minor)


def test_two_currencies_never_add_up() -> None:
    with pytest.raises(ValueError, match="EUR"):
        Money(1, "MAD") + Money(1, "EUR")


@given(st.lists(st.integers(0, 10**9)))
def test_a_total_is_the_sum(minors: list[int]) -> None:
    assert total(Money(m) for m in minors).minor == sum(minors)


def test_dirhams_at_a_rate_are_rounded_half_to_even() -> None:
    assert in_dirhams(Money(50000, "EUR"), Decimal("10.884")) == Money(544200)
    assert in_dirhams(Money(1, "EUR"), Decimal("0.5")) == Money(0)
    assert in_dirhams(Money(3, "EUR"), Decimal("0.5")) == Money(2)
    assert in_dirhams(Money(100, "JPY"), Decimal("0.07")) == Money(700)
