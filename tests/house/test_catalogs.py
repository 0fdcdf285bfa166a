"""Every word in three languages, read from the source itself."""

from pathlib import Path

import pytest

from cdp.i18n import wanted


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
