"""The council's vote: whole numbers, never more than the council, and what they say is what is written down."""

from dataclasses import dataclass
from datetime import date

from cdp.kernel.errors import Message
from cdp.programme.states import ActKind


@dataclass(frozen=True)
class Vote:
    """A vote of the council on the day of its session."""

    on: date
    votes_for: int
    votes_against: int
    abstentions: int


def vote_problem(vote: Vote, word: ActKind, council_size: int | None) -> Message | None:
    """What stands against writing a vote down as ADOPT or REJECT; None when nothing does.

    The majority of those who voted for or against decides; with as many against as for, nothing is adopted.
    """
    counts = (vote.votes_for, vote.votes_against, vote.abstentions)
    if min(counts) < 0:
        return Message("programme.votes_below_zero")
    if not sum(counts):
        return Message("programme.no_votes")
    if council_size is not None and sum(counts) > council_size:
        return Message("programme.more_votes_than_council", {"votes": sum(counts), "size": council_size})
    carried = vote.votes_for > vote.votes_against
    if carried is not (word is ActKind.ADOPT):
        key = "programme.votes_say_rejected" if word is ActKind.ADOPT else "programme.votes_say_adopted"
        return Message(key, {"votes_for": vote.votes_for, "votes_against": vote.votes_against})
    return None
