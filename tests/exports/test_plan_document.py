"""The document of a plan: what stands in it, in which order it reads, how amounts stand, that it comes out alike."""

import io
from dataclasses import replace
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask_babel import force_locale
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from cdp.exports import plan_annex, plan_document, plan_sheets, typeset, workbook
from cdp.exports.blocks import Document, Page, Table, Text
from cdp.i18n import formats
from cdp.i18n.languages import LOCALES
from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.programme.queries.sheets import equal_parts
from cdp.programme.states import Pin
from tests.exports.plan_books import TITLE, book_of, make_adopted

LANGUAGES = ("ar", "fr", "en")
CHAPTERS = 13


@pytest.fixture
def made(app: Flask, db: Session) -> Any:
    """The book of an adopted plan."""
    round_ = make_adopted(db)
    with app.app_context():
        yield book_of(db, round_)


def pages(book: Any, language: str) -> list[str]:
    with force_locale(LOCALES[language]):
        data = typeset.pdf(plan_document.document(book), book.made_at)
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_is_tagged_says_its_language_and_has_a_bookmark_for_each_chapter(made: Any, language: str) -> None:
    with force_locale(LOCALES[language]):
        data = typeset.pdf(plan_document.document(made), made.made_at)
    reader = pypdf.PdfReader(io.BytesIO(data))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith(language)
    assert reader.metadata is not None
    assert reader.metadata.title
    assert b"pdfuaid" in data
    assert len([mark for mark in reader.outline if not isinstance(mark, list)]) == CHAPTERS


def test_arabic_can_be_copied_in_reading_order_with_amounts_that_keep_theirs(made: Any) -> None:
    text = "\n".join(pages(made, "ar"))
    assert TITLE["ar"] in text.replace("\n", " ").replace("  ", " ")
    assert "قدم السكان والمجموعات والجمعيات وأفراد الجالية بالخارج حاجياتهم" in text
    assert "400\u202f000" in text or "400 000" in text
    assert "300\u202f050" in text or "300 050" in text
    assert "000 400" not in text
    assert "2028-2033" in text


def test_each_chapter_begins_in_the_order_the_law_and_the_reader_expect(made: Any) -> None:
    text = "\n".join(pages(made, "fr")[2:])
    heads = ["Résumé", "Méthode et participation", "Diagnostic", "Vision et axes", "Classement et ses raisons"]
    heads += ["Projets par axe", "Tableau de programmation", "Plan de financement par partenaire", "Carte"]
    heads += ["Indicateurs de suivi", "Ce qui n’a pas été retenu, et pourquoi", "Décisions et dates", "Annexe"]
    places = [text.index(f"{head}") for head in heads]
    assert places == sorted(places)
    assert made.plan.version.data_hash in text.replace("\n", "")


def test_the_same_version_gives_the_same_bytes_and_another_language_other_ones(made: Any) -> None:
    with force_locale("ar_MA"):
        first, second = (typeset.pdf(plan_document.document(made), made.made_at) for _ in range(2))
    with force_locale("fr_MA"):
        other = typeset.pdf(plan_document.document(made), made.made_at)
    assert first == second
    assert first != other


def test_what_people_wrote_is_never_read_as_markup(app: Flask, db: Session) -> None:
    nasty = '#panic("no") $x$ *bold* _it_ <a> @b \\ [c] `d` // e'
    round_ = make_adopted(db, need=Words(fr=nasty, ar=nasty))
    with app.app_context():
        text = "\n".join(pages(book_of(db, round_), "fr"))
    assert '#panic("no")' in text
    assert "*bold*" in text


def picture(amount: str) -> bytes:
    """A table and a sentence with an amount on an Arabic page."""
    rows = (("مسلك", amount), ("المجموع", amount))
    table = Table("", ("المشروع", "بالدرهم"), ("text", "number"), rows)
    sentence = Text(f"تبلغ الكلفة {amount}\u00a0درهم على ست سنوات.")
    (png,) = typeset.pictures(Document("letter", Page("ar", "س", "", "س", ()), (table, sentence)), dots=100)
    return png


def test_amounts_never_reverse_on_an_arabic_page() -> None:
    """An amount looks as the same amount that is forced to run from left to right, and otherwise than its mirror."""
    amount = "1\u202f862\u202f000,50"
    forced = f"\u2066{amount}\u2069"
    assert picture(amount) == picture(forced)
    assert picture(amount) != picture("\u2066000,50\u202f862\u202f1\u2069")


def sentence(text: str, language: str = "ar") -> bytes:
    """A cell of a table on an Arabic page, or one of another language."""
    table = Table("", ("السبب", "بالدرهم"), ("text", "number"), ((text, "1"),))
    (png,) = typeset.pictures(Document("letter", Page(language, "س", "", "س", ()), (table,)), dots=100)
    return png


def test_a_french_sentence_on_an_arabic_page_ends_with_its_full_stop() -> None:
    assert sentence("Deux-points.") != sentence("Deux-points.\u200e"), "a word alone is left to the page"
    assert sentence("Deux points.") == sentence("Deux points.\u200e")
    assert sentence("Deux points.") != sentence("\u200fDeux points.")


@pytest.mark.parametrize("reference", ["2-16-301", "2022-2027", "TNO-2022-015"])
def test_laws_years_and_numbers_never_reverse_on_an_arabic_page(reference: str) -> None:
    forced = f"\u2066{reference}\u2069"
    reversed_ = "\u2066" + "-".join(reversed(reference.split("-"))) + "\u2069"
    assert sentence(f"المادة {reference}") == sentence(f"المادة {forced}")
    assert sentence(f"المادة {reference}") != sentence(f"المادة {reversed_}")


def test_reasons_on_lines_of_their_own_each_keep_their_direction() -> None:
    assert sentence("سبب أول.\nDeux points.") == sentence("سبب أول.\nDeux points.\u200e")


def test_an_arabic_sentence_on_a_french_page_ends_with_its_full_stop() -> None:
    said = "جف البئر في الصيف."
    assert sentence(said, "fr") == sentence(f"\u2067{said}\u2069", "fr")
    assert sentence(said, "fr") != sentence(f"\u200e{said}", "fr")


@pytest.mark.parametrize("why", [None, Message("programme.left_out.decided", {"reason": "Vu.\nتمت المعاينة."})])
def test_what_people_decided_stands_on_lines_of_its_own_once(app: Flask, made: Any, why: Message | None) -> None:
    with app.test_request_context(), force_locale("fr_MA"):
        row = replace(made.plan.rows[0], pin=Pin.EXCLUDED, pin_reason="Vu.\nتمت المعاينة.", message=why)
        *_, table = plan_document.not_kept(replace(made, plan=replace(made.plan, left_out=(row,))))
    told = table.rows[0][-1].splitlines()
    assert told == [*(["Écarté par décision"] if why else []), "Vu.", "تمت المعاينة."]


def test_an_article_is_said_in_arabic_with_its_figures_in_order() -> None:
    assert formats.article("2-16-301, art. 6-7; 113-14, art. 79", "fr") == "2-16-301, art. 6-7; 113-14, art. 79"
    said = formats.article("2-16-301, art. 6; 113-14, art. 79", "ar")
    assert said == "\u20662-16-301\u2069، المادة 6؛ \u2066113-14\u2069، المادة 79"


def test_the_money_of_douars_is_in_whole_dirhams_and_comes_to_the_whole() -> None:
    places = (Words(fr="A"), Words(fr="B"), Words(fr="C"))
    parts = equal_parts(places, 100_000_55)
    assert [part for _place, part in parts] == [33_334_55, 33_333_00, 33_333_00]
    assert sum(part for _place, part in parts) == 100_000_55


def test_reasons_of_the_panel_stand_in_the_ranking_those_in_its_language_first(made: Any) -> None:
    row = replace(made.ranked[0], said=(Words(fr="Utile."), Words(ar="نافع."), Words(fr="Utile.")), reason="Décidé.")
    with force_locale("ar_MA"):
        blocks = plan_document.document(replace(made, ranked=(row,))).blocks
    (table,) = [block for block in blocks if isinstance(block, Table) and block.caption == "الترتيب"]
    assert table.rows[0][-1] == "نافع.\nUtile.\nDécidé."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_opens_with_totals_that_agree_with_the_plan(made: Any, language: str) -> None:
    with force_locale(LOCALES[language]):
        sheets = plan_sheets.sheets(made)
        way = "rtl" if language == "ar" else "ltr"
        data = workbook.xlsx(sheets, direction=way, total="T", made_at=made.made_at, title="x")
        again = workbook.xlsx(sheets, direction=way, total="T", made_at=made.made_at, title="x")
    assert data == again
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == len(made.plan.rows) + 2
    assert rows[-1][-1] == float(Money(made.plan.total).decimal)
    by_source = book.get_sheet_by_index(2).to_python()
    assert by_source[-1][-2] == float(Money(made.plan.total).decimal)
    assert len(book.sheet_names) == len(sheets)


def test_a_text_is_never_a_formula_and_csv_and_json_are_the_same_sheets(made: Any) -> None:
    row = replace(made.plan.rows[0], title=Words(fr="=1+1", ar="=1+1"))
    nasty = replace(made, plan=replace(made.plan, rows=(row, *made.plan.rows[1:])))
    with force_locale("fr_MA"):
        sheets = plan_sheets.sheets(nasty)
        data = workbook.xlsx(sheets, direction="ltr", total="T", made_at=made.made_at, title="x")
        lines = workbook.csv(sheets[0]).splitlines()
        plain = workbook.plain(sheets)["projects"]
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1][2] == "=1+1"
    assert "'=1+1" in lines[1]
    assert len(lines) == len(plain) + 1
    assert plain[0]["title_fr"] == "=1+1"
    assert plain[0]["total"] == Money(sum(row.amounts.values())).plain()


def test_years_in_which_a_project_only_runs_are_not_years_of_works(made: Any) -> None:
    source, first, last = next(iter(made.projects[0].row.amounts))[1], made.plan.years[0], made.plan.years[-1]
    works = {(first, source): 60_00, (first + 1, source): 40_00}
    runs = {(year, source): 5_00 for year in range(first + 2, last + 1)}
    for amounts in (works | runs, works):
        row = replace(made.projects[0].row, cost=Money(100_00), amounts=amounts)
        book = replace(made, projects=(replace(made.projects[0], row=row),))
        with force_locale("en"):
            table = next(block for block in plan_annex.follow_up(book) if isinstance(block, Table))
        assert table.rows[0][2] == str(first + 1)
