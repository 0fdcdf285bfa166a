"""States of projects, acts on the plan, and the state of a version worked out from them."""

from collections.abc import Collection
from enum import StrEnum

from cdp.kernel.machine import Machine


class ActKind(StrEnum):
    """What the council and the governor do with a version of the plan; acts are append-only."""

    SUBMIT = "submit"
    ADOPT = "adopt"
    REJECT = "reject"
    VISA = "visa"
    REFUSE_VISA = "refuse_visa"
    PUBLISH = "publish"


class VersionState(StrEnum):
    """Where a version of the plan stands; never stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    ADOPTED = "adopted"
    VISA_REFUSED = "visa_refused"
    VISAED = "visaed"
    UPDATED = "updated"
    """A visaed version brought up to date, published."""


def version_state(acts: Collection[ActKind], updates: int | None = None) -> VersionState:
    """The state of a version from the acts on it, in whatever order they are given, and from which one it updates."""
    if updates and {ActKind.VISA, ActKind.PUBLISH} <= set(acts):
        return VersionState.UPDATED
    for act, state in (
        (ActKind.REFUSE_VISA, VersionState.VISA_REFUSED),
        (ActKind.VISA, VersionState.VISAED),
        (ActKind.ADOPT, VersionState.ADOPTED),
        (ActKind.REJECT, VersionState.REJECTED),
        (ActKind.SUBMIT, VersionState.SUBMITTED),
    ):
        if act in acts:
            return state
    return VersionState.DRAFT


ACTS = Machine(
    VersionState.DRAFT,
    {
        (VersionState.DRAFT, ActKind.SUBMIT): VersionState.SUBMITTED,
        (VersionState.SUBMITTED, ActKind.ADOPT): VersionState.ADOPTED,
        (VersionState.SUBMITTED, ActKind.REJECT): VersionState.REJECTED,
        (VersionState.ADOPTED, ActKind.VISA): VersionState.VISAED,
        (VersionState.ADOPTED, ActKind.REFUSE_VISA): VersionState.VISA_REFUSED,
        (VersionState.VISAED, ActKind.PUBLISH): VersionState.VISAED,
    },
)
"""Which act may follow which; never a visa before the vote."""


class PlanStep(StrEnum):
    """What is done with the plan of a round."""

    SHARE = "share"
    UPDATE = "update"
    DRAFT = "draft"
    DECIDE = "decide"
    IMAGINE = "imagine"
    SUBMIT = "submit"
    VOTE = "vote"
    VISA = "visa"
    PUBLISH = "publish"


class LineVerdict(StrEnum):
    """Whether a proposal is in a version of the plan."""

    IN = "in"
    OUT = "out"


class Pin(StrEnum):
    """What people decided about a proposal before the fit, each with a reason."""

    FREE = "free"
    PINNED = "pinned"
    EXCLUDED = "excluded"
    MOVED = "moved"


class RunState(StrEnum):
    """Where a search for the best programme stands."""

    WAITING = "waiting"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    TAKEN = "taken"
    """The office took the proposal into its draft."""


class ProjectState(StrEnum):
    """Where a project of the plan stands."""

    PROGRAMMED = "programmed"
    STUDY = "study"
    TENDER = "tender"
    WORKS = "works"
    DONE = "done"
    DROPPED = "dropped"


class ProjectStep(StrEnum):
    """What is done with a project."""

    START_STUDY = "start_study"
    CALL_TENDER = "call_tender"
    START_WORKS = "start_works"
    FINISH = "finish"
    DROP = "drop"
    RESUME = "resume"


P, T = ProjectState, ProjectStep

PROJECT_LIFE = Machine(
    P.PROGRAMMED,
    {
        (P.PROGRAMMED, T.START_STUDY): P.STUDY,
        (P.PROGRAMMED, T.CALL_TENDER): P.TENDER,
        (P.PROGRAMMED, T.START_WORKS): P.WORKS,
        (P.STUDY, T.CALL_TENDER): P.TENDER,
        (P.STUDY, T.START_WORKS): P.WORKS,
        (P.TENDER, T.START_WORKS): P.WORKS,
        (P.WORKS, T.FINISH): P.DONE,
        (P.DONE, T.RESUME): P.WORKS,
        (P.DROPPED, T.RESUME): P.PROGRAMMED,
        (P.PROGRAMMED, T.DROP): P.DROPPED,
        (P.STUDY, T.DROP): P.DROPPED,
        (P.TENDER, T.DROP): P.DROPPED,
        (P.WORKS, T.DROP): P.DROPPED,
    },
)
