"""Whatever people do afterwards, in whatever order, the files of an old version stay the same to the letter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.errors import Trouble
from cdp.kernel.words import Words
from cdp.meetings import services as meetings
from cdp.meetings.rules import Figure
from cdp.meetings.services import Call
from cdp.meetings.states import Indicator, MeetingKind
from cdp.papers import services as papers
from cdp.papers.reference import calendar
from cdp.people.actor import Actor
from cdp.programme import queries, services
from cdp.programme.rules.whatif import Changes
from cdp.proposals.models import Proposal
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.rounds.states import Phase
from tests.browser_of_pages import Browser
from tests.factories import make_commune
from tests.programme.plans import a_vote, indh
from tests.programme.rounds import in_phase_of, make_programming

FILES = ("plan.xlsx", "plan.json", "projects.csv", "sources.csv", "frozen.json")
Edit = Callable[[Session, Round, Actor, Proposal], object]


def _retitle(db: Session, _round: Round, _officer: Actor, proposal: Proposal) -> object:
    return db.execute(update(Proposal).where(Proposal.id == proposal.id).values(title=Words(fr="Autre"), households=3))


def _meet(db: Session, round_: Round, officer: Actor, proposal: Proposal) -> object:
    call = Call(MeetingKind.WORKSHOP, Words(fr="Atelier tardif"), today())
    return meetings.call(db, officer, rounds.card(db, round_), call, key=f"late {proposal.id} {today()}")


def _figure(db: Session, round_: Round, officer: Actor, proposal: Proposal) -> object:
    figure = Figure(Indicator.SEWER, proposal.id, "Enquête tardive", 2027)
    return meetings.enter_figure(db, officer, rounds.card(db, round_), figure)


def _rule(db: Session, round_: Round, officer: Actor, _proposal: Proposal) -> object:
    step = next(each for each in calendar() if each.key == "visa")
    wanted = replace(step, article="art. 999", note=Words(fr="Lu autrement."))
    return papers.edit_rule(db, officer, rounds.card(db, round_), wanted, calendar=calendar())


def _update(db: Session, round_: Round, officer: Actor, _proposal: Proposal) -> object:
    return services.open_update(db, officer, round_, reason="Autre temps", begun="Commencé")


def _share(db: Session, _round: Round, officer: Actor, proposal: Proposal) -> object:
    return services.set_shares(db, officer, proposal, [indh(1_000)])


def _pin(db: Session, round_: Round, officer: Actor, proposal: Proposal) -> object:
    version = queries.draft_version(db, round_.id)
    return version and services.exclude(db, officer, version, str(proposal.number), reason="Plus maintenant")


def _submit(db: Session, round_: Round, officer: Actor, _proposal: Proposal) -> object:
    version = queries.draft_version(db, round_.id)
    return version and services.submit(db, officer, version)


def _imagine(db: Session, round_: Round, officer: Actor, proposal: Proposal) -> object:
    key = f"if {proposal.id}"
    return services.imagine(db, officer, round_, Changes({"own": -10}), name="Moins", note="", key=key)


EDITS: tuple[Edit, ...] = (_retitle, _meet, _figure, _rule, _update, _share, _pin, _submit, _imagine)


@pytest.fixture
def scene(db: Session) -> tuple[Round, list[Proposal], Actor]:
    """A plan of two projects, visaed and published."""
    commune = make_commune(db, slug="tirsal")
    round_, proposals, officer = make_programming(db, 300_000, 200_000, 90_000_000, commune=commune)
    version = services.draft_plan(db, officer, round_)
    services.submit(db, officer, version)
    with in_phase_of(Phase.COUNCIL):
        services.adopt(db, officer, version, a_vote())
        services.visa(db, officer, version, on=today(), reference="1/2027")
        services.publish(db, officer, version)
    db.commit()
    return round_, proposals, officer


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 2)), min_size=1, max_size=5))
def test_old_files_are_the_same_after_any_acts_in_any_order(
    db: Session, browser: Browser, scene: tuple[Round, list[Proposal], Actor], edits: list[tuple[Edit, int]]
) -> None:
    round_, proposals, officer = scene
    with in_phase_of(Phase.DELIVERY), clock.held_at(today() + timedelta(days=3 * 366)):
        before = {name: browser.get(f"/fr/tirsal/2028/plan/1/{name}").data for name in FILES}
        for edit, which in edits:
            try:
                edit(db, round_, officer, proposals[which])
            except Trouble:
                db.rollback()
            else:
                db.commit()
        after = {name: browser.get(f"/fr/tirsal/2028/plan/1/{name}").data for name in FILES}
    assert [name for name in FILES if before[name] != after[name]] == []


def test_every_one_of_these_acts_can_happen(db: Session, scene: tuple[Round, list[Proposal], Actor]) -> None:
    round_, proposals, officer = scene
    with in_phase_of(Phase.DELIVERY), clock.held_at(today() + timedelta(days=3 * 366)):
        for edit in EDITS:
            edit(db, round_, officer, proposals[0])
    newest, oldest = queries.versions(db, round_.id)
    assert (newest.updates, newest.frozen_at is not None, oldest.is_visaed) == (1, True, True)
