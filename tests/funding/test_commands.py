"""The commands of the terminal: what they print, and with which exit code."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cdp.__main__ import main
from tests.funding.files import make_camt, make_entry


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_a_statement_is_printed_as_json_with_exactly_the_promised_keys(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_bytes(make_camt(make_entry(), make_entry("5.00", mark="DBIT")))
    answer = run("statements", "read", str(file), "--json")
    printed = json.loads(answer.output)
    assert answer.exit_code == 0
    assert printed == {
        "format": "camt.053",
        "statements": [
            {
                "account": "FR1420041010050500013M02606",
                "currency": "EUR",
                "opening": None,
                "closing": None,
                "lines": [
                    {
                        "booked": "2027-03-01",
                        "value_date": "2027-03-02",
                        "amount_minor": minor,
                        "references": [],
                        "text": "",
                        "end_to_end": None,
                        "reversal": False,
                    }
                    for minor in (10000, -500)
                ],
            }
        ],
        "warnings": [],
    }


@pytest.mark.parametrize("data", [b"", b"<a>", b"a letter", make_camt(make_entry("x"))])
def test_what_cannot_be_read_is_one_line_and_a_failure(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.xml"
    file.write_bytes(data)
    answer = run("statements", "read", str(file), "--json")
    assert answer.exit_code != 0
    assert answer.output.count("\n") == 1
    assert "funding." not in answer.output
    assert not answer.stdout


def test_a_missing_file_is_one_line_and_a_failure(tmp_path: Path) -> None:
    answer = run("statements", "read", str(tmp_path / "none"))
    assert answer.exit_code != 0
    assert answer.output.count("\n") == 1


def test_a_map_is_taken_by_name_or_from_a_file(tmp_path: Path) -> None:
    file, saved = tmp_path / "a.csv", tmp_path / "map.json"
    file.write_text("01/03/2027;don RF88 2026 0042;12,50\n")
    saved.write_text('{"booked": 1, "text": [2], "amount": 3, "currency_code": "EUR"}')
    assert "12.50 MAD RF8820260042" in run("statements", "read", str(file), "--map", "day-text-amount").output
    assert "12.50 EUR RF8820260042" in run("statements", "read", str(file), "--map", str(saved)).output
    unknown = run("statements", "read", str(file), "--map", "no-such-map")
    assert unknown.exit_code != 0
    assert "day-text-amount" in unknown.output


@pytest.mark.parametrize(
    ("words", "code", "printed"),
    [
        (("references", "find", "don RF88-2026-0042 merci"), 0, "RF8820260042\n"),
        (("references", "find", "don", "RF88", "2026", "0042"), 0, "RF8820260042\n"),
        (("references", "find", "don"), 1, ""),
        (("references", "check", "RF8820260042"), 0, "valid"),
        (("references", "check", "RF88 2026 0043"), 1, "not valid"),
        (("references", "check", "RF882026004"), 1, "not valid"),
        (("references", "check", "RF18539007547034"), 0, "issued elsewhere"),
        (("references", "check", ""), 1, "not valid"),
        (("rib", "check", "001810007800020110620318"), 0, "MA64 0018"),
        (("rib", "check", "001", "810", "0078000201106203", "18"), 0, "valid"),
        (("rib", "check", "MA64001810007800020110620318"), 0, "valid"),
        (("rib", "check", "001810007800020110620319"), 1, "key"),
        (("rib", "check", "0018"), 1, "24 digits"),
    ],
)
def test_references_and_ribs_are_checked(words: tuple[str, ...], code: int, printed: str) -> None:
    answer = run(*words)
    assert answer.exit_code == code
    assert printed in answer.output
