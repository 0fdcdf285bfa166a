"""Sums in words: the grammar of counted nouns, case by case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.funding.rules.spelling import in_arabic, in_french
from cdp.kernel.money import Money


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (0, "zéro dirham"),
        (100, "un dirham"),
        (2_105, "vingt et un dirhams et cinq centimes"),
        (7_100, "soixante et onze dirhams"),
        (8_000, "quatre-vingts dirhams"),
        (8_100, "quatre-vingt-un dirhams"),
        (9_900, "quatre-vingt-dix-neuf dirhams"),
        (20_000, "deux cents dirhams"),
        (25_001, "deux cent cinquante dirhams et un centime"),
        (100_000, "mille dirhams"),
        (8_000_000, "quatre-vingt mille dirhams"),
        (20_000_000, "deux cent mille dirhams"),
        (100_000_000, "un million de dirhams"),
        (200_050_000, "deux millions cinq cents dirhams"),
        (1, "un centime"),
    ],
)
def test_french_follows_its_hundreds_and_its_millions(minor: int, words: str) -> None:
    assert in_french(Money(minor)) == words


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (0, "صفر درهم"),
        (100, "درهم واحد"),
        (200, "درهمان"),
        (300, "ثلاثة دراهم"),
        (1_000, "عشرة دراهم"),
        (1_100, "أحد عشر درهما"),
        (1_200, "اثنا عشر درهما"),
        (2_200, "اثنان وعشرون درهما"),
        (10_000, "مائة درهم"),
        (10_100, "مائة درهم ودرهم واحد"),
        (10_300, "مائة وثلاثة دراهم"),
        (20_000, "مائتا درهم"),
        (25_005, "مائتان وخمسون درهما وخمسة سنتيمات"),
        (100_100, "ألف درهم ودرهم واحد"),
        (200_000, "ألفا درهم"),
        (200_200, "ألفا درهم ودرهمان"),
        (250_000, "ألفان وخمسمائة درهم"),
        (300_000, "ثلاثة آلاف درهم"),
        (1_100_000, "أحد عشر ألف درهم"),
        (1_150_000, "أحد عشر ألفا وخمسمائة درهم"),
        (10_300_000, "مائة وثلاثة آلاف درهم"),
        (20_000_000, "مائتا ألف درهم"),
        (200_000_000, "مليونا درهم"),
        (325_000_000, "ثلاثة ملايين ومائتان وخمسون ألف درهم"),
        (12_345, "مائة وثلاثة وعشرون درهما وخمسة وأربعون سنتيما"),
        (2, "سنتيمان"),
    ],
)
def test_arabic_counts_in_its_six_ways_and_in_dirhams(minor: int, words: str) -> None:
    assert in_arabic(Money(minor)) == words


def test_euros_are_spelled_and_other_currencies_keep_their_code() -> None:
    assert in_french(Money(25_000, "EUR")) == "deux cent cinquante euros"
    assert in_french(Money(25_000, "USD")) == "250.00 USD"
    assert in_arabic(Money(25_000, "TND")) == "25.000 TND"


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_two_sums_are_never_spelled_alike(one: int, other: int) -> None:
    if one != other:
        assert in_french(Money(one)) != in_french(Money(other))
        assert in_arabic(Money(one)) != in_arabic(Money(other))


@given(st.integers(0, 10**13))
def test_no_sum_speaks_of_riyals(minor: int) -> None:
    words = in_arabic(Money(minor))
    assert "ريال" not in words
    assert "  " not in words
