"""Whom the public sees behind the promises of a project: never more than each giver chose."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from cdp.kernel.words import Words

FEWEST = 5
"""Fewer anonymous givers than this are neither counted nor left to be worked out from the sums of the others."""


class Given(NamedTuple):
    """A promise that is open or was kept: whose, the name they show (empty when anonymous), unit and amount."""

    giver: str
    name: Words
    unit: str
    amount_minor: int


class Named(NamedTuple):
    """Who chose to be shown; ``amount_minor`` None where it could tell what somebody else gave."""

    name: Words
    unit: str
    amount_minor: int | None


@dataclass(frozen=True)
class Shown:
    """Those who chose to be shown, and how many did not (None: too few to be counted)."""

    named: tuple[Named, ...]
    unnamed: int | None


def shown(promises: Iterable[Given]) -> Shown:
    """What the public sees of the givers: amounts only where nobody unnamed can be worked out by them."""
    promises = list(promises)
    hidden = {each.giver for each in promises if not each.name}
    is_safe = not 0 < len(hidden) < FEWEST
    named = tuple(
        Named(each.name, each.unit, each.amount_minor) if is_safe else Named(each.name, "", None)
        for each in promises
        if each.name
    )
    return Shown(tuple(dict.fromkeys(named)) if not is_safe else named, len(hidden) if is_safe else None)
