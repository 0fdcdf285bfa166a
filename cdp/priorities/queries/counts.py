"""A count as it is kept: the outcome with its trace, the files, the turnout, what was refused. Loads no numpy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.errors import NotFound
from cdp.priorities.models import BallotClose, Tally
from cdp.priorities.rules import turnout as rules
from cdp.priorities.rules.voting.trace import Outcome, read_trace
from cdp.priorities.states import Flaw, TurnoutFacet


@dataclass(frozen=True)
class RefusedSheet:
    """A sheet of paper that was not counted: in which batch, the how-manieth, and why."""

    batch: str
    line: int
    flaw: Flaw
    about: str


@dataclass(frozen=True)
class Count:
    """A count; money of ``outcome`` is whole ``1 / unit`` of the currency, ``result`` is JSON to the letter;
    ``trace`` is the outcome as plain values, with what ``rules.beside`` keeps under ``beside``."""

    outcome: Outcome
    trace: Mapping[str, Any]
    unit: int
    rule_version: str
    pabulib: str
    pabulib_sha256: str
    result: str
    command: str
    voters: int
    turnout: Mapping[TurnoutFacet, Mapping[str, int | None]]
    refused: tuple[RefusedSheet, ...]
    receipts: tuple[str, ...]
    counted_at: datetime
    published_at: datetime | None


def find_count(db: Session, ballot_id: int) -> Count:
    """The count of a ballot, published or not (the page asks who may see it); NotFound before it was made."""
    tally = db.scalar(select(Tally).where(Tally.ballot_id == ballot_id))
    receipts = db.scalar(select(BallotClose.receipts).where(BallotClose.ballot_id == ballot_id))
    if tally is None:
        raise NotFound
    return Count(
        outcome=read_trace(tally.trace),
        trace=tally.trace,
        unit=tally.trace["unit"],
        rule_version=tally.rule_version,
        pabulib=tally.pabulib,
        pabulib_sha256=tally.pabulib_sha256,
        result=tally.result,
        command=tally.command,
        voters=tally.voters,
        turnout={
            TurnoutFacet(facet): rules.shown(values) for facet, values in tally.turnout.items() if sum(values.values())
        },
        refused=tuple(RefusedSheet(r["batch"], r["line"], Flaw(r["flaw"]), r["about"]) for r in tally.refused),
        receipts=tuple(receipts or ()),
        counted_at=tally.counted_at,
        published_at=tally.published_at,
    )
