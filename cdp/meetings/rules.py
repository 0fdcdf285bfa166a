"""What is reckoned of meetings and indicators, on plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cdp.meetings.states import CLASSES, UNITS, Indicator, PresentBy, Unit

FEWEST = 5
"""A class with fewer people is not shown: they could be known."""

CENSUS = "HCP, RGPH 2024"


@dataclass(frozen=True)
class Figure:
    """A figure of the diagnosis: thousandths of its unit, where it comes from, of which year."""

    indicator: Indicator
    value_milli: int
    source: str
    year: int

    @property
    def unit(self) -> Unit:
        """What it is counted in."""
        return UNITS.get(self.indicator, Unit.PERCENT)


PEOPLE = {
    (Indicator.POPULATION, "all"): "population_legal",
    (Indicator.ILLITERACY, "all"): "illiteracy_rate_10_plus",
    (Indicator.ILLITERACY_WOMEN, "female"): "illiteracy_rate_10_plus",
    (Indicator.ILLITERACY_MEN, "male"): "illiteracy_rate_10_plus",
    (Indicator.SCHOOLING, "all"): "schooling_rate_6_to_11",
    (Indicator.UNEMPLOYMENT, "all"): "labour_unemployment_rate",
}
"""Indicator and sex of the row -> column of the census table of people."""

HOUSEHOLDS = {
    Indicator.HOUSEHOLDS: "households_count",
    Indicator.RUNNING_WATER: "amenities_running_water",
    Indicator.ELECTRICITY: "amenities_electricity",
    Indicator.SEWER: "wastewater_public_sewer",
    Indicator.ROAD_DISTANCE: "households_distance_to_paved_road_km",
}
"""Indicator -> column of the census table of households."""


def census_figures(people: Iterable[Mapping[str, str]], households: Iterable[Mapping[str, str]]) -> tuple[Figure, ...]:
    """The figures of a commune out of its rows of the census; a blank cell gives none."""
    found: dict[Indicator, Figure] = {}
    by_group = {row["sex"]: row for row in people if row["area"] == "total"}
    for (indicator, group), column in PEOPLE.items():
        _take(found, indicator, by_group.get(group, {}).get(column, ""))
    whole = next((row for row in households if row["area"] == "total"), {})
    for indicator, column in HOUSEHOLDS.items():
        _take(found, indicator, whole.get(column, ""))
    return tuple(found[each] for each in Indicator if each in found)


def _take(found: dict[Indicator, Figure], indicator: Indicator, text: str) -> None:
    if text.strip():
        found[indicator] = Figure(indicator, round(float(text) * 1000), CENSUS, 2024)


def attendance_problems(present: int, counts: Mapping[tuple[PresentBy, str], int], places: Iterable[str]) -> list[str]:
    """Message keys of what is wrong with an attendance: unknown classes, negative counts, more than were there."""
    known = {(facet, value) for facet, values in CLASSES.items() for value in values}
    known |= {(PresentBy.PLACE, code) for code in places}
    problems = []
    if present < 0 or any(count < 0 for count in counts.values()):
        problems.append("meetings.negative")
    if set(counts) - known:
        problems.append("meetings.unknown_class")
    sums: dict[PresentBy, int] = {}
    for (facet, _), count in counts.items():
        sums[facet] = sums.get(facet, 0) + count
    if any(total > present for total in sums.values()):
        problems.append("meetings.more_than_present")
    return problems


def shown(counts: Mapping[str, int], total: int) -> dict[str, int | None]:
    """Counts as anyone may read them: small ones hidden (None), and a second one where one could be worked out.

    ``total`` is what the counts could be subtracted from. Zero is shown: it names nobody.
    """
    small = {key for key, count in counts.items() if 0 < count < FEWEST}
    rest = total - sum(counts.values())
    if len(small) == 1 and rest == 0:
        others = sorted((count, key) for key, count in counts.items() if count and key not in small)
        small |= {key for _, key in others[:1]}
    return {key: None if key in small else count for key, count in counts.items()}


def heard(
    held: Iterable[tuple[int | None, Mapping[PresentBy, Mapping[str, int]]]],
) -> dict[PresentBy, dict[str, int | None]]:
    """Those present over meetings (how many, in classes) by each facet, small classes hidden; empty facets left out.

    Places are not among them: a class of a douar is told by the meeting there.
    """
    counted = [(present, counts) for present, counts in held if present is not None]
    whole = sum(present for present, _ in counted)
    found: dict[PresentBy, dict[str, int | None]] = {}
    for facet, classes in CLASSES.items():
        sums = dict.fromkeys(classes, 0)
        for _, counts in counted:
            for key, count in counts.get(facet, {}).items():
                sums[key] += count
        if any(sums.values()):
            found[facet] = shown(sums, whole)
    return found
