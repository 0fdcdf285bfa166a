"""What the council and the governor do with a version of the plan."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.notices.models import Notice
from cdp.papers.models import LegalRule
from cdp.papers.rules import Rule, plain_rule
from cdp.papers.states import RuleKind
from cdp.people.states import Role
from cdp.programme import queries, services
from cdp.programme.models import CouncilAct, Project
from cdp.programme.rules.drafting import data_hash
from cdp.programme.rules.votes import Vote, vote_problem
from cdp.programme.states import ActKind, VersionState
from cdp.proposals.states import ProposalState
from cdp.rounds import queries as rounds
from cdp.rounds.models import Charter
from cdp.rounds.states import Phase
from cdp.store.audit import Event
from tests.factories import (
    charter_rules,
    keep,
)
from tests.programme.plans import a_vote, changes, sheet, submitted, with_role
from tests.programme.rounds import in_phase_of, make_programming


def test_a_submitted_version_is_frozen_with_the_hash_of_its_data(db: Session) -> None:
    round_, version, officer = submitted(db, 300_000, 200_000)
    assert version.frozen_at is not None
    assert version.data_hash == data_hash(queries.document(db, version))
    with pytest.raises(RuleBroken, match="frozen"):
        services.exclude(db, officer, version, sheet(db, round_).rows[0].number, reason="Trop tard")
    with pytest.raises(RuleBroken, match="version_stands"):
        services.draft_plan(db, officer, round_)
    services.submit(db, officer, version)
    assert db.scalar(select(func.count()).select_from(CouncilAct)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE plan_line SET cost_minor = 1",
        "DELETE FROM plan_line",
        "UPDATE year_amount SET amount_minor = 1",
        "DELETE FROM year_amount",
        "UPDATE plan_version SET data_hash = 'x'",
        "DELETE FROM plan_version",
        "UPDATE council_act SET votes_for = 17",
    ],
)
def test_a_frozen_version_is_not_changed_by_sql_either(db: Session, statement: str) -> None:
    submitted(db, 300_000)
    with pytest.raises(DatabaseError, match="append-only"):
        db.execute(text(statement))


def test_an_adopted_plan_makes_projects_and_the_others_are_not_kept(db: Session) -> None:
    round_, (first, huge), officer = make_programming(db, 300_000, 90_000_000)
    version = services.draft_plan(db, officer, round_)
    services.submit(db, officer, version)
    with in_phase_of(Phase.COUNCIL):
        president = with_role(db, round_, Role.PRESIDENT)
        services.adopt(db, president, version, a_vote())
    project = db.scalars(select(Project)).one()
    assert (project.number, project.start_year, project.cost_minor, project.price_year) == (
        first.number,
        2028,
        30_000_000,
        2027,
    )
    assert (first.state, huge.state) == (ProposalState.PROGRAMMED, ProposalState.NOT_KEPT)
    told = {(notice.person_id, notice.kind) for notice in db.scalars(select(Notice))}
    assert (first.author_id, "plan_programmed") in told
    assert (huge.author_id, "plan_left_out") in told
    assert queries.versions(db, round_.id)[0].state is VersionState.ADOPTED


def test_an_adoption_sent_twice_counts_once_and_another_count_is_a_conflict(db: Session) -> None:
    _, version, officer = submitted(db, 300_000)
    with in_phase_of(Phase.COUNCIL):
        act = services.adopt(db, officer, version, a_vote())
        assert services.adopt(db, officer, version, a_vote()).id == act.id
        with pytest.raises(Conflict):
            services.adopt(db, officer, version, a_vote(votes_for=13))
        with pytest.raises(Conflict):
            services.reject(db, officer, version, a_vote(votes_for=1, votes_against=9))
    assert db.scalar(select(func.count()).select_from(Project)) == 1
    assert db.scalar(select(func.count()).select_from(Event).where(Event.act == "programme.adopt")) == 1


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.TREASURER, Role.PANEL, Role.COUNCILLOR])
def test_no_other_role_records_acts_of_the_council(db: Session, role: Role) -> None:
    round_, version, _ = submitted(db, 300_000)
    with in_phase_of(Phase.COUNCIL):
        other = with_role(db, round_, role)
        with pytest.raises(Refused):
            services.adopt(db, other, version, a_vote())
        with pytest.raises(Refused):
            services.visa(db, other, version, on=today(), reference="12")
        with pytest.raises(Refused):
            services.visa_by_silence(db, other, version, received_on=today())


def test_votes_are_recorded_in_the_days_of_the_council_only(db: Session) -> None:
    _, version, officer = submitted(db, 300_000)
    with pytest.raises(Refused, match="not_these_days"):
        services.adopt(db, officer, version, a_vote())
    with in_phase_of(Phase.DELIVERY), pytest.raises(Refused, match="not_these_days"):
        services.adopt(db, officer, version, a_vote())
    with in_phase_of(Phase.COUNCIL):
        for on in (today() + timedelta(days=1), date(2020, 1, 1)):
            with pytest.raises(RuleBroken, match="session_day"):
                services.adopt(db, officer, version, a_vote(on=on))


@pytest.mark.parametrize(
    ("vote", "word", "why"),
    [
        (a_vote(votes_for=17), ActKind.ADOPT, "more_votes_than_council"),
        (a_vote(votes_for=-1), ActKind.ADOPT, "votes_below_zero"),
        (a_vote(votes_for=0, votes_against=0, abstentions=0), ActKind.ADOPT, "no_votes"),
        (a_vote(votes_for=2, votes_against=9), ActKind.ADOPT, "votes_say_rejected"),
        (a_vote(votes_for=8, votes_against=8), ActKind.ADOPT, "votes_say_rejected"),
        (a_vote(), ActKind.REJECT, "votes_say_adopted"),
    ],
)
def test_a_vote_that_cannot_be_is_refused(vote: Vote, word: ActKind, why: str) -> None:
    problem = vote_problem(vote, word, 17)
    assert problem is not None
    assert problem.key == f"programme.{why}"
    assert vote_problem(a_vote(), ActKind.ADOPT, 17) is None
    assert vote_problem(a_vote(votes_for=8, votes_against=8), ActKind.REJECT, 17) is None


def test_a_vote_larger_than_the_council_makes_no_project(db: Session) -> None:
    _, version, officer = submitted(db, 300_000)
    with in_phase_of(Phase.COUNCIL), pytest.raises(RuleBroken, match="more_votes_than_council"):
        services.adopt(db, officer, version, a_vote(votes_for=15))
    assert db.scalar(select(func.count()).select_from(Project)) == 0


def test_there_is_no_visa_before_the_vote_and_no_publication_before_the_visa(db: Session) -> None:
    round_, version, officer = submitted(db, 300_000)
    with in_phase_of(Phase.COUNCIL):
        with pytest.raises(RuleBroken, match="visa_before_vote"):
            services.visa(db, officer, version, on=today(), reference="12/2027")
        services.adopt(db, officer, version, a_vote())
        with pytest.raises(RuleBroken, match="publish_before_visa"):
            services.publish(db, officer, version)
        with pytest.raises(RuleBroken, match="reference_missing"):
            services.visa(db, officer, version, on=today(), reference=" ")
    with in_phase_of(Phase.VISA):
        with pytest.raises(RuleBroken, match="visa_day"):
            services.visa(db, officer, version, on=today() + timedelta(days=1), reference="12")
        act = services.visa(db, officer, version, on=today(), reference="12/2027")
        assert services.visa(db, officer, version, on=today(), reference="12/2027").id == act.id
        published = services.publish(db, officer, version)
        assert services.publish(db, officer, version).id == published.id
    assert queries.versions(db, round_.id)[0].state is VersionState.VISAED


def test_silence_counts_as_a_visa_from_the_day_after_the_time_for_an_answer(db: Session) -> None:
    round_, version, officer = submitted(db, 300_000)
    with in_phase_of(Phase.COUNCIL):
        with pytest.raises(RuleBroken, match="visa_before_vote"):
            services.visa_by_silence(db, officer, version, received_on=today())
        services.adopt(db, officer, version, a_vote())
        received = today()
        for day in (received - timedelta(days=1), received + timedelta(days=1)):
            with pytest.raises(RuleBroken, match="receipt_day"):
                services.visa_by_silence(db, officer, version, received_on=day)
        last = received + timedelta(days=20)
    with clock.held_at(last), pytest.raises(RuleBroken, match="silence_not_over"):
        services.visa_by_silence(db, officer, version, received_on=received)
    with clock.held_at(last + timedelta(days=1)):
        act = services.visa_by_silence(db, officer, version, received_on=received)
        assert services.visa_by_silence(db, officer, version, received_on=received).id == act.id
        with pytest.raises(Conflict):
            services.visa(db, officer, version, on=last, reference="12/2027")
        services.publish(db, officer, version)
    known = queries.versions(db, round_.id)[0]
    visa = known.act(ActKind.VISA)
    assert (known.state, visa.on, visa.is_silence) == (VersionState.VISAED, last, True)


def test_where_the_commune_reads_the_law_otherwise_silence_is_no_visa(db: Session) -> None:
    _, version, officer = submitted(db, 300_000)
    with in_phase_of(Phase.COUNCIL):
        services.adopt(db, officer, version, a_vote())
        received = today()
        keep(
            db,
            LegalRule(
                commune_id=version.commune_id,
                key="visa",
                article="113-14, art. 118",
                rule=plain_rule(Rule(RuleKind.AT_LATEST, "deliberation_received", days=20)),
                edited_by_id=officer.known(),
                edited_at=now(),
            ),
        )
    with clock.held_at(received + timedelta(days=30)), pytest.raises(RuleBroken, match="silence_is_no_visa"):
        services.visa_by_silence(db, officer, version, received_on=received)


def test_after_a_refused_visa_another_version_is_drafted_and_its_projects_go_on(db: Session) -> None:
    round_, version, officer = submitted(db, 300_000, 200_000)
    with in_phase_of(Phase.COUNCIL):
        services.adopt(db, officer, version, a_vote())
    with in_phase_of(Phase.VISA):
        with pytest.raises(RuleBroken, match="reason_missing"):
            services.refuse_visa(db, officer, version, on=today(), reference="13", reason="")
        services.refuse_visa(db, officer, version, on=today(), reference="13", reason="Le budget 2028 manque.")
        second = services.draft_plan(db, officer, round_)
        assert second.number == 2
        assert changes(db, round_) == ()
        services.submit(db, officer, second)
        services.adopt(db, officer, second, a_vote(on=today()))
        services.visa(db, officer, second, on=today(), reference="21/2027")
        services.publish(db, officer, second)
    states = {row.number: row.state for row in queries.versions(db, round_.id)}
    assert states == {1: VersionState.VISA_REFUSED, 2: VersionState.VISAED}
    assert db.scalar(select(func.count()).select_from(Project)) == 2


def test_a_visa_refused_when_works_should_have_begun_leaves_the_way_of_another_version(db: Session) -> None:
    round_, version, officer = submitted(db, 300_000)
    with in_phase_of(Phase.COUNCIL):
        services.adopt(db, officer, version, a_vote())
    with in_phase_of(Phase.DELIVERY):
        with pytest.raises(Refused):
            services.draft_plan(db, officer, round_)
        services.refuse_visa(db, officer, version, on=today(), reference="13", reason="Le budget 2028 manque.")
        second = services.draft_plan(db, officer, round_)
        with pytest.raises(Refused):
            services.draft_plan(db, with_role(db, round_, Role.PRESIDENT), round_)
        services.submit(db, officer, second)
        services.reject(db, officer, second, a_vote(votes_for=1, votes_against=14))
        third = services.draft_plan(db, officer, round_)
        services.submit(db, officer, third)
        services.adopt(db, officer, third, a_vote(on=today()))
        with pytest.raises(RuleBroken, match="version_stands"):
            services.draft_plan(db, officer, round_)
        services.visa(db, officer, third, on=today(), reference="21/2027")
        services.publish(db, officer, third)
        with pytest.raises(Refused):
            services.draft_plan(db, officer, round_)
    states = [row.state for row in queries.versions(db, round_.id)]
    assert states == [VersionState.VISAED, VersionState.REJECTED, VersionState.VISA_REFUSED]
    assert db.scalar(select(func.count()).select_from(Project)) == 1


def test_a_version_keeps_the_envelopes_it_was_drafted_under(db: Session) -> None:
    round_, version, _ = submitted(db, 300_000)
    before = sheet(db, round_).envelopes
    rules = charter_rules(envelopes=before[:1])
    old = db.scalars(select(Charter).where(Charter.round_id == round_.id)).one()
    made = {"commune_id": round_.commune_id, "round_id": round_.id, "made_by_id": old.made_by_id, "made_at": now()}
    keep(db, Charter(**made, version=2, rules=rules.plain(), reason="Une enveloppe manque"))
    card = rounds.card(db, round_)
    assert card.charter.envelopes == before[:1]
    [row] = queries.versions(db, round_.id)
    assert (row.id, queries.sheet(db, card, row).envelopes) == (version.id, before)


def test_a_rejected_version_makes_no_projects_and_leaves_room_for_another(db: Session) -> None:
    round_, version, officer = submitted(db, 300_000)
    with in_phase_of(Phase.COUNCIL):
        services.reject(db, officer, version, a_vote(votes_for=3, votes_against=9))
        second = services.draft_plan(db, officer, round_)
        services.move(db, officer, second, sheet(db, round_).rows[0].number, 2030, reason="Le conseil le demande.")
    assert db.scalar(select(func.count()).select_from(Project)) == 0
    (changed,) = changes(db, round_)
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before.start_year, changed.after.start_year) == (2028, 2030)
