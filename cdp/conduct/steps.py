"""What each phase sets going when it begins: letters to those it concerns. Told once each, however often it runs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import today
from cdp.notices.services import post
from cdp.people.models import Belonging, Mandate, Person
from cdp.people.states import Role
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.rounds.models import Round
from cdp.rounds.rules.phases import Window
from cdp.rounds.states import Phase


@dataclass(frozen=True)
class Entering:
    """A phase of a round that has begun, with its window as it stands."""

    round: Round
    window: Window

    @property
    def is_over(self) -> bool:
        """Whether it is already past: a worker that slept does not invite to what is over."""
        return self.window.ends_on is not None and self.window.ends_on < today()


Effect = Callable[[Session, Entering], int]


def on_proposals(db: Session, entering: Entering) -> int:
    """Those who live here or have their roots here and asked for news hear that proposals are open."""
    if entering.is_over:
        return 0
    day = today()
    wanting = (
        select(Person.id)
        .join(Belonging, Belonging.person_id == Person.id)
        .where(
            Belonging.commune_id == entering.round.commune_id,
            Belonging.since <= day,
            or_(Belonging.until.is_(None), Belonging.until >= day),
            Person.wants_news,
            Person.erased_at.is_(None),
        )
        .distinct()
    )
    return _tell(db, entering, "proposals_open", db.scalars(wanting).all())


def on_review(db: Session, entering: Entering) -> int:
    """Authors whose draft stayed a draft hear that it was not handed in and stays theirs."""
    told = 0
    for proposal_id, author_id in drafts(db, entering.round.id):
        told += post(
            db,
            author_id,
            "draft_left_behind",
            commune_id=entering.round.commune_id,
            once=f"draft-left-behind:{proposal_id}",
            **_values(db, entering),
        )
    return told


def on_priorities(db: Session, entering: Entering) -> int:
    """The panel hears that it may mark."""
    return 0 if entering.is_over else _tell(db, entering, "panel_begins", holders(db, entering, Role.PANEL))


def on_council(db: Session, entering: Entering) -> int:
    """Councillors and the president hear that the draft of the plan is before the council."""
    return 0 if entering.is_over else _tell(db, entering, "council_begins", holders(db, entering, *COUNCIL))


def on_delivery(db: Session, entering: Entering) -> int:
    """Authors whose proposal became a project hear that the plan is being carried out."""
    programmed = select(Proposal.author_id).where(
        Proposal.round_id == entering.round.id, Proposal.state == ProposalState.PROGRAMMED
    )
    return 0 if entering.is_over else _tell(db, entering, "delivery_begins", db.scalars(programmed.distinct()).all())


COUNCIL = (Role.PRESIDENT, Role.COUNCILLOR)

ON_ENTER: Mapping[Phase, Effect] = {
    Phase.PROPOSALS: on_proposals,
    Phase.REVIEW: on_review,
    Phase.PRIORITIES: on_priorities,
    Phase.COUNCIL: on_council,
    Phase.DELIVERY: on_delivery,
}
"""By phase: what it sets going. The other phases set nothing going but the desks of the office."""

KINDS = (
    "proposals_open",
    "draft_left_behind",
    "draft_closes_soon",
    "phase_end_moved",
    "panel_begins",
    "council_begins",
    "delivery_begins",
)
"""Notices of this stage."""


def drafts(db: Session, round_id: int) -> list[tuple[int, int]]:
    """(proposal, author) of the drafts of a round."""
    rows = db.execute(
        select(Proposal.id, Proposal.author_id)
        .where(Proposal.round_id == round_id, Proposal.state == ProposalState.DRAFT)
        .order_by(Proposal.id)
    )
    return [(proposal_id, author_id) for proposal_id, author_id in rows]


def holders(db: Session, entering: Entering, *roles: Role) -> list[int]:
    """Persons who hold one of these mandates in the round's commune today."""
    day = today()
    rows = select(Mandate.person_id).where(
        Mandate.commune_id == entering.round.commune_id,
        Mandate.role.in_(roles),
        Mandate.since <= day,
        or_(Mandate.until.is_(None), Mandate.until >= day),
    )
    return list(db.scalars(rows.distinct().order_by(Mandate.person_id)))


def remind_drafts(db: Session, entering: Entering) -> int:
    """Tell authors of drafts that the days for proposals end soon; once for each end."""
    ends_on = entering.window.ends_on
    return sum(
        post(
            db,
            author_id,
            "draft_closes_soon",
            commune_id=entering.round.commune_id,
            once=f"draft-closes-soon:{proposal_id}:{ends_on}",
            **_values(db, entering),
        )
        for proposal_id, author_id in drafts(db, entering.round.id)
    )


def tell_moved_end(db: Session, entering: Entering, ends_on: date) -> int:
    """Tell authors of drafts that the last day for proposals has moved."""
    values = _values(db, entering) | {"until": ends_on.isoformat()}
    return sum(
        post(
            db,
            author_id,
            "phase_end_moved",
            commune_id=entering.round.commune_id,
            once=f"phase-end-moved:{proposal_id}:{ends_on}",
            **values,
        )
        for proposal_id, author_id in drafts(db, entering.round.id)
    )


def _tell(db: Session, entering: Entering, kind: str, people: Iterable[int]) -> int:
    values = _values(db, entering)
    return sum(
        post(
            db,
            person_id,
            kind,
            commune_id=entering.round.commune_id,
            once=f"{kind}:{entering.round.id}:{person_id}",
            **values,
        )
        for person_id in people
    )


def _values(db: Session, entering: Entering) -> dict[str, str | int]:
    """What the sentences of this stage take: the commune's address, the round's year, the last day."""
    slug = db.get_one(Commune, entering.round.commune_id).slug
    ends_on = entering.window.ends_on
    return {
        "commune": slug,
        "year": entering.round.first_year,
        "until": ends_on.isoformat() if ends_on else "",
    }
