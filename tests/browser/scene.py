"""A small invented commune with something in every room, made by factories."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import today
from cdp.kernel.words import Words
from cdp.people.models import Belonging, Person
from cdp.people.queries import office
from cdp.people.states import Role, Tie
from cdp.proposals.states import ProposalState
from cdp.rounds.models import Round
from cdp.rounds.states import Phase
from cdp.teams.models import Membership
from tests.browser.house import House
from tests.factories import (
    make_commune,
    make_diaspora,
    make_group,
    make_locality,
    make_official,
    make_project,
    make_proposal,
    make_resident,
    make_round,
)


@dataclass
class Demo:
    """A house full of people: who they are by what they may do, and where a visit begins."""

    house: House
    people: dict[str, int]
    entries: tuple[str, ...]
    noted: Path
    """A folder where all processes of a run note what was looked at."""

    def name_of(self, what: str, language: str) -> str:
        with self.house.db() as db:
            person = db.get_one(Person, self.people[what])
            return (language == "ar" and person.name_ar) or person.name


@dataclass
class Scene:
    """Numbers of who lives here."""

    commune_id: int
    round_id: int
    project: str
    project_id: int
    people: dict[str, int]

    def round(self, db: Session) -> Round:
        return db.get_one(Round, self.round_id)


def commune_of(db: Session, scene: Scene) -> Commune:
    return db.get_one(Commune, scene.commune_id)


def tirsal(db: Session, *, phase: Phase = Phase.PROPOSALS) -> Scene:
    """Commune, douars, a round in that phase, people of every kind, proposals in every state, a project."""
    commune: Commune = make_commune(db, slug="tirsal", name=Words(fr="Tirsal", ar="تيرسال"))
    for _ in range(3):
        make_locality(db, commune)
    officer = make_official(db, commune, Role.OFFICER, name="Rachid Amrani")
    round_ = make_round(db, commune, phase=phase, opened_by_id=officer.id)
    women = [make_resident(db, commune, name="Fatima Ouali"), make_resident(db, commune, name="Khadija Naciri")]
    make_group(db, commune, *women)
    for state in ProposalState:
        if state not in {ProposalState.PROGRAMMED, ProposalState.MERGED}:
            last = make_proposal(db, round_, state=state, author_id=women[0].id)
    make_proposal(db, round_, state=ProposalState.MERGED, author_id=women[1].id, merged_into_id=last.id)
    project = make_project(db, round_)
    people = {
        "officer": officer.id,
        "resident": women[0].id,
        "neighbour": women[1].id,
        "diaspora": make_diaspora(db, commune, name="Salma Benali").id,
        "facilitator": make_official(db, commune, Role.FACILITATOR, name="Omar Tazi").id,
        "panel": make_official(db, commune, Role.PANEL, name="Nadia Filali").id,
        "treasurer": make_official(db, commune, Role.TREASURER, name="Aziz Berrada").id,
    }
    db.commit()
    return Scene(commune.id, round_.id, str(project.number), project.id, people)


def people_of_the_demo(db: Session) -> dict[str, int]:
    """One telling person of every kind of the demonstration; the one abroad is a member of a project for a time."""
    people: dict[str, int] = {}
    for account in office.telling_accounts(db, day=today()):
        people.setdefault(account.what, account.person_id)
    abroad = (
        select(Membership.person_id)
        .join(Belonging, Belonging.person_id == Membership.person_id)
        .where(Belonging.tie == Tie.ROOTS, Membership.until >= today(), Membership.ended_on.is_(None))
        .order_by(Membership.id)
    )
    return people | {"resident": people["womens_group"], "diaspora": db.scalars(abroad).first() or people["roots"]}
