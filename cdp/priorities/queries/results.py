"""What a page of a result shows: who won and why, the same votes under other rules, who gets what. Loads numpy."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from cdp.kernel.errors import Message
from cdp.kernel.money import exponent
from cdp.priorities.queries.ballots import BallotCard
from cdp.priorities.queries.counts import Count
from cdp.priorities.queries.elections import Counted, counted
from cdp.priorities.rules.ballots import Offer
from cdp.priorities.rules.beside import beside, read_beside
from cdp.priorities.rules.comparison import Served, Share, differing, left_with_nothing, served, shares
from cdp.priorities.rules.duels import Duel, duels
from cdp.priorities.rules.explaining import Paid, Telling, hundredths, spent_elsewhere, why
from cdp.priorities.rules.voting.mixing import worths
from cdp.priorities.rules.voting.pairwise import standings
from cdp.priorities.rules.voting.trace import WhyNot
from cdp.priorities.states import CountingRule, TurnoutFacet, Worth

KEPT = 4
"""So many results are kept worked out in a worker; a count never changes once it is made."""


@dataclass(frozen=True)
class Way:
    """One way to count, what it chooses and whom it serves; ``is_own`` is the rule set beforehand."""

    rule: CountingRule
    worth: Worth | None
    is_own: bool
    winners: frozenset[str]
    served: Served


@dataclass(frozen=True)
class Analysis:
    """All that is worked out from a count, once; ``lacking`` and ``elsewhere`` by project that lost.

    Douars are compared by their voters where the turnout of every douar may be told, else by the
    votes their projects were given.
    """

    found: Counted
    ways: tuple[Way, ...]
    differing: frozenset[str]
    lacking: Mapping[str, int]
    elsewhere: Mapping[str, tuple[Paid, ...]]
    by_place: tuple[Share, ...]
    is_by_voters: bool
    by_sector: tuple[Share, ...]
    by_proposer: tuple[Share, ...]

    @property
    def warnings(self) -> tuple[tuple[str, Share], ...]:
        """Groups that cast a fifth of the votes and get nothing, each with the way it was grouped."""
        groups = (("place", self.by_place), ("proposer", self.by_proposer), ("sector", self.by_sector))
        return tuple((by, share) for by, found in groups for share in left_with_nothing(found))


@dataclass(frozen=True)
class ResultRow:
    """A project of the ballot: its place among the chosen (1 is the first, None: not chosen) and why."""

    offer: Offer
    place: int | None
    supporters: int
    points: float
    share: float
    sentences: tuple[Message, ...]
    more: tuple[Message, ...]
    lacking: int | None
    elsewhere: tuple[Paid, ...]
    differs: bool


_kept: OrderedDict[tuple[int, str], Analysis] = OrderedDict()


def analysis(db: Session, card: BallotCard, count: Count, codes: Mapping[str, str]) -> Analysis:
    """What the count of a ballot comes to; kept in the worker, for what was counted stays as it is.

    ``codes`` gives the code of each douar by its number as text, as the turnout names it.
    """
    key = (card.id, count.pabulib_sha256)
    if key not in _kept:
        _kept[key] = _worked_out(card, counted(db, card), codes)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


def _worked_out(card: BallotCard, found: Counted, codes: Mapping[str, str]) -> Analysis:
    election, outcome = found.election, found.count.outcome
    own = (card.draft.rule.value, card.draft.worth.value if card.draft.rule is CountingRule.EQUAL_SHARES else None)
    kept = found.count.trace.get("beside")
    known = read_beside(kept) if kept is not None else beside(election, found.terms, outcome)
    ways = tuple(
        Way(
            CountingRule(one.rule),
            Worth(one.utility) if one.utility else None,
            (one.rule, one.utility) == own,
            one.winners,
            served(election, one.winners),
        )
        for one in known.others
    )
    voted = found.count.turnout.get(TurnoutFacet.PLACE, {})
    is_whole = all(count is not None for count in voted.values())
    places = {codes[place]: count for place, count in voted.items() if is_whole and count and place in codes}
    offers = card.sheet.offers
    return Analysis(
        found=found,
        ways=ways,
        differing=frozenset(differing(way.winners for way in ways)),
        lacking=known.lacking,
        elsewhere=_elsewhere(card, found),
        by_place=shares(election, outcome.winners, {one.number: one.territory for one in offers}, asked=places or None),
        is_by_voters=bool(places),
        by_sector=shares(election, outcome.winners, {one.number: one.sector for one in offers}),
        by_proposer=shares(election, outcome.winners, {one.number: one.proposer for one in offers}),
    )


def _elsewhere(card: BallotCard, found: Counted) -> dict[str, tuple[Paid, ...]]:
    """What the voters of each loser had paid for other projects, in equal shares."""
    if card.draft.rule is not CountingRule.EQUAL_SHARES:
        return {}
    outcome, utility = found.count.outcome, found.terms.utility
    losers = [one.project for one in outcome.passed if one.reason is WhyNot.CANNOT_PAY]
    return {one: spent_elsewhere(found.election, outcome, one, utility=utility) for one in losers}


def telling(card: BallotCard, found: Counted, language: str, names: Mapping[str, str]) -> Telling:
    """The names sentences use: titles of the projects in a language, and ``names`` of douars and sectors."""
    titles = {offer.number: offer.title.in_(language)[0] for offer in card.sheet.offers}
    currency = card.sheet.budget.currency
    return Telling({**names, **titles}, currency, max(1, 10 ** exponent(currency) // found.election.unit))


def _more(worked: Analysis, project: str) -> tuple[Message, ...]:
    """What a project's duels came to, and what the panel and the ballot gave it in a mix."""
    election, terms = worked.found.election, worked.found.terms
    said = []
    if election.duels is not None and (stand := standings(election, terms.conditions).get(project)) is not None:
        said.append(Message("why.all_duels", {"won": stand.won, "drawn": stand.drawn, "lost": stand.lost}))
    if terms.panel is not None:
        mean = dict(terms.panel.means).get(project, Fraction(0))
        own = max(election.scores[election.index[project]], 0)
        ballot = Fraction(own, max(max(election.scores), 1))
        parts = {"panel": hundredths(mean), "ballot": hundredths(ballot)}
        whole = hundredths(worths(election, terms)[project])
        said.append(Message("why.both_parts", {**parts, "together": whole}))
    return tuple(said)


def all_duels(card: BallotCard, worked: Analysis) -> tuple[Duel, ...]:
    """Every two projects voters were asked about, and how many preferred each; none where nobody compared."""
    added = worked.found.election.duels
    return () if added is None else duels([offer.number for offer in card.sheet.offered], added)


def rows(card: BallotCard, worked: Analysis, said: Telling) -> list[ResultRow]:
    """The projects, those chosen first in the order of the count, then the others by their support."""
    election, outcome = worked.found.election, worked.found.count.outcome
    places = {project: place for place, project in enumerate(outcome.winners, start=1)}
    most = max((max(score, 0) for score in election.scores), default=0) or 1
    found = []
    for offer in card.sheet.offers:
        index = election.index[offer.number]
        found.append(
            ResultRow(
                offer=offer,
                place=places.get(offer.number),
                supporters=election.supporters[index],
                points=election.scores[index] / election.grain,
                share=max(election.scores[index], 0) / most,
                sentences=tuple(_apart(one) for one in why(election, outcome, offer.number, said)),
                more=_more(worked, offer.number),
                lacking=worked.lacking.get(offer.number),
                elsewhere=worked.elsewhere.get(offer.number, ()),
                differs=offer.number in worked.differing,
            )
        )
    return sorted(found, key=_rank)


def _rank(row: ResultRow) -> tuple[bool, int, bool, float, str]:
    """Where a row stands: as it was chosen, then by support, what nobody could vote for last."""
    return (row.place is None, row.place or 0, row.offer.standing == "excluded", -row.points, row.offer.number)


def _apart(message: Message) -> Message:
    """The message with a written reason held apart by isolates: it may run the other way than the page."""
    if not message.values.get("detail"):
        return message
    return Message(message.key, {**message.values, "detail": f"\u2068{message.values['detail']}\u2069"})
