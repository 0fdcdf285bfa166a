"""What the loaders share: the database of the demonstration, its people by key, its days."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cdp.config import ROOT
from cdp.http.context import load_actor
from cdp.kernel import clock
from cdp.kernel.words import Words
from cdp.people.actor import Actor

SEEDS = ROOT / "seeds" / "demo"


def read(name: str) -> dict[str, Any]:
    """A document of the demonstration's seeds."""
    return tomllib.loads((SEEDS / f"{name}.toml").read_text(encoding="utf-8"))


def words(given: Any) -> Words:
    """The words of a table with language codes; of a plain text none."""
    return Words({code: text for code, text in (given or {}).items() if code in ("ar", "fr", "en")})


def labelled(row: dict[str, Any], name: str) -> Words:
    """The words of a row that carries them as ``<name>_fr``, ``<name>_ar``."""
    return Words({code: row.get(f"{name}_{code}") or "" for code in ("ar", "fr", "en")})


def in_one_language(given: Words) -> tuple[str, str]:
    """A reason in the language it was written in: French where there is some."""
    return given.in_("fr")


@dataclass
class Scene:
    """The demonstration while it is loaded: who and what is there, by the keys of the seeds."""

    db: Session
    files: Path
    commune_id: int = 0
    persons: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    """By group, the keys of its members, who answers for it first."""
    places: dict[str, int] = field(default_factory=dict)
    offices: dict[str, str] = field(default_factory=dict)
    """By role, the key of the person who acts under it."""
    todo: list[tuple[date, int, Callable[[], None]]] = field(default_factory=list)

    def actor(self, key: str) -> Actor:
        """A person of the seeds as an actor today."""
        return load_actor(self.db, self.persons[key])

    def office(self, role: str) -> Actor:
        """Who holds that role, as an actor today."""
        return self.actor(self.offices[role])

    def on(self, day: date, act: Callable[[], None]) -> None:
        """Do this on that day, after what was asked for before on the same day."""
        self.todo.append((day, len(self.todo), act))

    def live(self) -> None:
        """Live through all days in their order, each at nine in the morning; one commit a day."""
        while self.todo:
            self.todo.sort(key=lambda item: item[:2])
            day = self.todo[0][0]
            with clock.held_at(day):
                while self.todo and self.todo[0][0] == day:
                    self.todo.pop(0)[2]()
                self.db.commit()
