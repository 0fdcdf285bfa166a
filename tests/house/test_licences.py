"""Every package that runs with us may be combined with the AGPL, version 3 or later."""

import re
from importlib.metadata import PackageNotFoundError, distribution, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|LGPL|Lesser General Public|HPND|Unlicense|"
    r"public domain|Zope|0BSD|CC0|zlib|AGPL|Affero|OFL|MIT-CMU|Permission is hereby granted, free of charge",
    re.IGNORECASE,
)
LOCKED = re.findall(r"^([a-z0-9][a-z0-9._-]*)==", (ROOT / "requirements" / "base.txt").read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", LOCKED)
def test_a_package_we_run_with_has_a_licence_that_allows_it(name: str) -> None:
    try:
        said = metadata(name)
    except PackageNotFoundError:
        line = next(
            row for row in (ROOT / "requirements" / "base.txt").read_text().splitlines() if row.startswith(f"{name}==")
        )
        assert "sys_platform" in line or "platform_" in line or "python_" in line, f"{name} is not installed"
        return
    classifiers = [c for c in said.get_all("Classifier") or [] if c.startswith("License")]
    texts = [
        file.read_text()[:400]
        for file in distribution(name).files or []
        if re.search(r"licen[cs]e|copying", file.name, re.IGNORECASE) and file.suffix in {"", ".txt", ".md", ".rst"}
    ]
    words = " ".join([said.get("License-Expression") or "", (said.get("License") or "")[:200], *classifiers, *texts])
    assert ALLOWED.search(words), f"{name}: {words!r}"


def test_requirements_are_pinned_by_hash_and_name_no_index() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert text.count("--hash=sha256:") >= text.count("=="), path.name
        assert "://" not in text, path.name
        assert "index" not in re.sub(r"^[a-z0-9._-]+==.*$", "", text, flags=re.MULTILINE), path.name
