"""One proposal and what belongs to it; everything is asked for within its commune."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, case, exists, or_, select
from sqlalchemy.orm import Session, join
from sqlalchemy.orm.attributes import set_committed_value

from cdp.communes import queries as communes
from cdp.communes.models import Locality
from cdp.communes.queries import Place
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound
from cdp.kernel.page import SIZE, Page
from cdp.kernel.words import Words
from cdp.people.actor import Actor
from cdp.people.models import Belonging, Group, Person
from cdp.people.queries import said_name
from cdp.people.states import CapacityKind, GroupKind, GroupState
from cdp.proposals.models import Proposal, ProposalPlace, Support
from cdp.proposals.policy import MAY_SEE, Case
from cdp.proposals.rules.drafts import Beneficiaries, Draft
from cdp.proposals.rules.search import search_text
from cdp.proposals.states import ProposalState
from cdp.rounds.queries import RoundCard
from cdp.store.audit import Event
from cdp.store.base import table_of
from cdp.store.ready import Ready, Whole, part_of


def _with_people(asked: Any) -> Any:
    of_author, of_group = Person.id == Proposal.author_id, Group.id == Proposal.group_id
    return asked.select_from(join(Proposal, Person, of_author).outerjoin(Group, of_group))


def _joined(found: tuple[Any, ...] | None) -> Proposal | None:
    """A proposal with its author and group at hand, of a row of the three."""
    if found is None:
        return None
    proposal, author, group = found
    set_committed_value(proposal, "author", author)
    set_committed_value(proposal, "group", group)
    return cast("Proposal", proposal)


_numbered = (Proposal.commune_id == bindparam("commune_id"), Proposal.number == bindparam("number"))
_by_number = Whole(Proposal, lambda asked: _with_people(asked).where(*_numbered), Person, Group)
_public = Whole(Proposal, lambda asked: asked.where(*_numbered))


def find(db: Session, commune_id: int, number: str) -> Proposal:
    """A public proposal of a commune by its number, with author and group; NotFound else."""
    proposal = _joined(_by_number.together(db, commune_id=commune_id, number=number))
    if proposal is None:
        raise NotFound("proposals.unknown", number=number)
    return proposal


def public(db: Session, commune_id: int, number: str) -> Proposal:
    """A public proposal of a commune by its number, itself alone (for an act on it); NotFound else."""
    proposal = _public.first(db, commune_id=commune_id, number=number)
    if proposal is None:
        raise NotFound("proposals.unknown", number=number)
    return proposal


_of_round = (
    Proposal.commune_id == bindparam("commune"),
    Proposal.round_id == bindparam("round"),
    Proposal.id == bindparam("proposal"),
)
_draft = Whole(Proposal, lambda asked: _with_people(asked).where(*_of_round), Person, Group)
_draft_to_write = Whole(
    Proposal, lambda asked: _with_people(asked).where(*_of_round).with_for_update(of=table_of(Proposal)), Person, Group
)
HELD = "proposal held"
"""Under this name a session notes the proposal whose row it holds, and in which (part of a) transaction."""


def find_draft(db: Session, actor: Actor, card: RoundCard, proposal_id: int) -> Proposal:
    """A proposal of this round that its writers still see as theirs; NotFound for everybody else."""
    return _seen(_draft, db, actor, card, number=proposal_id)


def find_draft_to_write(db: Session, actor: Actor, card: RoundCard, proposal_id: int) -> Proposal:
    """The same where an act on it begins: its row is held from here to the commit."""
    proposal = _seen(_draft_to_write, db, actor, card, number=proposal_id)
    db.info[HELD] = (part_of(db), proposal.id)
    return proposal


def _seen(asked: Whole[Proposal], db: Session, actor: Actor, card: RoundCard, *, number: int) -> Proposal:
    proposal = _joined(asked.together(db, commune=card.commune_id, round=card.id, proposal=number))
    if proposal is None or not MAY_SEE(actor, Case(proposal, card, today())):
        raise NotFound
    return proposal


def receipt_of(db: Session, commune_id: int, key: str) -> str | None:
    """Number of the proposal that a form with this key led to, if there is one."""
    return db.scalar(select(Proposal.number).where(Proposal.commune_id == commune_id, Proposal.idempotency_key == key))


def place_ids(db: Session, commune_id: int, revision: int | None = None) -> Set[int]:
    """Numbers of all douars of a commune, as the worker keeps them; ``revision`` is asked where it is not known."""
    standing = communes.revision_of(db, commune_id) if revision is None else revision
    return communes.places_by_number(db, commune_id, standing).keys()


_places = Ready(
    lambda: (
        select(
            Locality.id,
            Locality.code,
            Locality.name,
            Locality.fraction,
            Locality.population,
            Locality.households,
            Locality.x,
            Locality.y,
        )
        .join(ProposalPlace, ProposalPlace.locality_id == Locality.id)
        .where(ProposalPlace.proposal_id == bindparam("proposal_id"))
        .order_by(Locality.sort_key, Locality.id)
    )
)


def places_of(db: Session, proposal_id: int) -> list[Place]:
    """The douars of a proposal, by name; none at all means the whole commune."""
    return [Place(*row) for row in _places.rows(db, proposal_id=proposal_id)]


def people_of(proposal: Proposal) -> Beneficiaries:
    """For how many it is."""
    return Beneficiaries(proposal.women, proposal.men, proposal.youth, proposal.households, proposal.summer_peak)


_locality_ids = Ready(
    lambda: select(ProposalPlace.locality_id).where(ProposalPlace.proposal_id == bindparam("proposal"))
)


def locality_ids(db: Session, proposal_id: int) -> frozenset[int]:
    """Numbers of the douars of a proposal; none at all means the whole commune."""
    return frozenset(row[0] for row in _locality_ids.rows(db, proposal=proposal_id))


def draft_of(db: Session, proposal: Proposal) -> Draft:
    """What its author wrote, in the words of the rules."""
    return Draft(
        title=proposal.title,
        need=proposal.need,
        sector=proposal.sector,
        places=locality_ids(db, proposal.id),
        people=people_of(proposal),
        upkeep=proposal.upkeep,
    )


def text_to_search(proposal: Proposal) -> str:
    """The words by which a proposal is found."""
    return search_text(proposal.round_id, proposal.number or "", (proposal.title, proposal.need))


def supports_it(db: Session, proposal_id: int, person_id: int | None) -> bool:
    """Whether a person stands behind a proposal now."""
    if person_id is None:
        return False
    given = select(Support.id).where(
        Support.proposal_id == proposal_id, Support.person_id == person_id, Support.withdrawn_at.is_(None)
    )
    return db.scalar(given) is not None


@dataclass(frozen=True)
class Source:
    """A proposal that went into another: its words stay readable."""

    number: str | None
    title: Words
    support_count: int


_merged = Ready(
    lambda: (
        select(Proposal.number, Proposal.title, Proposal.support_count)
        .where(Proposal.merged_into_id == bindparam("proposal_id"))
        .order_by(Proposal.id)
    )
)


def sources(db: Session, proposal: Proposal) -> tuple[list[Source], Source | None]:
    """What was merged into a proposal, and what it was merged into (always of its own round)."""
    merged = [Source(*row) for row in _merged.rows(db, proposal_id=proposal.id)]
    if proposal.merged_into_id is None:
        return merged, None
    columns = select(Proposal.number, Proposal.title, Proposal.support_count)
    return merged, Source(*db.execute(columns.where(Proposal.id == proposal.merged_into_id)).one())


@dataclass(frozen=True)
class Act:
    """One act of the history: when, what, in which capacity (never who by name), with its details."""

    at: datetime
    act: str
    capacity: CapacityKind
    detail: dict[str, Any]


NOT_TOLD = ("proposals.support", "proposals.take_back", "proposals.write", "proposals.start", "proposals.attach")
"""Acts that are no news: each support, each step of writing."""


_history = Ready(
    lambda: (
        select(Event.at, Event.act, Event.capacity, Event.detail)
        .where(
            Event.commune_id == bindparam("commune_id"),
            Event.thing == "proposal",
            Event.thing_id == bindparam("proposal_id"),
            Event.act.not_in(NOT_TOLD),
        )
        .order_by(Event.id.desc())
        .limit(bindparam("most"))
    )
)


def history(db: Session, proposal: Proposal, *, most: int = 40) -> list[Act]:
    """The acts on a proposal the public reads, the latest first, from the audit."""
    rows = _history.rows(db, commune_id=proposal.commune_id, proposal_id=proposal.id, most=most)
    return [Act(at, act, CapacityKind(capacity.split(":")[0]), detail or {}) for at, act, capacity, detail in rows]


@dataclass(frozen=True)
class Mine:
    """A proposal in its writer's own list; a draft has no number yet."""

    id: int
    number: str | None
    title: Words
    state: ProposalState
    round_id: int
    support_count: int
    edited_at: datetime
    correct_until: Any


def mine(db: Session, actor: Actor, commune_id: int, *, page: int = 1) -> Page[Mine]:
    """A page of what a person, or a group they may act for, asked of a commune: returned ones and drafts first."""
    urgency = case((Proposal.state == ProposalState.RETURNED, 0), (Proposal.state == ProposalState.DRAFT, 1), else_=2)
    first = max(page, 1)
    rows = db.execute(
        select(
            Proposal.id,
            Proposal.number,
            Proposal.title,
            Proposal.state,
            Proposal.round_id,
            Proposal.support_count,
            Proposal.edited_at,
            Proposal.correct_until,
        )
        .where(
            Proposal.commune_id == commune_id,
            or_(
                Proposal.author_id == actor.known(),
                Proposal.entered_by_id == actor.known(),
                Proposal.group_id.in_(actor.groups),
            ),
            or_(Proposal.state != ProposalState.WITHDRAWN, Proposal.submitted_at.is_not(None)),
        )
        .order_by(urgency, Proposal.edited_at.desc(), Proposal.id.desc())
        .limit(SIZE + 1)
        .offset(SIZE * (first - 1))
    )
    found = [Mine(*row) for row in rows]
    return Page(found[:SIZE], first, more=len(found) > SIZE)


def groups_to_speak_for(db: Session, actor: Actor, commune_id: int) -> list[tuple[int, Words, GroupKind]]:
    """The standing groups of a commune an actor may speak for today: number, name, kind."""
    if not actor.groups:
        return []
    rows = db.execute(
        select(Group.id, Group.name, Group.kind)
        .where(
            Group.id.in_(actor.groups),
            Group.commune_id == commune_id,
            Group.state.in_((GroupState.STANDING, GroupState.CHECKED)),
        )
        .order_by(Group.sort_key, Group.id)
    )
    return [(group_id, name, kind) for group_id, name, kind in rows]


def people_without_email(db: Session, commune_id: int) -> list[tuple[int, str]]:
    """People of a commune a facilitator may write for: number and name, by name."""
    tied = exists().where(Belonging.person_id == Person.id, Belonging.commune_id == commune_id)
    rows = db.execute(
        select(Person.id, said_name())
        .where(Person.email.is_(None), Person.erased_at.is_(None), tied)
        .order_by(said_name(), Person.id)
        .limit(500)
    )
    return [(person_id, name) for person_id, name in rows]
