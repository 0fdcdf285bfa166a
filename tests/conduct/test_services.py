from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.conduct import duties, facts, services
from cdp.kernel.clock import held_at, today
from cdp.kernel.errors import Refused, RuleBroken
from cdp.notices.models import Notice
from cdp.people.actor import CLOCK, NOBODY
from cdp.people.states import Role
from cdp.priorities.models import Mark, MarkSheet
from cdp.programme.models import CouncilAct, PlanVersion
from cdp.programme.states import ActKind
from cdp.proposals.states import ProposalState
from cdp.review.models import Finding
from cdp.review.states import Answer
from cdp.rounds import queries
from cdp.rounds.models import Charter, PhaseWindow, Round
from cdp.rounds.rules.freezing import CharterFacts
from cdp.rounds.rules.obstacles import PhaseFacts
from cdp.rounds.rules.phases import Decision
from cdp.rounds.states import DecisionKind, Phase
from cdp.store.audit import Event
from tests.factories import (
    actor_of,
    charter_rules,
    keep,
    make_commune,
    make_diaspora,
    make_official,
    make_proposal,
    make_resident,
    make_round,
)

S = ProposalState


def told(db: Session) -> list[tuple[str, int]]:
    return [(kind, person) for kind, person in db.execute(select(Notice.kind, Notice.person_id).order_by(Notice.id))]


def set_windows(db: Session, round_: Round, **days: date) -> None:
    """Let phases begin on these days, each ending the day before the next."""
    rows = {row.phase: row for row in db.scalars(select(PhaseWindow).where(PhaseWindow.round_id == round_.id))}
    order = sorted(days.items(), key=lambda item: item[1])
    for phase, row in rows.items():
        if phase.value not in days:
            db.delete(row)
    for position, (name, day) in enumerate(order):
        row = rows[Phase(name)]
        row.starts_on = day
        row.ends_on = order[position + 1][1] - timedelta(days=1) if position + 1 < len(order) else None
    db.flush()


def test_facts_are_counted_in_every_stage(db: Session) -> None:
    round_ = make_round(db)
    assert facts.charter_facts(db, round_.id) == CharterFacts()
    assert facts.phase_facts(db, round_.id) == PhaseFacts()
    officer = make_official(db, db.get_one(Commune, round_.commune_id))
    for state in (S.DRAFT, S.DRAFT, S.SUBMITTED, S.RETURNED, S.ADMITTED, S.REFUSED):
        make_proposal(db, round_, state=state)
    make_proposal(db, make_round(db), state=S.SUBMITTED)
    one = make_proposal(db, round_, state=S.ADMITTED).id
    base = {"commune_id": round_.commune_id}
    keep(
        db,
        Finding(
            **base,
            proposal_id=one,
            charter_version=1,
            point="competence",
            answer=Answer.YES,
            found_by_id=officer.id,
            capacity="officer",
            found_at=datetime(2027, 4, 1, tzinfo=UTC),
        ),
    )
    sheet = keep(db, MarkSheet(**base, round_id=round_.id, proposal_id=one, member_id=officer.id, charter_version=1))
    keep(db, Mark(**base, sheet_id=sheet.id, criterion="need", value=4))
    version = keep(
        db,
        PlanVersion(
            **base,
            round_id=round_.id,
            number=1,
            charter_version=1,
            made_by_id=officer.id,
            made_at=datetime(2027, 4, 1, tzinfo=UTC),
            frozen_at=datetime(2027, 4, 2, tzinfo=UTC),
        ),
    )
    keep(
        db,
        CouncilAct(
            **base,
            version_id=version.id,
            kind=ActKind.SUBMIT,
            on=date(2027, 4, 2),
            recorded_by_id=officer.id,
            recorded_at=datetime(2027, 4, 2, tzinfo=UTC),
        ),
    )
    assert facts.charter_facts(db, round_.id) == CharterFacts(1, 1, 1, 1)
    assert facts.phase_facts(db, round_.id) == PhaseFacts(
        drafts=2,
        unconcluded=1,
        returned=1,
        open_sheets=1,
        admitted=2,
        unmarked=2,
        submitted_versions=1,
    )
    sheet.handed_in_at = datetime(2027, 4, 3, tzinfo=UTC)
    db.flush()
    after = facts.phase_facts(db, round_.id)
    assert (after.open_sheets, after.unmarked) == (0, 1)


def test_a_phase_is_entered_on_its_first_moroccan_day_and_not_a_minute_before(db: Session) -> None:
    round_ = make_round(db)
    set_windows(db, round_, proposals=date(2027, 4, 1), review=date(2027, 4, 20))
    with held_at(datetime(2027, 4, 19, 22, 59, tzinfo=UTC)):
        assert [e.phase for e in services.advance(db, CLOCK, round_)] == [Phase.PROPOSALS]
    with held_at(datetime(2027, 4, 19, 23, 0, tzinfo=UTC)):
        assert [e.phase for e in services.advance(db, CLOCK, round_)] == [Phase.REVIEW]


def test_in_ramadan_the_day_begins_an_hour_later_by_utc(db: Session) -> None:
    """Morocco lives by UTC in Ramadan (February 2027) and by UTC+1 the rest of the year."""
    round_ = make_round(db)
    set_windows(db, round_, proposals=date(2027, 2, 1), review=date(2027, 2, 20))
    with held_at(datetime(2027, 2, 19, 23, 30, tzinfo=UTC)):
        assert [e.phase for e in services.advance(db, CLOCK, round_)] == [Phase.PROPOSALS]
    with held_at(datetime(2027, 2, 20, 0, 0, tzinfo=UTC)):
        assert [e.phase for e in services.advance(db, CLOCK, round_)] == [Phase.REVIEW]


@pytest.mark.parametrize("change", [date(2027, 2, 7), date(2027, 3, 14)], ids=["into Ramadan", "out of Ramadan"])
def test_no_phase_is_skipped_or_entered_twice_over_a_clock_shift(db: Session, change: date) -> None:
    round_ = make_round(db)
    days = [change + timedelta(days=n) for n in range(-1, 3)]
    set_windows(db, round_, information=days[0], diagnosis=days[1], proposals=days[2], review=days[3])
    entered = []
    moment = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=2)
    while moment.date() < change + timedelta(days=4):
        with held_at(moment):
            entered += [(e.phase, today()) for e in services.advance(db, CLOCK, round_)]
        moment += timedelta(minutes=30)
    phases = (Phase.INFORMATION, Phase.DIAGNOSIS, Phase.PROPOSALS, Phase.REVIEW)
    assert entered == list(zip(phases, days, strict=True))


def test_a_worker_that_slept_three_days_enters_what_it_missed_in_order_and_invites_to_nothing_past(
    db: Session,
) -> None:
    round_ = make_round(db)
    commune = db.get_one(Commune, round_.commune_id)
    panel = make_official(db, commune, Role.PANEL)
    councillor = make_official(db, commune, Role.COUNCILLOR)
    author = make_resident(db, commune)
    make_proposal(db, round_, state=S.DRAFT, author_id=author.id)
    day = date(2027, 4, 12)
    set_windows(
        db,
        round_,
        proposals=day,
        review=day + timedelta(days=1),
        priorities=day + timedelta(days=2),
        council=day + timedelta(days=3),
    )
    with held_at(day):
        services.advance(db, CLOCK, round_)
    with held_at(day + timedelta(days=3)):
        entered = services.advance(db, CLOCK, round_)
        assert services.advance(db, CLOCK, round_) == ()
    assert [e.phase for e in entered] == [Phase.REVIEW, Phase.PRIORITIES, Phase.COUNCIL]
    assert told(db) == [("draft_left_behind", author.id), ("council_begins", councillor.id)]
    assert panel.id not in {person for _, person in told(db)}
    assert len(db.scalars(select(Event).where(Event.act == "rounds.enter_phase")).all()) == 4


def test_what_lay_open_is_written_down_when_the_calendar_goes_on(db: Session) -> None:
    round_ = make_round(db, phase=Phase.PRIORITIES)
    make_proposal(db, round_, state=S.SUBMITTED)
    entered = services.advance(db, CLOCK, round_)
    assert [m.key for m in entered[-1].open] == ["rounds.unconcluded"]
    last = db.scalars(select(Event).where(Event.act == "rounds.enter_phase").order_by(Event.id.desc())).first()
    assert last
    assert last.detail == {"phase": "priorities", "open": ["rounds.unconcluded"]}
    assert last.capacity == "clock"


def test_only_who_asked_for_news_and_belongs_here_hears_that_proposals_are_open(db: Session) -> None:
    round_ = make_round(db)
    commune = db.get_one(Commune, round_.commune_id)
    make_resident(db, commune)
    make_resident(db, make_commune(db), wants_news=True)
    wanting = make_diaspora(db, commune, wants_news=True)
    services.advance(db, CLOCK, round_)
    assert told(db) == [("proposals_open", wanting.id)]
    assert db.scalars(select(Notice.values)).one() == {
        "commune": commune.slug,
        "year": 2028,
        "until": queries.card(db, round_).window_on(today()).ends_on.isoformat(),  # type: ignore[union-attr]
    }


def test_the_panel_hears_that_it_may_mark_and_nobody_hears_it_twice(db: Session) -> None:
    round_ = make_round(db, phase=Phase.PRIORITIES)
    panel = make_official(db, db.get_one(Commune, round_.commune_id), Role.PANEL)
    services.advance(db, CLOCK, round_)
    round_.entered = Phase.REVIEW
    services.advance(db, CLOCK, round_)
    assert told(db).count(("panel_begins", panel.id)) == 1


def test_authors_of_drafts_are_reminded_three_days_before_the_end_and_again_when_it_moves(db: Session) -> None:
    round_ = make_round(db)
    commune = db.get_one(Commune, round_.commune_id)
    author = make_resident(db, commune)
    make_proposal(db, round_, state=S.DRAFT, author_id=author.id)
    window = queries.card(db, round_).window_on(today())
    assert window
    assert window.ends_on
    with held_at(window.ends_on - timedelta(days=4)):
        assert duties.remind_drafts(db) == 0
    with held_at(window.ends_on - timedelta(days=3)):
        assert duties.remind_drafts(db) == 1
        assert duties.remind_drafts(db) == 0
        officer = actor_of(db, make_official(db, commune))
        decision = Decision(Phase.PROPOSALS, DecisionKind.EXTEND, window.ends_on + timedelta(days=6))
        services.decide(db, officer, round_, decision, reason="La pluie.", language="fr")
        assert duties.remind_drafts(db) == 0
    assert told(db) == [("draft_closes_soon", author.id), ("phase_end_moved", author.id)]


def test_nobody_but_the_clock_and_the_office_advances_a_round(db: Session) -> None:
    round_ = make_round(db)
    commune = db.get_one(Commune, round_.commune_id)
    others = [NOBODY, actor_of(db, make_resident(db, commune)), actor_of(db, make_official(db, make_commune(db)))]
    for actor in others:
        with pytest.raises(Refused):
            services.advance(db, actor, round_)
    assert round_.entered is None
    assert services.advance(db, actor_of(db, make_official(db, commune)), round_)


def test_the_charter_freezes_with_the_first_thing_that_depends_on_it(db: Session) -> None:
    round_ = make_round(db)
    officer = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id)))
    services.change_charter(db, officer, round_, charter_rules(supports_each=4))
    assert duties.fix_charters(db) == 0
    make_proposal(db, round_)
    assert duties.fix_charters(db) == 1
    assert duties.fix_charters(db) == 0
    with pytest.raises(RuleBroken, match=r"rounds\.reason_missing"):
        services.change_charter(db, officer, round_, charter_rules(supports_each=5))
    services.change_charter(db, officer, round_, charter_rules(supports_each=5), reason="Demandé en atelier.")
    assert db.scalar(select(func.count(Charter.id)).where(Charter.round_id == round_.id)) == 2


def test_an_early_close_of_the_review_counts_what_has_no_answer(db: Session) -> None:
    round_ = make_round(db, phase=Phase.REVIEW)
    officer = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id)))
    make_proposal(db, round_, state=S.SUBMITTED)
    close = Decision(Phase.REVIEW, DecisionKind.CLOSE_EARLY, today())
    with pytest.raises(RuleBroken, match=r"rounds\.unconcluded"):
        services.decide(db, officer, round_, close, reason="Fini.", language="fr")
