"""Words as they are compared: without accents, Arabic letter forms, vowel signs or the article."""

import re
import unicodedata

_ARABIC = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ڭ": "ك",
        "گ": "ك",
        "ـ": None,
        **{chr(code): None for code in range(0x064B, 0x0660)},
        "\u0670": None,
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
    }
)
_LATIN = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "ı": "i"})
_TOKEN = re.compile(r"[^\W_]+")
_ARTICLE = re.compile(r"(?<![^\W_])(?:[وف]?(?:ال|بال|كال|لل))(?=[^\W_]{3})")


class _Bare(dict[int, int | None]):
    """Combining marks to nothing, every other letter to itself; each is looked up once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_BARE = _Bare()


def fold(text: str) -> str:
    """Small letters without accents; ``أإآ``->``ا``, ``ى``->``ي``, ``ة``->``ه``; no vowel signs; digits 0-9."""
    folded = unicodedata.normalize("NFKD", text.translate(_ARABIC)).translate(_ARABIC).casefold().translate(_LATIN)
    return unicodedata.normalize("NFC", folded.translate(_BARE))


def tokens(text: str) -> list[str]:
    """The folded words of a text in their order, Arabic ones without ``ال`` and the letters written onto it."""
    return _TOKEN.findall(_ARTICLE.sub("", fold(text)))


def is_arabic(word: str) -> bool:
    """Whether a word is written in Arabic letters."""
    return any("\u0600" <= c <= "\u06ff" for c in word)
