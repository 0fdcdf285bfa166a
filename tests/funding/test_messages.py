"""Every reason the rules give has its words in the three languages."""

import re
from pathlib import Path

import pytest

from cdp.funding.rules.ledger import MAY_BE_NEGATIVE, OPERATIONS, Account, Op
from cdp.funding.states import PledgeStatus
from cdp.i18n.catalogs import merged

ROOT = Path(__file__).parents[2] / "cdp"
KEYS = {
    key
    for file in (ROOT / "funding/rules").rglob("*.py")
    for key in re.findall(r'"(funding\.[a-z_0-9]+)"', file.read_text())
}


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_message_key_of_the_rules_has_words(language: str) -> None:
    words = {message.id: message.string for message in merged(language)}
    short = {
        f"funding.not_enough_{route.source}" for route in OPERATIONS.values() if route.source not in MAY_BE_NEGATIVE
    }
    labels = {f"{type(each).__name__}.{each}" for each in (*Account, *Op, *PledgeStatus)}
    assert [key for key in sorted(KEYS | short | labels) if not words.get(key)] == []
