"""A project with a member abroad, the treasurer, the officer, the president: where tests of money begin."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.funding.services import promises, treasury
from cdp.funding.services.promises import Promise
from cdp.funding.services.treasury import Quote
from cdp.kernel import clock
from cdp.people.actor import Actor
from cdp.people.models import Person
from cdp.people.states import Role, ShownAs
from cdp.programme.models import Project
from cdp.teams.models import Membership
from cdp.teams.states import Offer
from tests.factories import actor_of, keep, make_commune, make_official, make_person, make_project, make_round

UNTIL = date(2027, 9, 30)


@dataclass
class Scene:
    commune: Commune
    project: Project
    person: Person
    member: Actor
    treasurer: Actor
    officer: Actor
    president: Actor


def make_scene(db: Session, **over: Any) -> Scene:
    """One euro is 10.80 dirhams; the member is in the project until the end of September."""
    commune = make_commune(db, **{"slug": "tirsal"} | over)
    project = make_project(db, make_round(db, commune))
    person = make_person(db, name="Salma Benali")
    join(db, project, person)
    treasurer, officer, president = (
        actor_of(db, make_official(db, commune, role)) for role in (Role.TREASURER, Role.OFFICER, Role.PRESIDENT)
    )
    treasury.enter_rate(db, treasurer, commune, Quote("EUR", "10,80", date(2027, 4, 1), "Bank Al-Maghrib"))
    return Scene(commune, project, person, actor_of(db, person), treasurer, officer, president)


def join(db: Session, project: Project, person: Person, *, shown_as: ShownAs = ShownAs.FIRST) -> Membership:
    """A person in a project's team until the end of September."""
    return keep(
        db,
        Membership(
            commune_id=project.commune_id,
            proposal_id=project.proposal_id,
            person_id=person.id,
            offer=Offer.SUM,
            since=date(2027, 1, 1),
            until=UNTIL,
            shown_as=shown_as,
            joined_at=clock.now(),
        ),
    )


def promise(amount: int = 50_000, unit: str = "EUR", **over: Any) -> Promise:
    """Five hundred euros until the end of September, under the first name."""
    return Promise(**{"unit": unit, "amount_minor": amount, "until": UNTIL, "shown_as": ShownAs.FIRST} | over)


def pledged(db: Session, scene: Scene, key: str = "p", **over: Any) -> Any:
    """A promise of the member."""
    return promises.pledge(db, scene.member, scene.project, promise(**over), key=key)


def past_the_guards(db: Session, statement: str) -> None:
    """Change rows as somebody with the database's own keys could."""
    if db.get_bind().dialect.name == "sqlite":
        names = db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entry'")).all()
        for name in names:
            db.execute(text(f"DROP TRIGGER {name}"))
    else:
        db.execute(text("SET LOCAL session_replication_role = replica"))
    db.execute(text(statement))
    db.commit()
