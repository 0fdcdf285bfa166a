"""From a ballot and what was voted, on screen and on paper together, to a published count. Pure; loads numpy.

The election is written as a ``.pb`` file, the file is read again, and what is read is counted: so whoever counts
the published file counts exactly what was counted here.
"""

import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from cdp.kernel.money import exponent
from cdp.priorities.rules import duels
from cdp.priorities.rules.ballots import BallotDraft, Content, Limit, Offer, Sheet
from cdp.priorities.rules.beside import Beside, beside
from cdp.priorities.rules.paper import Line
from cdp.priorities.rules.voting.conditions import Ceiling, Conditions
from cdp.priorities.rules.voting.election import Candidate, Election, VoteKind, election, show_of_hands
from cdp.priorities.rules.voting.mixing import panel_meta, panel_of
from cdp.priorities.rules.voting.pabulib_pairs import read_file, write_pairs
from cdp.priorities.rules.voting.pabulib_votes import Reading
from cdp.priorities.rules.voting.pabulib_writing import write
from cdp.priorities.rules.voting.pairwise import Pair, of_pairs
from cdp.priorities.rules.voting.register import count
from cdp.priorities.rules.voting.results import VERSION, command, conditions_meta, conditions_of, printed, trace_of
from cdp.priorities.rules.voting.terms import Completion, Panel, Terms, Utility
from cdp.priorities.states import BallotKind, TieRule

KINDS = {
    BallotKind.POINTS: VoteKind.CUMULATIVE,
    BallotKind.SCORES: VoteKind.SCORING,
    BallotKind.RANKING: VoteKind.ORDINAL,
}
"""What a ballot of each kind is to the counting rules; all others approve."""


@dataclass(frozen=True)
class Published:
    """A count to publish: the file, the result and its trace, and the words that count the file again.

    ``beside`` works out, when it is asked, what is kept with the count.
    """

    pabulib: bytes
    result: str
    command: str
    trace: Mapping[str, Any]
    voters: int
    beside: Callable[[], Beside]


def terms_of(draft: BallotDraft, sheet: Sheet) -> Terms:
    """The terms of a count, as they were set before the ballot opened (what a panel marked is not among them)."""
    offers = sheet.offers
    conditions = Conditions(
        ceilings=tuple(_ceiling(limit, offers) for limit in draft.ceilings),
        minimum_votes=draft.minimum_votes,
        incompatible=sheet.bonds.incompatible,
        prerequisites=sheet.bonds.needs,
        pinned=tuple((o.number, o.reason) for o in offers if o.standing == "pinned"),
        excluded=tuple((o.number, o.reason) for o in offers if o.standing == "excluded"),
    )
    ties = f"lot:{draft.seed}" if draft.ties is TieRule.LOT else "name"
    return Terms(conditions, ties, Utility(draft.worth.value), Completion(draft.filling.value))


def _ceiling(limit: Limit, offers: tuple[Offer, ...]) -> Ceiling:
    """The ceiling of a territory or a sector over the projects that lie there."""
    return Ceiling(limit.name, limit.projects_among(offers), limit.amount.minor)


def panel_for(draft: BallotDraft, means: Mapping[str, Fraction]) -> Panel | None:
    """What the panel adds to this ballot: None unless a mix was declared; ``means`` are from 0 to 1."""
    if draft.panel_part is None:
        return None
    return Panel(Fraction(draft.panel_part, 100), tuple(sorted(means.items())))


def pairs_of(votes: Iterable[Content], lines: Iterable[Line]) -> tuple[tuple[Pair, ...], ...]:
    """The pairwise votes of screen and paper, each as its choices."""
    on_paper = [line.content for line in lines if line.content is not None]
    return tuple(tuple(duels.read(choice) for choice in vote) for vote in (*votes, *on_paper))


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
    if sheet.kind is BallotKind.PAIRS:
        return replace(of_pairs(sheet.budget.minor, candidates, pairs_of(votes, lines)), unit=unit)
    on_paper = [line.content for line in lines if line.content is not None]
    kind = KINDS.get(sheet.kind, VoteKind.APPROVAL)
    return replace(election(sheet.budget.minor, candidates, [*votes, *on_paper], kind=kind), unit=unit)


def published(
    draft: BallotDraft,
    sheet: Sheet,
    found: Election,
    *,
    meta: Mapping[str, str],
    names: Mapping[str, str],
    pairs: Sequence[Sequence[Pair]] = (),
    panel: Panel | None = None,
) -> Published:
    """Write the file, read it again, count what it says; raises RuleBroken. ``pairs`` are those of pairwise votes."""
    rule, terms = draft.rule.value, terms_of(draft, sheet)
    said = {
        **meta,
        "rule": rule,
        "cdp_rule_version": VERSION,
        "cdp_ties": terms.ties,
        **conditions_meta(terms.conditions, found.unit),
        **panel_meta(panel),
    }
    file = write(found, said, names) if found.duels is None else write_pairs(found, pairs, said, names)
    reading = read_file(file)
    again = terms_in(reading, terms)
    outcome = count(rule, reading.election, again)
    return Published(
        pabulib=file,
        result=printed(outcome, reading.election),
        command=shlex.join(command(rule, terms)),
        trace={"unit": reading.election.unit, **trace_of(outcome)},
        voters=found.voters,
        beside=partial(beside, reading.election, again, outcome),
    )


def terms_in(reading: Reading, terms: Terms) -> Terms:
    """The terms with the conditions and the panel that the file itself carries, in its own units; RuleBroken."""
    conditions = conditions_of(reading.meta, reading.election.unit)
    return replace(terms, conditions=conditions, panel=panel_of(reading.meta))
