"""Settings from ``CDP_*`` variables; what is wrong fails at the start, not at use."""

import os
import secrets
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

ROOT = Path(__file__).parent.parent
"""The checkout: beside the package lie migrations, seeds and templates."""

EMPTY = 4096
"""Bytes of an SQLite file without tables: its first page alone."""

DEMO_DAY = date(2027, 4, 12)
"""The day on which the demonstration's calendar stands."""


class Settings(BaseModel):
    """How this installation runs; every value may be set as ``CDP_<NAME>``."""

    model_config = ConfigDict(extra="ignore", frozen=True, validate_default=True)

    instance: Path = ROOT / "instance"
    database_url: str = ""
    secret_key: str = ""
    password_salt: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_address: str = ""
    demo: bool = False
    demo_day: date | None = None
    strong_sign_in: bool = True
    secure_cookies: bool = True
    mail_from: str = "cdp@localhost"
    smtp_url: str = ""
    tiles_address: str = ""
    source_address: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """Where users find the source of what runs here (AGPL section 13)."""
    upload_bytes: int = Field(default=8 * 1024 * 1024, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, given: dict[str, object]) -> dict[str, object]:
        """What was not given comes from the environment; the database and the secrets live in the instance folder."""
        variables = {name: f"CDP_{name.upper()}" for name in cls.model_fields}
        values = {name: os.environ[key] for name, key in variables.items() if key in os.environ} | given
        folder = Path(str(values.get("instance") or ROOT / "instance"))
        folder.mkdir(parents=True, exist_ok=True)
        values["instance"] = folder.resolve()
        if not values.get("database_url"):
            values["database_url"] = f"sqlite:///{folder.resolve() / 'cdp.sqlite3'}"
        for name in ("secret_key", "password_salt"):
            if not values.get(name):
                values[name] = _kept_secret(folder / f"{name}.txt")
        return values


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
    return Settings()
