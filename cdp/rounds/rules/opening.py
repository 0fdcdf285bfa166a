"""A round about to be opened, as a value, and what is wrong with it."""

from dataclasses import dataclass

from cdp.kernel.words import Words
from cdp.rounds.rules import charter as charters
from cdp.rounds.rules import phases
from cdp.rounds.rules.charter import CharterRules
from cdp.rounds.rules.phases import Window

EARLIEST, LATEST, LONGEST = 2000, 2100, 10
"""Years outside these, or more of them in one plan, are a slip of the hand."""


@dataclass(frozen=True)
class RoundDraft:
    """What an officer opens: the years of the plan, its title, the planned phases, the charter."""

    commune_id: int
    first_year: int
    last_year: int
    title: Words
    windows: tuple[Window, ...]
    charter: CharterRules


def problems(draft: RoundDraft) -> list[str]:
    """Message keys of what is wrong with a draft: years, title, phases, charter, in this order."""
    found = []
    if not EARLIEST <= draft.first_year <= draft.last_year <= LATEST:
        found.append("rounds.years_out_of_order")
    elif draft.last_year - draft.first_year >= LONGEST:
        found.append("rounds.too_many_years")
    if not draft.title:
        found.append("rounds.title_missing")
    found += phases.problems(draft.windows)
    return found + charters.problems(draft.charter, draft.first_year, draft.last_year)
