"""Turnout in coarse classes, told so that nobody is pointed at: small counts are hidden, and cannot be worked out."""

from collections.abc import Mapping

SMALLEST = 5
"""A count from 1 to 4 is not told."""


def shown(counts: Mapping[str, int], smallest: int = SMALLEST) -> dict[str, int | None]:
    """The counts of one facet as the public reads them; None for one that is hidden.

    When a single count is hidden, or the hidden ones together stay below the smallest, the next smallest is
    hidden too: what is missing could else be had by taking the others from the total.
    """
    small = {key for key, count in counts.items() if 0 < count < smallest}
    hidden = set(small)
    rest = sorted((key for key, count in counts.items() if count >= smallest), key=lambda key: (counts[key], key))
    while hidden and rest and (len(hidden) == 1 or sum(counts[key] for key in hidden) < smallest):
        hidden.add(rest.pop(0))
    return {key: None if key in hidden else count for key, count in counts.items()}
