"""Official papers as Word and PDF, and the calendar feed."""

import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import docx
import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cdp.exports import calendars, official_papers, typeset
from cdp.exports.blocks import Table
from cdp.exports.word import word
from cdp.kernel.clock import today
from cdp.papers.states import PaperKind
from cdp.transparency.queries import projects
from cdp.transparency.queries.path import path
from tests.exports.plan_books import book_of, make_adopted


@pytest.fixture
def made(app: Flask, db: Session) -> Any:
    """The book of an adopted plan and its path."""
    round_ = make_adopted(db)
    with app.app_context():
        book = book_of(db, round_)
        yield book, path(db, book.card, today())


@pytest.mark.parametrize("kind", PaperKind)
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_paper_comes_as_word_and_as_pdf_in_both_languages(made: Any, kind: PaperKind, language: str) -> None:
    book, steps = made
    with force_locale(f"{language}_MA"):
        paper = official_papers.paper(kind, book, steps)
    read = docx.Document(io.BytesIO(word(paper, book.made_at)))
    assert any(paper.page.title in paragraph.text for paragraph in read.paragraphs)
    assert typeset.pdf(paper, book.made_at).startswith(b"%PDF-")


def test_arabic_word_runs_from_right_to_left_in_paragraphs_runs_and_tables(made: Any) -> None:
    book, steps = made
    for language, expected in (("ar", True), ("fr", False)):
        with force_locale(f"{language}_MA"):
            data = word(official_papers.paper(PaperKind.DECISION, book, steps), book.made_at)
        xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
        for mark in ("<w:bidi/>", "<w:rtl/>", "<w:bidiVisual/>"):
            assert (mark in xml) is expected


def test_the_deliberation_counts_the_votes_and_carries_the_hash(made: Any) -> None:
    book, steps = made
    with force_locale("fr_MA"):
        paper = official_papers.paper(PaperKind.DELIBERATION, book, steps)
    facts = dict(row for block in paper.blocks for row in getattr(block, "rows", ()) if len(row) == 2)
    assert (facts["Pour"], facts["Contre"], facts["Abstentions"]) == ("10", "2", "1")
    assert facts["Empreinte des données"] == book.plan.version.data_hash


def test_a_feed_is_plain_and_its_day_ends_on_the_next() -> None:
    event = calendars.Event("a@cdp", date(2027, 12, 31), "Visa, n° 3; réponse", "a\nb", "https://example.org/")
    text = calendars.ics("Tirsal", [event], datetime(2027, 4, 12, 8, tzinfo=UTC))
    assert text.endswith("END:VCALENDAR\r\n")
    assert "DTSTART;VALUE=DATE:20271231\r\nDTEND;VALUE=DATE:20280101\r\n" in text
    assert "SUMMARY:Visa\\, n° 3\\; réponse\r\n" in text
    assert "DESCRIPTION:a\\nb\r\n" in text
    assert "DTSTAMP:20270412T080000Z" in text


@given(st.text())
def test_no_line_of_a_feed_is_longer_than_75_octets_and_folding_loses_nothing(text: str) -> None:
    line = f"SUMMARY:{calendars.escaped(text)}"
    pieces = list(calendars.folded(line))
    assert all(len(piece.encode("utf-8", "surrogatepass")) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
    assert "\n" not in line


def test_the_yearly_report_tells_works_and_money_of_each_project(made: Any, db: Session) -> None:
    book, steps = made
    works = tuple(projects.every(db, book.card.commune_id))
    assert works
    with force_locale("fr_MA"):
        paper = official_papers.paper(PaperKind.YEARLY_REPORT, book, steps, works=works)
    table = next(b for b in paper.blocks if isinstance(b, Table) and len(b.heads) == 8)
    assert [row[0] for row in table.rows] == [*(each.number for each in works), ""]
    whole = sum(each.money.cost.minor for each in works) // 100
    assert table.rows[-1][4].replace("\u202f", "").replace("\u00a0", "") == str(whole)
