"""From a ranking, costs, partners' shares and a charter's envelopes to the programme by rank.

Who is ranked higher is placed first, in the earliest year in which every source still has the money. What no
partner bears falls to the commune's own money. A partner whose source has no envelope in the charter gives to
its project alone and is limited by nothing else.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cdp.kernel.errors import Message, RuleBroken
from cdp.programme.rules import keeping
from cdp.programme.rules.fit import greedy
from cdp.programme.rules.fit.options import choices
from cdp.programme.rules.fit.sound import problems
from cdp.programme.rules.fit.terms import (
    Certainty,
    Instance,
    LeftOut,
    Programme,
    Project,
    Reason,
    Share,
    SourceKind,
)
from cdp.programme.rules.fit.terms import Envelope as Room
from cdp.programme.rules.fit.terms import Pin as Fixed
from cdp.programme.states import LineVerdict, Pin
from cdp.rounds.rules.charter import Envelope
from cdp.rounds.states import Source, Sureness

LONGEST = 3
"""Most years one project's works are spread over: the first three years of a plan are its detailed ones."""

KINDS = {Source.AGENCY.value: SourceKind.MINISTRY}
"""A public agency is the State's money, as the share rules mean it."""


@dataclass(frozen=True)
class PartShare:
    """What a partner bears of a cost, in centimes, and how sure that is."""

    source: Source
    amount: int
    sureness: Sureness
    party: str = ""


@dataclass(frozen=True)
class Candidate:
    """An admitted proposal as the plan takes it: its order in the ranking from 1, centimes, partners.

    ``cost`` None: never worked out. ``set_aside``: the panel's order gave it no place, with the reason.
    """

    number: str
    rank: int
    mean: Fraction | None
    cost: int | None
    shares: tuple[PartShare, ...] = ()
    set_aside: str | None = None


@dataclass(frozen=True)
class Decision:
    """What people decided about a line: in, in from a year, or out; with their reason."""

    pin: Pin
    reason: str
    year: int | None = None


@dataclass(frozen=True)
class Drafted:
    """A candidate in the programme: in from ``start`` with its amounts, or out; and why (or why not earlier)."""

    number: str
    verdict: LineVerdict
    start: int | None
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
) -> tuple[Drafted, ...]:
    """A line for every candidate, in their order.

    RuleBroken with the sentence of the fit when a cost or its shares cannot be reckoned with, or when what people
    fixed (``decisions``) finds no room beside what else they fixed.
    """
    costed = [candidate for candidate in candidates if candidate.cost]
    instance = _instance(years, envelopes, costed, decisions)
    if wrong := problems(instance):
        raise RuleBroken(wrong[0])
    fitted = greedy.fit(instance)
    _check_decisions(fitted, instance)
    reasons = {reason.project: reason for reason in (*fitted.left_out, *fitted.late)}
    placed = {placement.project: placement for placement in fitted.placements}
    lines = []
    for candidate in candidates:
        reason = reasons.get(candidate.number) or _uncosted(candidate, decisions)
        placement = placed.get(candidate.number)
        lines.append(
            Drafted(
                candidate.number,
                LineVerdict.IN if placement else LineVerdict.OUT,
                placement.start if placement else None,
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


def _check_decisions(fitted: Programme, instance: Instance) -> None:
    """Every project that was fixed stands, and no envelope is passed for it."""
    starts = fitted.starts
    for pin in instance.pins:
        if starts.get(pin.project) is None or pin.start not in (None, starts[pin.project]):
            why = next((reason for reason in fitted.left_out if reason.project == pin.project), None)
            raise RuleBroken(why.message if why else "programme.pin_without_room")
    if fitted.unmet:
        raise RuleBroken(fitted.unmet[0])


def _instance(
    years: Sequence[int],
    envelopes: Sequence[Envelope],
    candidates: Sequence[Candidate],
    decisions: Mapping[str, Decision],
) -> Instance:
    rooms = [Room(e.year, e.source.value, e.amount.minor, Certainty(e.sureness.value)) for e in envelopes]
    known = {room.source for room in rooms} | {Source.OWN.value}
    outside: dict[str, int] = {}
    for candidate in candidates:
        for share in candidate.shares:
            if share.source.value not in known:
                outside[share.source.value] = outside.get(share.source.value, 0) + share.amount
    rooms += [Room(year, source, amount) for source, amount in outside.items() for year in years]
    yearly = _largest(rooms)
    projects = tuple(_project(candidate, yearly, len(years)) for candidate in candidates)
    pins = [
        Fixed(each.number, decided.year, decided.reason)
        for each in candidates
        if (decided := decisions.get(each.number)) is not None and decided.pin in {Pin.PINNED, Pin.MOVED}
    ]
    return Instance(
        years=tuple(years),
        projects=projects,
        envelopes=tuple(rooms),
        kinds=KINDS,
        pins=tuple(pins),
        left_out=tuple(_left_out(candidates, decisions)),
    )


def _left_out(candidates: Iterable[Candidate], decisions: Mapping[str, Decision]) -> Iterable[LeftOut]:
    for candidate in candidates:
        decided = decisions.get(candidate.number)
        if decided is not None and decided.pin is Pin.EXCLUDED:
            yield LeftOut(candidate.number, decided.reason)
        elif decided is None and candidate.set_aside is not None:
            yield LeftOut(candidate.number, candidate.set_aside)


def _largest(rooms: Iterable[Room]) -> dict[str, int]:
    by_year: dict[tuple[str, int], int] = {}
    for room in rooms:
        by_year[room.source, room.year] = by_year.get((room.source, room.year), 0) + room.amount
    largest: dict[str, int] = {}
    for (source, _), amount in by_year.items():
        largest[source] = max(largest.get(source, 0), amount)
    return largest


def _project(candidate: Candidate, yearly: Mapping[str, int], years: int) -> Project:
    shares = paid_by(candidate.cost or 0, candidate.shares)
    return Project(
        id=candidate.number,
        value=int(candidate.mean * 1000) if candidate.mean is not None else 0,
        cost=candidate.cost or 0,
        shares=tuple(Share(source.value, amount) for source, amount in shares.items()),
        rank=candidate.rank,
        duration=duration({source.value: amount for source, amount in shares.items()}, yearly, min(LONGEST, years)),
    )


def paid_by(cost: int, shares: Iterable[PartShare]) -> dict[Source, int]:
    """Who pays what of a cost: partners their shares, the commune the rest; no source pays nothing."""
    paid: dict[Source, int] = {}
    for share in shares:
        paid[share.source] = paid.get(share.source, 0) + share.amount
    rest = cost - sum(paid.values())
    if rest:
        paid[Source.OWN] = paid.get(Source.OWN, 0) + rest
    return paid


def duration(shares: Mapping[str, int], yearly: Mapping[str, int], longest: int) -> int:
    """Years of works: as few as let no source give more than half of its largest year, where ``longest`` allows."""
    for count in range(1, longest):
        if all(-(-amount // count) <= yearly.get(source, 0) // 2 for source, amount in shares.items()):
            return count
    return longest


def preset_problem(preset: str, cost: int, shares: Sequence[PartShare]) -> Message | None:
    """What a named share rule (``fit.presets``) has against these shares; None when it holds."""
    paid = tuple(Share(source.value, amount) for source, amount in paid_by(cost, shares).items())
    project = Project("-", 0, cost, paid, preset=preset)
    instance = Instance(years=(2000,), projects=(project,), envelopes=(), kinds=KINDS)
    if wrong := problems(instance):
        return wrong[0]
    return choices(instance)["-"].refusal


def data_hash(document: Any) -> str:
    """SHA-256 of a document in canonical JSON: keys sorted, no blanks, UTF-8."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
