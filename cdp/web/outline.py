"""The land of a commune on its sketch map: a soft line drawn around its douars, for want of a surveyed boundary."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot

Point = tuple[float, float]

AROUND = 9.0
"""How far outside the outermost douars the line runs, in hundredths of the sheet."""


@dataclass(frozen=True)
class Land:
    """The line around a commune as data of an SVG path, and the part of the sheet that holds it."""

    path: str
    box: str


def land(points: Iterable[Point]) -> Land | None:
    """A line around these points of a sheet of 100 by 100; None for fewer than three corners."""
    corners = hull(points)
    if len(corners) < 3:
        return None
    middle = (sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners))
    wide = [_away(corner, middle) for corner in corners]
    halves = [_between(a, b) for a, b in zip(wide, wide[1:] + wide[:1], strict=True)]
    curves = "".join(f"Q{_say(c)} {_say(h)}" for c, h in zip(wide[1:] + wide[:1], halves[1:] + halves[:1], strict=True))
    return Land(f"M{_say(halves[0])}{curves}Z", _box(wide))


def hull(points: Iterable[Point]) -> list[Point]:
    """The corners of the smallest convex shape around all points, in one direction (monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return _chain(ordered)[:-1] + _chain(ordered[::-1])[:-1]


def _chain(ordered: Sequence[Point]) -> list[Point]:
    kept: list[Point] = []
    for point in ordered:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
            kept.pop()
        kept.append(point)
    return kept


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _away(point: Point, middle: Point) -> Point:
    across, down = point[0] - middle[0], point[1] - middle[1]
    far = 1 + AROUND * 2.3 / (hypot(across, down) or 1)
    return middle[0] + across * far, middle[1] + down * far


def _between(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _box(points: Sequence[Point]) -> str:
    left, top = min(x for x, _ in points), min(y for _, y in points)
    return f"{_say((left, top))} {_say((max(x for x, _ in points) - left, max(y for _, y in points) - top))}"


def _say(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
