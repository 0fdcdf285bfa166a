"""What a bench found: a line a figure, with its goal beside."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A figure: of which engine, what, how much, how much it may be, whether it holds (None: only told)."""

    engine: str
    name: str
    value: str
    goal: str
    holds: bool | None

    @property
    def verdict(self) -> str:
        """In a word."""
        return "" if self.holds is None else "OK" if self.holds else "MISSED"


def show(line: Line) -> None:
    """Print a figure as soon as it is known."""
    print(f"{line.engine:<11}{line.name:<36}{line.value:<30}{line.goal:<10}{line.verdict}", flush=True)


def summary(lines: Iterable[Line]) -> str:
    """How many goals were met, and which were not."""
    judged = [line for line in lines if line.holds is not None]
    missed = [f"{line.name} ({line.engine})" for line in judged if not line.holds]
    told = f"{len(judged) - len(missed)} of {len(judged)} goals met"
    return f"{told}; missed: {'; '.join(missed)}" if missed else told
