"""The election that was counted, read from the published file: for counts by other rules. Loads numpy."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cdp.priorities.queries.ballots import BallotCard
from cdp.priorities.queries.counts import Count, find_count
from cdp.priorities.rules.counting import terms_in, terms_of
from cdp.priorities.rules.voting.election import Election
from cdp.priorities.rules.voting.pabulib_pairs import read_file
from cdp.priorities.rules.voting.terms import Terms


@dataclass(frozen=True, eq=False)
class Counted:
    """What was counted: the votes, the terms by which they were, and the count itself."""

    election: Election
    terms: Terms
    count: Count


def counted(db: Session, card: BallotCard) -> Counted:
    """The election, terms and count of a ballot; the election is that of the file, so its units are the file's."""
    count = find_count(db, card.id)
    reading = read_file(count.pabulib.encode())
    return Counted(reading.election, terms_in(reading, terms_of(card.draft, card.sheet)), count)
