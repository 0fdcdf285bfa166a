"""Every word in three languages, read from the source itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.i18n import wanted
from cdp.i18n.catalogs import merged
from cdp.i18n.typography import french


def test_every_text_key_and_label_is_said_in_every_language() -> None:
    found = wanted.problems()
    assert not found, "\n".join(found)


def test_the_scan_finds_texts_keys_notices_and_labels() -> None:
    texts = {each.text for each in wanted.texts()}
    assert {"Where are we?", "The round is open.", "%(num)s day left"} <= texts
    found = {each.text for each in list(wanted.keys())}
    assert {"rounds.reason_missing", "errors.not_allowed", "desk.review", "rounds.phases_overlap"} <= found
    assert "notices.draft_left_behind" in found
    assert wanted.enums()["Phase"][:2] == ["information", "diagnosis"]


TORN = re.compile(r"\S [:;?!»]|« ")


def forms(language: str) -> Iterator[str]:
    for message in merged(language):
        yield from (message.string,) if isinstance(message.string, str) else message.string


def test_no_french_sign_stands_alone_at_the_beginning_of_a_line() -> None:
    torn = [text for text in forms("fr") if TORN.search(text)]
    assert not torn, torn
    assert any("\u00a0:" in text for text in forms("fr"))
    assert any("\u202f?" in text for text in forms("fr"))
    assert any("«\u00a0" in text and "\u00a0»" in text for text in forms("fr"))


@given(st.text("ab «»:;?!\u00a0\u202f%()s"))
def test_setting_french_blanks_changes_blanks_alone_and_once(text: str) -> None:
    done = french(text)
    assert french(done) == done
    assert re.sub(r"[ \u00a0\u202f]", "", done) == re.sub(r"[ \u00a0\u202f]", "", text)
    assert not TORN.search(done)


def test_a_choice_of_a_list_is_no_sentence() -> None:
    for language in ("ar", "fr", "en"):
        labels = [m for m in merged(language) if m.id and re.fullmatch(r"[A-Z][A-Za-z]+\.[a-z_]+", str(m.id))]
        ending = [f"{m.id}: {m.string}" for m in labels if str(m.string).endswith(".")]
        assert not ending, ending
        assert labels


def test_arabic_has_one_word_for_a_promise() -> None:
    other = [text for text in forms("ar") if re.search(r"(?<![ء-ي])(و|ف|ب|ك|ل)?(ال|لل)?(وعد|وعود|موعود)", text)]
    assert not other, other


PO = 'msgid ""\nmsgstr ""\n"Language: {code}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n{rest}'


def test_what_a_catalog_lacks_or_says_wrongly_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("ar", "fr", "en"):
        (tmp_path / code).mkdir()
        rest = 'msgid "rounds.change_weight"\nmsgstr "%(name)s: %(new)s"\n'
        if code == "fr":
            rest = 'msgid "rounds.change_weight"\nmsgstr "%(nam)s : %(new)s"\n'
        (tmp_path / code / "one.po").write_text(PO.format(code=code, rest=rest))
    monkeypatch.setattr("cdp.i18n.catalogs.FOLDER", tmp_path)
    found = wanted.problems()
    assert any(line.startswith("fr: 'Where are we?' is not translated (templates/rounds/show.html:") for line in found)
    assert any(line.startswith("en: 'rounds.reason_missing' is not translated") for line in found)
    assert not any(line.startswith("en: 'Where are we?'") for line in found)
    assert "fr: 'rounds.change_weight' names %(nam)s, which nobody gives" in found
