"""Files as a whole: archives, damaged ones, the same lines in several."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from cdp.funding.rules.statements.fingerprints import fingerprints
from cdp.funding.rules.statements.reading import read
from cdp.funding.rules.statements.values import Line, Unreadable
from tests.funding.files import FRENCH, make_archive, make_camt, make_details, make_entry, make_mt940, make_workbook
from tests.funding.reading import lines, refusal

CATALOG = Path(__file__).parents[2] / "cdp/translations/en/funding_rules.po"
KEYS = set(re.findall(r'msgid "(funding\.[a-z_0-9]+)"', CATALOG.read_text(encoding="utf-8")))


def test_an_archive_gives_the_statements_of_all_its_files() -> None:
    reading = read(make_archive(a=make_camt(make_entry()), b=make_camt(make_entry("5"))))
    assert [line.amount_minor for each in reading.statements for line in each.lines] == [10000, 500]
    assert refusal(make_archive(a=make_camt(make_entry()), b=b"a letter")) == "statement_unknown_format"
    assert refusal(make_archive(a=make_archive(b=b"x"))) == "statement_archive_nested"
    assert refusal(make_archive(a=b"0" * (201 * 1024**2))) == "statement_too_large"


def test_two_equal_gifts_on_one_day_stay_two_and_the_same_file_gives_the_same_marks() -> None:
    data = "Date;Libellé;Montant\n01/03/2027;don;100,00\n01/03/2027;don;100,00\n".encode()
    marks = fingerprints("001", lines(data))
    assert len(set(marks)) == 2
    assert marks == fingerprints("0 01", lines(data))
    assert not set(marks) & set(fingerprints("002", lines(data)))


payments = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from(["don", "frais"])), max_size=12)


def make_table(rows: list[tuple[int, int, str]]) -> bytes:
    texts = (f"0{day}/03/2027;{text};{amount},00\n" for day, amount, text in rows)
    return ("Date;Libellé;Montant\n" + "".join(texts)).encode()


@given(payments, st.integers(1, 3), st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_overlapping_files_in_any_order_give_the_lines_of_the_whole_once(
    rows: list[tuple[int, int, str]], first: int, second: int
) -> None:
    """Files cover whole days, as exports of banks do: each holds all lines of the days it covers."""
    rows = sorted(rows)
    low, high = sorted((first, second))
    parts = [[row for row in rows if row[0] <= high], [row for row in rows if row[0] >= low]]
    whole = Counter(fingerprints("1", lines(make_table(rows))))
    assert set(whole.values()) <= {1}
    for order in (parts, parts[::-1]):
        kept = {mark for part in [*order, *order] for mark in fingerprints("1", lines(make_table(part)))}
        assert kept == set(whole)


WHOLE_FILES = (
    make_camt(make_entry(inside=f"<NtryDtls>{make_details(texts='RF88 2026 0042')}</NtryDtls>")),
    make_mt940(":61:2703010301CR100,NTRFNONREF//B\n:86:166?00GUT?20EREF+P?21SVWZ+Don?32Amal\n"),
    FRENCH.encode("cp1252"),
    FRENCH.encode("utf-16"),
    make_workbook([["Date", "Libellé", "Montant"], [date(2027, 3, 1), "don", 12.5]]),
    make_archive(a=make_camt(make_entry())),
)


@given(st.sampled_from(WHOLE_FILES), st.integers(0, 2000), st.integers(0, 40), st.binary(max_size=6))
@settings(max_examples=300, deadline=None)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data: bytes, place: int, length: int, other: bytes) -> None:
    damaged = data[:place] + other + data[place + length :]
    found: list[Line] = []
    key = "funding.statement_empty"
    try:
        found = lines(damaged)
    except Unreadable as refused:
        key = refused.message.key
    assert key in KEYS
    assert all(line.amount_minor and line.currency for line in found)
