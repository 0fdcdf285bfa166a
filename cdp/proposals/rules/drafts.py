"""What a draft holds, the five steps of writing it, and what it still lacks at each of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from cdp.kernel.errors import Message
from cdp.kernel.words import Words

LONGEST_TITLE = 120
LONGEST_NEED = 4000
LONGEST_UPKEEP = 1000
MOST_PEOPLE = 1_000_000
"""More than any commune has: a larger number is a slip of the hand."""

MOST_PLACES = 60


class WritingStep(IntEnum):
    """The five steps, in their order."""

    WHO = 1
    WHERE = 2
    NEED = 3
    BENEFIT = 4
    CONFIRM = 5


@dataclass(frozen=True)
class Beneficiaries:
    """For how many: persons (women, men, young people among them), households, persons in summer; None: not said."""

    women: int | None = None
    men: int | None = None
    youth: int | None = None
    households: int | None = None
    summer_peak: int | None = None

    def given(self) -> dict[str, int]:
        """The numbers that were said, by name."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Draft:
    """What an author wrote so far; no place at all means the whole commune."""

    title: Words = field(default_factory=Words)
    need: Words = field(default_factory=Words)
    sector: str = ""
    places: frozenset[int] = frozenset()
    people: Beneficiaries = field(default_factory=Beneficiaries)
    upkeep: Words = field(default_factory=Words)


@dataclass(frozen=True)
class Problem:
    """What a draft lacks, and at which step it is put right."""

    step: WritingStep
    message: Message


def draft_problems(
    draft: Draft, *, sectors: Collection[str], places: Collection[int], upto: WritingStep = WritingStep.CONFIRM
) -> list[Problem]:
    """What stands against submitting, in the order of the steps, as far as ``upto``; empty when it is whole.

    ``sectors`` are the keys of the charter, ``places`` the numbers of the commune's douars.
    """
    found = [
        *(Problem(WritingStep.WHERE, message) for message in _where(draft, places)),
        *(Problem(WritingStep.NEED, message) for message in _need(draft, sectors)),
        *(Problem(WritingStep.BENEFIT, message) for message in _benefit(draft)),
    ]
    return [problem for problem in found if problem.step <= upto]


def _where(draft: Draft, places: Collection[int]) -> Iterator[Message]:
    if not draft.places <= set(places):
        yield Message("proposals.unknown_place")
    if len(draft.places) > MOST_PLACES:
        yield Message("proposals.too_many_places", {"most": MOST_PLACES})


def _need(draft: Draft, sectors: Collection[str]) -> Iterator[Message]:
    if not draft.title:
        yield Message("proposals.title_missing")
    if not draft.need:
        yield Message("proposals.need_missing")
    yield from _too_long("proposals.title_too_long", draft.title, LONGEST_TITLE)
    yield from _too_long("proposals.need_too_long", draft.need, LONGEST_NEED)
    if not draft.sector:
        yield Message("proposals.sector_missing")
    elif draft.sector not in sectors:
        yield Message("proposals.unknown_sector")


def _benefit(draft: Draft) -> Iterator[Message]:
    given = draft.people.given()
    if not any(given.get(name) for name in ("women", "men", "youth", "households")):
        yield Message("proposals.nobody_benefits")
    if any(value < 0 for value in given.values()):
        yield Message("proposals.number_negative")
    if any(value > MOST_PEOPLE for value in given.values()):
        yield Message("proposals.number_absurd", {"most": MOST_PEOPLE})
    if "women" in given and "men" in given and given.get("youth", 0) > given["women"] + given["men"]:
        yield Message("proposals.more_youth_than_people")
    yield from _too_long("proposals.upkeep_too_long", draft.upkeep, LONGEST_UPKEEP)


def _too_long(key: str, words: Words, longest: int) -> Iterator[Message]:
    if any(len(text) > longest for text in words.values()):
        yield Message(key, {"longest": longest})
