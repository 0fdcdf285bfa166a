"""What a count leaves behind: its winners, and every step by which they were found, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any


class CountMeasure(StrEnum):
    """By what a step chose."""

    PIN = "pin"
    SCORE = "score"
    SCORE_PER_COST = "score_per_cost"
    LOAD = "load"
    PAYMENT = "payment"
    DUELS = "duels"
    MIX = "mix"


class WhyNot(StrEnum):
    """Why a project was not chosen."""

    EXCLUDED = "excluded"
    TOO_FEW_VOTES = "too_few_votes"
    NO_SUPPORT = "no_support"
    OVER_BUDGET = "over_budget"
    CEILING = "ceiling"
    INCOMPATIBLE = "incompatible"
    PREREQUISITE = "prerequisite"
    CANNOT_PAY = "supporters_cannot_pay"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class Step:
    """One choice: by which measure and value, how many supporters, and what is left of the budget.

    ``value`` is exact except for a payment per utility, which is the nearest float.  In equal shares
    ``in_full`` voters paid their whole part and ``all_they_had`` gave the rest of their share.
    """

    project: str
    cost: int
    left: int
    measure: CountMeasure
    value: Fraction | float
    supporters: int
    in_full: int = 0
    all_they_had: int = 0


@dataclass(frozen=True, slots=True)
class Passed:
    """A project not chosen and why; ``detail`` names the ceiling or the other project, ``missing`` is money."""

    project: str
    reason: WhyNot
    detail: str = ""
    missing: int | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects that stood exactly equal at a step (1 is the first), and which the tie rule took."""

    step: int
    projects: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a count; money in smallest units, winners in the order of their choice.

    ``share`` is what each voter was given in equal shares, before anything was bought.
    """

    rule: str
    budget: int
    spent: int
    winners: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    passed: tuple[Passed, ...] = ()
    ties: tuple[Tie, ...] = ()
    share: Fraction | None = None


def read_trace(kept: Mapping[str, Any]) -> Outcome:
    """The outcome from the plain values it was kept as (``results.trace_of``)."""
    return Outcome(
        rule=kept["rule"],
        budget=kept["budget"],
        spent=kept["spent"],
        winners=tuple(kept["winners"]),
        steps=tuple(_step(one) for one in kept["steps"]),
        passed=tuple(Passed(p["project"], WhyNot(p["reason"]), p["detail"], p["missing"]) for p in kept["passed"]),
        ties=tuple(Tie(t["step"], tuple(t["projects"]), t["chosen"]) for t in kept["ties"]),
        share=None if kept["share"] is None else Fraction(kept["share"]),
    )


def _step(kept: Mapping[str, Any]) -> Step:
    value = Fraction(kept["value"]) if isinstance(kept["value"], str) else kept["value"]
    return Step(**{**kept, "measure": CountMeasure(kept["measure"]), "value": value})
