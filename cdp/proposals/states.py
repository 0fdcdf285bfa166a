"""The life of a proposal."""

from enum import StrEnum

from cdp.kernel.machine import Machine


class ProposalState(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ADMITTED = "admitted"
    REFUSED = "refused"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    NOT_KEPT = "not_kept"
    PROGRAMMED = "programmed"


class Step(StrEnum):
    """What is done with a proposal."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    ADMIT = "admit"
    REFUSE = "refuse"
    MERGE = "merge"
    REOPEN = "reopen"
    PROGRAMME = "programme"
    LEAVE_OUT = "leave_out"
    SUPPORT = "support"


S, E = ProposalState, Step

LIFE = Machine(
    S.DRAFT,
    {
        (S.DRAFT, E.EDIT): S.DRAFT,
        (S.RETURNED, E.EDIT): S.RETURNED,
        (S.DRAFT, E.SUBMIT): S.SUBMITTED,
        (S.RETURNED, E.SUBMIT): S.SUBMITTED,
        (S.DRAFT, E.WITHDRAW): S.WITHDRAWN,
        (S.SUBMITTED, E.WITHDRAW): S.WITHDRAWN,
        (S.RETURNED, E.WITHDRAW): S.WITHDRAWN,
        (S.SUBMITTED, E.RETURN): S.RETURNED,
        (S.SUBMITTED, E.ADMIT): S.ADMITTED,
        (S.SUBMITTED, E.REFUSE): S.REFUSED,
        (S.RETURNED, E.REFUSE): S.REFUSED,
        (S.SUBMITTED, E.MERGE): S.MERGED,
        (S.ADMITTED, E.MERGE): S.MERGED,
        (S.ADMITTED, E.REOPEN): S.SUBMITTED,
        (S.REFUSED, E.REOPEN): S.SUBMITTED,
        (S.MERGED, E.REOPEN): S.SUBMITTED,
        (S.ADMITTED, E.PROGRAMME): S.PROGRAMMED,
        (S.ADMITTED, E.LEAVE_OUT): S.NOT_KEPT,
        (S.NOT_KEPT, E.PROGRAMME): S.PROGRAMMED,
        (S.SUBMITTED, E.SUPPORT): S.SUBMITTED,
        (S.RETURNED, E.SUPPORT): S.RETURNED,
        (S.ADMITTED, E.SUPPORT): S.ADMITTED,
    },
)

PUBLIC = tuple(state for state in ProposalState if state is not S.DRAFT)
"""States the public may see (a draft that was withdrawn has no day of submission and stays unseen)."""


ON_BOARD = tuple(state for state in PUBLIC if state not in (S.MERGED, S.WITHDRAWN))
"""States the board shows unless it is asked for another; what was merged is read on the page it went into."""


class AttachmentKind(StrEnum):
    """What a file shows."""

    PHOTO = "photo"
    PAPER = "paper"


class Channel(StrEnum):
    """How a proposal came in."""

    SCREEN = "screen"
    FACILITATOR = "facilitator"
    IMPORT = "import"
