"""Names on a sketch map where none covers another: beside its circle if there is room, else farther off with a line.

All lengths are points of print; circles are larger where more money goes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

WIDTH, HEIGHT = 481.0, 326.0
"""The frame of the map: seventeen centimetres by eleven and a half."""

MARGIN = 0.04
LETTER, LINE = 3.9, 9.5
"""Room for a letter and for a line of the smallest print (7 points), rather too much than too little."""

NEAR, FARTHEST, STEP = 3.0, 130.0, 9.0
TURNS = 24

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Mark:
    """A douar on the paper: centre and radius of its circle, its name's middle, whether a line leads there."""

    x: float
    y: float
    radius: float
    name: str = ""
    name_x: float = 0
    name_y: float = 0
    is_led: bool = False


def marks(points: Sequence[tuple[float, float, float, str]]) -> tuple[Mark, ...]:
    """Points (x, y of 0-100 from the top left, size 0-1, name or nothing) as they are drawn, the largest named first.

    A name that finds no free place within reach is left to the table under the map.
    """
    circles = [Mark(*_on_paper(x, y), 3 + 9 * sqrt(size) if size else 1.6, name) for x, y, size, name in points]
    taken = [_around(each) for each in circles]
    placed: list[Mark] = []
    for at in sorted(range(len(circles)), key=lambda place: -circles[place].radius):
        found = _placed(circles[at], [box for place, box in enumerate(taken) if place != at])
        if found.name:
            taken.append(_box(found.name_x, found.name_y, found.name))
        placed.append(found)
    return tuple(placed)


def _on_paper(x: float, y: float) -> tuple[float, float]:
    share = (1 - 2 * MARGIN) / 100
    return WIDTH * (MARGIN + x * share), HEIGHT * (MARGIN + y * share)


def _around(mark: Mark) -> Box:
    return (mark.x - mark.radius, mark.y - mark.radius, mark.x + mark.radius, mark.y + mark.radius)


def _box(x: float, y: float, name: str) -> Box:
    half = len(name) * LETTER / 2
    return (x - half, y - LINE / 2, x + half, y + LINE / 2)


def _placed(mark: Mark, taken: Iterable[Box]) -> Mark:
    """The mark with the first free place of its name, from near to far; without its name where there is none."""
    boxes = tuple(taken)
    if not mark.name:
        return mark
    for x, y, is_led in _places(mark):
        if _is_free(_box(x, y, mark.name), boxes):
            return Mark(mark.x, mark.y, mark.radius, mark.name, x, y, is_led)
    return Mark(mark.x, mark.y, mark.radius)


def _places(mark: Mark) -> Iterator[tuple[float, float, bool]]:
    """Middles a name may have: under, over, on either side; then on rings farther and farther out."""
    half = len(mark.name) * LETTER / 2
    off = mark.radius + NEAR
    yield mark.x, mark.y + off + LINE / 2, False
    yield mark.x, mark.y - off - LINE / 2, False
    yield mark.x + off + half, mark.y, False
    yield mark.x - off - half, mark.y, False
    ring = off + STEP
    while ring < FARTHEST:
        for turn in range(TURNS):
            angle = 2 * pi * turn / TURNS
            yield mark.x + (ring + half) * cos(angle), mark.y + ring * sin(angle), True
        ring += STEP


def _is_free(box: Box, taken: Sequence[Box]) -> bool:
    left, top, right, bottom = box
    inside = left >= 0 and top >= 0 and right <= WIDTH and bottom <= HEIGHT
    return inside and not any(left < r and right > l_ and top < b and bottom > t for l_, t, r, b in taken)
