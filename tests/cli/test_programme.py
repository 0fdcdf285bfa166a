"""``programme fit`` as a person and as a program run it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from cdp.__main__ import main
from cdp.cli.programme import _reading
from cdp.programme.rules.fit.check import violations
from cdp.programme.rules.fit.reading import read
from cdp.programme.rules.fit.terms import Pin
from tests.programme.documents import document, document_of
from tests.programme.instances import drawn


def run(*arguments: str, given: Any = None) -> Result:
    text = given if isinstance(given, str) else json.dumps(given)
    return CliRunner().invoke(main, ["programme", *arguments], input=text)


@pytest.mark.parametrize("how", [[], ["--exact", "--time-limit", "1"]], ids=["rank", "exact"])
def test_it_gives_a_programme_as_its_schema_says(how: list[str]) -> None:
    schemas = json.loads(run("schema").stdout)
    given = document_of(drawn(25))
    jsonschema.validate(given, schemas["input"])
    jsonschema.validate(given | {"presets": schemas["presets"]}, schemas["input"])
    answer = run("fit", "-", "--json", *how, given=given)
    assert answer.exit_code == 0
    result = json.loads(answer.stdout)
    jsonschema.validate(result, schemas["result"])
    instance = read(given).instance
    assert instance == replace(drawn(25), price_year=2028)
    assert violations(instance, {one["project"]: one["start"] for one in result["placements"]}) == ()


def test_a_person_reads_why_not() -> None:
    given = document()
    given["projects"][1] |= {"cost": 180, "shares": [{"source": "own", "amount": 180}]}
    answer = run("fit", "-", given=given)
    assert answer.exit_code == 0
    assert "- road: 0.80\u00a0MAD are missing from “own money” in 2029." in answer.stdout


def test_a_refit_says_what_it_changed() -> None:
    given = document() | {"previous": {"well": 2028, "road": 2029}, "left_out": [{"project": "road"}]}
    result = json.loads(run("fit", "-", "--exact", "--json", given=given).stdout)
    assert result["changed"] == ["road"]


def test_a_contradiction_ends_with_one_and_names_the_clash() -> None:
    given = document_of(replace(drawn(12), pins=(Pin("p1"),), envelopes=()))
    answer = run("fit", "-", "--exact", "--json", given=given)
    result = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert result["status"] == "contradictory"
    assert result["placements"] == []
    assert len(result["clash"]) >= 2


@pytest.mark.parametrize("given", ["", "{", '{"years": NaN}', '{"years": [2028], "years": [2029]}', "[" * 100_000])
def test_what_is_not_json_is_refused_in_words(given: str) -> None:
    answer = run("fit", "-", given=given)
    assert answer.exit_code == 2
    assert answer.stderr.startswith("The file is not JSON")


def test_a_program_is_told_the_problems_as_json() -> None:
    answer = run("fit", "-", "--json", given=document() | {"years": []})
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["problems"][0]["key"] == "programme.input.too_few"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    answer = run("fit", str(tmp_path / "none.json"))
    assert answer.exit_code == 2
    assert "cannot be read" in answer.stderr


def test_a_closed_input_and_a_time_that_is_no_number_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = run("fit", "-", "--time-limit", "nan", given=document())
    assert (answer.exit_code, "not a number of seconds" in answer.stderr) == (2, True)
    monkeypatch.setattr("sys.stdin", None)
    assert _reading(Path("-")).problems[0].key == "programme.input.no_file"


def test_the_known_share_rules_are_printed_as_an_instance_writes_its_own() -> None:
    known = {each["name"]: each for each in json.loads(run("schema").stdout)["presets"]}
    most = [limit for limit in known["indh_70_30"]["limits"] if "at_most_amount" in limit]
    assert [(limit["kinds"], limit["at_most"], limit["at_most_amount"]) for limit in most] == [
        (["indh"], 7_000, 30_000_000)
    ]
    given = document()
    given["projects"][0] |= {"preset": "indh_70_30", "shares": [{"source": "indh", "amount": 100}]}
    own = given | {"presets": list(known.values())}
    answers = [json.loads(run("fit", "-", "--json", given=each).stdout) for each in (given, own)]
    assert [answer["left_out"] for answer in answers] == [answers[0]["left_out"]] * 2


def test_a_share_rule_that_is_not_kept_is_named_to_a_person_and_to_a_program() -> None:
    given = document()
    given["projects"][0] |= {"preset": "indh_70_30", "shares": [{"source": "indh", "amount": 100}]}
    given["envelopes"] += [{"year": year, "source": "indh", "amount": 100} for year in (2028, 2029)]
    result = json.loads(run("fit", "-", "--json", given=given).stdout)
    (told,) = [reason["message"] for reason in result["left_out"] if reason["project"] == "well"]
    assert told["values"]["preset"] == "INDH 70/30"
    assert "“INDH 70/30”" in told["text"]
    assert "“INDH 70/30”" in run("fit", "-", given=given).stdout
