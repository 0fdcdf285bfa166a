"""How alike two proposals are, so that people may join one that is there already. It suggests, never decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdp.kernel.late import late
from cdp.kernel.words import Words
from cdp.proposals.rules.folding import tokens

if TYPE_CHECKING:
    from rapidfuzz import fuzz
else:
    fuzz = late("rapidfuzz.fuzz")

ALIKE = 0.55
"""From here on two proposals are shown side by side."""

SAME_PLACE = 0.15
"""What one douar in common adds."""

OTHER_LANGUAGE = 0.45
"""What the same field of action counts when there is no common language to compare."""

EMPTY_WORDS = frozenset(
    tokens(
        "de la le les des du un une et en au aux pour dans sur par avec est the of a an and to for in on at with "
        "في من على إلى عن مع و أو أن هذا هذه التي الذي"
    )
)

SAME_WORD = 80
"""Per cent of letters in common from which on two words count as one (rapidfuzz's ratio)."""

ROOT = 5
"""Letters that decide in a long text."""


@dataclass(frozen=True)
class Wording:
    """What is compared of a proposal: its words, its field of action, its douars (none: the whole commune)."""

    title: Words
    need: Words
    sector: str
    places: frozenset[int] = frozenset()


def likeness(one: Wording, other: Wording) -> float:
    """From 0 to 1, the same both ways round; 0 where field of action and places both differ."""
    near = not one.places or not other.places or bool(one.places & other.places)
    same_sector = one.sector == other.sector
    if not near and not same_sector:
        return 0.0
    shared = bool(one.places & other.places)
    languages = set(one.title) & set(other.title)
    if languages:
        wording = max(_wording(one, other, language) for language in languages)
    else:
        wording = OTHER_LANGUAGE if same_sector and shared else 0.0
    return min(1.0, wording * (1.0 if same_sector else 0.8) + (SAME_PLACE if shared and wording else 0.0))


def _wording(one: Wording, other: Wording, language: str) -> float:
    title = _titles(_content(one.title[language]), _content(other.title[language]))
    need = _texts(_content(one.need.get(language, "")), _content(other.need.get(language, "")))
    return max(title, 0.6 * title + 0.4 * need)


def _titles(one: list[str], other: list[str]) -> float:
    """Share of the words of two titles that have the same word, or nearly so, on the other side."""
    if not one or not other:
        return 0.0
    shared = sum(_has(word, other) for word in one) + sum(_has(word, one) for word in other)
    return shared / (len(one) + len(other))


def _has(word: str, others: list[str]) -> bool:
    return any(fuzz.ratio(word, other, score_cutoff=SAME_WORD) for other in others)


def _texts(one: list[str], other: list[str]) -> float:
    """Share of beginnings of words that two long texts have in common."""
    first, second = {word[:ROOT] for word in one}, {word[:ROOT] for word in other}
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def _content(text: str) -> list[str]:
    return sorted({word for word in tokens(text) if word not in EMPTY_WORDS and len(word) > 1})


def nearest(one: Wording, others: Iterable[tuple[int, Wording]], *, most: int = 3) -> list[tuple[int, float]]:
    """The numbers of the most alike of others with their likeness, best first; only those from :data:`ALIKE` on."""
    found = [(key, likeness(one, other)) for key, other in others]
    return sorted((pair for pair in found if pair[1] >= ALIKE), key=lambda pair: (-pair[1], pair[0]))[:most]
