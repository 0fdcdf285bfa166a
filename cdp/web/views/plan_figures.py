"""The figures of the plan's pages: amounts in thousands, bars, colours of sources, what comes next."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from cdp.i18n import formats
from cdp.i18n.say import label, language
from cdp.kernel.errors import NotFound
from cdp.kernel.money import Money
from cdp.kernel.page import Page
from cdp.kernel.words import Words
from cdp.programme.queries import PlanRow, PlanSheet, VersionRow
from cdp.programme.rules.shares import PartShare
from cdp.programme.states import ActKind, PlanStep, VersionState
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import Source, Sureness
from cdp.web import here

TABS = ("year", "source", "place", "versions", "out")

THOUSAND = 100_000
"""Centimes in a thousand dirhams."""

TONES = {
    Source.OWN: "atlas",
    Source.LOAN: "atlas",
    Source.PROVINCE: "atlas-soft",
    Source.INDH: "saffron",
    Source.MINISTRY: "sky",
    Source.AGENCY: "sky",
    Source.REGION: "olive",
}
"""Colours of sources; all others clay. Every bar stands beside its figures."""


def tone(source: Source) -> str:
    """The colour of a source."""
    return TONES.get(source, "clay")


ROWS = 8
"""Projects of a page of the programming table: with them a page stays small enough for a weak line."""


@dataclass(frozen=True)
class Part:
    """Which projects of a plan a page shows: those of one axis or of all, page by page or the whole table."""

    axis: str
    is_whole: bool
    page: Page[PlanRow]
    rows: tuple[PlanRow, ...]
    """All of them, on whatever page."""


def part(sheet: PlanSheet, *, axis: str, number: int, is_whole: bool) -> Part:
    """The projects asked for; NotFound for an axis no project has and for a page beyond the last."""
    rows = [row for row in sheet.rows if axis in ("", row.sector)]
    first = (number - 1) * ROWS
    if number < 1 or (first >= len(rows) and (axis or number > 1)):
        raise NotFound
    shown = rows if is_whole else rows[first : first + ROWS]
    more = not is_whole and len(rows) > first + ROWS
    return Part(axis, is_whole, Page(shown, number, more, len(rows)), tuple(rows))


def thousands(minor: int) -> int | float:
    """Centimes as thousands of dirhams: whole, with one digit below ten."""
    if abs(minor) >= 10 * THOUSAND:
        return (2 * minor + THOUSAND) // (2 * THOUSAND)
    tenths = (20 * minor + THOUSAND) // (2 * THOUSAND)
    return tenths // 10 if tenths % 10 == 0 else tenths / 10


@dataclass(frozen=True)
class Figures:
    """What the templates draw."""

    sheet: PlanSheet
    card: RoundCard
    largest: int

    @property
    def has_more_than_costs(self) -> bool:
        """Whether a project takes more of the plan than its works are estimated at."""
        return any(row.programmed > row.cost.minor for row in self.sheet.rows)

    def k(self, minor: int) -> int | float:
        """Thousands of dirhams."""
        return thousands(minor)

    def n(self, minor: int) -> str:
        """Thousands of dirhams as they are written."""
        return formats.number(thousands(minor), language())

    def cells(self, row: PlanRow) -> list[tuple[int, int, int]]:
        """The years of a row as (year, amount, 1); those without money that stand side by side as (0, 0, how many)."""
        found: list[tuple[int, int, int]] = []
        for year in self.sheet.years:
            amount = row.in_year(year)
            if not amount and found and not found[-1][1]:
                found[-1] = (0, 0, found[-1][2] + 1)
            else:
                found.append((year if amount else 0, amount, 1))
        return found

    def programmed(self, rows: Iterable[PlanRow]) -> list[tuple[int, int]]:
        """(year, what these rows take in it)."""
        kept = list(rows)
        return [(year, sum(row.in_year(year) for row in kept)) for year in self.sheet.years]

    def heat(self, amount: int) -> int:
        """1 to 3: the darker the more, against the largest amount of a year."""
        return 1 + min(2, 3 * amount // max(self.largest, 1))

    def tone(self, source: Source) -> str:
        """The colour of a source."""
        return tone(source)

    def legend(self, sources: Iterable[Source]) -> list[tuple[str, list[Source]]]:
        """The colours with the sources each stands for, in the order of the bars."""
        found: dict[str, list[Source]] = {}
        for source in sources:
            found.setdefault(tone(source), []).append(source)
        return list(found.items())

    def who_pays(self, row: PlanRow) -> list[tuple[str, int, int]]:
        """Who pays a row as a bar: (colour, from, how long), in per cent of it; the last part ends at a hundred."""
        sums: dict[str, int] = {}
        for source in self.sheet.sources:
            if amount := row.from_source(source):
                sums[tone(source)] = sums.get(tone(source), 0) + amount
        parts, at, whole, taken = [], 0, max(sum(sums.values()), 1), 0
        for colour, amount in sums.items():
            taken += amount
            end = round(100 * taken / whole)
            parts.append((colour, at, end - at))
            at = end
        return parts

    def paid_in_words(self, row: PlanRow) -> str:
        """The same in words, for who does not see the bar."""
        parts = [(source, row.from_source(source)) for source in self.sheet.sources]
        return str(_(", ")).join(f"{label(source)} {thousands(amount)}" for source, amount in parts if amount)

    def gap(self, version: VersionRow) -> str:
        """Proven gap in per cent, rounded up to hundredths: never better than proven."""
        value, bound = version.value or 0, version.bound or 0
        return f"{-(-(bound - value) * 10_000 // max(value, 1)) / 100:g}"

    def untranslated(self) -> int:
        """Titles of projects that are not in the reader's language."""
        return sum(language() not in row.title for row in (*self.sheet.rows, *self.sheet.left_out))

    def sector(self, key: str) -> str:
        """Name of a sector."""
        found = self.card.charter.sector(key)
        return found.name.in_(language())[0] if found else key

    def asker(self, row: PlanRow) -> str:
        """Who asks: the group, else the kind."""
        return row.asker.in_(language())[0] if row.asker else label(row.proposer_kind)

    def axes(self) -> list[tuple[str, str]]:
        """(key, name) of each axis that has a project."""
        return [(key, self.sector(key)) for key in self.sheet.by_sector()]

    def by_sector(self) -> list[Any]:
        """Money by sector as bars."""
        return self._bars([(self.sector(key), amount) for key, amount in self.sheet.by_sector().items()], "saffron")

    def by_fraction(self) -> list[Any]:
        """Money by fraction as bars."""
        return self._bars(_named(self.sheet.by_fraction()), "atlas")

    def by_place(self) -> list[Any]:
        """Money by douar as bars."""
        return self._bars(_named(self.sheet.by_place()), "atlas")

    def by_source(self) -> list[Any]:
        """Money by source as bars."""
        total = max(self.sheet.total, 1)
        amounts = [(source, self.sheet.source(source).programmed) for source in self.sheet.sources]
        return [(label(s), _share(a, total), a / total, tone(s)) for s, a in amounts if a]

    def _bars(self, parts: Iterable[tuple[str, int]], colour: str) -> list[Any]:
        total = max(self.sheet.total, 1)
        return [(name, _share(amount, total), amount / total, colour) for name, amount in parts if amount]


def _share(amount: int, total: int) -> str:
    return str(
        _(
            "%(amount)s · %(percent)s %%",
            amount=formats.number(thousands(amount), language()),
            percent=round(100 * amount / total),
        )
    )


def _named(sums: Mapping[Words | None, int]) -> list[tuple[str, int]]:
    return [(words.in_(language())[0] if words else _("The whole commune"), amount) for words, amount in sums.items()]


def figures(sheet: PlanSheet, card: RoundCard) -> Figures:
    """The figures of a version."""
    largest = max((row.in_year(year) for row in sheet.rows for year in sheet.years), default=0)
    return Figures(sheet, card, largest)


def next_steps(state: VersionState | None, version: VersionRow | None) -> frozenset[PlanStep]:
    """What may come next from where the newest version stands."""
    if state is VersionState.VISAED:
        is_published = version is not None and version.act(ActKind.PUBLISH)
        return frozenset({PlanStep.UPDATE if is_published else PlanStep.PUBLISH})
    return {
        None: frozenset({PlanStep.DRAFT, PlanStep.SHARE}),
        VersionState.DRAFT: frozenset({PlanStep.DRAFT, PlanStep.SHARE, PlanStep.DECIDE, PlanStep.SUBMIT}),
        VersionState.SUBMITTED: frozenset({PlanStep.VOTE}),
        VersionState.REJECTED: frozenset({PlanStep.DRAFT}),
        VersionState.ADOPTED: frozenset({PlanStep.VISA}),
        VersionState.VISA_REFUSED: frozenset({PlanStep.DRAFT}),
        VersionState.UPDATED: frozenset({PlanStep.UPDATE}),
    }[state]


def _other_prices(sheet: PlanSheet, prices: Mapping[int, int]) -> list[str]:
    """Costs in another year's prices than the rest: they are not converted silently."""
    rows = [row for row in (*sheet.rows, *sheet.left_out) if row.id in prices and row.cost.minor]
    years = Counter(prices[row.id] for row in rows)
    if len(years) < 2:
        return []
    usual = max(years, key=lambda year: (years[year], year))
    others = " ".join(f"{row.number} ({prices[row.id]})" for row in rows if prices[row.id] != usual)
    told = _(
        "Most costs are in the prices of %(year)s, these are not: %(numbers)s. Cost them anew: nothing is converted.",
        year=usual,
        numbers=others,
    )
    return [told]


def warnings(sheet: PlanSheet, card: RoundCard, prices: Mapping[int, int]) -> tuple[str, ...]:
    """What the office should know before it submits; ``prices``: the year of prices of each proposal's cost."""
    found = _other_prices(sheet, prices)
    uncosted = sum(
        row.message is not None and row.message.key == "programme.left_out.no_cost" for row in sheet.left_out
    )
    if uncosted:
        found.append(ngettext("%(num)d proposal has no cost yet.", "%(num)d proposals have no cost yet.", uncosted))
    if sheet.version.charter_version != card.charter_version:
        found.append(_("The charter changed since this was drafted: draft the plan anew."))
    if not sheet.rows:
        found.append(_("No project is in this draft."))
    unsure = sum(e.amount.minor for e in sheet.envelopes if e.sureness is Sureness.EXPECTED)
    if unsure:
        found.append(
            _(
                "%(amount)s thousand dirhams of the envelopes are only expected.",
                amount=formats.number(thousands(unsure), language()),
            )
        )
    return tuple(found)


def rows_of(shares: Iterable[PartShare], first_year: int) -> dict[str, Any]:
    """Shares as the data of their form; the plan's first year is its first column."""
    data: dict[str, Any] = {}
    for n, share in enumerate(shares, 1):
        data |= {
            f"source_{n}": share.source.value,
            f"party_{n}": here.partner_said(share.party),
            f"amount_{n}": Money(share.amount),
            f"sureness_{n}": share.sureness.value,
        }
        data |= {f"year_{n}_{year - first_year + 1}": Money(amount) for year, amount in share.by_year}
    return data
