import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from cdp.__main__ import main
from cdp.cli.tally import english

VOTES = """META
key;value
num_votes;4
budget;100.5
vote_type;approval
PROJECTS
project_id;cost;name
1;40;Well
2;60.5;Road
10;40;School
VOTES
voter_id;vote
a;1,2
b;10,2
c;10
d;1
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "village.pb"
    path.write_text(VOTES, encoding="utf-8")
    return path


def run(*words: object):
    return CliRunner().invoke(main, ["tally", *map(str, words)])


def test_the_result_is_one_json_object(file: Path) -> None:
    answer = run(file, "--rule", "greedy", "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout) == {
        "rule": "greedy",
        "budget": 100.5,
        "spent": 80,
        "winners": ["1", "10"],
        "ties": [
            {"step": 1, "projects": ["1", "10", "2"], "chosen": "1"},
            {"step": 2, "projects": ["10", "2"], "chosen": "10"},
        ],
    }


def test_a_lot_with_a_published_seed_settles_ties(file: Path) -> None:
    answers = [run(file, "--rule", "greedy", "--ties", f"lot:{seed}", "--json") for seed in range(9)]
    found = {tuple(json.loads(answer.stdout)["winners"]) for answer in answers}
    assert len(found) > 1


@pytest.mark.parametrize("utility", ["cost", "count"])
@pytest.mark.parametrize("completion", ["none", "add1", "add1-greedy"])
def test_equal_shares_takes_its_options(file: Path, utility: str, completion: str) -> None:
    answer = run(file, "--rule", "equal-shares", "--utility", utility, "--completion", completion, "--json")
    assert json.loads(answer.stdout)["rule"] == "equal-shares"


def test_without_json_the_winners_stand_one_a_line(file: Path) -> None:
    answer = run(file, "--rule", "phragmen")
    assert answer.stdout.splitlines()[1].split("\t")[0] in {"1", "10"}


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (("a;1,2", "a;1,7"), ":13:", "project 7"),
        (("d;1", "a;1"), ":16:", "voter a"),
        (("40;Well", "-40;Well"), ":8:", "below zero"),
        (("VOTES\n", ""), ":11:", "VOTES"),
    ],
)
def test_a_broken_file_gives_one_line_with_its_place(file: Path, change, place: str, words: str) -> None:
    file.write_text(VOTES.replace(*change), encoding="utf-8")
    answer = run(file, "--rule", "greedy", "--json")
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert len(answer.stderr.splitlines()) == 1
    assert place in answer.stderr
    assert words in answer.stderr


def test_a_rule_that_does_not_fit_the_ballots_is_refused(file: Path) -> None:
    assert "borda" in run(file, "--rule", "borda").stderr
    assert run(file, "--rule", "borda").exit_code == 1
    assert run(file, "--rule", "greedy", "--ties", "age").exit_code == 1
    assert run(file, "--rule", "dictator").exit_code == 2


def test_a_huge_file_is_refused_without_being_read(file: Path) -> None:
    with file.open("r+b") as out:
        out.truncate(200_000_000)
    answer = run(file, "--rule", "greedy")
    assert answer.exit_code == 1
    assert "100 MB" in answer.stderr


def test_every_key_that_the_counting_raises_has_its_sentence() -> None:
    room = Path(__file__).parents[2] / "cdp" / "priorities" / "rules"
    code = "\n".join(path.read_text() for path in room.rglob("*.py"))
    raised = set(re.findall(r'"((?:voting|scoring)\.\w+)"', code))
    assert raised
    assert raised <= set(english())
