"""Plain functions that make valid things; say only what your test is about."""

import itertools
import secrets
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from cdp.communes.models import Commune, Locality, Province, Region
from cdp.communes.states import CommuneKind, LocalityKind
from cdp.kernel.clock import now, today
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.people.actor import Actor
from cdp.people.models import Belonging, Group, GroupMember, Mandate, Person
from cdp.people.states import GroupKind, GroupState, Role, Tie
from cdp.programme.models import Project
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.rounds.models import Charter, PhaseWindow, Round
from cdp.rounds.rules.charter import CharterRules, CheckPoint, Criterion, Envelope, Sector
from cdp.rounds.states import Phase, ProposerKind, Source, Sureness

Thing = TypeVar("Thing")
_count = itertools.count(1)


def keep(db: Session, thing: Thing) -> Thing:
    """Flush a thing so that it has its number."""
    db.add(thing)
    db.flush()
    return thing


def make_commune(db: Session, **over: Any) -> Commune:
    """A rural commune that uses the tool."""
    n = next(_count)
    if "province_id" not in over:
        region = keep(db, Region(code=f"R{n}", name=Words(fr="Région", ar="جهة")))
        over["province_id"] = keep(db, Province(region_id=region.id, code=f"P{n}", name=Words(fr="Province"))).id
    base: dict[str, Any] = {
        "code": f"00.000.00.{n:02}",
        "slug": f"commune-{n}",
        "name": Words(fr=f"Commune {n}", ar=f"جماعة {n}"),
        "kind": CommuneKind.RURAL,
        "sort_key": f"commune {n:04}",
        "population_2014": 8000,
        "population_2024": 8141,
        "opened_on": date(2026, 1, 1),
        "letters": "TZ",
        "council_size": 17,
        "is_invented": True,
        "settings": {},
    }
    return keep(db, Commune(**base | over))


def make_locality(db: Session, commune: Commune, **over: Any) -> Locality:
    """A douar."""
    n = next(_count)
    base: dict[str, Any] = {
        "commune_id": commune.id,
        "code": f"D{n}",
        "name": Words(fr=f"Douar {n}", ar=f"دوار {n}"),
        "fraction": Words(fr="Centre", ar="المركز"),
        "kind": LocalityKind.DOUAR,
        "sort_key": f"douar {n:04}",
        "households": 40,
        "population": 200,
        "x": 50.0,
        "y": 50.0,
        "distances": {},
    }
    return keep(db, Locality(**base | over))


def make_person(db: Session, **over: Any) -> Person:
    """A person with an address and a confirmed account."""
    n = next(_count)
    base: dict[str, Any] = {
        "name": f"Person Number{n}",
        "email": f"person{n}@example.org",
        "fs_uniquifier": secrets.token_hex(16),
        "active": True,
        "confirmed_at": now(),
        "language": "fr",
    }
    return keep(db, Person(**base | over))


def make_resident(db: Session, commune: Commune, **over: Any) -> Person:
    """A person who lives in the commune."""
    person = make_person(db, **over)
    keep(db, Belonging(commune_id=commune.id, person_id=person.id, tie=Tie.LIVES, since=date(2020, 1, 1)))
    return person


def make_diaspora(db: Session, commune: Commune, **over: Any) -> Person:
    """A person with roots in the commune who lives elsewhere."""
    person = make_person(db, **{"city": "Lyon"} | over)
    keep(db, Belonging(commune_id=commune.id, person_id=person.id, tie=Tie.ROOTS, since=date(2001, 1, 1)))
    return person


def make_official(db: Session, commune: Commune, role: Role = Role.OFFICER, **over: Any) -> Person:
    """A person with a mandate in the commune that holds today."""
    person = make_person(db, **over)
    keep(db, Mandate(commune_id=commune.id, person_id=person.id, role=role, since=date(2026, 1, 1)))
    return person


def make_group(db: Session, commune: Commune, *members: Person, **over: Any) -> Group:
    """A standing women's group; its members may act."""
    n = next(_count)
    people = members or (make_resident(db, commune), make_resident(db, commune))
    base: dict[str, Any] = {
        "commune_id": commune.id,
        "kind": GroupKind.WOMENS_GROUP,
        "state": GroupState.STANDING,
        "name": Words(fr=f"Groupe {n}", ar=f"مجموعة {n}"),
        "sort_key": f"groupe {n:04}",
        "entered_by_id": people[0].id,
        "entered_at": now(),
    }
    group = keep(db, Group(**base | over))
    for person in people:
        keep(
            db,
            GroupMember(
                commune_id=commune.id, group_id=group.id, person_id=person.id, may_act=True, since=date(2026, 1, 1)
            ),
        )
    return group


def actor_of(db: Session, person: Person) -> Actor:
    """The person as an actor today, as a request would load them."""
    from cdp.http.context import load_actor

    db.flush()
    return load_actor(db, person.id)


def charter_rules(**over: Any) -> CharterRules:
    """A small charter: two sectors, two checks, two criteria, own money and INDH for six years from 2028."""
    base: dict[str, Any] = {
        "sectors": (
            Sector("water", "water", Words(ar="الماء", fr="Eau", en="Water")),
            Sector("roads", "road", Words(ar="الطرق", fr="Routes", en="Roads")),
        ),
        "checklist": (
            CheckPoint(
                "competence", Words(fr="De la compétence de la commune ?", ar="من اختصاص الجماعة؟"), Words(), False
            ),
            CheckPoint("upkeep", Words(fr="L’entretien est-il prévu ?", ar="هل الصيانة مضمونة؟"), Words(), True),
        ),
        "criteria": (
            Criterion("need", Words(fr="Besoin", ar="الحاجة"), Words(), 3, {0: Words(), 3: Words(), 5: Words()}),
            Criterion("reach", Words(fr="Portée", ar="المدى"), Words(), 1, {0: Words(), 3: Words(), 5: Words()}),
        ),
        "envelopes": tuple(
            Envelope(year, source, Money(amount), Sureness.EXPECTED)
            for year in range(2028, 2034)
            for source, amount in ((Source.OWN, 100_000_000), (Source.INDH, 40_000_000))
        ),
        "proposers": frozenset(ProposerKind),
        "supports_each": None,
    }
    return CharterRules(**base | over)


def make_round(db: Session, commune: Commune | None = None, **over: Any) -> Round:
    """A round 2028-2033 whose phase today is ``phase`` (proposals, unless said)."""
    commune = commune or make_commune(db)
    phase: Phase = over.pop("phase", Phase.PROPOSALS)
    rules: CharterRules = over.pop("rules", charter_rules())
    officer_id = over.pop("opened_by_id", None) or make_official(db, commune).id
    base: dict[str, Any] = {
        "commune_id": commune.id,
        "first_year": 2028,
        "last_year": 2033,
        "title": Words(fr="Programme d’action 2028-2033", ar="برنامج العمل 2028-2033"),
        "opened_by_id": officer_id,
        "opened_at": now(),
    }
    round_ = keep(db, Round(**base | over))
    order = list(Phase)
    first = today() - timedelta(days=10 + 30 * order.index(phase))
    for position, each in enumerate(order):
        start = first + timedelta(days=30 * position)
        end = None if each is Phase.DELIVERY else start + timedelta(days=29)
        keep(db, PhaseWindow(commune_id=commune.id, round_id=round_.id, phase=each, starts_on=start, ends_on=end))
    keep(
        db,
        Charter(
            commune_id=commune.id,
            round_id=round_.id,
            version=1,
            rules=rules.plain(),
            made_by_id=officer_id,
            made_at=now(),
        ),
    )
    commune.revision += 1
    db.flush()
    return round_


def make_project(db: Session, round_: Round | None = None, **over: Any) -> Project:
    """A project of the plan: a programmed proposal of 1,862,000 dirhams that begins in 2028."""
    proposal = make_proposal(db, round_, state=ProposalState.PROGRAMMED, **over.pop("proposal", {}))
    base: dict[str, Any] = {
        "commune_id": proposal.commune_id,
        "round_id": proposal.round_id,
        "proposal_id": proposal.id,
        "number": proposal.number,
        "start_year": 2028,
        "cost_minor": 186_200_000,
        "price_year": 2027,
        "state_since": today(),
    }
    return keep(db, Project(**base | over))


def make_proposal(db: Session, round_: Round | None = None, **over: Any) -> Proposal:
    """A submitted proposal, complete; say ``state=`` for another (drafts have no number)."""
    n = next(_count)
    round_ = round_ or make_round(db)
    state = over.get("state", ProposalState.SUBMITTED)
    base: dict[str, Any] = {
        "commune_id": round_.commune_id,
        "round_id": round_.id,
        "state": state,
        "title": Words(fr="Un puits", ar="بئر"),
        "need": Words(fr="Eau potable pour le douar"),
        "sector": "water",
        "women": 100,
        "men": 90,
        "youth": 60,
        "households": 40,
        "upkeep": Words(fr="L’association du douar"),
        "step": 5,
        "started_at": now(),
        "edited_at": now(),
    }
    if state is not ProposalState.DRAFT:
        base |= {"number": f"TZ-2028-{n:03}", "submitted_at": now()}
    if "author_id" not in over:
        over["author_id"] = make_person(db).id
    return keep(db, Proposal(**base | over))
