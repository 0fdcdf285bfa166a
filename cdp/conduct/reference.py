"""The reference documents of ``seeds/reference``, read once: the charter and the phases a commune starts from."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from cdp.config import ROOT
from cdp.rounds.rules.defaults import Reference

FOLDER = ROOT / "seeds" / "reference"


@lru_cache
def reference(folder: Path = FOLDER) -> Reference:
    """Sectors, checklist, criteria and charter as plain tables; OSError or TOMLDecodeError when one lacks."""
    return Reference(**{name: document(name, folder) for name in ("sectors", "checklist", "criteria", "charter")})


def document(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """One document of the folder, by its name without ending."""
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
