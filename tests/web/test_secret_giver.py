"""Whose a secret promise is, is read by the treasurer alone: every address and export is read for the name (L17)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.cli.export import WRITERS
from cdp.funding import queries
from cdp.funding.queries.dossier import dossier
from cdp.funding.services import giving, promises
from cdp.funding.services.promises import Promise
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.notices.models import Notice
from cdp.people.models import Person
from cdp.people.states import ShownAs
from cdp.programme.models import Project
from cdp.teams.models import Membership
from cdp.teams.states import Offer
from tests.factories import actor_of, make_person
from tests.web.scene_of_rights import Scene
from tests.web.stage_of_rights import staged
from tests.web.test_rights_table import address_of, asked, rules_of

NAME, CITY = "Zyxwvut Qopsecret", "Villedusecret"
READERS = ("nobody", "member", "officer")


@pytest.fixture(scope="module")
def stage(template: str, engine_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Scene]]:
    """A filled application, with money, hours and goods of a secret giver in the team without a name."""
    with staged(template, engine_name, tmp_path_factory.mktemp("secret")) as (app, scene):
        with Session(app.extensions["store"].engine, expire_on_commit=False) as db:
            _promise_in_secret(db, scene)
            db.commit()
        yield app, scene


def _promise_in_secret(db: Session, scene: Scene) -> None:
    project = db.scalars(select(Project).where(Project.number == scene.own["treasury."]["number"])).one()
    giver = make_person(db, name=NAME, name_ar="سري زكسوفت", city=CITY)
    db.add(_membership(project, giver, ShownAs.ANONYMOUS))
    db.flush()
    until = today() + timedelta(days=20)
    for unit, amount in (("MAD", 70_000), ("H", 600), ("item", 3)):
        given = Promise(unit, amount, until, ShownAs.FULL, note="Trois portes", is_secret=True)
        promises.pledge(db, actor_of(db, giver), project, given, key=f"secret {unit}")
    goods = queries.find_pledge(db, project.commune_id, _last(db, giver))
    giving.agree(db, actor_of(db, giver), goods, giving.Agreed(today(), 2), key="secret day")


def _last(db: Session, giver: Person) -> int:
    from cdp.funding.queries.cards import promises_of

    return promises_of(db, today(), giver.id)[0].id


def _membership(project: Project, person: Person, shown_as: ShownAs) -> Membership:
    return Membership(
        commune_id=project.commune_id,
        proposal_id=project.proposal_id,
        person_id=person.id,
        offer=Offer.SUM,
        since=today(),
        until=today() + timedelta(days=20),
        shown_as=shown_as,
        joined_at=clock.now(),
    )


def tells(text: str) -> bool:
    return any(word in text for word in ("Zyxwvut", "Qopsecret", "Villedusecret", "زكسوفت"))


@pytest.mark.parametrize("reader", READERS)
def test_no_address_tells_a_secret_givers_name(stage: tuple[Flask, Scene], reader: str) -> None:
    app, scene = stage
    told, read = [], 0
    for rule in rules_of(app):
        if "GET" in (rule.methods or ()) and not rule.endpoint.startswith("security."):
            address = address_of(app, scene, rule)
            answer = asked(app, scene.people[reader], address, method="GET")
            read += answer.status_code == 200
            if tells(answer.get_data(as_text=False).decode("utf-8", "replace")) or tells(address):
                told.append(address)
    assert told == []
    assert read > 40


def test_the_treasurer_reads_it_and_the_officer_reads_that_it_is_secret(stage: tuple[Flask, Scene]) -> None:
    app, scene = stage
    at = f"/fr/tirsal/treasury/projects/{scene.own['treasury.']['number']}"
    assert tells(asked(app, scene.people["treasurer"], at, method="GET").get_data(as_text=True))
    page = asked(app, scene.people["officer"], at, method="GET").get_data(as_text=True)
    assert "un donateur secret" in page
    assert not tells(page)


@pytest.mark.parametrize("kind", list(WRITERS))
def test_no_export_tells_it(stage: tuple[Flask, Scene], kind: str) -> None:
    app, _scene = stage
    with app.extensions["store"].reader() as db:
        assert not tells(b"".join(WRITERS[kind](db, "tirsal")).decode())


def test_no_letter_to_others_tells_it(stage: tuple[Flask, Scene]) -> None:
    app, _scene = stage
    with app.extensions["store"].reader() as db:
        notices: list[Any] = list(db.scalars(select(Notice)))
        assert notices
        assert not any(tells(str(vars(each))) for each in notices)


def test_a_giver_who_joins_under_their_name_later_stays_unseen_as_a_giver(stage: tuple[Flask, Scene]) -> None:
    app, scene = stage
    number = scene.own["treasury."]["number"]
    with Session(app.extensions["store"].engine) as db:
        project = db.scalars(select(Project).where(Project.number == number)).one()
        giver = db.scalars(select(Person).where(Person.name == NAME)).one()
        db.add(_membership(project, giver, ShownAs.FULL))
        db.flush()
        assert not any(tells(str(named.name)) for named in dossier(db, project, today()).givers.named)
        db.rollback()
    answer = asked(app, None, f"/api/v1/communes/tirsal/projects/{number}", method="GET")
    assert answer.status_code == 200
    assert not tells(answer.get_data(as_text=True))
