"""Reading in tests: the lines of a file, the reason of a refusal, the keys of the warnings."""

import pytest

from cdp.funding.rules.statements.columns import ColumnMap
from cdp.funding.rules.statements.reading import read
from cdp.funding.rules.statements.values import Line, Reading, Unreadable


def lines(data: bytes, saved: ColumnMap | None = None) -> list[Line]:
    return [line for statement in read(data, saved).statements for line in statement.lines]


def refusal(data: bytes, saved: ColumnMap | None = None) -> str:
    with pytest.raises(Unreadable) as refused:
        read(data, saved)
    return refused.value.message.key.removeprefix("funding.")


def notes(reading: Reading) -> list[str]:
    return [note.key.removeprefix("funding.") for note in reading.warnings]
