"""Documents as the terminal reads them, and the message keys of the fit."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import cdp
from cdp.programme.rules.fit.grid import RowKind
from cdp.programme.rules.fit.terms import Instance

FOLDER = Path(cdp.__file__).parent
ROOM = FOLDER / "programme" / "rules" / "fit"
CATALOG = FOLDER / "translations" / "en" / "programme_fit.po"


def document() -> dict[str, Any]:
    """Two projects, two years, one envelope each."""
    return {
        "years": [2028, 2029],
        "projects": [
            {"id": "well", "value": 5, "cost": 100, "shares": [{"source": "own", "amount": 100}]},
            {"id": "road", "value": 7, "cost": 80, "shares": [{"source": "own", "amount": 80}], "after": ["well"]},
        ],
        "envelopes": [{"year": year, "source": "own", "amount": 100} for year in (2028, 2029)],
    }


def document_of(made: Instance) -> dict[str, Any]:
    """An instance as a document."""
    plain = _plain(made)
    return {name: value for name, value in plain.items() if value is not None}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        found = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {name: one for name, one in found.items() if one is not None and not (name == "rank" and one is None)}
    if isinstance(value, tuple | frozenset):
        return [_plain(one) for one in value]
    return dict(value) if isinstance(value, dict) else value


def keys_of_catalog() -> set[str]:
    """All keys that have a sentence."""
    return set(re.findall(r'msgid "([^"]+)"', CATALOG.read_text(encoding="utf-8")))


def keys_that_may_be_said() -> set[str]:
    """All keys that the code of the room may say, those of the rows by their kinds."""
    code = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py"))
    keys = set(re.findall(r'"(programme\.[a-z_]+\.[a-z_]+)"', code))
    keys |= {f"programme.input.{what}" for what in re.findall(r'_message\(\s*"([a-z_]+)"', code)}
    for kind in RowKind:
        keys |= {f"programme.left_out.{kind}", f"programme.late.{kind}", f"programme.clash.{kind}"}
    keys |= {f"programme.remedy.{kind}" for kind in RowKind if kind is not RowKind.QUOTA_LEAST}
    portions = (RowKind.QUOTA_LEAST, RowKind.QUOTA_MOST)
    keys |= {f"programme.{group}.{kind}_portion" for group in ("remedy", "clash") for kind in portions}
    return keys | {"programme.left_out.has_room", "programme.late.has_room"}
