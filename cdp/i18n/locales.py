"""What pages need of what Babel knows: numbers, days and months of three languages, a tenth of it.

The rest (names of countries and currencies, units, zones; six megabytes) is read again, part by part, should
somebody ask for it.
"""

from collections.abc import Iterable
from typing import Any, cast

from babel import core, localedata

from cdp.i18n.languages import LOCALES

USED = frozenset({*LOCALES.values(), "fr_FR"})
"""Locales in which something is written; French as said in France for numbers and months."""

PARTS = frozenset(
    {
        "character_order",
        "date_formats",
        "datetime_formats",
        "datetime_skeletons",
        "day_periods",
        "days",
        "decimal_formats",
        "default_numbering_system",
        "eras",
        "interval_formats",
        "locale_id",
        "months",
        "number_symbols",
        "numbering_systems",
        "ordinal_form",
        "percent_formats",
        "plural_form",
        "quarters",
        "time_formats",
        "week_data",
    }
)
"""Parts of a locale that numbers and days are written by."""

OF_ALL = frozenset({"parent_exceptions"})
"""Parts of what belongs to no locale that are asked for when one is found."""


class Locale(dict[str, Any]):
    """A locale's parts; another than those that are kept is read when it is asked for."""

    def __init__(self, name: str, parts: Iterable[str]) -> None:
        self.name = name
        whole = self._whole()
        super().__init__({part: whole[part] for part in parts if part in whole})

    def _whole(self) -> dict[str, Any]:
        held = dict(localedata._cache)
        localedata._cache.clear()  # a locale is merged from its parents: whole ones
        try:
            return localedata.load(self.name)
        finally:
            localedata._cache.clear()
            localedata._cache.update(held)

    def __missing__(self, part: str) -> Any:
        """A part that was left out; KeyError for one that no locale has."""
        found = self[part] = self._whole()[part]
        return found


class OfAll(dict[str, Any]):
    """Parts that belong to no locale; others are read when they are asked for."""

    def __init__(self, parts: Iterable[str]) -> None:
        super().__init__({part: self._read(part) for part in parts})

    def _read(self, part: str) -> Any:
        core._global_data = None
        try:
            return core.get_global(cast("Any", part))
        finally:
            core._global_data = cast("Any", self)

    def get(self, part: str, default: Any = None) -> Any:
        """A part; what Babel does not have is ``default``."""
        if part not in self:
            self[part] = self._read(part)
        return self[part] or default


def settle() -> None:
    """Keep of Babel's knowledge what pages need; done once a process."""
    if not isinstance(core._global_data, OfAll):
        core._global_data = cast("Any", OfAll(OF_ALL))
    for name in USED:
        if not isinstance(localedata._cache.get(name), Locale):
            localedata._cache[name] = Locale(name, PARTS)
    for name in localedata._cache.keys() - USED:
        del localedata._cache[name]
