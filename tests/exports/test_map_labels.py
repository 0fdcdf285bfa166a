"""Names on a sketch map: none covers another name or a circle, all within the frame, the largest named first."""

from hypothesis import given
from hypothesis import strategies as st

from cdp.exports.map_labels import HEIGHT, LETTER, LINE, WIDTH, Mark, marks

PLACE = st.tuples(
    st.floats(0, 100), st.floats(0, 100), st.floats(0.01, 1), st.text("abcdefg\u0627\u0628", min_size=3, max_size=18)
)


def box(mark: Mark) -> tuple[float, float, float, float]:
    half = len(mark.name) * LETTER / 2
    return (mark.name_x - half, mark.name_y - LINE / 2, mark.name_x + half, mark.name_y + LINE / 2)


def cover(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


@given(st.lists(PLACE, max_size=30))
def test_no_name_covers_another_or_leaves_the_frame(points: list[tuple[float, float, float, str]]) -> None:
    boxes = [box(mark) for mark in marks(points) if mark.name]
    assert not any(cover(one, other) for at, one in enumerate(boxes) for other in boxes[:at])
    assert all(left >= 0 and top >= 0 and right <= WIDTH and bottom <= HEIGHT for left, top, right, bottom in boxes)


@given(st.lists(PLACE, max_size=20))
def test_a_name_covers_no_circle_of_another_douar(points: list[tuple[float, float, float, str]]) -> None:
    drawn = marks(points)
    for at, mark in enumerate(drawn):
        for other in (*drawn[:at], *drawn[at + 1 :]):
            around = (other.x - other.radius, other.y - other.radius, other.x + other.radius, other.y + other.radius)
            assert not mark.name or not cover(box(mark), around)


def test_a_douar_alone_has_its_name_under_its_circle() -> None:
    (mark,) = marks([(50, 50, 1, "Tirsal")])
    assert (mark.name, mark.name_x, mark.is_led) == ("Tirsal", mark.x, False)
    assert mark.name_y > mark.y + mark.radius


def test_douars_close_together_are_all_named_with_lines_to_those_farther_off() -> None:
    drawn = marks([(50 + step, 50, 0.3, f"Douar {step}") for step in range(8)])
    assert all(mark.name for mark in drawn)
    assert any(mark.is_led for mark in drawn)


def test_a_place_without_a_name_is_only_a_point() -> None:
    (mark,) = marks([(10, 10, 0, "")])
    assert (mark.name, mark.radius) == ("", 1.6)
