"""What the interface may be asked: the parts of an address and of a query, with their bounds."""

from enum import StrEnum

from pydantic import BaseModel, Field

from cdp.programme.states import ProjectState
from cdp.proposals.queries import Order
from cdp.rounds.states import ProposerKind


class PublicState(StrEnum):
    """States of a proposal that can be asked for: drafts cannot."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    ADMITTED = "admitted"
    REFUSED = "refused"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    NOT_KEPT = "not_kept"
    PROGRAMMED = "programmed"


LAST_PAGE = 10_000
SLUG = r"^[a-z0-9-]+$"
NUMBER = r"^[A-Z0-9-]+$"
KEY = r"^[a-z0-9_]*$"


class OfCommune(BaseModel):
    """A commune by the name in its address."""

    slug: str = Field(pattern=SLUG, max_length=80)


class OfRound(OfCommune):
    """A round by its first year."""

    year: int = Field(ge=2000, le=2100)


class OfNumber(OfCommune):
    """A proposal or project by its number."""

    number: str = Field(pattern=NUMBER, max_length=20)


class Paged(BaseModel):
    """A page of 25, from 1."""

    page: int = Field(default=1, ge=1, le=LAST_PAGE)


class ProposalsAsked(Paged):
    """Filters of the board."""

    q: str = Field(default="", max_length=120, description="Words to search, accents and Arabic forms folded.")
    sector: str = Field(default="", max_length=40, pattern=KEY)
    who: ProposerKind | None = None
    state: PublicState | None = None
    order: Order = Order.SUPPORTED


class ProjectsAsked(Paged):
    """Filters of the list of projects."""

    sector: str | None = Field(default=None, max_length=40, pattern=KEY)
    state: ProjectState | None = None
