"""Blocks in, PDF (PDF/UA-1, tagged) or pictures out, by typst. The data go in as JSON, never as markup.

``python -m cdp.exports.typeset MOMENT`` does it in a process of its own (JSON in, PDF out): a web worker stays small.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cdp.config import ROOT
from cdp.exports.blocks import Document

TEMPLATES = ROOT / "templates" / "documents"

FONT_PACKAGES = ("fontpkg_amiri", "fontpkg_noto_sans_arabic")
"""Packages whose fonts are used beside those the typesetter carries; those of the machine never are."""

LONGEST = 60
"""Seconds a document may take in its own process."""


@lru_cache
def font_folders() -> tuple[str, ...]:
    """Where the fonts of the packages lie."""
    specs = [find_spec(name) for name in FONT_PACKAGES]
    return tuple(str(Path(spec.origin).parent / "files") for spec in specs if spec and spec.origin)


def pdf(document: Document, made_at: datetime) -> bytes:
    """The document as PDF/UA-1; the same document and moment give the same bytes."""
    return _pdf(json.dumps(document.plain(), ensure_ascii=False), int(made_at.timestamp()))


def pictures(document: Document, *, dots: int = 60) -> list[bytes]:
    """The pages as PNG pictures, so many dots an inch."""
    given = json.dumps(document.plain(), ensure_ascii=False)
    found = _compiled(given, {"format": "png", "ppi": float(dots)})
    return [bytes(page) for page in found] if isinstance(found, list) else [bytes(found)]


def kept_pdf(document: Document, made_at: datetime, folder: Path) -> bytes:
    """The document as PDF, made in a process of its own and kept in a folder by the hash of what it says."""
    given = json.dumps(document.plain(), ensure_ascii=False)
    moment = str(int(made_at.timestamp()))
    source = (TEMPLATES / "document.typ").read_bytes()
    digest = hashlib.sha256(source + f"{moment}\n{given}".encode()).hexdigest()
    path = folder / f"{digest}.pdf"
    if path.exists():
        return path.read_bytes()
    made = _apart(given, moment)
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_bytes(made)
    partial.replace(path)
    return made


def pdf_apart(document: Document, made_at: datetime) -> bytes:
    """The document as PDF, made in a process of its own: what it needs of memory is gone with it."""
    return _apart(json.dumps(document.plain(), ensure_ascii=False), str(int(made_at.timestamp())))


def _apart(given: str, moment: str) -> bytes:
    done = subprocess.run(  # noqa: S603 (our own module, no argument of others)
        [sys.executable, "-m", "cdp.exports.typeset", moment],
        input=given.encode(),
        capture_output=True,
        check=True,
        timeout=LONGEST,
        cwd=ROOT,
    )
    return done.stdout


def _pdf(given: str, moment: int) -> bytes:
    return bytes(_compiled(given, {"format": "pdf", "pdf_standards": ["ua-1"], "timestamp": moment}))


def _compiled(given: str, options: Mapping[str, Any]) -> Any:
    return import_module("typst").compile(
        str(TEMPLATES / "document.typ"),
        root=str(TEMPLATES),
        font_paths=list(font_folders()),
        ignore_system_fonts=True,
        sys_inputs={"data": given},
        **options,
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(_pdf(sys.stdin.buffer.read().decode(), int(sys.argv[1])))
