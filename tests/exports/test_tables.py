import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.exports.tables import Column, cell, csv_lines, table_schema
from cdp.kernel.money import Money

COLUMNS: list[Column[str]] = [
    Column("text", "Texte", "string", lambda row: row),
    Column("length", "Longueur", "integer", len),
]


@pytest.mark.parametrize("text", ["=1+1", "+212600", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_can_be_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_numbers_are_exact_and_stay_numbers() -> None:
    assert cell(Money(-186_200_005)) == "-1862000.05"
    assert cell(date(2027, 4, 12)) == "2027-04-12"
    assert cell(None) == ""
    assert cell(-3) == "-3"


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r"))))
def test_what_is_written_can_be_read_again(texts: list[str]) -> None:
    file = "".join(csv_lines(COLUMNS, texts))
    assert file.startswith("\ufeff")
    titles, *rows = csv.reader(io.StringIO(file[1:], newline=""))
    assert titles == ["Texte", "Longueur"]
    assert [row[0].removeprefix("'") for row in rows] == [text.removeprefix("'") for text in texts]
    assert not any(row[0].startswith(("=", "+", "-", "@", "\t")) for row in rows)


def test_the_description_names_keys_titles_and_kinds_in_their_order() -> None:
    described = table_schema(COLUMNS, key=["text"])
    assert described["fields"] == [
        {"name": "Texte", "key": "text", "type": "string"},
        {"name": "Longueur", "key": "length", "type": "integer"},
    ]
    assert described["primaryKey"] == ["Texte"]
