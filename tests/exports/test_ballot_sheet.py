"""The sheet of paper: a PDF in each language, with every project that can be chosen."""

import io

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.exports.ballot_sheet import layout_of, pictures
from cdp.kernel.clock import now
from cdp.priorities.states import BallotKind, CountingRule
from cdp.proposals.models import Attachment, Proposal
from cdp.proposals.states import AttachmentKind
from cdp.store.files import examine
from cdp.store.files import keep as keep_file
from tests.browser_of_pages import Browser
from tests.factories import keep
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


def test_few_projects_stand_large_and_many_as_lines() -> None:
    found = [layout_of(BallotKind.APPROVAL, projects) for projects in (4, 10, 30)]
    assert found == ["large", "columns", "lines"]
    assert layout_of(BallotKind.PAIRS, 4) == "pairs"


def pictures_in(data: bytes) -> int:
    """How many photos a PDF holds; drawn signs are no pictures there."""
    return sum(len(page.images) for page in PdfReader(io.BytesIO(data)).pages)


def test_the_photo_of_a_proposal_stands_on_its_sheet(browser: Browser, db: Session, app: Flask) -> None:
    scene = make_ballot(db, kind=BallotKind.PAIRS, rule=CountingRule.COPELAND)
    sheet = f"/ar/{scene.commune.slug}/ballots/{scene.ballot.id}/sheet.pdf"
    assert pictures_in(browser.get(sheet).data) == 0
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "#c9a56b").save(drawn, "PNG")
    folder = app.config["SETTINGS"].instance / "files"
    stored = keep_file(db, folder, scene.commune.id, "well.png", examine(drawn.getvalue(), largest=10_000))
    proposal = db.scalars(select(Proposal).where(Proposal.number == scene.numbers[0])).one()
    added = {"kind": AttachmentKind.PHOTO, "added_by_id": scene.officer.known(), "added_at": now()}
    keep(db, Attachment(commune_id=scene.commune.id, proposal_id=proposal.id, file_id=stored.id, **added))
    db.commit()
    assert pictures_in(browser.get(sheet).data) > 0
