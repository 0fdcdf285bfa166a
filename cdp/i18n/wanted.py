"""What the program says to people, read from its own source; and what lacks in a catalog."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file

from cdp.i18n.catalogs import FOLDER, merged
from cdp.kernel.words import LANGUAGES

PACKAGE = FOLDER.parent
TEMPLATES = PACKAGE.parent / "templates"

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}

TELLING = frozenset({"RuleBroken", "Refused", "NotFound", "Conflict", "Trouble", "Message"})
"""Calls whose first argument is a message key."""

KEY = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_0-9]*[a-z0-9])+")
PLACE = re.compile(r"%\((\w+)\)")


@dataclass(frozen=True)
class Wanted:
    """A text or key, where it is asked for, and whether it is a key (which English must say too)."""

    text: str
    place: str
    is_key: bool


def texts() -> Iterator[Wanted]:
    """Every text marked for translation in code and templates."""
    sources = [("python", path) for path in sorted(PACKAGE.rglob("*.py"))]
    sources += [("jinja2", path) for path in sorted(TEMPLATES.rglob("*")) if path.suffix in {".html", ".txt"}]
    options = {"silent": "false"}
    for method, path in sources:
        for line, found, _comments, _context in extract_from_file(
            method, path, keywords=KEYWORDS, options=options if method == "jinja2" else None
        ):
            text = found[0] if isinstance(found, tuple) else found
            if text:
                yield Wanted(text, f"{path.relative_to(PACKAGE.parent)}:{line}", is_key=False)


def keys() -> Iterator[Wanted]:
    """Message keys of troubles and messages, those rules give back, and the notices that are posted."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            key = _key_of(node) if isinstance(node, ast.Call) else None
            if isinstance(node, ast.Constant) and "rules" in path.parts:
                key = _key_given_back(node)
            if key:
                yield Wanted(key, f"{path.relative_to(PACKAGE.parent)}:{getattr(node, 'lineno', 0)}", is_key=True)


def _key_given_back(node: ast.Constant) -> str | None:
    """The key a rule gives back as a plain text: it begins with the name of a stage, or with ``money``."""
    text = node.value if isinstance(node.value, str) and KEY.fullmatch(node.value) else ""
    stage = text.partition(".")[0]
    return text if stage == "money" or (stage and (PACKAGE / stage / "__init__.py").exists()) else None


def _key_of(call: ast.Call) -> str | None:
    """The key of ``RuleBroken("stage.what")``, or the notice of ``post(db, person, "kind")``."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    place = 0 if name in TELLING else 2 if name == "post" else None
    if place is None or len(call.args) <= place or not isinstance(call.args[place], ast.Constant):
        return None
    given = call.args[place].value  # type: ignore[attr-defined]
    if not isinstance(given, str):
        return None
    if name == "post":
        return f"notices.{given}" if given.isidentifier() else None
    return given if KEY.fullmatch(given) else None


def enums() -> dict[str, list[str]]:
    """Names of all StrEnums of the stages, each with its values."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.glob("*/states.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            is_enum = isinstance(node, ast.ClassDef) and any(
                getattr(base, "id", "") == "StrEnum" for base in node.bases
            )
            if isinstance(node, ast.ClassDef) and is_enum:
                found.setdefault(node.name, []).extend(
                    str(each.value.value)
                    for each in node.body
                    if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
                )
    return found


def labels(catalogs: Mapping[str, Catalog]) -> Iterator[Wanted]:
    """Every member of an enum that has a label in any language: one with some labels has them all."""
    known = {str(message.id).partition(".")[0] for catalog in catalogs.values() for message in catalog if message.id}
    for name, values in enums().items():
        if name in known:
            for value in values:
                yield Wanted(f"{name}.{value}", name, is_key=True)


def problems() -> list[str]:
    """Everything the catalogs lack or say wrongly, each with its place; empty when they are whole.

    ValueError when two rooms translate one message differently.
    """
    catalogs = {code: merged(code) for code in LANGUAGES}
    found: dict[str, None] = {}
    asked = {wanted.text: wanted for wanted in (*labels(catalogs), *keys(), *texts())}
    for wanted in asked.values():
        for code in LANGUAGES:
            if code == "en" and not wanted.is_key:
                continue
            if not _is_said(catalogs[code], wanted.text):
                found[f"{code}: {wanted.text!r} is not translated ({wanted.place})"] = None
    for code, catalog in catalogs.items():
        found |= dict.fromkeys(_slips(code, catalog, catalogs["en"]))
    return list(found)


def _is_said(catalog: Catalog, text: str) -> bool:
    """Whether a catalog says a text; a key that others continue with a point is their beginning, not one itself."""
    message = catalog.get(text)
    if message is None:
        is_beginning = KEY.fullmatch(text) is not None
        return is_beginning and any(str(each.id).startswith(f"{text}.") for each in catalog if each.id)
    said = message.string if isinstance(message.string, list | tuple) else [message.string]
    return len(said) > 0 and all(said)


def _slips(code: str, catalog: Catalog, english: Catalog) -> Iterator[str]:
    """Values a sentence names that nobody gives it, and numbers of plural forms."""
    for message in catalog:
        if not message.id:
            continue
        given = _named(message.id) | _english(message, english)
        said = message.string if isinstance(message.string, list | tuple) else [message.string]
        if isinstance(message.id, list | tuple) and len(said) != catalog.num_plurals:
            yield f"{code}: {message.id[0]!r} has {len(said)} forms, not {catalog.num_plurals}"
        for name in sorted(_named(said) - given) if given else ():
            yield f"{code}: {message.id!r} names %({name})s, which nobody gives"


def _english(message: Message, english: Catalog) -> set[str]:
    said = english.get(message.id) if isinstance(message.id, str) else None
    return _named(said.string) if said else set()


def _named(texts: object) -> set[str]:
    parts = texts if isinstance(texts, list | tuple) else [texts]
    return {name for part in parts for name in PLACE.findall(str(part or ""))}
