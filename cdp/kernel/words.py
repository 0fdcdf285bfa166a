"""People's words in one to three languages, with a fallback that says so."""

from collections.abc import Iterator, Mapping

LANGUAGES = ("ar", "fr", "en")

FALLBACK = {"ar": ("fr", "en"), "fr": ("ar", "en"), "en": ("fr", "ar")}


class Words(Mapping[str, str]):
    """Text by language code; blank texts are left out; equal words are equal."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str] | None = None, **more: str) -> None:
        given = {**(texts or {}), **more}
        self._texts = {code: given[code].strip() for code in LANGUAGES if (given.get(code) or "").strip()}

    def __getitem__(self, code: str) -> str:
        return self._texts[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(tuple(self._texts.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and self._texts == other._texts

    def __repr__(self) -> str:
        return f"Words({self._texts!r})"

    def in_(self, language: str) -> tuple[str, str]:
        """Text and the language it is really in: the one asked for, else the nearest there is."""
        for code in (language, *FALLBACK.get(language, ()), *LANGUAGES):
            if code in self._texts:
                return self._texts[code], code
        return "", language
