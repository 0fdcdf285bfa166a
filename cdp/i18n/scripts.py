"""Texts of people whose language nobody noted: which of their parts are in Arabic letters and which are not."""

import re
from collections.abc import Iterator
from itertools import groupby

_STROKE = re.compile(r"( [/·|–—] )")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_LATIN = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]")


def parts(text: str) -> list[tuple[str, bool]]:
    """A text in pieces of one script, each with whether that is Arabic; blank lines are left out.

    People part what they write in two languages by a new line or a stroke (``/ · | – —``): there, and only where the
    letters change, a piece ends. The stroke between two pieces is left out; within a piece nothing changes.
    """
    return [
        ("".join(piece for piece, _ in same).strip(), is_arabic)
        for is_arabic, same in groupby(_said(text), lambda each: each[1])
    ]


def _said(text: str) -> Iterator[tuple[str, bool]]:
    """Line by line and stroke by stroke, what stood before it included where the letters stay the same."""
    is_arabic: bool | None = None
    for line in filter(None, map(str.strip, text.splitlines())):
        pieces = ["\n", *_STROKE.split(line)]
        for between, piece in zip(pieces[::2], pieces[1::2], strict=True):
            before, is_arabic = is_arabic, _in_arabic(piece, is_arabic)
            yield (f"{between}{piece}" if bool(before) is bool(is_arabic) else piece, bool(is_arabic))


def _in_arabic(text: str, before: bool | None) -> bool | None:
    """Whether more of its letters are Arabic than Latin; without letters, what stood before."""
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    return arabic > latin if arabic or latin else before
