"""The turnout: counters of the screen, and the control totals of the paper, together by facet."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.priorities.models import Ballot, PaperBatch, RollEntry, TurnoutCount
from cdp.priorities.rules import turnout as rules
from cdp.priorities.states import BallotKind, TurnoutFacet, VoteChannel, VoterKind


def counted(db: Session, ballot_id: int) -> dict[TurnoutFacet, Counter[str]]:
    """How many voted, by facet and value; of paper the sheets in the boxes, of villages the people who were there."""
    found: dict[TurnoutFacet, Counter[str]] = {facet: Counter() for facet in TurnoutFacet}
    rows = db.execute(
        select(TurnoutCount.facet, TurnoutCount.value, func.sum(TurnoutCount.count))
        .where(TurnoutCount.ballot_id == ballot_id)
        .group_by(TurnoutCount.facet, TurnoutCount.value)
    )
    for facet, value, number in rows:
        found[facet][value] += int(number)
    kind = db.scalar(select(Ballot.kind).where(Ballot.id == ballot_id))
    columns = (PaperBatch.locality_id, PaperBatch.in_box, PaperBatch.women, PaperBatch.men, PaperBatch.youth)
    for place, in_box, women, men, youth in db.execute(select(*columns).where(PaperBatch.ballot_id == ballot_id)):
        is_hands = kind is BallotKind.HANDS
        people = women + men + youth if is_hands else in_box
        found[TurnoutFacet.CHANNEL][(VoteChannel.HANDS if is_hands else VoteChannel.PAPER).value] += people
        found[TurnoutFacet.PLACE]["" if place is None else str(place)] += people
        if is_hands:
            found[TurnoutFacet.KIND].update(
                {VoterKind.WOMEN.value: women, VoterKind.MEN.value: men, VoterKind.YOUTH: youth}
            )
    return found


@dataclass(frozen=True)
class Turnout:
    """How many voted of how many on the roll; in classes with small counts hidden (None)."""

    voted: int
    enrolled: int
    classes: Mapping[TurnoutFacet, Mapping[str, int | None]]


def turnout(db: Session, ballot_id: int) -> Turnout:
    """The turnout as the public reads it (five statements)."""
    found = counted(db, ballot_id)
    enrolled = db.scalar(
        select(func.count())
        .select_from(RollEntry)
        .where(RollEntry.ballot_id == ballot_id, RollEntry.struck_because == "")
    )
    classes = {facet: rules.shown(values) for facet, values in found.items() if sum(values.values())}
    return Turnout(sum(found[TurnoutFacet.CHANNEL].values()), enrolled or 0, classes)
