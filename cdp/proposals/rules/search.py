"""What is kept to be searched, and what a search asks for; the engines only compare words."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from cdp.kernel.late import late
from cdp.kernel.words import Words
from cdp.proposals.rules.folding import fold, is_arabic, tokens

if TYPE_CHECKING:
    import snowballstemmer
else:
    snowballstemmer = late("snowballstemmer")

LONGEST = 120
"""Characters of a search that are read."""

MOST_WORDS = 8
"""Words of a search that are asked for."""

SHORTEST_STEM = 3


def round_word(round_id: int) -> str:
    """A word that only proposals of one round have: a search never leaves its round."""
    return f"zr{round_id}"


def search_text(round_id: int, number: str, texts: Iterable[Words]) -> str:
    """The folded words of a proposal, each once, with its number and the word of its round."""
    words = [round_word(round_id), *tokens(number)]
    for text in texts:
        for part in text.values():
            words += tokens(part)
    return " ".join(dict.fromkeys(words))


def asked(query: str) -> list[tuple[str, ...]]:
    """For each word of a search the beginnings that answer it: the word itself, and its stem."""
    return [beginnings(word) for word in tokens(query[:LONGEST])[:MOST_WORDS]]


@lru_cache(maxsize=4096)
def beginnings(word: str) -> tuple[str, ...]:
    """The word and its stems (Arabic, or French and English), without those another one begins with."""
    languages = ("arabic",) if is_arabic(word) else ("french", "english")
    stems = {fold(snowballstemmer.stemmer(language).stemWord(word)) for language in languages}
    whole = {word, *(stem for stem in stems if len(stem) >= SHORTEST_STEM)}
    return tuple(sorted(b for b in whole if not any(b != other and b.startswith(other) for other in whole)))
