from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.delivery import queries, services
from cdp.delivery.models import Milestone
from cdp.delivery.rules import Planned, Report
from cdp.delivery.services import Picture
from cdp.http.context import load_actor
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken
from cdp.kernel.words import Words
from cdp.notices.models import Notice
from cdp.people.actor import NOBODY, Actor
from cdp.people.states import Role, ShownAs
from cdp.programme.models import Project
from cdp.programme.states import ProjectState
from cdp.store.audit import Event
from cdp.store.files import Content, StoredFile, examine
from cdp.teams.models import Membership
from cdp.teams.states import Offer
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

UNTIL = date(2027, 5, 31)
OPENED = Planned(Words(fr="Ouverture de la piste"), date(2027, 4, 1))


@dataclass
class Scene:
    commune: Commune
    project: Project
    officer: Actor
    speaker: Actor
    member: Actor


@pytest.fixture
def scene(db: Session) -> Scene:
    """A project a group asks for, its speaker, a member until the end of May, the officer."""
    commune = make_commune(db)
    speaker, person = make_person(db), make_person(db)
    group = make_group(db, commune, speaker)
    project = make_project(db, make_round(db, commune), proposal={"group_id": group.id})
    keep(
        db,
        Membership(
            commune_id=commune.id,
            proposal_id=project.proposal_id,
            person_id=person.id,
            offer=Offer.SKILL,
            since=date(2027, 1, 1),
            until=UNTIL,
            shown_as=ShownAs.FIRST,
            joined_at=clock.now(),
        ),
    )
    officer = actor_of(db, make_official(db, commune))
    return Scene(commune, project, officer, actor_of(db, speaker), actor_of(db, person))


def planned(db: Session, scene: Scene, **over: Any) -> Milestone:
    what = Planned(**{"title": OPENED.title, "planned_on": OPENED.planned_on} | over)
    return services.plan(db, scene.officer, scene.project, what)


def drawn(folder: Path) -> Picture:
    """A photo as the store takes it."""
    out = BytesIO()
    Image.new("RGB", (60, 40), "olive").save(out, "PNG")
    return Picture(examine(out.getvalue(), largest=10**6), "piste.png", folder)


def told(db: Session, kind: str) -> set[int]:
    return set(db.scalars(select(Notice.person_id).where(Notice.kind == kind)))


def test_works_are_planned_reported_with_a_photo_and_read_on_the_timeline(
    db: Session, scene: Scene, tmp_path: Path
) -> None:
    milestone = planned(db, scene)
    done = Report(date(2027, 4, 9), 2100, "km", Words(fr="2,1 km sur 4,6"), date(2027, 4, 8))
    services.report(db, scene.officer, scene.project, milestone, report=done, picture=drawn(tmp_path))
    (step,) = queries.timeline(db, scene.project.id)
    assert (step.done_on, step.quantity_milli, step.quantity_unit) == (date(2027, 4, 9), 2100, "km")
    assert step.photo is not None
    assert (step.photo.taken_on, step.photo.width) == (date(2027, 4, 8), 60)
    assert milestone.reported_capacity == f"officer:{scene.commune.id}"
    assert queries.is_photo_shown(db, NOBODY, scene.commune.id, step.photo.sha256)
    assert queries.latest_finished(db, scene.commune.id) == []
    scene.project.state = ProjectState.DONE
    db.flush()
    (latest,) = queries.latest_finished(db, scene.commune.id)
    assert (latest.number, latest.title, latest.photo) == (scene.project.number, OPENED.title, step.photo)
    acts = list(db.scalars(select(Event.act).where(Event.thing == "milestone").order_by(Event.id)))
    assert acts == ["delivery.plan", "delivery.report"]


def test_the_author_the_members_of_the_day_and_the_speaker_are_told_but_not_who_reported(
    db: Session, scene: Scene
) -> None:
    services.report(db, scene.member, scene.project, planned(db, scene), report=Report(today()))
    listeners = set(queries.listeners(db, scene.project, today()))
    assert told(db, "works_reported") == listeners - {scene.member.known()}
    assert len(listeners) == 2
    with clock.held_at(UNTIL + timedelta(days=1)):
        assert scene.member.known() not in queries.listeners(db, scene.project, today())


def test_the_group_that_asks_and_a_member_of_the_day_may_report_and_nobody_else(db: Session, scene: Scene) -> None:
    elsewhere = actor_of(db, make_official(db, make_commune(db)))
    panel = actor_of(db, make_official(db, scene.commune, Role.PANEL))
    first, second = planned(db, scene), planned(db, scene, title=Words(fr="Ouvrage"))
    for who in (NOBODY, actor_of(db, make_person(db)), elsewhere, panel):
        with pytest.raises(Refused):
            services.report(db, who, scene.project, first, report=Report(today()))
    services.report(db, scene.speaker, scene.project, first, report=Report(today()))
    services.report(db, scene.member, scene.project, second, report=Report(today()))
    assert first.reported_capacity.startswith("group:")
    assert second.reported_capacity == f"member:{scene.project.proposal_id}:{UNTIL}"


def test_a_membership_that_ended_reports_nothing(db: Session, scene: Scene) -> None:
    milestone = planned(db, scene)
    with clock.held_at(UNTIL):
        assert queries.may(db, load_actor(db, scene.member.known()), scene.project) == {"report"}
    with clock.held_at(UNTIL + timedelta(days=1)):
        late = load_actor(db, scene.member.known())
        with pytest.raises(Refused):
            services.report(db, late, scene.project, milestone, report=Report(today()))


@pytest.mark.parametrize(
    ("report", "key"),
    [
        (Report(date(2027, 4, 13)), "day_in_the_future"),
        (Report(date(2027, 4, 12), -1, "km"), "quantity_not_likely"),
        (Report(date(2027, 4, 12), 10**13, "km"), "quantity_not_likely"),
        (Report(date(2027, 4, 12), 2100), "quantity_needs_unit"),
        (Report(date(2027, 4, 12), None, "km"), "quantity_needs_unit"),
        (Report(date(2027, 4, 12), 1, "k" * 21), "text_too_long"),
        (Report(date(2027, 4, 12), note=Words(fr="x" * 2001)), "text_too_long"),
        (Report(date(2027, 4, 12), photo_taken_on=date(2027, 5, 1)), "photo_in_the_future"),
    ],
)
def test_a_report_that_cannot_be_true_is_refused(db: Session, scene: Scene, report: Report, key: str) -> None:
    milestone = planned(db, scene)
    with pytest.raises(RuleBroken, match=key):
        services.report(db, scene.officer, scene.project, milestone, report=report)
    assert milestone.done_on is None


def test_a_photo_needs_its_day_and_is_a_picture(db: Session, scene: Scene, tmp_path: Path) -> None:
    milestone = planned(db, scene)
    with pytest.raises(RuleBroken, match="photo_needs_its_day"):
        services.report(db, scene.officer, scene.project, milestone, report=Report(today()), picture=drawn(tmp_path))
    paper = Picture(Content("application/pdf", b"%PDF-1.4 %%EOF"), "a.pdf", tmp_path)
    report = Report(today(), photo_taken_on=today())
    with pytest.raises(RuleBroken, match="photo_is_no_picture"):
        services.report(db, scene.officer, scene.project, milestone, report=report, picture=paper)
    assert db.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_the_same_report_twice_counts_once_and_another_one_is_a_conflict(db: Session, scene: Scene) -> None:
    milestone = planned(db, scene)
    assert planned(db, scene) is milestone
    for _ in range(2):
        services.report(db, scene.member, scene.project, milestone, report=Report(today(), 2100, "km"))
    with pytest.raises(Conflict, match="reported_already"):
        services.report(db, scene.officer, scene.project, milestone, report=Report(today(), 4600, "km"))
    acts = db.scalars(select(Event.act).where(Event.act == "delivery.report")).all()
    assert len(acts) == 1
    with pytest.raises(RuleBroken, match="done_already"):
        services.change(db, scene.officer, scene.project, milestone, planned=OPENED)


def test_a_delay_says_its_reason_and_people_are_told(db: Session, scene: Scene) -> None:
    milestone = planned(db, scene)
    later, reason = date(2027, 5, 13), Words(fr="Crue du 3 mars")
    with pytest.raises(RuleBroken, match="reason_missing"):
        services.expect(db, scene.officer, scene.project, milestone, day=later, reason=Words())
    services.expect(db, scene.officer, scene.project, milestone, day=later, reason=reason)
    services.expect(db, scene.officer, scene.project, milestone, day=later, reason=reason)
    (step,) = queries.timeline(db, scene.project.id)
    assert step.is_late(today())
    assert (step.due_on, step.delay_reason) == (later, reason)
    assert told(db, "works_delayed") == set(queries.listeners(db, scene.project, today()))
    assert len(db.scalars(select(Event).where(Event.act == "delivery.expect")).all()) == 1


def test_a_report_is_taken_back_by_the_officer_with_a_reason(db: Session, scene: Scene) -> None:
    milestone = planned(db, scene)
    with pytest.raises(RuleBroken, match="not_reported"):
        services.undo(db, scene.officer, scene.project, milestone, reason=Words(fr="Rien"))
    services.report(db, scene.member, scene.project, milestone, report=Report(today(), 2100, "km"))
    with pytest.raises(RuleBroken, match="reason_missing"):
        services.undo(db, scene.officer, scene.project, milestone, reason=Words())
    for who in (scene.member, scene.speaker, NOBODY):
        with pytest.raises(Refused):
            services.undo(db, who, scene.project, milestone, reason=Words(fr="Non"))
    services.undo(db, scene.officer, scene.project, milestone, reason=Words(fr="Mesure à refaire"))
    db.flush()
    (step,) = queries.timeline(db, scene.project.id)
    assert (step.done_on, step.quantity_milli, step.undone_because) == (None, None, Words(fr="Mesure à refaire"))
    assert told(db, "works_undone") == {scene.member.known()}
    assert db.scalar(select(func.count()).select_from(Event).where(Event.act == "delivery.report")) == 1


def test_only_the_officer_plans_changes_and_moves(db: Session, scene: Scene) -> None:
    first, second = planned(db, scene), planned(db, scene, title=Words(fr="Ouvrage"))
    third = planned(db, scene, title=Words(fr="Réception"))
    services.move(db, scene.officer, scene.project, third, position=1)
    assert [s.id for s in queries.timeline(db, scene.project.id)] == [third.id, first.id, second.id]
    elsewhere = actor_of(db, make_official(db, make_commune(db)))
    for who in (NOBODY, scene.member, scene.speaker, elsewhere):
        with pytest.raises(Refused):
            services.plan(db, who, scene.project, OPENED)
        with pytest.raises(Refused):
            services.change(db, who, scene.project, first, planned=OPENED)
        with pytest.raises(Refused):
            services.move(db, who, scene.project, first, position=2)
        with pytest.raises(Refused):
            services.expect(db, who, scene.project, first, day=today(), reason=Words(fr="Crue"))
    with pytest.raises(RuleBroken, match="title_missing"):
        services.plan(db, scene.officer, scene.project, Planned(Words(), None))


def test_a_dropped_project_has_no_works(db: Session, scene: Scene) -> None:
    milestone = planned(db, scene)
    scene.project.state, scene.project.dropped_reason = ProjectState.DROPPED, "Source tarie"
    for who in (scene.officer, scene.member):
        with pytest.raises(Refused):
            services.report(db, who, scene.project, milestone, report=Report(today()))


def test_a_step_of_another_project_is_not_found(db: Session, scene: Scene) -> None:
    other = make_project(db, make_round(db, make_commune(db)))
    with pytest.raises(NotFound):
        queries.find_milestone(db, other.id, planned(db, scene).id)
