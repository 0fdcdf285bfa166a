"""A ``.pb`` file whose sections stand in another order: put right, with the lines where they stood."""

from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import pairwise

from cdp.priorities.rules.voting.pabulib import SECTIONS, BadFile, section_of, table


@dataclass(frozen=True, slots=True)
class Turned:
    """The file in order; ``lines`` gives for each of its lines where it stood (the first is 1)."""

    data: bytes
    lines: tuple[int, ...]


def in_order(data: bytes) -> Turned | None:
    """The same file with META, PROJECTS and VOTES in this order; None where that is not what is wrong with it."""
    begins = _begins(data)
    names = [name for name, _ in begins]
    if names == list(SECTIONS) or sorted(names) != sorted(SECTIONS):
        return None
    text = list(TextIOWrapper(BytesIO(data), encoding="utf-8-sig", newline=""))
    ends = [*[line for _, line in begins][1:], len(text) + 1]
    spans = {name: range(line, end) for (name, line), end in zip(begins, ends, strict=True)}
    lines = tuple(line for name in SECTIONS for line in spans[name])
    whole = [text[line - 1] for line in lines]
    for place, (line, after) in enumerate(pairwise(lines)):
        if after != line + 1 and not whole[place].endswith(("\n", "\r")):
            whole[place] += "\n"
    return Turned("".join(whole).encode(), lines)


def _begins(data: bytes) -> list[tuple[str, int]]:
    """The sections as they stand, each with the line on which it begins; none of a file that is no table."""
    found = []
    try:
        rows = table(data)
        for row in rows:
            if (name := section_of(row)) is not None:
                found.append((name, rows.line))
    except BadFile:
        return []
    return found
