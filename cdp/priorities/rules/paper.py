"""Sheets of paper as somebody reads them: one line a sheet, written with the numbers that stand on the sheet.

``1 4 7`` names three projects (in their order where they are ranked), ``1:3 4:2`` gives points, ``1>4 7>1``
prefers 1 to 4 and 7 to 1 on a sheet that compares two by two, ``-`` is blank,
``x`` was unreadable, ``x signed`` bears a name, ``x not_ours`` is no sheet of this ballot. Of a village count each
line is a project: ``4 women men youth``. What is written otherwise is refused with its line, never guessed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules import duels
from cdp.priorities.rules.ballots import WITH_POINTS, Content, Sheet, flaw, tidy
from cdp.priorities.states import BallotKind, Flaw

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
BY_HAND = {"x": Flaw.UNREADABLE, "x signed": Flaw.SIGNED, "x not_ours": Flaw.NOT_OURS}
LARGEST_NUMBER = 6
"""Digits of a number on a sheet."""


@dataclass(frozen=True)
class Line:
    """A sheet: what it votes, or why it is not counted (``about`` names the project); of a village, its hands."""

    content: Content | None = None
    flaw: Flaw | None = None
    about: str = ""
    hands: tuple[str, int, int, int] | None = None

    def plain(self) -> dict[str, Any]:
        """The line as it is kept; :func:`read_line` turns it back."""
        if self.hands is not None:
            return {"hands": list(self.hands)}
        if self.flaw is not None:
            return {"flaw": self.flaw.value, "about": self.about}
        return {"vote": self.content}


def read_line(kept: Mapping[str, Any]) -> Line:
    """A line from what was kept."""
    if "hands" in kept:
        number, women, men, youth = kept["hands"]
        return Line(hands=(number, women, men, youth))
    if "flaw" in kept:
        return Line(flaw=Flaw(kept["flaw"]), about=kept["about"])
    return Line(content=kept["vote"])


def read_lines(sheet: Sheet, text: str) -> tuple[Line, ...]:
    """The lines of an entry; RuleBroken("priorities.paper_line_unclear") with the first that cannot be read."""
    lines = [" ".join(line.split()).casefold() for line in text.translate(DIGITS).splitlines() if line.strip()]
    return tuple(_line(sheet, line, place) for place, line in enumerate(lines, 1))


def _line(sheet: Sheet, text: str, place: int) -> Line:
    if text in BY_HAND:
        return Line(flaw=BY_HAND[text])
    blank: Content = {} if sheet.kind in WITH_POINTS else []
    content = blank if text == "-" else _content(sheet, text, place)
    found = flaw(sheet, content)
    return Line(flaw=found[0], about=found[1]) if found else Line(content=tidy(sheet, content))


def _content(sheet: Sheet, text: str, place: int) -> Content:
    numbers = {offer.place: offer.number for offer in sheet.offers}
    words = re.split(r"[ ,;]+", text.strip(" ,;"))
    if sheet.kind is BallotKind.PAIRS:
        return _pairs(words, numbers, text, place)
    shape = rf"\d{{1,{LARGEST_NUMBER}}}" + (rf":\d{{1,{LARGEST_NUMBER}}}" if sheet.kind in WITH_POINTS else "")
    if not all(re.fullmatch(shape, word) for word in words):
        raise RuleBroken("priorities.paper_line_unclear", line=place, text=text[:40])
    pairs = [(int(number), points) for number, _, points in (word.partition(":") for word in words)]
    named = [numbers.get(number, str(number)) for number, _ in pairs]
    if sheet.kind not in WITH_POINTS:
        return named
    if len(set(named)) < len(named):
        raise RuleBroken("priorities.paper_line_unclear", line=place, text=text[:40])
    return {name: int(points) for name, (_, points) in zip(named, pairs, strict=True) if int(points)}


def _pairs(words: Sequence[str], numbers: Mapping[int, str], text: str, place: int) -> list[str]:
    """The choices of a sheet that compares two by two."""
    shape = rf"\d{{1,{LARGEST_NUMBER}}}>\d{{1,{LARGEST_NUMBER}}}"
    if not all(re.fullmatch(shape, word) for word in words):
        raise RuleBroken("priorities.paper_line_unclear", line=place, text=text[:40])
    pairs = [[numbers.get(int(one), one) for one in word.split(duels.BEYOND)] for word in words]
    return [duels.said(one, other) for one, other in pairs]


def read_hands(sheet: Sheet, text: str, present: tuple[int, int, int]) -> tuple[Line, ...]:
    """The totals of a village count, a line for each project, in the order of the sheet; RuleBroken.

    No group can raise more hands than it has people there ("priorities.paper_more_hands_than_people").
    """
    numbers = {offer.place: offer.number for offer in sheet.offered}
    found: dict[str, Line] = {}
    lines = [line.split() for line in text.translate(DIGITS).splitlines() if line.strip()]
    for place, words in enumerate(lines, 1):
        if len(words) != 4 or not all(re.fullmatch(rf"\d{{1,{LARGEST_NUMBER}}}", word) for word in words):
            raise RuleBroken("priorities.paper_line_unclear", line=place, text=" ".join(words)[:40])
        key, women, men, youth = (int(word) for word in words)
        if key not in numbers or numbers[key] in found:
            raise RuleBroken("priorities.paper_line_unclear", line=place, text=" ".join(words)[:40])
        if any(hands > people for hands, people in zip((women, men, youth), present, strict=True)):
            raise RuleBroken("priorities.paper_more_hands_than_people", line=place)
        found[numbers[key]] = Line(hands=(numbers[key], women, men, youth))
    missing = [offer.place for offer in sheet.offered if offer.number not in found]
    if missing:
        raise RuleBroken("priorities.paper_project_missing", project=missing[0])
    return tuple(found[offer.number] for offer in sheet.offered)


def differences(first: Sequence[Line], second: Sequence[Line]) -> tuple[int, ...]:
    """Places (from 1) of the lines that two people read differently."""
    pairs = zip_longest(first, second)
    return tuple(place for place, (one, other) in enumerate(pairs, 1) if one != other)


def settled(first: Sequence[Line], second: Sequence[Line], decided: Mapping[int, Line]) -> tuple[Line, ...]:
    """The lines that count: where both agree theirs, else what was decided; RuleBroken while one is open."""
    wanted = differences(first, second)
    if missing := [place for place in wanted if place not in decided]:
        raise RuleBroken("priorities.paper_difference_open", line=missing[0])
    return tuple(decided[place] if place in wanted else line for place, line in enumerate(first, 1))


def written(sheet: Sheet, line: Line) -> str:
    """A line as one would type it."""
    places = {offer.number: str(offer.place) for offer in sheet.offers}
    if line.hands is not None:
        return " ".join([places.get(line.hands[0], line.hands[0]), *map(str, line.hands[1:])])
    if line.flaw is not None:
        return "x" if line.flaw is Flaw.UNREADABLE else f"x {line.flaw.value}"
    content = line.content or []
    if isinstance(content, dict):
        return " ".join(f"{places.get(key, key)}:{points}" for key, points in content.items()) or "-"
    if sheet.kind is BallotKind.PAIRS:
        pairs = ((places.get(one, one) for one in duels.read(choice)) for choice in content)
        return " ".join(duels.BEYOND.join(pair) for pair in pairs) or "-"
    return " ".join(places.get(key, key) for key in content) or "-"
