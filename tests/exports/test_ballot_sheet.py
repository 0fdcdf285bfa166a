"""The sheet of paper: a PDF in each language, with every project that can be chosen."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from cdp.exports.ballot_sheet import pictures
from tests.browser_of_pages import Browser
from tests.priorities.ballots import make_ballot


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_sheet_is_printed_in_each_language(browser: Browser, db: Session, language: str) -> None:
    scene = make_ballot(db)
    answer = browser.get(f"/{language}/{scene.commune.slug}/ballots/{scene.ballot.id}/sheet.pdf")
    assert answer.mimetype == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert "420" in text
    assert language != "fr" or "cochez les cases" in text


def test_every_sector_has_a_picture() -> None:
    assert {"star", "water", "road", "education", "health"} <= set(pictures())
