"""A receipt, and a giver's year of receipts, as PDF: the same values the page shows."""

import json
from importlib import import_module
from typing import Any

from cdp.config import ROOT
from cdp.exports.typeset import font_folders


def pdf(given: dict[str, Any]) -> bytes:
    """``given``: language, direction, commune, title, intro, rows (name, value), table (head, rows), words, note."""
    typst: Any = import_module("typst")
    source = ROOT / "templates" / "print" / "receipt.typ"
    asked = {"given": json.dumps(given, ensure_ascii=False)}
    return bytes(typst.compile(str(source), font_paths=list(font_folders()), sys_inputs=asked))
