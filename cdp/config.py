"""Settings from ``CDP_*`` variables; what is wrong fails at the start, not at use."""

import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
"""The checkout: beside the package lie migrations, seeds and templates."""

EMPTY = 4096
"""Bytes of an SQLite file without tables: its first page alone."""

DEMO_DAY = date(2027, 4, 12)
"""The day on which the demonstration's calendar stands."""

YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class Settings:
    """How this installation runs; every value may be set as ``CDP_<NAME>``. ValueError for what cannot be."""

    instance: Path = ROOT / "instance"
    database_url: str = ""
    secret_key: str = ""
    password_salt: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    public_address: str = ""
    demo: bool = False
    demo_day: date | None = None
    strong_sign_in: bool = True
    secure_cookies: bool = True
    mail_from: str = "cdp@localhost"
    smtp_url: str = ""
    tiles_address: str = ""
    source_address: str = ""
    """Where users find the source of what runs here (AGPL section 13)."""
    upload_bytes: int = 8 * 1024 * 1024

    def __post_init__(self) -> None:
        """Refuse what cannot be; the database and the secrets live in the instance folder unless said otherwise."""
        can_be = {
            "port": 1 <= self.port <= 65535,
            "source_address": re.fullmatch(r"(https?://\S+)?", self.source_address),
            "upload_bytes": self.upload_bytes > 0,
        }
        for name, can in can_be.items():
            if not can:
                raise ValueError(f"{name} cannot be {getattr(self, name)!r}")
        folder = self.instance.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        filled = {"instance": folder, "database_url": self.database_url or f"sqlite:///{folder / 'cdp.sqlite3'}"}
        for name in ("secret_key", "password_salt"):
            filled[name] = getattr(self, name) or _kept_secret(folder / f"{name}.txt")
        for name, value in filled.items():
            object.__setattr__(self, name, value)


def _yes(text: str) -> bool:
    if text.lower() not in YES + NO:
        raise ValueError(text)
    return text.lower() in YES


READ: dict[object, Callable[[str], Any]] = {bool: _yes, date | None: date.fromisoformat}
"""How a variable is read, where the kind of its setting does not say so itself."""


def _said() -> dict[str, Any]:
    """What the variables say; an empty one says nothing."""
    given = {}
    for setting in fields(Settings):
        key = f"CDP_{setting.name.upper()}"
        if text := os.environ.get(key, "").strip():
            kind: Any = setting.type
            try:
                given[setting.name] = READ.get(kind, kind)(text)
            except ValueError as error:
                raise ValueError(f"{key} cannot be {text!r}") from error
    return given


def demonstration(folder: Path) -> dict[str, str]:
    """The variables with which the demonstration in a folder runs."""
    return {
        "CDP_INSTANCE": str(folder),
        "CDP_DATABASE_URL": f"sqlite:///{folder.resolve() / 'demo.sqlite3'}",
        "CDP_DEMO": "true",
        "CDP_DEMO_DAY": DEMO_DAY.isoformat(),
        "CDP_STRONG_SIGN_IN": "false",
        "CDP_SECURE_COOKIES": "false",
    }


def demonstration_alone() -> Path | None:
    """The folder of the demonstration, where it is the only database of this instance; None else."""
    folder = Path(os.environ.get("CDP_INSTANCE") or ROOT / "instance")
    own = folder / "cdp.sqlite3"
    if "CDP_DATABASE_URL" in os.environ or (own.exists() and own.stat().st_size > EMPTY):
        return None
    return next((place for place in (folder, folder / "demo") if (place / "demo.sqlite3").exists()), None)


def _kept_secret(path: Path) -> str:
    """A secret made once for this instance, readable by its owner alone."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings(**_said())
