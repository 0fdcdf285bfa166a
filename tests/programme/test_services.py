import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.notices.models import Notice
from cdp.people.actor import NOBODY
from cdp.people.models import Mandate
from cdp.people.states import Role
from cdp.programme import services
from cdp.programme.models import PartnerShare, PlanLine, PlanVersion, YearAmount
from cdp.programme.rules.drafting import Candidate, Decision, PartShare, data_hash, draft, duration
from cdp.programme.rules.share_rules import rule_set
from cdp.programme.services.share_rules import keep_rule
from cdp.programme.states import LineVerdict, Pin, ProjectState, ProjectStep
from cdp.proposals.states import ProposalState
from cdp.rounds.rules.charter import Envelope
from cdp.rounds.states import Phase, Source, Sureness
from cdp.store.audit import Event
from tests.factories import (
    actor_of,
    charter_rules,
    make_commune,
    make_group,
    make_official,
    make_person,
    make_project,
    make_resident,
)
from tests.programme.plans import a_vote, indh, sheet, with_role
from tests.programme.rounds import DIRHAM, in_phase_of, make_programming

YEARS = range(2028, 2034)


# The draft


def test_who_is_ranked_first_takes_the_first_year_and_the_next_one_says_why_it_is_late(db: Session) -> None:
    round_, (first, second), officer = make_programming(db, 900_000, 450_000)
    services.draft_plan(db, officer, round_)
    plan = sheet(db, round_)
    assert [(row.number, row.start_year) for row in plan.rows] == [(first.number, 2028), (second.number, 2028)]
    assert plan.rows[0].amounts == {(2028, Source.OWN): 45_000_000, (2029, Source.OWN): 45_000_000}
    assert plan.total == 135_000_000
    assert plan.year(2028).available == 140_000_000


def test_what_finds_no_money_is_out_and_says_what_would_let_it_in(db: Session) -> None:
    rules = charter_rules(envelopes=(Envelope(2028, Source.OWN, Money(40_000_000), Sureness.EXPECTED),))
    round_, (first, second), officer = make_programming(db, 400_000, 300_000, rules=rules)
    services.draft_plan(db, officer, round_)
    plan = sheet(db, round_)
    assert [row.number for row in plan.rows] == []
    assert {row.number for row in plan.left_out} == {first.number, second.number}
    for row in plan.left_out:
        assert row.message is not None
        assert row.message.key == "programme.left_out.envelope"
        assert row.remedies
    with pytest.raises(RuleBroken, match="no_lines"):
        services.submit(db, officer, db.scalars(select(PlanVersion)).one())


def test_a_proposal_without_a_cost_is_out_with_that_reason_and_cannot_be_pinned(db: Session) -> None:
    round_, (_, uncosted), officer = make_programming(db, 300_000, None)
    version = services.draft_plan(db, officer, round_)
    row = sheet(db, round_).left_out[0]
    assert (row.number, row.message and row.message.key) == (uncosted.number, "programme.left_out.no_cost")
    with pytest.raises(RuleBroken, match=r"programme\.no_cost"):
        services.pin(db, officer, version, row.number, reason="Promis")


def test_a_plan_is_drafted_only_when_all_marks_are_open(db: Session) -> None:
    round_, _, officer = make_programming(db, 300_000)
    with in_phase_of(Phase.PRIORITIES), pytest.raises(Refused):
        services.draft_plan(db, officer, round_)
    with in_phase_of(Phase.DELIVERY), pytest.raises(Refused):
        services.draft_plan(db, officer, round_)


def test_without_admitted_proposals_nothing_is_drafted(db: Session) -> None:
    round_, proposals, officer = make_programming(db, 300_000)
    proposals[0].state = ProposalState.REFUSED
    with pytest.raises(RuleBroken, match="nothing_admitted"):
        services.draft_plan(db, officer, round_)


@pytest.mark.parametrize("role", [Role.PRESIDENT, Role.FACILITATOR, Role.TREASURER, Role.PANEL, Role.COUNCILLOR])
def test_only_the_officer_drafts_decides_and_submits(db: Session, role: Role) -> None:
    round_, (first, _), officer = make_programming(db)
    version = services.draft_plan(db, officer, round_)
    other = with_role(db, round_, role)
    for act in (
        lambda: services.draft_plan(db, other, round_),
        lambda: services.pin(db, other, version, first.number or "", reason="Parce que"),
        lambda: services.set_shares(db, other, first, [indh(1000)]),
        lambda: services.submit(db, other, version),
    ):
        with pytest.raises(Refused):
            act()


def test_nobody_of_another_commune_touches_a_plan_nor_a_project(db: Session) -> None:
    round_, (first, _), officer = make_programming(db)
    version = services.draft_plan(db, officer, round_)
    project = make_project(db, round_)
    stranger = actor_of(db, make_official(db, make_commune(db)))
    past = actor_of(db, make_official(db, make_commune(db)))
    for who in (stranger, past, NOBODY):
        for act in (
            lambda who=who: services.draft_plan(db, who, round_),
            lambda who=who: services.exclude(db, who, version, first.number or "", reason="Parce que"),
            lambda who=who: services.set_shares(db, who, first, []),
            lambda who=who: services.submit(db, who, version),
            lambda who=who: services.adopt(db, who, version, a_vote()),
            lambda who=who: services.visa(db, who, version, on=today(), reference="12"),
            lambda who=who: services.publish(db, who, version),
            lambda who=who: services.step(db, who, project, ProjectStep.START_STUDY),
            lambda who=who: services.drop(db, who, project, reason="Parce que"),
        ):
            with pytest.raises(Refused):
                act()


def test_the_day_after_a_mandate_ended_the_officer_drafts_no_more(db: Session) -> None:
    round_, _, officer = make_programming(db)
    mandate = db.scalars(select(Mandate).where(Mandate.person_id == officer.person_id)).one()
    mandate.until = today() - timedelta(days=1)
    db.flush()
    from cdp.http.context import load_actor

    with pytest.raises(Refused):
        services.draft_plan(db, load_actor(db, officer.person_id or 0), round_)


# What people decide


def test_people_exclude_move_and_let_go_and_the_rest_is_fitted_again(db: Session) -> None:
    rules = charter_rules(envelopes=tuple(Envelope(y, Source.OWN, Money(10_000_000), Sureness.SIGNED) for y in YEARS))
    round_, (first, last), officer = make_programming(db, 300_000, 280_000, rules=rules)
    version = services.draft_plan(db, officer, round_)
    assert {row.number for row in sheet(db, round_).rows} == {first.number, last.number}
    services.exclude(db, officer, version, first.number or "", reason="Le forage est sec.")
    plan = sheet(db, round_)
    out = next(row for row in plan.left_out if row.number == first.number)
    assert (out.pin, out.pin_reason) == (Pin.EXCLUDED, "Le forage est sec.")
    assert out.message is not None
    assert out.message.values["reason"] == "Le forage est sec."
    services.move(db, officer, version, first.number or "", 2031, reason="Après l’étude.")
    moved = next(row for row in sheet(db, round_).rows if row.number == first.number)
    assert (moved.start_year, moved.pin, moved.pin_year) == (2031, Pin.MOVED, 2031)
    services.unpin(db, officer, version, first.number or "")
    again = next(row for row in sheet(db, round_).rows if row.number == first.number)
    assert (again.start_year, again.pin, again.pin_reason) == (2031, Pin.FREE, "")
    services.draft_plan(db, officer, round_)
    by_rank = next(row for row in sheet(db, round_).rows if row.number == first.number)
    assert (by_rank.start_year, by_rank.pin) == (2028, Pin.FREE)


def test_decisions_stay_when_the_plan_is_drafted_anew_and_there_is_one_draft(db: Session) -> None:
    round_, (first, _), officer = make_programming(db)
    version = services.draft_plan(db, officer, round_)
    services.move(db, officer, version, first.number or "", 2030, reason="Après l’étude.")
    again = services.draft_plan(db, officer, round_)
    assert again.id == version.id
    assert next(row for row in sheet(db, round_).rows if row.number == first.number).start_year == 2030
    assert db.scalar(select(func.count()).select_from(PlanLine)) == 2


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (Decision(Pin.PINNED, "  "), "reason_missing"),
        (Decision(Pin.MOVED, "Parce que", 2027), "year_outside"),
        (Decision(Pin.MOVED, "Parce que", None), "year_outside"),
    ],
)
def test_a_decision_without_reason_or_outside_the_years_changes_nothing(
    db: Session, decision: Decision, why: str
) -> None:
    round_, (first, _), officer = make_programming(db)
    version = services.draft_plan(db, officer, round_)
    with pytest.raises(RuleBroken, match=why):
        services.decide(db, officer, version, first.number or "", decision)
    assert db.scalar(select(func.count()).select_from(PlanLine).where(PlanLine.pin != Pin.FREE)) == 0


def test_a_pin_that_finds_no_money_is_refused_with_the_reason(db: Session) -> None:
    round_, (_, big), officer = make_programming(db, 300_000, 90_000_000)
    version = services.draft_plan(db, officer, round_)
    with pytest.raises(RuleBroken, match=r"programme\.left_out\.envelope"):
        services.pin(db, officer, version, big.number or "", reason="Promis depuis longtemps")


def test_an_unknown_number_is_not_found(db: Session) -> None:
    round_, _, officer = make_programming(db)
    version = services.draft_plan(db, officer, round_)
    with pytest.raises(NotFound):
        services.pin(db, officer, version, "ZZ-2028-999", reason="Parce que")


# Partners


def test_partners_bear_their_share_and_the_commune_the_rest(db: Session) -> None:
    round_, (first, _), officer = make_programming(db, 300_000, 200_000)
    services.set_shares(db, officer, first, [indh(200_000), indh(20_000, source=Source.DIASPORA, party="Lyon")])
    services.draft_plan(db, officer, round_)
    row = next(row for row in sheet(db, round_).rows if row.number == first.number)
    assert row.from_source(Source.INDH) == 200_000 * DIRHAM
    assert row.from_source(Source.DIASPORA) == 20_000 * DIRHAM
    assert row.from_source(Source.OWN) == 80_000 * DIRHAM
    assert sheet(db, round_).cell(2028, Source.DIASPORA).available is None


@pytest.mark.parametrize(
    ("shares", "why"),
    [
        ([indh(400_000)], "shares_above_cost"),
        ([indh(0)], "share_not_positive"),
        ([indh(-5)], "share_not_positive"),
        ([indh(10**14)], "share_not_positive"),
        ([indh(10), indh(20)], "share_twice"),
        ([indh(10, source=Source.OWN)], "share_of_the_commune"),
    ],
)
def test_absurd_shares_are_refused_and_change_nothing(db: Session, shares: list[PartShare], why: str) -> None:
    _, (first, _), officer = make_programming(db, 300_000, 200_000)
    services.set_shares(db, officer, first, [indh(1000)])
    with pytest.raises(RuleBroken, match=why):
        services.set_shares(db, officer, first, shares)
    assert db.scalars(select(PartnerShare.amount_minor)).all() == [1000 * DIRHAM]


def test_a_named_rule_is_checked_and_says_what_it_asks(db: Session) -> None:
    _, (first, _), officer = make_programming(db, 300_000, 200_000)
    with pytest.raises(RuleBroken, match=re.escape("programme.left_out.preset_most")):
        services.set_shares(db, officer, first, [indh(280_000)], preset="indh_70_30")
    services.set_shares(db, officer, first, [indh(210_000)], preset="indh_70_30")
    with pytest.raises(RuleBroken, match="unknown_preset"):
        services.set_shares(db, officer, first, [indh(210_000)], preset="nothing")


def test_a_commune_s_own_rule_holds_instead_of_the_known_one_and_is_kept_in_the_plan(db: Session) -> None:
    round_, (first, _), officer = make_programming(db, 300_000, 200_000)
    commune = db.get_one(Commune, round_.commune_id)
    rule = rule_set("", {"name": {"fr": "INDH 90"}, "share": [{"sources": ["indh"], "most_percent": 90}]})
    made = keep_rule(db, officer, commune, replace(rule, since=date(2027, 1, 1)), reason="Appel", key="own")
    with pytest.raises(RuleBroken, match=re.escape("programme.left_out.preset_most")):
        services.set_shares(db, officer, first, [indh(280_000)], preset=made.key)
    services.set_shares(db, officer, first, [indh(270_000)], preset=made.key)
    services.draft_plan(db, officer, round_)
    assert first.number in {row.number for row in sheet(db, round_).rows}


def test_only_admitted_and_costed_proposals_have_partners(db: Session) -> None:
    _, (first, uncosted), officer = make_programming(db, 300_000, None)
    with pytest.raises(RuleBroken, match="no_cost"):
        services.set_shares(db, officer, uncosted, [indh(10)])
    first.state = ProposalState.REFUSED
    db.flush()
    with pytest.raises(RuleBroken, match="shares_of_admitted"):
        services.set_shares(db, officer, first, [indh(10)])


# Projects


def test_a_project_goes_its_way_and_its_people_are_told(db: Session) -> None:
    project = make_project(db)
    from cdp.communes.models import Commune
    from cdp.proposals.models import Proposal

    commune = db.get_one(Commune, project.commune_id)
    proposal = db.get_one(Proposal, project.proposal_id)
    speaker = make_resident(db, commune)
    proposal.group_id = make_group(db, commune, speaker).id
    officer = actor_of(db, make_official(db, commune))
    for what, state in (
        (ProjectStep.START_STUDY, ProjectState.STUDY),
        (ProjectStep.CALL_TENDER, ProjectState.TENDER),
        (ProjectStep.START_WORKS, ProjectState.WORKS),
        (ProjectStep.FINISH, ProjectState.DONE),
        (ProjectStep.RESUME, ProjectState.WORKS),
    ):
        services.step(db, officer, project, what)
        assert (project.state, project.state_since) == (state, today())
    told = set(db.scalars(select(Notice.person_id).where(Notice.kind == "project_start_works")))
    assert told == {proposal.author_id, speaker.id}
    assert db.scalar(select(Event.capacity).where(Event.act == "programme.finish")) == f"officer:{commune.id}"


def test_a_project_is_dropped_with_a_reason_only_and_taken_up_again(db: Session) -> None:
    project = make_project(db)
    from cdp.communes.models import Commune

    officer = actor_of(db, make_official(db, db.get_one(Commune, project.commune_id)))
    with pytest.raises(RuleBroken, match="reason_missing"):
        services.drop(db, officer, project, reason=" ")
    services.drop(db, officer, project, reason="Le terrain a été refusé.")
    assert (project.state, project.dropped_reason) == (ProjectState.DROPPED, "Le terrain a été refusé.")
    with pytest.raises(RuleBroken, match="step_not_possible"):
        services.step(db, officer, project, ProjectStep.FINISH)
    services.step(db, officer, project, ProjectStep.RESUME)
    assert (project.state, project.dropped_reason) == (ProjectState.PROGRAMMED, "")


def test_a_member_a_president_or_nobody_takes_no_step_of_a_project(db: Session) -> None:
    project = make_project(db)
    from cdp.communes.models import Commune

    president = actor_of(db, make_official(db, db.get_one(Commune, project.commune_id), Role.PRESIDENT))
    for who in (president, actor_of(db, make_person(db)), NOBODY):
        with pytest.raises(Refused):
            services.step(db, who, project, ProjectStep.START_STUDY)


# Rules


ENVELOPES = st.lists(
    st.tuples(st.sampled_from(list(YEARS)), st.sampled_from([Source.OWN, Source.INDH]), st.integers(0, 10**8)),
    max_size=14,
)
CANDIDATES = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(1, 10**8)), st.integers(0, 100), st.sampled_from(list(Source))),
    min_size=1,
    max_size=12,
)


@given(ENVELOPES, CANDIDATES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_envelope_is_ever_exceeded_and_every_line_pays_its_cost_to_the_centime(
    rooms: list[tuple[int, Source, int]], drawn: list[tuple[int | None, int, Source]]
) -> None:
    envelopes = [Envelope(year, source, Money(amount), Sureness.EXPECTED) for year, source, amount in rooms]
    candidates = []
    for rank, (cost, percent, source) in enumerate(drawn, 1):
        part = (cost or 0) * percent // 100
        shares = (PartShare(source, part, Sureness.PROMISED),) if part and source is not Source.OWN else ()
        candidates.append(Candidate(f"P{rank}", rank, None, cost, shares))
    lines = draft(YEARS, envelopes, candidates, {})
    assert [line.number for line in lines] == [candidate.number for candidate in candidates]
    used: dict[tuple[int, Source], int] = {}
    for line, candidate in zip(lines, candidates, strict=True):
        assert (line.verdict is LineVerdict.IN) == bool(line.amounts)
        assert line.verdict is LineVerdict.IN or line.message is not None
        if line.verdict is LineVerdict.IN:
            assert sum(line.amounts.values()) == candidate.cost
        for key, amount in line.amounts.items():
            used[key] = used.get(key, 0) + amount
    limited = {source for _, source, _ in rooms} | {Source.OWN}
    for (year, source), amount in used.items():
        if source in limited:
            assert amount <= sum(e.amount.minor for e in envelopes if (e.year, e.source) == (year, source))


def test_works_are_spread_so_that_one_project_leaves_half_of_a_year_to_others() -> None:
    assert duration({"own": 50}, {"own": 100}, 3) == 1
    assert duration({"own": 51}, {"own": 100}, 3) == 2
    assert duration({"own": 151}, {"own": 100}, 3) == 3
    assert duration({"own": 10, "indh": 1}, {"own": 100}, 3) == 3


def test_equal_data_have_equal_hashes_whatever_the_order_of_their_keys() -> None:
    assert data_hash({"a": 1, "b": "é"}) == data_hash({"b": "é", "a": 1})
    assert data_hash({"a": 1}) != data_hash({"a": 2})


def test_drafting_anew_leaves_no_amount_behind(db: Session) -> None:
    round_, _, officer = make_programming(db)
    services.draft_plan(db, officer, round_)
    services.draft_plan(db, officer, round_)
    lines = set(db.scalars(select(PlanLine.id)))
    assert set(db.scalars(select(YearAmount.line_id))) <= lines
