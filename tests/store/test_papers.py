import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from cdp.kernel.errors import RuleBroken
from cdp.store import papers
from cdp.store.files import examine
from cdp.store.papers import clean_jpeg, rewritten
from cdp.store.quarantine import LOCKED, clean_paper
from tests.store.papers import MAKER, everything_in, paper, photo_with_traces

LARGEST = 8 * 1024 * 1024


def test_a_paper_keeps_its_pages_and_loses_all_that_says_who_made_it() -> None:
    brought = paper()
    assert MAKER.encode() in everything_in(brought)
    content = examine(brought, largest=LARGEST)
    assert content.kind == "application/pdf"
    assert MAKER.encode() not in everything_in(content.data)
    clean = PdfReader(io.BytesIO(content.data))
    assert not clean.metadata
    assert clean.attachments == {}
    [page] = clean.pages
    assert "A well for the douar" in page.extract_text()
    [picture] = page.images
    assert picture.image is not None
    assert picture.image.size == (64, 32)


def test_the_same_paper_gives_the_same_bytes() -> None:
    brought = paper()
    assert rewritten(brought) == rewritten(brought)
    assert rewritten(rewritten(brought)) == rewritten(rewritten(rewritten(brought)))


def test_a_signed_paper_stays_as_it_was_signed() -> None:
    signed = paper(signed=True)
    assert rewritten(signed) == signed


def test_a_paper_that_takes_too_long_is_ended_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cdp.store.quarantine.PATIENCE", 0.001)
    with pytest.raises(RuleBroken, match=r"files\.broken_paper"):
        clean_paper(paper())


def test_a_paper_of_too_many_pieces_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST_OBJECTS", 3)
    with pytest.raises(papers.Broken):
        rewritten(paper())


def test_a_locked_paper_is_refused_for_it_cannot_be_cleaned() -> None:
    assert papers.LOCKED == LOCKED
    with pytest.raises(RuleBroken, match=r"files\.locked_paper"):
        clean_paper(paper(word="secret"))


def test_a_broken_paper_is_refused_for_it_cannot_be_cleaned() -> None:
    for broken in (b"%PDF-1.7\nnothing\n%%EOF", b"%PDF-1.7 %%EOF"):
        with pytest.raises(RuleBroken, match=r"files\.broken_paper"):
            clean_paper(broken)


def test_a_photo_inside_a_paper_loses_its_exif_and_comment_and_stays_a_photo() -> None:
    brought = photo_with_traces()
    clean = clean_jpeg(brought)
    assert MAKER.encode() not in clean
    with Image.open(io.BytesIO(clean)) as seen, Image.open(io.BytesIO(brought)) as before:
        assert not seen.getexif()
        assert seen.tobytes() == before.tobytes()


@given(st.binary(max_size=200).map(lambda data: b"\xff\xd8" + data) | st.binary(max_size=50))
def test_bytes_that_only_look_like_a_photo_never_stop_the_cleaning(data: bytes) -> None:
    assert len(clean_jpeg(data)) <= len(data)


@given(st.binary(max_size=400))
def test_what_only_calls_itself_a_paper_is_refused(data: bytes) -> None:
    with pytest.raises((papers.Broken, papers.Locked)):
        rewritten(b"%PDF-1.4\n" + data + b"\n%%EOF")
