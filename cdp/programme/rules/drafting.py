"""From a ranking, costs, partners' shares, a charter's envelopes and conditions to the lines of a plan.

Who is ranked higher is placed first, in the earliest year in which every source still has the money; or the
worker looked for the best programme. What no partner bears falls to the commune's own money. A partner whose
source has no envelope in the charter gives to its project alone and is limited by nothing else.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdp.kernel.errors import Message, RuleBroken
from cdp.programme.rules import keeping
from cdp.programme.rules.conditions import (
    Candidate,
    Decision,
    PartShare,
    Terms,
    duration,
    instance_document,
    paid_by,
)
from cdp.programme.rules.fit import greedy
from cdp.programme.rules.fit.options import choices
from cdp.programme.rules.fit.presets import KINDS, preset
from cdp.programme.rules.fit.reading import read
from cdp.programme.rules.fit.sound import problems
from cdp.programme.rules.fit.terms import Instance, Programme, Project, Reason, Share
from cdp.programme.rules.share_rules import RuleSet
from cdp.programme.states import LineVerdict, Pin
from cdp.rounds.rules.charter import Envelope
from cdp.rounds.states import Source

__all__ = ["Candidate", "Decision", "Drafted", "PartShare", "draft", "duration", "instance_of", "lines_of", "paid_by"]


@dataclass(frozen=True)
class Drafted:
    """A candidate in the programme: in from ``start`` with its amounts, or out; and why (or why not earlier).

    ``end``: the last year of its works; what it takes later is what it costs to run.
    """

    number: str
    verdict: LineVerdict
    start: int | None
    end: int | None
    amounts: Mapping[tuple[int, Source], int]
    reason: str
    document: Mapping[str, Any]

    @property
    def message(self) -> Message | None:
        """Why it is out, or late."""
        return keeping.message(self.reason, self.document)


def draft(
    years: Sequence[int],
    envelopes: Sequence[Envelope],
    candidates: Sequence[Candidate],
    decisions: Mapping[str, Decision],
    *,
    terms: Terms | None = None,
) -> tuple[Drafted, ...]:
    """A line for every candidate, in their order, by rank.

    RuleBroken with the sentence of the fit when a cost or its shares cannot be reckoned with, or when what people
    fixed (``decisions``) finds no room beside what else they fixed, or a floor is not reached.
    """
    instance = instance_of(instance_document(years, envelopes, candidates, decisions, terms or {}))
    return lines_of(fitted(instance), candidates, decisions)


def instance_of(document: Mapping[str, Any]) -> Instance:
    """The instance of a document; RuleBroken with the first thing that is wrong with it."""
    reading = read(document)
    if reading.instance is None:
        raise RuleBroken(reading.problems[0])
    return reading.instance


def fitted(instance: Instance, previous: Mapping[str, int] | None = None) -> Programme:
    """The programme by rank; with a former one, which is kept as far as it still holds. RuleBroken when none is."""
    done = greedy.fit(instance) if previous is None else greedy.refit(instance, previous)
    _check_decisions(done, instance)
    return done


def lines_of(
    done: Programme, candidates: Sequence[Candidate], decisions: Mapping[str, Decision]
) -> tuple[Drafted, ...]:
    """A line for every candidate, in their order."""
    reasons = {reason.project: reason for reason in (*done.left_out, *done.late)}
    placed = {placement.project: placement for placement in done.placements}
    lines = []
    for candidate in candidates:
        reason = reasons.get(candidate.number) or _uncosted(candidate, decisions)
        placement = placed.get(candidate.number)
        lines.append(
            Drafted(
                candidate.number,
                LineVerdict.IN if placement else LineVerdict.OUT,
                placement.start if placement else None,
                placement.end if placement else None,
                {(y, Source(s)): amount for (y, s), amount in placement.amounts.items()} if placement else {},
                reason.message.key if reason else "",
                keeping.kept(reason) if reason else {},
            )
        )
    return tuple(lines)


def _uncosted(candidate: Candidate, decisions: Mapping[str, Decision]) -> Reason | None:
    if candidate.cost:
        return None
    decision = decisions.get(candidate.number)
    if decision is not None and decision.pin in {Pin.PINNED, Pin.MOVED}:
        raise RuleBroken("programme.no_cost", number=candidate.number)
    remedy = Message("programme.remedy.cost")
    return Reason(candidate.number, None, Message("programme.left_out.no_cost"), ((remedy,),))


def _check_decisions(done: Programme, instance: Instance) -> None:
    """Every project that was fixed stands, and no condition is passed over for it."""
    starts = done.starts
    for pin in instance.pins:
        if starts.get(pin.project) is None or pin.start not in (None, starts[pin.project]):
            why = next((reason for reason in done.left_out if reason.project == pin.project), None)
            raise RuleBroken(why.message if why else "programme.pin_without_room")
    if done.unmet:
        raise RuleBroken(done.unmet[0])


def preset_problem(name: str, cost: int, shares: Sequence[PartShare], own: Sequence[RuleSet] = ()) -> Message | None:
    """What a named share rule (the commune's ``own``, or ``fit.presets``) has against these shares, or None."""
    paid = tuple(Share(source.value, amount) for source, amount in paid_by(cost, shares).items())
    project = Project("-", 0, cost, paid, preset=name)
    rules = tuple(preset(rule) for rule in own)
    instance = Instance(years=(2000,), projects=(project,), envelopes=(), kinds=KINDS, presets=rules)
    if wrong := problems(instance):
        return wrong[0]
    return choices(instance)["-"].refusal


def canonical(document: Any) -> bytes:
    """A document in canonical JSON: keys sorted, no blanks, UTF-8."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def data_hash(document: Any) -> str:
    """SHA-256 of a document in canonical JSON."""
    return hashlib.sha256(canonical(document)).hexdigest()
