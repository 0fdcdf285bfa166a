"""What changed from one version of a plan to another, in words and in money."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.programme.queries.sheets import PlanRow, PlanSheet
from cdp.rounds.states import Source

Recorded = Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """A proposal in a version, as far as two versions are compared."""

    is_in: bool
    start_year: int | None
    cost: Money
    amounts: Mapping[tuple[int, Source], int]


@dataclass(frozen=True)
class Change:
    """Words that are other ones now: which (title, need, upkeep, places, asker), before and after."""

    what: str
    before: tuple[Words, ...]
    after: tuple[Words, ...]


@dataclass(frozen=True)
class Difference:
    """A proposal that stands otherwise in two versions; None: it has no line there."""

    number: str
    title: Words
    before: Standing | None
    after: Standing | None
    words: tuple[Change, ...] = ()
    amounts: tuple[tuple[int, Source, Money, Money], ...] = ()
    """Year, source, amount before and after, where they are not the same."""
    reasons: tuple[str, str] | None = None
    """What people gave as their reason before and after, where it is not the same."""

    @property
    def is_changed(self) -> bool:
        """Whether year, cost, money or words are other ones: not only what people say about it."""
        return self.before != self.after or bool(self.words)


def differences(
    before: PlanSheet, after: PlanSheet, *, recorded: tuple[Recorded, Recorded] = ({}, {})
) -> tuple[Difference, ...]:
    """What changed from one version to another, in the order of the numbers; nothing is read.

    ``recorded``: what was asked for by number (``queries.record(...)["proposals"]``) in both, where longer texts are
    to be compared too.
    """
    first, second = ({row.number: row for row in (*sheet.rows, *sheet.left_out)} for sheet in (before, after))
    made = (
        _difference(number, first.get(number), second.get(number), recorded=recorded)
        for number in sorted(first.keys() | second.keys())
    )
    return tuple(one for one in made if one.before != one.after or one.words or one.reasons)


def _difference(
    number: str, old: PlanRow | None, new: PlanRow | None, *, recorded: tuple[Recorded, Recorded]
) -> Difference:
    title = (new or old).title  # type: ignore[union-attr]
    both = old is not None and new is not None
    return Difference(
        number,
        title,
        _standing(old),
        _standing(new),
        words=_changes(old, new, recorded=tuple(each.get(number, {}) for each in recorded)) if both else (),  # type: ignore[arg-type]
        amounts=_amounts(old, new) if both else (),  # type: ignore[arg-type]
        reasons=_reasons(old, new),
    )


def _reasons(old: PlanRow | None, new: PlanRow | None) -> tuple[str, str] | None:
    given = (old.pin_reason if old else "", new.pin_reason if new else "")
    return None if given[0] == given[1] else given


def _standing(row: PlanRow | None) -> Standing | None:
    return None if row is None else Standing(row.is_in, row.start_year, row.cost, dict(row.amounts))


def _changes(old: PlanRow, new: PlanRow, *, recorded: tuple[Recorded, ...]) -> tuple[Change, ...]:
    pairs = [
        ("title", (old.title,), (new.title,)),
        ("places", old.places, new.places),
        ("asker", _some(old.asker), _some(new.asker)),
    ]
    if all(recorded):
        pairs += [(key, *(_some(Words(each[key])) for each in recorded)) for key in ("need", "upkeep")]  # type: ignore[misc]
    return tuple(Change(what, one, other) for what, one, other in pairs if one != other)


def _some(words: Words | None) -> tuple[Words, ...]:
    return (words,) if words else ()


def _amounts(old: PlanRow, new: PlanRow) -> tuple[tuple[int, Source, Money, Money], ...]:
    keys = sorted(old.amounts.keys() | new.amounts.keys())
    pairs = [(*key, Money(old.amounts.get(key, 0)), Money(new.amounts.get(key, 0))) for key in keys]
    return tuple(each for each in pairs if each[2] != each[3])
