"""The land drawn around the douars of a commune."""

from hypothesis import given
from hypothesis import strategies as st

from cdp.web.outline import hull, land

PLACES = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=3, max_size=40)


def test_two_douars_have_no_land_around_them() -> None:
    assert land([(1, 1), (9, 9)]) is None
    assert land([(1, 1), (5, 5), (9, 9)]) is None


def test_a_square_with_a_douar_inside_has_four_corners() -> None:
    assert sorted(hull([(0, 0), (10, 0), (5, 5), (10, 10), (0, 10)])) == [(0, 0), (0, 10), (10, 0), (10, 10)]


@given(PLACES)
def test_the_part_of_the_sheet_that_is_shown_holds_every_douar(places: list[tuple[float, float]]) -> None:
    drawn = land(places)
    if drawn is None:
        assert len(hull(places)) < 3
        return
    left, top, wide, high = map(float, drawn.box.split())
    assert all(left - 0.1 <= x <= left + wide + 0.1 and top - 0.1 <= y <= top + high + 0.1 for x, y in places)
    assert drawn.path.startswith("M")
    assert drawn.path.endswith("Z")
