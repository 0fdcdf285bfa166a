from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import held_at, today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.kernel.words import Words
from cdp.people.actor import CLOCK, NOBODY
from cdp.people.models import Mandate
from cdp.people.states import Role
from cdp.rounds import queries, services
from cdp.rounds.models import Charter, PhaseDecision, Round
from cdp.rounds.rules.freezing import CharterFacts
from cdp.rounds.rules.obstacles import PhaseFacts
from cdp.rounds.rules.opening import RoundDraft
from cdp.rounds.rules.phases import Decision, Window
from cdp.rounds.states import DecisionKind, Phase, Source
from cdp.store.audit import Event
from tests.factories import actor_of, charter_rules, make_commune, make_official, make_resident, make_round

WINDOWS = (
    Window(Phase.INFORMATION, date(2027, 5, 1), date(2027, 5, 31)),
    Window(Phase.PROPOSALS, date(2027, 6, 1), date(2027, 7, 31)),
    Window(Phase.DELIVERY, date(2027, 8, 1), None),
)
NOTHING = CharterFacts()
WHY = {"reason": "Les ateliers de Tirsal sont reportés.", "language": "fr", "facts": PhaseFacts()}


def draft(commune: Commune, **over: Any) -> RoundDraft:
    base = RoundDraft(commune.id, 2028, 2033, Words(fr="Programme 2028-2033"), WINDOWS, charter_rules())
    return replace(base, **over)


def test_an_officer_opens_a_round_with_its_phases_and_the_first_version_of_its_charter(db: Session) -> None:
    commune = make_commune(db)
    before = commune.revision
    officer = actor_of(db, make_official(db, commune))
    round_ = services.open_round(db, officer, draft(commune))
    card = queries.card(db, round_)
    assert card.windows == WINDOWS
    assert (card.charter_version, card.charter) == (1, charter_rules())
    event = db.scalars(select(Event).where(Event.act == "rounds.open")).one()
    assert (event.thing_id, event.commune_id, event.capacity) == (round_.id, commune.id, f"officer:{commune.id}")
    db.refresh(commune)
    assert commune.revision > before


def test_opening_twice_counts_once_and_other_contents_are_a_conflict(db: Session) -> None:
    commune = make_commune(db)
    officer = actor_of(db, make_official(db, commune))
    first = services.open_round(db, officer, draft(commune))
    assert services.open_round(db, officer, draft(commune)) is first
    with pytest.raises(Conflict, match=r"rounds\.year_taken"):
        services.open_round(db, officer, draft(commune, title=Words(fr="Un autre")))
    assert len(queries.all_of(db, commune.id)) == 1


@pytest.mark.parametrize(
    ("over", "key"),
    [
        ({"first_year": 2034}, "rounds.years_out_of_order"),
        ({"first_year": 1028, "last_year": 1033}, "rounds.years_out_of_order"),
        ({"last_year": 2099}, "rounds.too_many_years"),
        ({"title": Words()}, "rounds.title_missing"),
        ({"windows": ()}, "rounds.no_phases"),
        ({"windows": WINDOWS[:1]}, "rounds.phases_overlap|rounds.no_proposals_phase"),
        ({"windows": WINDOWS[::-1]}, "rounds.phases_out_of_order"),
        ({"charter": charter_rules(sectors=())}, "rounds.no_sectors"),
        ({"charter": charter_rules(proposers=frozenset())}, "rounds.nobody_may_propose"),
        ({"charter": charter_rules(supports_each=0)}, "rounds.supports_at_least_one"),
        ({"first_year": 2029, "last_year": 2034}, "rounds.envelope_outside_the_years"),
    ],
)
def test_a_round_that_cannot_work_is_not_opened(db: Session, over: dict[str, Any], key: str) -> None:
    commune = make_commune(db)
    officer = actor_of(db, make_official(db, commune))
    with pytest.raises(RuleBroken, match=key):
        services.open_round(db, officer, draft(commune, **over))
    assert queries.all_of(db, commune.id) == []


def test_two_rounds_never_share_a_year(db: Session) -> None:
    commune = make_commune(db)
    officer = actor_of(db, make_official(db, commune))
    services.open_round(db, officer, draft(commune))
    later = draft(commune, first_year=2032, last_year=2037, charter=charter_rules(envelopes=()))
    with pytest.raises(RuleBroken, match=r"rounds\.years_overlap"):
        services.open_round(db, officer, later)


def refused(db: Session, round_: Round) -> dict[str, Any]:
    """Who may not touch this round, each for a reason of its own."""
    commune = db.get_one(Commune, round_.commune_id)
    gone = make_official(db, commune)
    mandate = db.scalars(select(Mandate).where(Mandate.person_id == gone.id)).one()
    mandate.until = today() - timedelta(days=1)
    return {
        "nobody": NOBODY,
        "resident": actor_of(db, make_resident(db, commune)),
        "officer of another commune": actor_of(db, make_official(db, make_commune(db))),
        "officer until yesterday": actor_of(db, gone),
        **{
            role: actor_of(db, make_official(db, commune, role))
            for role in (Role.FACILITATOR, Role.PANEL, Role.TREASURER, Role.COUNCILLOR)
        },
    }


def test_only_the_officer_and_the_president_of_the_commune_keep_its_round(db: Session) -> None:
    round_ = make_round(db)
    commune = db.get_one(Commune, round_.commune_id)
    early = Decision(Phase.PROPOSALS, DecisionKind.CLOSE_EARLY, today())
    for actor in refused(db, round_).values():
        for act in (
            lambda actor=actor: services.open_round(db, actor, draft(commune, first_year=2040, last_year=2041)),
            lambda actor=actor: services.plan_phases(db, actor, round_, WINDOWS),
            lambda actor=actor: services.change_charter(db, actor, round_, charter_rules(), facts=NOTHING),
            lambda actor=actor: services.decide(db, actor, round_, early, **WHY),
            lambda actor=actor: services.enter_phase(db, actor, round_, Phase.PROPOSALS, facts=PhaseFacts()),
        ):
            with pytest.raises(Refused, match=r"errors\.not_allowed"):
                act()
    president = actor_of(db, make_official(db, commune, Role.PRESIDENT))
    services.decide(db, president, round_, early, **WHY)


# --- the charter ------------------------------------------------------------------------


def test_while_nothing_depends_on_it_the_charter_is_edited_in_place(db: Session) -> None:
    round_ = make_round(db)
    officer = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id)))
    services.change_charter(db, officer, round_, charter_rules(supports_each=3), facts=NOTHING)
    card = queries.card(db, round_)
    assert (card.charter_version, card.charter.supports_each) == (1, 3)


def test_once_something_depends_on_it_a_change_is_a_new_version_with_a_reason(db: Session) -> None:
    round_ = make_round(db)
    officer = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id)))
    used, wanted = CharterFacts(submissions=1), charter_rules(supports_each=3)
    with pytest.raises(RuleBroken, match=r"rounds\.reason_missing"):
        services.change_charter(db, officer, round_, wanted, facts=used, reason="  ")
    made = services.change_charter(db, officer, round_, wanted, facts=used, reason="Trop de soutiens.")
    again = services.change_charter(db, officer, round_, wanted, facts=used, reason="Trop de soutiens.")
    assert made.version == again.version == 2
    first, second = db.scalars(select(Charter).where(Charter.round_id == round_.id).order_by(Charter.version))
    assert first.frozen_at is not None
    assert second.frozen_at is not None
    newest, oldest = queries.versions(db, round_.id)
    assert (newest.version, newest.reason, oldest.version) == (2, "Trop de soutiens.", 1)
    assert [message.key for message in newest.changes] == ["rounds.change_supports"]


def test_weights_stand_once_proposals_can_be_seen_whatever_the_reason(db: Session) -> None:
    round_ = make_round(db)
    officer = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id)))
    need, reach = charter_rules().criteria
    heavier = charter_rules(criteria=(replace(need, weight=need.weight + 1), reach))
    for wanted in (heavier, charter_rules(criteria=(need,))):
        with pytest.raises(RuleBroken, match=r"rounds\.weights_are_set"):
            services.change_charter(db, officer, round_, wanted, facts=CharterFacts(submissions=1), reason="Essai.")
    services.change_charter(db, officer, round_, heavier, facts=NOTHING)
    assert queries.card(db, round_).charter.weights() == {"need": 4, "reach": 1}


def test_a_frozen_charter_is_guarded_by_the_database_itself(db: Session) -> None:
    round_ = make_round(db)
    officer = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id)))
    assert services.freeze(db, officer, round_) is True
    assert services.freeze(db, officer, round_) is False
    db.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(update(Charter).where(Charter.round_id == round_.id).values(reason="unseen"))
    db.rollback()


def test_a_sector_that_proposals_may_use_is_not_taken_out(db: Session) -> None:
    round_ = make_round(db)
    officer = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id)))
    fewer = charter_rules(sectors=charter_rules().sectors[:1])
    with pytest.raises(RuleBroken, match=r"rounds\.sector_in_use"):
        services.change_charter(db, officer, round_, fewer, facts=CharterFacts(submissions=1), reason="Moins.")
    services.change_charter(db, officer, round_, fewer, facts=NOTHING)


def test_a_charter_that_cannot_work_is_not_kept(db: Session) -> None:
    round_ = make_round(db)
    officer = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id)))
    envelope = replace(charter_rules().envelopes[0], year=2050, source=Source.OWN)
    with pytest.raises(RuleBroken, match=r"rounds\.envelope_outside_the_years"):
        services.change_charter(db, officer, round_, charter_rules(envelopes=(envelope,)), facts=NOTHING)


# --- phases -----------------------------------------------------------------------------


def test_phases_to_come_are_planned_anew_and_those_begun_stay(db: Session) -> None:
    round_ = make_round(db)
    officer = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id)))
    standing = queries.card(db, round_).windows
    begun = [w for w in standing if w.starts_on <= today()]
    later = [Window(Phase.REVIEW, date(2027, 6, 1), date(2027, 6, 20)), Window(Phase.DELIVERY, date(2028, 1, 1), None)]
    services.plan_phases(db, officer, round_, [*begun, *later])
    services.plan_phases(db, officer, round_, [*begun, *later])
    assert queries.card(db, round_).windows == (*begun, *later)
    with pytest.raises(RuleBroken, match=r"rounds\.phase_has_begun"):
        services.plan_phases(db, officer, round_, [replace(begun[-1], ends_on=today()), *later])
    assert len(db.scalars(select(Event).where(Event.act == "rounds.plan")).all()) == 1


def test_an_extension_is_recorded_with_its_reason_and_moves_the_next_phase(db: Session) -> None:
    round_ = make_round(db)
    person = make_official(db, db.get_one(Commune, round_.commune_id), name="Fatima Ouali")
    window = queries.card(db, round_).window_on(today())
    assert window
    assert window.ends_on
    end = window.ends_on + timedelta(days=5)
    decision = Decision(Phase.PROPOSALS, DecisionKind.EXTEND, end)
    services.decide(db, actor_of(db, person), round_, decision, **WHY)
    services.decide(db, actor_of(db, person), round_, decision, **WHY)
    windows = {w.phase: w for w in queries.card(db, round_).windows}
    assert windows[Phase.PROPOSALS].ends_on == end
    assert windows[Phase.REVIEW].starts_on == end + timedelta(days=1)
    (row,) = queries.decisions(db, round_.id)
    assert (row.ends_on_before, row.reason, row.decided_by) == (window.ends_on, WHY["reason"], "Fatima O.")


def test_a_decision_without_a_reason_or_out_of_time_changes_nothing(db: Session) -> None:
    round_ = make_round(db)
    officer = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id)))
    last = queries.card(db, round_).window_on(today())
    assert last
    assert last.ends_on
    early = Decision(Phase.PROPOSALS, DecisionKind.CLOSE_EARLY, today())
    with pytest.raises(RuleBroken, match=r"rounds\.reason_missing"):
        services.decide(db, officer, round_, early, reason=" ", language="fr", facts=PhaseFacts())
    with pytest.raises(RuleBroken, match=r"rounds\.reason_too_long"):
        services.decide(db, officer, round_, early, reason="x" * 5000, language="fr", facts=PhaseFacts())
    with held_at(last.ends_on + timedelta(days=1)), pytest.raises(RuleBroken, match=r"rounds\.phase_not_open"):
        services.decide(db, officer, round_, early, **WHY)
    assert db.scalars(select(PhaseDecision)).all() == []


def test_an_early_close_waits_for_what_lies_open_and_an_extension_does_not(db: Session) -> None:
    round_ = make_round(db, phase=Phase.REVIEW)
    officer = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id)))
    facts = PhaseFacts(unconcluded=2)
    close = Decision(Phase.REVIEW, DecisionKind.CLOSE_EARLY, today())
    with pytest.raises(RuleBroken, match=r"rounds\.unconcluded"):
        services.decide(db, officer, round_, close, reason="Fini.", language="fr", facts=facts)
    services.decide(db, officer, round_, close, reason="Fini.", language="fr", facts=PhaseFacts())


def test_a_decision_is_never_changed_nor_taken_out(db: Session) -> None:
    round_ = make_round(db)
    officer = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id)))
    early = Decision(Phase.PROPOSALS, DecisionKind.CLOSE_EARLY, today())
    services.decide(db, officer, round_, early, **WHY)
    db.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(update(PhaseDecision).values(reason="another"))
    db.rollback()


def test_the_clock_enters_a_phase_on_its_first_day_and_only_once(db: Session) -> None:
    round_ = make_round(db, phase=Phase.PRIORITIES)
    against = services.enter_phase(db, CLOCK, round_, Phase.PRIORITIES, facts=PhaseFacts(unconcluded=1))
    assert [message.key for message in against] == ["rounds.unconcluded"]
    assert round_.entered is Phase.PRIORITIES
    for phase in (Phase.PRIORITIES, Phase.REVIEW, Phase.COUNCIL):
        with pytest.raises(RuleBroken, match=r"rounds\.phase_not_due"):
            services.enter_phase(db, CLOCK, round_, phase, facts=PhaseFacts())
