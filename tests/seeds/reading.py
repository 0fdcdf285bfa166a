"""How the tests read the seeds: as a loader would, every file once."""

import csv
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from cdp.people.states import GroupKind

SEEDS = Path(__file__).parents[2] / "seeds"
REFERENCE = sorted((SEEDS / "reference").glob("*.toml"))
DEMO = sorted((SEEDS / "demo").glob("*.toml"))
TODAY = date(2027, 4, 12)
LANGUAGES = {"fr", "ar", "en"}
KINDS = {kind.value for kind in GroupKind}
PEOPLES_MONEY = {"association", "beneficiaries", "diaspora"}
OWN_MONEY = {"own", "loan"}


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((SEEDS / name).read_text(encoding="utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / "demo" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(name: str) -> str:
    """Letters only, without accents: two spellings of one name become the same."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name).casefold() if sign.isalpha())


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every table of a file, however deep."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


COMMUNES = read("demo/commune.toml")["commune"]
LOCALITIES = {row["key"]: row for row in rows("localities.csv")}
SECOND = {row["key"]: row for row in rows("localities_second.csv")}
GROUPS = {group["key"]: group for group in read("demo/groups.toml")["group"]}
PEOPLE = {person["key"]: person for person in read("demo/people.toml")["person"]}
PROPOSALS_FILE = read("demo/proposals_2028.toml")
PROPOSALS = {proposal["key"]: proposal for proposal in PROPOSALS_FILE["proposal"]}
FINISHED = read("demo/projects_2022.toml")
PROJECTS = {project["key"]: project for project in FINISHED["project"]}
NOT_KEPT = {proposal["key"]: proposal for proposal in FINISHED["not_kept"]}
CURRENT = read("demo/calendar_2028.toml")
SECTORS = {sector["key"] for sector in read("reference/sectors.toml")["sector"]}
CRITERIA = read("reference/criteria.toml")["criterion"]
POINTS = {point["key"] for point in read("reference/checklist.toml")["point"]}
CHARTER = read("reference/charter.toml")
SOURCES = {source["key"] for source in CHARTER["source"]}
ASKED = [*PROPOSALS.values(), *PROJECTS.values(), *NOT_KEPT.values()]
