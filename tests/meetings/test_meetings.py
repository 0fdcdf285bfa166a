"""Meetings and the diagnosis: rules on plain values, who may, what is refused, small classes hidden."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken
from cdp.kernel.words import Words
from cdp.meetings import queries, services
from cdp.meetings.census import census
from cdp.meetings.rules import FEWEST, Figure, attendance_problems, shown
from cdp.meetings.services import Account, Call, Said
from cdp.meetings.states import Indicator, MeetingKind, PresentBy, SayingKind
from cdp.people.actor import NOBODY, Actor
from cdp.people.states import Role
from cdp.rounds import queries as rounds
from cdp.rounds.queries import RoundCard
from cdp.store.audit import Event
from tests.factories import actor_of, make_commune, make_locality, make_official, make_round

TITLE = Words(fr="Atelier du douar", ar="ورشة الدوار")


@pytest.fixture
def card(db: Session) -> RoundCard:
    """A round of a commune."""
    return rounds.card(db, make_round(db))


def office(db: Session, card: RoundCard, role: Role = Role.FACILITATOR) -> Actor:
    return actor_of(db, make_official(db, db.get_one(Commune, card.commune_id), role))


def a_call(**over: object) -> Call:
    return Call(**{"kind": MeetingKind.WORKSHOP, "title": TITLE, "held_on": today()} | over)  # type: ignore[arg-type]


def test_a_meeting_is_called_once_and_written_up_once(db: Session, card: RoundCard) -> None:
    who = office(db, card)
    made = services.call(db, who, card, a_call(), key="k")
    assert services.call(db, who, card, a_call(), key="k").id == made.id
    with pytest.raises(Conflict):
        services.call(db, who, card, a_call(kind=MeetingKind.SESSION), key="k")
    account = Account(30, {(PresentBy.SEX, "women"): 18, (PresentBy.SEX, "men"): 12}, (Said(SayingKind.NEED, TITLE),))
    services.write_up(db, who, card, made, account)
    (row,) = queries.meetings(db, card.id)
    assert (row.present, row.counts[PresentBy.SEX]["women"], row.sayings[0].text) == (30, 18, TITLE)
    with pytest.raises(RuleBroken, match=r"meetings\.written_up"):
        services.write_up(db, who, card, made, account)


def test_a_meeting_to_come_cannot_be_written_up(db: Session, card: RoundCard) -> None:
    who = office(db, card)
    made = services.call(db, who, card, a_call(held_on=today() + timedelta(days=3)), key="k")
    with pytest.raises(RuleBroken, match=r"meetings\.not_held_yet"):
        services.write_up(db, who, card, made, Account(3, {}))


def test_nobody_and_other_communes_and_other_roles_are_refused(db: Session, card: RoundCard) -> None:
    elsewhere = actor_of(db, make_official(db, make_commune(db)))
    made = services.call(db, office(db, card), card, a_call(), key="k")
    figure = Figure(Indicator.SEWER, 700, "Enquête", 2026)
    for who in (NOBODY, elsewhere, office(db, card, Role.PANEL), office(db, card, Role.TREASURER)):
        with pytest.raises(Refused):
            services.call(db, who, card, a_call(), key="other")
        with pytest.raises(Refused):
            services.write_up(db, who, card, made, Account(3, {}))
        with pytest.raises(Refused):
            services.enter_figure(db, who, card, figure)


def test_a_douar_of_another_commune_is_refused(db: Session, card: RoundCard) -> None:
    foreign = make_locality(db, make_commune(db))
    with pytest.raises(RuleBroken, match=r"meetings\.unknown_place"):
        services.call(db, office(db, card), card, a_call(locality_id=foreign.id), key="k")


def test_the_newest_figure_holds_and_one_without_a_source_is_refused(db: Session, card: RoundCard) -> None:
    who = office(db, card)
    for value in (400, 700):
        services.enter_figure(db, who, card, Figure(Indicator.SEWER, value, "Enquête de la commune", 2026))
    assert queries.entered_figures(db, card.id)[Indicator.SEWER].value_milli == 700
    for wrong, key in (
        (Figure(Indicator.SEWER, 700, " ", 2026), "meetings.source_missing"),
        (Figure(Indicator.SEWER, -1, "x", 2026), "meetings.figure_out_of_bounds"),
        (Figure(Indicator.SEWER, 1, "x", 2999), "meetings.figure_out_of_bounds"),
    ):
        with pytest.raises(RuleBroken, match=key):
            services.enter_figure(db, who, card, wrong)


def test_more_of_a_class_than_were_present_an_unknown_class_and_a_negative_count_are_problems() -> None:
    assert attendance_problems(5, {(PresentBy.SEX, "women"): 6}, []) == ["meetings.more_than_present"]
    assert attendance_problems(5, {(PresentBy.PLACE, "x"): 1}, ["y"]) == ["meetings.unknown_class"]
    assert "meetings.negative" in attendance_problems(5, {(PresentBy.SEX, "men"): -1}, [])
    assert not attendance_problems(5, {(PresentBy.PLACE, "y"): 5}, ["y"])


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 40), max_size=6))
def test_no_small_count_is_shown_nor_can_be_worked_out(counts: dict[str, int]) -> None:
    open_to_all = shown(counts, sum(counts.values()))
    assert not any(value is not None and 0 < value < FEWEST for value in open_to_all.values())
    hidden = [key for key, value in open_to_all.items() if value is None]
    assert len(hidden) != 1 or sum(1 for value in counts.values() if value) == 1


def test_the_census_holds_women_beside_men_for_a_real_commune_and_nothing_for_an_invented_code() -> None:
    found = {figure.indicator: figure for figure in census("09.541.07.37")}
    assert found[Indicator.POPULATION].value_milli == 8_141_000
    assert found[Indicator.ILLITERACY_WOMEN].value_milli > found[Indicator.ILLITERACY_MEN].value_milli
    assert found[Indicator.RUNNING_WATER].value_milli == 97_200
    assert census("99.999") == ()


def test_an_account_is_corrected_and_what_was_counted_before_stays_in_the_record(db: Session, card: RoundCard) -> None:
    who = office(db, card)
    made = services.call(db, who, card, a_call(), key="k")
    with pytest.raises(RuleBroken, match=r"meetings\.not_written_up"):
        services.correct(db, who, card, made, Account(3, {}))
    services.write_up(db, who, card, made, Account(30, {(PresentBy.SEX, "women"): 18}, (Said(SayingKind.NEED, TITLE),)))
    services.correct(db, who, card, made, Account(28, {(PresentBy.SEX, "women"): 16}))
    (row,) = queries.meetings(db, card.id)
    assert (row.present, dict(row.counts[PresentBy.SEX]), row.sayings) == (28, {"women": 16}, ())
    event = db.scalars(select(Event).where(Event.act == "meetings.correct")).one()
    assert event.detail["before"] == 30
    with pytest.raises(RuleBroken, match=r"meetings\.more_than_present"):
        services.correct(db, who, card, made, Account(3, {(PresentBy.SEX, "women"): 16}))


def test_a_meeting_not_written_up_is_called_off_and_a_figure_taken_back(db: Session, card: RoundCard) -> None:
    who = office(db, card)
    made = services.call(db, who, card, a_call(), key="k")
    services.call_off(db, who, card, made)
    assert queries.meetings(db, card.id) == ()
    held = services.call(db, who, card, a_call(), key="l")
    services.write_up(db, who, card, held, Account(3, {}))
    with pytest.raises(RuleBroken, match=r"meetings\.written_up"):
        services.call_off(db, who, card, held)
    for value in (400, 700):
        services.enter_figure(db, who, card, Figure(Indicator.SEWER, value, "Enquête", 2026))
    services.take_back_figure(db, who, card, Indicator.SEWER)
    assert queries.entered_figures(db, card.id)[Indicator.SEWER].value_milli == 400
    services.take_back_figure(db, who, card, Indicator.SEWER)
    with pytest.raises(NotFound):
        services.take_back_figure(db, who, card, Indicator.SEWER)


def test_title_and_day_of_a_meeting_are_changed_and_the_day_before_stays_in_the_record(
    db: Session, card: RoundCard
) -> None:
    who = office(db, card)
    made = services.call(db, who, card, a_call(), key="k")
    later = made.held_on + timedelta(days=3)
    services.change(db, who, card, made, a_call(title=Words(fr="Atelier du Sud"), held_on=later))
    assert (made.title["fr"], made.held_on) == ("Atelier du Sud", later)
    told = db.scalars(select(Event).where(Event.act == "meetings.change")).one()
    assert told.detail["before"] == (later - timedelta(days=3)).isoformat()
    with pytest.raises(RuleBroken, match="title_missing"):
        services.change(db, who, card, made, a_call(title=Words()))
    services.change(db, who, card, made, a_call(held_on=today()))
    services.write_up(db, who, card, made, Account(3, {}))
    with pytest.raises(RuleBroken, match="not_held_yet"):
        services.change(db, who, card, made, a_call(held_on=today() + timedelta(days=1)))
    other = rounds.card(db, make_round(db))
    with pytest.raises(NotFound):
        services.change(db, office(db, other), other, made, a_call())


def test_nobody_else_corrects_calls_off_or_takes_back(db: Session, card: RoundCard) -> None:
    made = services.call(db, office(db, card), card, a_call(), key="k")
    for who in (NOBODY, actor_of(db, make_official(db, make_commune(db))), office(db, card, Role.TREASURER)):
        with pytest.raises(Refused):
            services.correct(db, who, card, made, Account(3, {}))
        with pytest.raises(Refused):
            services.call_off(db, who, card, made)
        with pytest.raises(Refused):
            services.change(db, who, card, made, a_call())
        with pytest.raises(Refused):
            services.take_back_figure(db, who, card, Indicator.SEWER)
