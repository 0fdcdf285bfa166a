from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.priorities.rules.voting import pabulib
from cdp.priorities.rules.voting.election import Candidate, VoteKind, election
from cdp.priorities.rules.voting.pabulib import BadFile
from cdp.priorities.rules.voting.pabulib_votes import read
from cdp.priorities.rules.voting.pabulib_writing import decimal, write
from cdp.priorities.rules.voting.register import RULES, applicable
from cdp.priorities.rules.voting.terms import Completion, Terms
from tests.priorities.drawing import Drawn, drawn, elections

SOUND = """META
key;value
description;invented
num_projects;3
num_votes;4
budget;100
vote_type;approval
PROJECTS
project_id;cost;name;category;neighborhood
1;40;Well;water;Tirsal
2;60.50;"Road; first part";roads;Imlil
3;10;School;education;
VOTES
voter_id;sex;vote
a;F;1,2
b;M;2,1
c;F;3
d;M;
"""


def points(text: str = "VOTES\nvoter_id;vote;points\na;1,2;5,3\nb;2;0.5\nc;;\n") -> str:
    head = SOUND.split("VOTES")[0].replace("num_votes;4", "num_votes;3")
    return head.replace("approval", "cumulative") + text


def fault(text: str | bytes) -> tuple[str, int]:
    with pytest.raises(BadFile) as refused:
        read(text if isinstance(text, bytes) else text.encode())
    return refused.value.message.key.removeprefix("voting.pb_"), refused.value.line


def test_a_sound_file_is_read_whole() -> None:
    reading = read(SOUND.encode())
    found = reading.election
    assert (found.budget, found.unit, found.voters) == (1000, 10, 4)
    assert found.candidates[1] == Candidate("2", 605, "Imlil", "roads")
    assert (found.scores, reading.names["2"]) == ((2, 2, 1), "Road; first part")
    assert len(found.ballots.counts) == 3
    assert reading.meta["description"] == "invented"
    assert reading.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        SOUND.replace("\n", "\r\n"),
        "\ufeff" + SOUND,
        SOUND.replace("a;F;1,2", "a;F; 1 , 2"),
        SOUND.replace("a;F;1,2", 'a;F;"1,2"'),
        SOUND.replace("60.50", "60,50"),
        SOUND.replace("VOTES\n", "votes;;\n").replace("META", "meta"),
        SOUND.replace("VOTES", "\n\nVOTES") + "\n\n",
        SOUND.replace("b;M;2,1\n", "b;M;2,1\n\n"),
        SOUND.replace("b;M;2,1\n", "b;M;2,1;;\n"),
    ],
    ids=["crlf", "bom", "blanks", "quotes", "comma", "lower", "empty lines", "line between", "cells too many"],
)
def test_other_ways_of_writing_the_same_give_the_same(text: str) -> None:
    found, plain = read(text.encode()).election, read(SOUND.encode()).election
    assert (found.budget, found.candidates, found.scores) == (plain.budget, plain.candidates, plain.scores)
    assert found.ballots.counts.tolist() == plain.ballots.counts.tolist()


def test_points_may_have_decimals_and_stay_exact() -> None:
    found = read(points().encode()).election
    assert (found.scores, found.grain, found.voters) == ((10, 7, 0), 2, 3)
    assert found.supporters == (1, 2, 0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("META\n", ""), ("before_meta", 1)),
        (("PROJECTS\n", ""), ("missing_section", 8)),
        (("VOTES\n", ""), ("missing_section", 13)),
        (("budget;100\n", ""), ("missing_key", 0)),
        (("vote_type;approval\n", ""), ("missing_key", 0)),
        (("approval", "telepathy"), ("vote_type", 7)),
        (("budget;100", "budget;much"), ("number", 6)),
        (("budget;100", "budget;-100"), ("negative", 6)),
        (("1;40;", "1;-40;"), ("negative", 10)),
        (("1;40;", "1;nan;"), ("number", 10)),
        (("1;40;", "1;;"), ("number", 10)),
        (("1;40;Well;water;Tirsal", "1"), ("fields", 10)),
        (("d;M;\n", "d;M;"), ("cut", 18)),
        (("1;40;", ";40;"), ("no_project_id", 10)),
        (("3;10;", "1;10;"), ("project_twice", 12)),
        (("project_id;cost", "project_id;price"), ("missing_column", 9)),
        (("voter_id;sex;vote", "voter_id;sex;choice"), ("missing_column", 14)),
        (("c;F;3", "c;F;3,9"), ("unknown_project", 17)),
        (("c;F;3", "b;F;3"), ("voter_twice", 17)),
        (("c;F;3", "c"), ("fields", 17)),
        (("approval", "knapsack\nmax_sum_cost;100"), ("over_budget", 16)),
        (("approval", "knapsack"), ("over_budget", 15)),
    ],
)
def test_a_broken_file_is_refused_with_its_line(change: tuple[str, str], expected: tuple[str, int]) -> None:
    assert change[0] in SOUND
    text = SOUND.replace("num_votes;4", "num_votes;5") if expected[0] == "cut" else SOUND
    assert fault(text.replace(*change, 1)) == expected


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ("VOTES\nvoter_id;vote\na;1\n", ("missing_column", 14)),
        ("VOTES\nvoter_id;vote;points\na;1;1\nb;1;2\nc;2;x\n", ("number", 17)),
        ("VOTES\nvoter_id;vote;points\na;1;1\nb;1;99999999999999999999\nc;2;1\n", ("number", 16)),
    ],
)
def test_broken_points_are_refused_with_their_line(votes: str, expected: tuple[str, int]) -> None:
    assert fault(points(votes)) == expected


def test_another_encoding_is_refused_with_its_line() -> None:
    assert fault(SOUND.replace("School", "École").encode("latin-1")) == ("encoding", 12)
    assert fault(SOUND.encode("utf-16")) == ("encoding", 1)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"META\n", b"META\nkey;value\n", b"\x00\x01"])
def test_next_to_nothing_is_refused(data: bytes) -> None:
    assert fault(data)[0] in {"missing_section", "before_meta", "not_a_table"}


def test_a_file_cut_short_is_refused_or_says_what_is_missing() -> None:
    whole = SOUND.encode()
    for end in range(len(whole) - len("d;M;\n")):
        if whole[:end].endswith(b"\n") and b"vote\n" in whole[:end]:
            assert "voting.pb_promised" in {note.key for note in read(whole[:end]).notes}
        else:
            fault(whole[:end])


def test_a_file_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pabulib, "LARGEST", 10)
    assert fault(SOUND) == ("too_large", 0)


@pytest.mark.parametrize(
    ("change", "number", "name"),
    [
        (("approval", "approval\nmin_length;2"), 2, "min_length"),
        (("approval", "choose-1"), 2, "max_length"),
        (("approval", "approval\nmax_sum_cost;100"), 2, "max_sum_cost"),
        (("c;F;3", "c;F;3,3"), 1, "project_id"),
    ],
)
def test_ballots_off_the_other_limits_are_counted_and_noted(change: tuple[str, str], number: int, name: str) -> None:
    reading = read(SOUND.replace(*change).encode())
    (note,) = reading.notes
    assert (note.key, note.values) == ("voting.pb_off_limits", {"number": number, "name": name})
    assert (reading.election.scores, reading.election.voters) == ((2, 2, 1), 4)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("num_votes;4", "num_votes;3"), "promised"),
        (("num_votes;4", "num_votes;5"), "promised"),
        (("num_projects;3", "num_projects;4"), "promised"),
        (("1;40;Well;water;Tirsal", "1;40;Well"), "uneven"),
        (("1;40;Well;water;Tirsal", "1;40;Well;water;Tirsal;more"), "uneven"),
        (("c;F;3", "c;F;3;4"), "uneven"),
    ],
)
def test_what_is_merely_odd_is_counted_and_noted(change: tuple[str, str], key: str) -> None:
    reading = read(SOUND.replace(*change).encode())
    assert [note.key for note in reading.notes] == [f"voting.pb_{key}"]
    assert (reading.election.scores, reading.election.voters) == ((2, 2, 1), 4)


@pytest.mark.parametrize(
    "text",
    [
        SOUND.replace("key;value\n", ""),
        SOUND.replace("budget;", "# a remark\nbudget;").replace("2;60.50", "#another\n2;60.50"),
        SOUND.replace("c;F;3", "# and one here\nc;F;3"),
        SOUND.replace("budget;", "subunit\nunknown_key;x;y\nbudget;"),
        SOUND.replace("project_id;cost", "Project_ID;Cost").replace("voter_id;sex;vote", "Voter_ID;Sex;Vote"),
        SOUND.replace("d;M;\n", "d;M;None\n"),
        SOUND.replace("a;F;", ";F;").replace("b;M;", ";M;"),
        SOUND.replace("budget;100", "budget;1.0e2").replace("1;40;", "1;40.;").replace("3;10;", "3;1E+01;"),
        SOUND.replace("b;M;2,1\n", "b;M;2,1\n;;\n"),
    ],
    ids=["no keys", "remarks", "remark", "bare key", "capitals", "none", "no voter ids", "exponents", "blank cells"],
)
def test_habits_of_real_files_need_no_note(text: str) -> None:
    reading = read(text.encode())
    assert (reading.election.budget, reading.election.costs) == (
        100 * reading.election.unit,
        tuple(int(cost * reading.election.unit) for cost in (40, 60.5, 10)),
    )
    assert (reading.election.scores, reading.election.voters, reading.notes) == ((2, 2, 1), 4, ())


def test_sections_may_stand_in_another_order_and_faults_keep_their_lines() -> None:
    head, projects = SOUND.split("PROJECTS\n")[0], "PROJECTS\n" + SOUND.split("PROJECTS\n")[1].split("VOTES")[0]
    votes = "VOTES" + SOUND.split("VOTES")[1]
    turned = votes + projects + head.rstrip("\n")
    reading = read(turned.encode())
    assert [note.key for note in reading.notes] == ["voting.pb_order"]
    assert (reading.election.scores, reading.election.voters) == ((2, 2, 1), 4)
    assert fault(turned.replace("c;F;3", "c;F;9")) == ("unknown_project", 5)
    assert fault(turned + "\nVOTES\n")[0] == "missing_section"


def test_a_project_ranked_twice_stands_where_it_was_named_first() -> None:
    reading = read(SOUND.replace("approval", "ordinal").replace("a;F;1,2", "a;F;1,2,1,3").encode())
    assert reading.election.scores == (3 + 1, 2 + 2, 1 + 1)
    assert reading.notes[0].values == {"number": 1, "name": "project_id"}


def test_points_go_with_projects_as_far_as_both_reach() -> None:
    votes = "VOTES\nvoter_id;vote;points\na;1,2,1;5,3,9\nb;1,2;4\nc;None;None\n"
    reading = read(points(votes).encode())
    assert (reading.election.scores, reading.election.voters) == ((9, 3, 0), 3)
    assert [note.values for note in reading.notes] == [
        {"number": 1, "name": "project_id"},
        {"number": 1, "name": "points"},
    ]


def test_a_default_score_is_given_to_what_a_vote_does_not_name() -> None:
    text = points().replace("cumulative", "scoring\ndefault_score;1.5")
    found = read(text.encode()).election
    assert [score / found.grain for score in found.scores] == [5 + 1.5 + 1.5, 3 + 0.5 + 1.5, 4.5]
    assert read(points().replace("cumulative", "cumulative\ndefault_score;1").encode()).election.scores == (10, 7, 0)


def test_a_remark_may_hold_semicolons() -> None:
    assert read(SOUND.replace("invented", "one; two;;").encode()).meta["description"] == "one; two"


@given(elections(), st.sampled_from([1, 100]))
def test_a_count_of_the_export_equals_the_count(case: Drawn, unit: int) -> None:
    first = case.election
    again = read(write(first, {"description": "invented"}, {})).election
    assert (again.budget, again.candidates, again.scores) == (first.budget, first.candidates, first.scores)
    for name in applicable(first.kind):
        terms = Terms(ties="lot:9", completion=Completion.ADD1_GREEDY)
        assert RULES[name](again, terms) == RULES[name](first, terms)
    assert write(again, {"description": "invented"}, {}) == write(first, {"description": "invented"}, {})


def test_an_export_in_units_and_half_points_reads_the_same() -> None:
    first = read(points().encode()).election
    again = read(write(first, {}, {"1": "Well"})).election
    assert (again.scores, again.grain, again.unit, again.budget) == (first.scores, 2, 10, 1000)
    assert decimal(1250, 100) == "12.50"


def test_long_ballots_are_merged_as_well_as_short_ones() -> None:
    draw = Random(3)
    candidates = [Candidate(str(i), 1) for i in range(200)]
    long = [tuple(str(i) for i in range(200) if draw.random() < 0.5) for _ in range(20)]
    found = election(1, candidates, long + [tuple(reversed(one)) for one in long], kind=VoteKind.APPROVAL)
    assert sorted(found.ballots.counts.tolist()) == [2] * 20
    assert sum(found.scores) == 2 * sum(map(len, long))


def test_random_bytes_in_a_file_are_refused_or_read_but_never_crash() -> None:
    draw = Random(11)
    for _ in range(400):
        data = bytearray(write(drawn(draw).election, {}, {}))
        for _ in range(draw.randint(1, 4)):
            data[draw.randrange(len(data))] = draw.choice(b";,\n\"'-09aM\x00\xff\r ")
        with suppress(BadFile):
            read(bytes(data))


@pytest.mark.parametrize(
    ("before", "after"),
    [("approval", "Approval"), ("vote_type", "max_sum_cost;not said\nvote_type"), ("num_votes;4", "num_votes;")],
)
def test_a_limit_that_says_no_number_limits_nothing(before: str, after: str) -> None:
    reading = read(SOUND.replace(before, after).encode())
    assert (reading.election.scores, reading.notes) == ((2, 2, 1), ())
