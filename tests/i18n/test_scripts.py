"""What people wrote in two languages is told apart by its letters, and nothing of it is lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.i18n.scripts import parts

PIECES = {
    "one language": ("Le puits est sec.", [("Le puits est sec.", False)]),
    "a stroke within one language": ("Eau / école", [("Eau / école", False)]),
    "a stroke between two": ("Eau potable / الماء", [("Eau potable", False), ("الماء", True)]),
    "a point between two": ("الماء · Eau · école", [("الماء", True), ("Eau · école", False)]),
    "two lines": ("Eau\r\nالماء\nالشروب", [("Eau", False), ("الماء\nالشروب", True)]),
    "a number in Arabic": ("المشروع TIR-2022-001 أولا", [("المشروع TIR-2022-001 أولا", True)]),
    "a number between": ("الماء · 2027 · الشروب", [("الماء · 2027 · الشروب", True)]),
    "nothing": (" \n ", []),
    "figures alone": ("12/2027", [("12/2027", False)]),
}


@pytest.mark.parametrize("name", PIECES)
def test_a_text_comes_apart_where_its_letters_change(name: str) -> None:
    text, pieces = PIECES[name]
    assert parts(text) == pieces


WORDS = st.sampled_from(["eau", "الماء", "2027", "/", "·", "\n", "—"])


@given(st.lists(WORDS, max_size=12))
def test_every_word_stays_in_its_order_and_no_two_neighbours_are_of_one_script(words: list[str]) -> None:
    pieces = parts(" ".join(words))
    said = [word for piece, _ in pieces for word in piece.split() if word not in "/·—"]
    assert said == [word for word in words if word not in "/·—\n"]
    assert all(one[1] is not other[1] for one, other in pairwise(pieces))
