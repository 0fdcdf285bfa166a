"""Photos of works, drawn: hills, a sky, and what was built. Nobody's picture is used."""

import hashlib
from random import Random

from PIL import Image, ImageDraw

SIZE = (960, 640)
SKIES = ("#dfeaf2", "#f6e7cf", "#e9edf0", "#f3dcc4")
HILLS = ("#c9a56b", "#b98d52", "#a87b4a", "#8f6b45")


def draw(sector: str, *, seed: str) -> Image.Image:
    """A landscape with a work of that sector; the same seed draws the same picture."""
    chance = Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311  # nosec B311 (a drawing, no secret)
    picture = Image.new("RGB", SIZE, chance.choice(SKIES))
    pen = ImageDraw.Draw(picture)
    pen.ellipse(_round(chance.randint(100, 860), 110, 46), fill="#f3c66b")
    for step in range(3):
        _hill(pen, chance, top=250 + 90 * step, colour=HILLS[step])
    pen.rectangle((0, 500, *SIZE), fill=HILLS[3])
    BUILT.get(sector, _house)(pen, chance)
    return picture


def _round(x: int, y: int, radius: int) -> tuple[int, int, int, int]:
    return (x - radius, y - radius, x + radius, y + radius)


def _hill(pen: ImageDraw.ImageDraw, chance: Random, *, top: int, colour: str) -> None:
    points = [(x, top + chance.randint(-70, 50)) for x in range(0, SIZE[0] + 120, 120)]
    pen.polygon([(0, SIZE[1]), *points, (SIZE[0], SIZE[1])], fill=colour)


def _tower(pen: ImageDraw.ImageDraw, chance: Random) -> None:
    x = chance.randint(300, 640)
    pen.rectangle((x - 12, 320, x + 12, 540), fill="#8a8f8c")
    pen.rectangle((x - 90, 230, x + 90, 330), fill="#e8e2d4", outline="#5c6a66", width=6)
    pen.line((x + 90, 300, x + 90, 540), fill="#2b5f96", width=10)


def _road(pen: ImageDraw.ImageDraw, chance: Random) -> None:
    x = chance.randint(380, 580)
    pen.polygon([(x - 30, 400), (x + 30, 400), (x + 190, 640), (x - 190, 640)], fill="#6d6a63")
    for top in range(420, 640, 60):
        pen.rectangle((x - 6, top, x + 6, top + 30), fill="#f4ecdf")


def _house(pen: ImageDraw.ImageDraw, chance: Random) -> None:
    x = chance.randint(240, 620)
    pen.rectangle((x, 360, x + 240, 540), fill="#f4ecdf", outline="#5c4a36", width=6)
    pen.rectangle((x + 96, 430, x + 146, 540), fill="#0f5c5c")
    for left in (x + 26, x + 176):
        pen.rectangle((left, 400, left + 40, 440), fill="#2b5f96")


def _panels(pen: ImageDraw.ImageDraw, chance: Random) -> None:
    x = chance.randint(160, 380)
    for step in range(4):
        left = x + step * 110
        pen.polygon([(left, 500), (left + 90, 470), (left + 90, 400), (left, 430)], fill="#1d3f63", outline="#e8e2d4")


def _channel(pen: ImageDraw.ImageDraw, chance: Random) -> None:
    x = chance.randint(300, 560)
    pen.polygon([(x, 420), (x + 40, 420), (x + 260, 640), (x - 160, 640)], fill="#b8ad9a")
    pen.polygon([(x + 8, 420), (x + 32, 420), (x + 170, 640), (x - 80, 640)], fill="#5b93b8")


BUILT = {
    "water": _tower,
    "roads": _road,
    "energy": _panels,
    "agriculture": _channel,
    "sanitation": _channel,
}
