"""The rules on the wall that a machine can hold."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "cdp").rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
FORBIDDEN_NAMES = {"util.py", "utils.py", "helpers.py", "common.py", "misc.py"}
FORBIDDEN_FIELDS = re.compile(
    r"\b(nationality|passport|identity_card|cin|religion|ethnicity|health_status|disability|residence_permit|sex|gender)\b"
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_file_stays_under_four_hundred_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_function_stays_under_forty_lines_and_imports_nothing(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"
            hidden = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{node.name} imports"


def test_there_is_no_drawer_for_the_rest() -> None:
    assert not [name(path) for path in MODULES if path.name in FORBIDDEN_NAMES or path.parent.name == "common"]


def test_no_table_has_a_field_that_must_never_be_asked() -> None:
    from cdp.tables import metadata

    found = [
        f"{table}.{column.name}"
        for table, described in metadata.tables.items()
        for column in described.columns
        if FORBIDDEN_FIELDS.search(column.name)
    ]
    assert not found


def test_every_row_of_a_commune_says_which() -> None:
    from cdp.tables import metadata

    elsewhere = {"region", "province", "commune", "person", "passkey", "mail", "rate_count"}
    missing = [t for t, d in metadata.tables.items() if "commune_id" not in d.columns and t not in elsewhere]
    assert not missing, missing


def test_no_relation_is_loaded_behind_our_back() -> None:
    from sqlalchemy.orm import configure_mappers

    from cdp.store.base import Base
    from cdp.tables import metadata

    assert metadata is Base.metadata
    configure_mappers()
    lazy = [
        str(relation)
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if relation.lazy not in {"raise_on_sql", "raise"} and mapper.class_.__name__ not in {"Person", "Passkey"}
    ]
    assert not lazy


def test_templates_have_nothing_inline_and_no_foreign_host() -> None:
    bad = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)|javascript:|(?:src|href)=\"https?://")
    found = [
        f"{name(path)}:{number}"
        for path in (ROOT / "templates").rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if bad.search(line)
    ]
    assert not found


def test_a_migration_imports_nothing_of_the_house() -> None:
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        assert not re.search(r"^\s*(from|import) cdp", path.read_text(), re.MULTILINE), path.name
