"""A ballot as tests need it: three projects in two douars, opened today, with an officer and a facilitator."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from cdp.communes.models import Commune, Locality
from cdp.kernel.clock import now, today
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.people.actor import Actor
from cdp.people.models import Belonging, Person
from cdp.people.states import Role, Tie
from cdp.priorities.models import Ballot, RollEntry
from cdp.priorities.rules.ballots import BallotDraft
from cdp.priorities.rules.secret_codes import new_secret
from cdp.priorities.services import ballots, casting, codes, roll
from cdp.priorities.states import BallotKind, CountingRule, Filling, RollSource, TieRule
from cdp.proposals.models import ProposalPlace
from cdp.proposals.states import ProposalState
from cdp.review.models import CostEstimate
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.rounds.states import Phase
from tests.factories import (
    actor_of,
    keep,
    make_commune,
    make_locality,
    make_official,
    make_person,
    make_proposal,
    make_round,
)

COSTS = (42_000_000, 31_000_000, 38_000_000)


@dataclass
class Scene:
    """Who and what is there; ``numbers`` are those of the projects in the order of the sheet."""

    commune: Commune
    places: list[Locality]
    round_: Round
    officer: Actor
    facilitator: Actor
    ballot: Ballot
    numbers: list[str] = field(default_factory=list)


def draft(**over: Any) -> BallotDraft:
    """Approval of any number of projects, counted greedily within a million dirhams, ties by lot."""
    base: dict[str, Any] = {
        "kind": BallotKind.APPROVAL,
        "rule": CountingRule.GREEDY,
        "title": Words(fr="Les projets du Nord", ar="مشاريع الشمال", en="Projects of the north"),
        "question": Words(fr="Quels projets d’abord ?", ar="ما المشاريع أولا؟", en="Which projects first?"),
        "budget": Money(100_000_000),
        "opens_on": today(),
        "closes_on": today() + timedelta(days=5),
        "filling": Filling.NONE,
        "ties": TieRule.LOT,
        "seed": "3 7 1 5",
        "admits": frozenset({RollSource.RESIDENT}),
    }
    return BallotDraft(**base | over)


def make_ballot(db: Session, *, costs: Sequence[int] = COSTS, is_open: bool = True, **over: Any) -> Scene:
    """A ballot of a round in its phase of priorities; keyword arguments change its rules."""
    commune = make_commune(db)
    places = [make_locality(db, commune), make_locality(db, commune)]
    round_ = make_round(db, commune, phase=Phase.PRIORITIES)
    officer, facilitator = make_official(db, commune), make_official(db, commune, Role.FACILITATOR)
    for position, cost in enumerate(costs):
        make_costed(db, round_, cost, places[position % 2], officer=officer)
    actor = actor_of(db, officer)
    ballot = ballots.prepare(db, actor, rounds.card(db, round_), draft(**over), key=f"ballot of {round_.id}")
    scene = Scene(commune, places, round_, actor, actor_of(db, facilitator), ballot)
    if is_open:
        ballots.open_ballot(db, actor, ballot)
    scene.numbers = [offer.number for offer in ballots.queries.offers(db, ballot.id)]
    db.commit()
    return scene


def make_costed(db: Session, round_: Round, cost: int, place: Locality, *, officer: Person) -> None:
    """An admitted proposal of a douar with its cost in centimes."""
    proposal = make_proposal(db, round_, state=ProposalState.ADMITTED)
    keep(db, ProposalPlace(commune_id=round_.commune_id, proposal_id=proposal.id, locality_id=place.id))
    estimate = {"version": 1, "price_year": 2027, "estimated_by_id": officer.id, "capacity": "officer"}
    keep(
        db,
        CostEstimate(
            commune_id=round_.commune_id, proposal_id=proposal.id, total_minor=cost, estimated_at=now(), **estimate
        ),
    )


def make_voter(db: Session, scene: Scene, place: Locality | None = None) -> Actor:
    """A resident with an account, on the roll."""
    person = make_person(db)
    where = place or scene.places[0]
    keep(
        db,
        Belonging(commune_id=scene.commune.id, person_id=person.id, tie=Tie.LIVES, since=today(), locality_id=where.id),
    )
    entry = {"source": RollSource.RESIDENT, "name": person.name, "sort_key": person.name.casefold()}
    keep(
        db,
        RollEntry(
            commune_id=scene.commune.id, ballot_id=scene.ballot.id, person_id=person.id, locality_id=where.id, **entry
        ),
    )
    return actor_of(db, person)


def vote(db: Session, scene: Scene, content: Any, voter: Actor | None = None) -> casting.Given:
    """A vote by account, of a new voter unless one is given."""
    actor = voter or make_voter(db, scene)
    given = casting.cast_by_account(db, actor, scene.ballot, content, secret=new_secret())
    db.commit()
    return given


def print_codes(db: Session, scene: Scene, size: int = 3, key: str = "batch") -> list[str]:
    """A batch of codes for the first douar."""
    place = scene.places[0].id
    return codes.print_batch(db, scene.officer, scene.ballot, size, label="Ouzrou", locality_id=place, key=key)


__all__ = ["Scene", "draft", "make_ballot", "make_costed", "make_voter", "print_codes", "roll", "vote"]
