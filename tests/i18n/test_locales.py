from datetime import date
from typing import Any

import pytest
from babel import Locale
from babel.core import get_global
from babel.units import format_unit

from cdp.i18n import formats, locales
from cdp.i18n.languages import LOCALES
from cdp.kernel.clock import now
from cdp.kernel.money import Money


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    locales.settle()
    monkeypatch.setattr(locales.Locale, "__missing__", _asked_for)
    monkeypatch.setattr(locales.OfAll, "_read", _asked_for)


def _asked_for(_kept: Any, part: str) -> Any:
    raise AssertionError(f"{part} was left out")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("language", LOCALES)
def test_numbers_and_days_are_written_by_what_is_kept(language: str) -> None:
    assert formats.money(Money(186_200_050, "MAD"), language)
    assert formats.percent(0.4, language)
    assert formats.moment(now(), language)
    for month in range(1, 13):
        first = date(2027, month, 1)
        assert len({formats.day(first, language), formats.short_day(first, language)}) == 2
        assert formats.months(first, date(2028, 2, 1), language)


def test_what_was_left_out_is_there_when_it_is_asked_for() -> None:
    locales.settle()
    assert Locale.parse("fr_MA").territories["MA"] == "Maroc"
    assert Locale.parse("ar_MA").territories["MA"] == "المغرب"
    assert format_unit(30, "minute", locale="en_GB") == "30 minutes"
    assert Locale.parse("de").languages["fr"] == "Französisch"
    assert get_global("zone_territories")["Africa/Casablanca"] == "MA"
    with pytest.raises(KeyError):
        Locale.parse("fr_MA")._data["nothing"]


def test_what_is_below_nothing_keeps_its_minus_before_the_number_in_arabic() -> None:
    said = {language: formats.money(Money(-388_800_00, "MAD"), language) for language in ("ar", "fr")}
    assert said["ar"].startswith("\u2066−388")
    assert said["ar"].split("\u2069")[0].endswith("800")
    assert said["fr"].startswith("−388")
