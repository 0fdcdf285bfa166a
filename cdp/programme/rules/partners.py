"""What partners are called: one identity, the name first written, and names in up to three languages."""

from cdp.kernel.errors import Message
from cdp.kernel.words import Words
from cdp.proposals.rules.folding import fold, is_arabic

LONGEST = 120
"""Letters of a partner's name, in each language."""


class Names(dict[str, Words]):
    """By party, what it is called; one that nobody named is called as it was written."""

    def __missing__(self, party: str) -> Words:
        return written(party)


def written(party: str) -> Words:
    """A name in the language of its letters: Arabic, or else French, in which communes write beside it."""
    return Words({"ar" if is_arabic(party) else "fr": party})


def meant(typed: str, names: Names) -> str:
    """The party somebody means by a name: the one written so, else the one called so in any language, else a new one.

    Case, accents, vowel signs and spaces do not count. At most ``LONGEST`` letters; "" means nobody.
    """
    party = " ".join(typed.split())[:LONGEST].rstrip()
    if party in names or not party:
        return party
    return next((known for known in names if _folded(party) in _calls(known, names)), party)


def name_problem(party: str, name: Words, names: Names) -> Message | None:
    """What is wrong with calling a partner so; None when nothing is: a name means one partner of a commune."""
    if not name:
        return Message("programme.partner_without_name")
    if any(len(text) > LONGEST for text in name.values()):
        return Message("programme.partner_name_long", {"longest": LONGEST})
    asked = {_folded(text): text for text in name.values()}
    for other in names:
        if other != party and (both := asked.keys() & _calls(other, names)):
            return Message("programme.partner_name_taken", {"name": asked[min(both)]})
    return None


def _calls(party: str, names: Names) -> set[str]:
    return {_folded(text) for text in (party, *names[party].values())}


def _folded(text: str) -> str:
    return " ".join(fold(text).split())
