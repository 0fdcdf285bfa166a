"""The update of a plan: from which day, by whom, what is copied, when it holds, what stays readable."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.errors import Refused, RuleBroken
from cdp.kernel.words import Words
from cdp.papers import services as papers
from cdp.papers.reference import calendar
from cdp.people.actor import NOBODY, Actor
from cdp.people.states import Role
from cdp.programme import queries, services
from cdp.programme.models import PlanVersion, Project
from cdp.programme.states import ActKind, Pin, ProjectStep, VersionState, version_state
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.rounds.states import Phase
from cdp.store.audit import Event
from cdp.transparency.queries.plan_book import book
from tests.factories import actor_of, make_commune, make_official
from tests.programme.plans import a_vote, changes, sheet, with_role
from tests.programme.rounds import in_phase_of, make_programming

WHY: dict[str, Any] = {"reason": "Une source nouvelle", "begun": "Travaux commencés"}
Scene = tuple[Round, PlanVersion, Actor]


@pytest.fixture
def scene(db: Session) -> Iterator[Scene]:
    """A plan of two projects, visaed and published; the clock three years later."""
    round_, _, officer = make_programming(db, 300_000, 200_000, 90_000_000)
    version = services.draft_plan(db, officer, round_)
    services.submit(db, officer, version)
    with in_phase_of(Phase.COUNCIL):
        services.adopt(db, officer, version, a_vote())
    with in_phase_of(Phase.VISA):
        services.visa(db, officer, version, on=today(), reference="1/2027")
        services.publish(db, officer, version)
    db.flush()
    with in_phase_of(Phase.DELIVERY), clock.held_at(today() + timedelta(days=3 * 366)):
        yield round_, version, officer


def test_an_update_is_the_plan_in_force_as_a_draft_with_its_reason(db: Session, scene: Scene) -> None:
    round_, version, officer = scene
    made = services.open_update(db, officer, round_, **WHY)
    assert (made.number, made.updates, made.note, made.frozen_at) == (2, version.number, "Une source nouvelle", None)
    assert changes(db, round_) == ()
    assert services.open_update(db, officer, round_, **WHY).id == made.id
    assert len(db.scalars(select(Event).where(Event.act == "programme.open_update")).all()) == 1
    with pytest.raises(RuleBroken, match="version_stands"):
        services.open_update(db, officer, round_, reason="Autre raison", begun="x")


def test_it_is_opened_from_the_third_year_or_as_the_commune_reads_the_law(db: Session, scene: Scene) -> None:
    round_, _, officer = scene
    (row,) = queries.versions(db, round_.id)
    first = services.first_day(db, round_.commune_id, row)
    visa = row.act(ActKind.VISA)
    assert visa is not None
    assert first == date(visa.on.year + 2, visa.on.month, visa.on.day)
    with clock.held_at(first - timedelta(days=1)):
        with pytest.raises(RuleBroken, match="update_too_early"):
            services.open_update(db, officer, round_, **WHY)
        card, step = rounds.card(db, round_), next(each for each in calendar() if each.key == "update")
        wanted = replace(step, rule=replace(step.rule, months=12), note=Words(fr="Lu autrement."))
        papers.edit_rule(db, officer, card, wanted, calendar=calendar())
        assert services.open_update(db, officer, round_, **WHY).number == 2


def test_nobody_else_opens_one_and_none_without_a_reason_or_a_visaed_plan(db: Session, scene: Scene) -> None:
    round_, _, officer = scene
    others = [with_role(db, round_, role) for role in (Role.PRESIDENT, Role.FACILITATOR, Role.TREASURER)]
    for who in (NOBODY, actor_of(db, make_official(db, make_commune(db))), *others):
        with pytest.raises(Refused):
            services.open_update(db, who, round_, **WHY)
    with pytest.raises(RuleBroken, match="reason_missing"):
        services.open_update(db, officer, round_, reason=" ", begun="x")
    council = next(w for w in rounds.card(db, round_).windows if w.phase is Phase.COUNCIL)
    with clock.held_at(council.starts_on), pytest.raises(Refused):
        services.open_update(db, officer, round_, **WHY)


def test_a_plan_without_a_visa_cannot_be_updated(db: Session) -> None:
    round_, _, officer = make_programming(db, 300_000)
    services.submit(db, officer, services.draft_plan(db, officer, round_))
    with in_phase_of(Phase.DELIVERY), pytest.raises(RuleBroken, match="nothing_to_update"):
        services.open_update(db, officer, round_, **WHY)


def test_works_that_began_keep_their_year_and_what_was_dropped_stays_out(db: Session, scene: Scene) -> None:
    round_, _, officer = scene
    first, second = db.scalars(select(Project).order_by(Project.id)).all()
    services.step(db, officer, first, ProjectStep.START_WORKS)
    services.drop(db, officer, second, reason="La source a tari")
    services.open_update(db, officer, round_, **WHY)
    found = sheet(db, round_)
    assert [(row.number, row.pin, row.pin_year) for row in found.rows] == [(first.number, Pin.MOVED, first.start_year)]
    out = next(row for row in found.left_out if row.number == second.number)
    assert (out.pin, out.pin_reason, out.amounts) == (Pin.EXCLUDED, "La source a tari", {})


def test_until_its_visa_the_plan_in_force_is_carried_out_and_both_stay_readable(db: Session, scene: Scene) -> None:
    round_, version, officer = scene
    before = queries.document(db, version)
    made = services.open_update(db, officer, round_, **WHY)
    number = sheet(db, round_).rows[1].number
    services.move(db, officer, made, number, 2033, reason="Le partenaire paie plus tard")
    services.submit(db, officer, made)
    services.adopt(db, officer, made, a_vote(on=today()))
    project = db.scalars(select(Project).where(Project.number == number)).one()
    newest, old = queries.versions(db, round_.id)
    assert queries.in_force((newest, old)) == old
    assert project.start_year != 2033
    services.visa(db, officer, made, on=today(), reference="9/2030")
    services.publish(db, officer, made)
    db.refresh(project)
    newest, old = queries.versions(db, round_.id)
    assert (project.start_year, newest.state, old.state) == (2033, VersionState.UPDATED, VersionState.VISAED)
    assert queries.in_force((newest, old)) == newest
    assert queries.document(db, version) == before
    (changed,) = changes(db, round_)
    assert changed.number == number
    assert changed.reasons == ("", "Le partenaire paie plus tard")
    assert changed.amounts


def test_an_update_sent_back_is_drafted_again_with_what_was_decided(db: Session, scene: Scene) -> None:
    round_, _, officer = scene
    made = services.open_update(db, officer, round_, **WHY)
    number = sheet(db, round_).rows[1].number
    services.exclude(db, officer, made, number, reason="Plus de partenaire")
    services.submit(db, officer, made)
    services.adopt(db, officer, made, a_vote(on=today()))
    services.refuse_visa(db, officer, made, on=today(), reference="2", reason="Le budget manque.")
    again = services.draft_plan(db, officer, round_)
    assert (again.number, again.updates, again.note) == (3, 1, "Une source nouvelle")
    assert changes(db, round_) == ()


def test_only_an_update_that_was_published_is_called_so() -> None:
    acts = [ActKind.SUBMIT, ActKind.ADOPT, ActKind.VISA]
    assert version_state(acts, 1) is VersionState.VISAED
    assert version_state([*acts, ActKind.PUBLISH], 1) is VersionState.UPDATED
    assert version_state([*acts, ActKind.PUBLISH]) is VersionState.VISAED


def test_the_document_of_an_update_keeps_the_days_of_the_adoption_it_brings_up_to_date(
    db: Session, scene: Scene
) -> None:
    round_, version, officer = scene
    card = rounds.card(db, round_)
    adopted = next(row for row in queries.versions(db, round_.id) if row.number == version.number)
    made = services.open_update(db, officer, round_, **WHY)
    services.submit(db, officer, made)
    services.adopt(db, officer, made, a_vote(on=today()))
    services.visa(db, officer, made, on=today(), reference="9/2030")
    found = book(db, card, queries.versions(db, round_.id)[0])
    days = {step.title["en"]: step.on for step in found.path}
    voted = adopted.act(ActKind.ADOPT)
    assert voted is not None
    assert days["Council session: deliberation and vote"] == voted.on
    assert days["Update of the programme"] == today()
