"""Who opted in to news hears of a milestone; nobody else, nobody twice a day, never more than there is room for."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.delivery import queries, services
from cdp.delivery.rules import Planned, Report
from cdp.funding.services import promises
from cdp.funding.services.promises import Promise
from cdp.kernel.clock import now, today
from cdp.kernel.words import Words
from cdp.notices.models import Notice
from cdp.people.models import Person
from cdp.people.states import ShownAs
from cdp.programme.models import Project
from cdp.proposals.models import Support
from cdp.teams.models import Membership
from cdp.teams.states import Ending, Offer
from tests.factories import (
    actor_of,
    keep,
    make_commune,
    make_group,
    make_official,
    make_person,
    make_project,
    make_round,
)
from tests.jobs.test_outbox import Kept, run


@pytest.fixture
def project(db: Session) -> Project:
    return make_project(db, make_round(db, make_commune(db)))


def supporter(db: Session, project: Project, **over: object) -> Person:
    person = make_person(db, **{"wants_news": True} | over)
    of = {"commune_id": project.commune_id, "proposal_id": project.proposal_id}
    keep(db, Support(**of, person_id=person.id, capacity="self", given_at=now()))
    return person


def past_member(db: Session, project: Project) -> Person:
    person = make_person(db, wants_news=True)
    of = {"commune_id": project.commune_id, "proposal_id": project.proposal_id}
    days = {"since": date(2026, 1, 1), "until": date(2027, 9, 1), "ended_on": date(2026, 3, 1), "joined_at": now()}
    ended = {"offer": Offer.VISIT, "shown_as": ShownAs.FIRST, "ending": Ending.LEFT}
    keep(db, Membership(**of, **days, **ended, person_id=person.id))
    return person


def report(db: Session, project: Project, title: str = "Le forage") -> None:
    officer = actor_of(db, make_official(db, _commune(db, project)))
    step = services.plan(db, officer, project, Planned(Words(fr=title), date(2027, 4, 1)))
    services.report(db, officer, project, step, report=Report(today()))
    db.commit()


def _commune(db: Session, project: Project) -> object:
    from cdp.communes.models import Commune

    return db.get_one(Commune, project.commune_id)


def told(db: Session) -> set[int]:
    return set(db.scalars(select(Notice.person_id).where(Notice.kind == "project_news")))


def test_who_opted_in_hears_of_a_milestone_of_what_they_support_joined_or_gave_to(
    app: Flask, db: Session, project: Project
) -> None:
    wanting = {supporter(db, project).id, past_member(db, project).id}
    supporter(db, project, wants_news=False)
    elsewhere = make_project(db, make_round(db, make_commune(db)))
    supporter(db, elsewhere)
    report(db, project)
    assert told(db) == wanting
    sent = Kept()
    run(app, sent)
    news = [letter for letter in sent if "que vous suivez" in letter["Subject"]]
    assert {letter["To"] for letter in news} == set(db.scalars(select(Person.email).where(Person.id.in_(wanting))))
    assert f"/projects/{project.number}" in news[0].get_content()
    assert "/fr/me/settings" in news[0].get_content()


def test_many_milestones_of_a_day_are_one_letter(db: Session, project: Project) -> None:
    supporter(db, project)
    report(db, project, "Le forage")
    report(db, project, "Le château d’eau")
    assert len(db.scalars(select(Notice.id).where(Notice.kind == "project_news")).all()) == 1


def test_who_is_told_of_the_works_anyway_gets_no_news_beside(db: Session, project: Project) -> None:
    giver = make_person(db, wants_news=True)
    group = make_group(db, _commune(db, project), giver)
    promise = Promise("MAD", 100_000, date(2027, 9, 1), ShownAs.FIRST, group_id=group.id)
    promises.pledge(db, actor_of(db, giver), project, promise, key="g")
    report(db, project)
    assert told(db) == set()
    assert giver.id in set(db.scalars(select(Notice.person_id).where(Notice.kind == "works_reported")))


def test_a_support_taken_back_brings_no_news(db: Session, project: Project) -> None:
    supporter(db, project)
    db.scalars(select(Support)).one().withdrawn_at = now()
    report(db, project)
    assert told(db) == set()


def test_one_milestone_writes_no_more_letters_than_there_is_room_for_the_nearest_first(
    db: Session, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "NEWS_AT_MOST", 2)
    first = supporter(db, project)
    supporter(db, project)
    near = past_member(db, project)
    report(db, project)
    assert told(db) == {first.id, near.id}
