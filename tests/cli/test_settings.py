from datetime import date
from pathlib import Path

import pytest

from cdp.config import settings


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("CDP_INSTANCE", str(tmp_path / "new"))
    monkeypatch.delenv("CDP_DATABASE_URL", raising=False)
    return monkeypatch


def test_what_the_variables_say_holds_and_an_empty_one_says_nothing(said: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, text in {"PORT": "8123", "DEMO": "Yes", "DEMO_DAY": "2027-04-12", "SECURE_COOKIES": "0"}.items():
        said.setenv(f"CDP_{name}", text)
    said.setenv("CDP_HOST", "")
    settings.cache_clear()
    chosen = settings()
    settings.cache_clear()
    assert (chosen.port, chosen.demo, chosen.demo_day, chosen.secure_cookies) == (8123, True, date(2027, 4, 12), False)
    assert (chosen.host, chosen.strong_sign_in) == ("127.0.0.1", True)
    assert chosen.database_url == f"sqlite:///{tmp_path / 'new' / 'cdp.sqlite3'}"
    assert chosen.secret_key == (tmp_path / "new" / "secret_key.txt").read_text() != chosen.password_salt


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("DEMO", "perhaps"),
        ("DEMO_DAY", "12/04/2027"),
        ("UPLOAD_BYTES", "0"),
        ("SOURCE_ADDRESS", "javascript:alert(1)"),
    ],
)
def test_what_cannot_be_fails_at_the_start(said: pytest.MonkeyPatch, name: str, text: str) -> None:
    said.setenv(f"CDP_{name}", text)
    settings.cache_clear()
    with pytest.raises(ValueError, match=f"(?i){name} cannot be"):
        settings()
