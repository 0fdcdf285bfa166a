"""The legal calendar every commune starts from: ``seeds/reference/calendar.toml``, read once."""

import tomllib
from functools import lru_cache

from cdp.config import ROOT
from cdp.papers.rules import LegalStep, read_calendar

FILE = ROOT / "seeds" / "reference" / "calendar.toml"


@lru_cache
def calendar() -> tuple[LegalStep, ...]:
    """The steps of the law in their order; OSError or TOMLDecodeError when the file lacks or is none."""
    return read_calendar(tomllib.loads(FILE.read_text(encoding="utf-8")))
