"""From a ballot and what was voted, on screen and on paper together, to a published count. Pure; loads numpy.

The election is written as a ``.pb`` file, the file is read again, and what is read is counted: so whoever counts
the published file counts exactly what was counted here.
"""

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cdp.kernel.money import exponent
from cdp.priorities.rules.ballots import BallotDraft, Content, Limit, Offer, Sheet
from cdp.priorities.rules.paper import Line
from cdp.priorities.rules.voting.conditions import Ceiling, Conditions
from cdp.priorities.rules.voting.election import Candidate, Election, VoteKind, election, show_of_hands
from cdp.priorities.rules.voting.pabulib_votes import read
from cdp.priorities.rules.voting.pabulib_writing import write
from cdp.priorities.rules.voting.register import count
from cdp.priorities.rules.voting.results import VERSION, command, conditions_meta, conditions_of, printed, trace_of
from cdp.priorities.rules.voting.terms import Completion, Terms, Utility
from cdp.priorities.states import BallotKind, TieRule

KINDS = {
    BallotKind.POINTS: VoteKind.CUMULATIVE,
    BallotKind.SCORES: VoteKind.SCORING,
    BallotKind.RANKING: VoteKind.ORDINAL,
}
"""What a ballot of each kind is to the counting rules; all others approve."""


@dataclass(frozen=True)
class Published:
    """A count to publish: the file, the result and its trace, and the words that count the file again."""

    pabulib: bytes
    result: str
    command: str
    trace: Mapping[str, Any]
    voters: int


def terms_of(draft: BallotDraft, offers: Iterable[Offer]) -> Terms:
    """The terms of a count, as they were set before the ballot opened."""
    offers = tuple(offers)
    conditions = Conditions(
        ceilings=tuple(_ceiling(limit, offers) for limit in draft.ceilings),
        minimum_votes=draft.minimum_votes,
        pinned=tuple((o.number, o.reason) for o in offers if o.standing == "pinned"),
        excluded=tuple((o.number, o.reason) for o in offers if o.standing == "excluded"),
    )
    ties = f"lot:{draft.seed}" if draft.ties is TieRule.LOT else "name"
    return Terms(conditions, ties, Utility(draft.worth.value), Completion(draft.filling.value))


def _ceiling(limit: Limit, offers: tuple[Offer, ...]) -> Ceiling:
    """The ceiling of a territory or a sector over the projects that lie there."""
    inside = (o.number for o in offers if (o.territory if limit.by == "territory" else o.sector) == limit.name)
    return Ceiling(limit.name, frozenset(inside), limit.amount.minor)


def election_of(sheet: Sheet, votes: Iterable[Content], lines: Iterable[Line]) -> Election:
    """All votes of a ballot as one election: those of the screen, and the sheets or hands of the villages."""
    candidates = tuple(Candidate(o.number, o.cost.minor, o.territory, o.sector) for o in sheet.offers)
    unit = 10 ** exponent(sheet.budget.currency)
    lines = tuple(lines)
    if sheet.kind is BallotKind.HANDS:
        hands: Counter[str] = Counter()
        for line in lines:
            if line.hands is not None:
                hands[line.hands[0]] += sum(line.hands[1:])
        return replace(show_of_hands(sheet.budget.minor, candidates, hands), unit=unit)
    on_paper = [line.content for line in lines if line.content is not None]
    kind = KINDS.get(sheet.kind, VoteKind.APPROVAL)
    return replace(election(sheet.budget.minor, candidates, [*votes, *on_paper], kind=kind), unit=unit)


def published(
    draft: BallotDraft, sheet: Sheet, found: Election, *, meta: Mapping[str, str], names: Mapping[str, str]
) -> Published:
    """Write the file, read it again, count what it says; raises RuleBroken."""
    rule, terms = draft.rule.value, terms_of(draft, sheet.offers)
    said = {
        **meta,
        "rule": rule,
        "cdp_rule_version": VERSION,
        "cdp_ties": terms.ties,
        **conditions_meta(terms.conditions, found.unit),
    }
    file = write(found, said, names)
    reading = read(file)
    again = replace(terms, conditions=conditions_of(reading.meta, reading.election.unit))
    outcome = count(rule, reading.election, again)
    return Published(
        pabulib=file,
        result=printed(outcome, reading.election),
        command=shlex.join(command(rule, terms)),
        trace={"unit": reading.election.unit, **trace_of(outcome)},
        voters=found.voters,
    )
