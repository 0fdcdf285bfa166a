"""Likeness of names across scripts: أحمد العلوي, EL ALAOUI AHMED and Ahmed Alaoui are near to each other.

Names are brought to a skeleton of Latin consonants, word by word; likeness is the share of common trigrams.
"""

import unicodedata
from functools import lru_cache

# Arabic letters by the consonants that Moroccan registers write for them; vowels and weak letters fall away.
ARABIC = {
    "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "h", "خ": "k", "د": "d", "ذ": "d", "ر": "r", "ز": "z",
    "س": "s", "ش": "c", "ص": "s", "ض": "d", "ط": "t", "ظ": "d", "ع": "", "غ": "r", "ف": "f", "ق": "k",
    "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ڤ": "v", "گ": "g",
}  # fmt: skip
PAIRS = (("kh", "k"), ("gh", "r"), ("ch", "c"), ("sh", "c"), ("dh", "d"), ("th", "t"), ("ou", "u"), ("ph", "f"))
FOLDED = str.maketrans({"q": "k", "x": "ks", "g": "j", "w": "", **dict.fromkeys("aeiouy", "")})
LEFT_OUT = frozenset({"mr", "mme", "mlle", "m", "el", "al", "l", "bn", "d", "dl", "vr", "vrmnt", "rcu", "cmpt"})
GRAM = 3


@lru_cache(maxsize=65536)
def skeleton(name: str) -> tuple[str, ...]:
    """The words of a name as consonants, sorted, without titles and articles."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = ("".join(sign if sign.isalpha() else " " for sign in plain)).split()
    return tuple(sorted({bones for word in words if (bones := _bones(word)) and bones not in LEFT_OUT}))


def _bones(word: str) -> str:
    if not word.isascii():
        word = word.removeprefix("ال") if len(word) > GRAM else word
        return _single("".join(ARABIC.get(sign, "") for sign in word))
    for pair, one in PAIRS:
        word = word.replace(pair, one)
    return _single(word.translate(FOLDED))


def _single(word: str) -> str:
    """Doubled letters once."""
    return "".join(sign for place, sign in enumerate(word) if place == 0 or word[place - 1] != sign)


def likeness(one: str, other: str) -> float:
    """How near two names are: 0 (nothing in common) to 1 (the same skeleton)."""
    first, second = grams(one), grams(other)
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


@lru_cache(maxsize=65536)
def grams(name: str) -> frozenset[str]:
    """Trigrams of a skeleton, each word framed by blanks."""
    framed = (f" {word} " for word in skeleton(name))
    return frozenset(word[i : i + GRAM] for word in framed for i in range(max(1, len(word) - GRAM + 1)))
