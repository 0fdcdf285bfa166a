"""A declared mix of a panel and a ballot: so much of the panel's mean, the rest of the ballot, added up.

The part of the panel is set before the ballot opens. A project's part of the ballot is its votes (or points)
against those of the project that has most; its part of the panel is the mean of the panel's sheets against the
best mark. Nothing counts as nothing on either side. By that sum, best first, what still fits is taken. The
published file carries the panel's part and means (META ``cdp_panel``), so that anyone can mix again. Exact.
"""

import json
from collections.abc import Mapping
from fractions import Fraction

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules.scoring import mixed as worth_of
from cdp.priorities.rules.voting.election import Election
from cdp.priorities.rules.voting.greedy import choose
from cdp.priorities.rules.voting.terms import PLAIN, Panel, Terms, begin, outcome
from cdp.priorities.rules.voting.trace import CountMeasure, Outcome, Step, Tie

META_KEY = "cdp_panel"
"""Where a published file keeps what the panel said."""


def mixed(election: Election, terms: Terms = PLAIN) -> Outcome:
    """Choose by the sum of both parts; raises RuleBroken("voting.panel_missing") without a panel."""
    worth = worths(election, terms)
    room, places = begin(election, terms)
    ties: list[Tie] = []
    ids = [candidate.id for candidate in election.candidates]

    def better(one: int, other: int) -> int:
        difference = worth[ids[other]] - worth[ids[one]]
        return (difference > 0) - (difference < 0)

    def step(index: int) -> Step:
        candidate, supporters = election.candidates[index], election.supporters[index]
        return Step(candidate.id, candidate.cost, room.left, CountMeasure.MIX, worth[candidate.id], supporters)

    choose(room, places, ties, better=better, step=step)
    return outcome("mixed", room, ties)


def worths(election: Election, terms: Terms) -> dict[str, Fraction]:
    """What each project comes to in the mix, from 0 to 1."""
    if terms.panel is None:
        raise RuleBroken("voting.panel_missing")
    votes = {one.id: score for one, score in zip(election.candidates, election.scores, strict=True)}
    means = {project: mean for project, mean in terms.panel.means if project in votes}
    return dict(worth_of(means, votes, terms.panel.part))


def panel_meta(panel: Panel | None) -> dict[str, str]:
    """The line of META that carries the panel; none without one."""
    if panel is None:
        return {}
    plain = {"part": str(panel.part), "means": {project: str(mean) for project, mean in sorted(panel.means)}}
    return {META_KEY: json.dumps(plain, ensure_ascii=True, sort_keys=True, separators=(",", ":"))}


def panel_of(meta: Mapping[str, str]) -> Panel | None:
    """The panel a file carries; RuleBroken("voting.pb_panel") where it makes no sense."""
    if META_KEY not in meta:
        return None
    try:
        plain = json.loads(meta[META_KEY])
        means = tuple((str(project), Fraction(mean)) for project, mean in sorted(plain["means"].items()))
        panel = Panel(Fraction(plain["part"]), means)
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError) as error:
        raise RuleBroken("voting.pb_panel") from error
    if not all(0 <= value <= 1 for value in (panel.part, *(mean for _, mean in panel.means))):
        raise RuleBroken("voting.pb_panel")
    return panel
