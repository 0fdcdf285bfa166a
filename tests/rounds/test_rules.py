from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.rounds.rules import phases
from cdp.rounds.rules.changes import differences
from cdp.rounds.rules.charter import Criterion, Envelope, Sector
from cdp.rounds.rules.freezing import CharterFacts, frozen_sections
from cdp.rounds.rules.obstacles import PhaseFacts, obstacles
from cdp.rounds.rules.phases import Decision, Window
from cdp.rounds.states import PAPERS, PHASES, CharterSection, DecisionKind, Phase, Source, Sureness
from tests.factories import charter_rules

DAY = date(2027, 4, 12)
PLAN = (
    Window(Phase.PROPOSALS, date(2027, 3, 15), date(2027, 4, 30)),
    Window(Phase.REVIEW, date(2027, 5, 1), date(2027, 5, 31)),
    Window(Phase.PRIORITIES, date(2027, 6, 1), date(2027, 6, 30)),
    Window(Phase.DELIVERY, date(2027, 7, 1), None),
)


def test_nothing_is_frozen_while_nobody_has_done_anything() -> None:
    assert frozen_sections(CharterFacts()) == frozenset()


@pytest.mark.parametrize(
    ("facts", "sections"),
    [
        (CharterFacts(submissions=1), {"proposers", "sectors", "supports"}),
        (CharterFacts(findings=1), {"checklist"}),
        (CharterFacts(marks=1), {"criteria"}),
        (CharterFacts(submitted_versions=1), {"envelopes"}),
        (CharterFacts(1, 1, 1, 1), set(CharterSection)),
    ],
)
def test_each_section_is_frozen_by_what_depends_on_it(facts: CharterFacts, sections: set[str]) -> None:
    assert {str(section) for section in frozen_sections(facts)} == {str(section) for section in sections}


def test_a_lost_answer_stands_against_the_priorities_and_not_against_the_review() -> None:
    facts = PhaseFacts(unconcluded=3, returned=1)
    assert [m.key for m in obstacles(Phase.PRIORITIES, facts)] == ["rounds.unconcluded", "rounds.returned_still_open"]
    assert obstacles(Phase.PRIORITIES, facts)[0].values == {"number": 3}
    assert obstacles(Phase.REVIEW, facts) == ()


@pytest.mark.parametrize(
    ("phase", "lacking", "there"),
    [
        (Phase.PROGRAMMING, PhaseFacts(open_sheets=1), PhaseFacts()),
        (Phase.PROGRAMMING, PhaseFacts(admitted=2, unmarked=1), PhaseFacts(admitted=2)),
        (Phase.COUNCIL, PhaseFacts(), PhaseFacts(submitted_versions=1)),
        (Phase.VISA, PhaseFacts(submitted_versions=1), PhaseFacts(adopted_versions=1)),
        (Phase.DELIVERY, PhaseFacts(adopted_versions=1), PhaseFacts(visaed_versions=1)),
    ],
)
def test_each_phase_waits_for_the_work_of_the_one_before(phase: Phase, lacking: PhaseFacts, there: PhaseFacts) -> None:
    assert obstacles(phase, lacking)
    assert obstacles(phase, there) == ()


def test_every_phase_leaves_a_paper() -> None:
    assert set(PAPERS) == set(Phase)
    assert len(set(PAPERS.values())) == len(Phase)


@given(st.dates(date(2027, 1, 1), date(2028, 1, 1)), st.sampled_from([None, *PHASES]))
def test_due_phases_come_in_order_and_never_one_that_was_entered(day: date, entered: Phase | None) -> None:
    found = phases.due(PLAN, entered, day)
    order = [PHASES.index(phase) for phase in found]
    assert order == sorted(order)
    assert all(entered is None or PHASES.index(phase) > PHASES.index(entered) for phase in found)
    assert {w.phase for w in PLAN if w.starts_on <= day} >= set(found)


@given(st.integers(0, 40))
def test_days_left_count_the_last_day_itself(back: int) -> None:
    window = PLAN[0]
    assert window.ends_on
    assert phases.days_left(window, window.ends_on - timedelta(days=back)) == back + 1
    assert phases.days_left(PLAN[-1], DAY) is None


def test_a_phase_that_has_begun_is_not_planned_anew() -> None:
    moved = (Window(Phase.PROPOSALS, date(2027, 3, 15), date(2027, 5, 5)), *PLAN[2:])
    assert phases.replanning_problem(PLAN, moved, DAY) == "rounds.phase_has_begun"
    assert phases.replanning_problem(PLAN, PLAN[1:], DAY) == "rounds.phase_has_begun"


def test_a_phase_to_come_may_move_or_go_but_not_into_the_past() -> None:
    assert phases.replanning_problem(PLAN, (PLAN[0], *PLAN[2:]), DAY) is None
    past = (PLAN[0], Window(Phase.REVIEW, DAY, date(2027, 5, 31)))
    assert phases.replanning_problem(PLAN, past, DAY) == "rounds.phase_in_the_past"


@given(st.integers(-60, 90))
def test_a_decision_that_is_allowed_never_takes_a_day_already_gone_nor_a_phase(shift: int) -> None:
    end = date(2027, 4, 30) + timedelta(days=shift)
    for kind in DecisionKind:
        decision = Decision(Phase.PROPOSALS, kind, end)
        if phases.decision_problem(PLAN, decision, DAY) is None:
            table = phases.timetable(PLAN, [decision])
            assert end >= DAY
            assert {w.phase for w in table} == {w.phase for w in PLAN}
            assert phases.problems(table) == []


def test_what_changed_is_said_thing_by_thing() -> None:
    old = charter_rules(supports_each=5)
    new = charter_rules(
        sectors=(*old.sectors[:1], Sector("school", "school", Words(fr="École"))),
        criteria=(
            Criterion("need", Words(fr="Besoin"), Words(), 5, {0: Words(), 3: Words(), 5: Words()}),
            old.criteria[1],
        ),
        envelopes=(
            Envelope(2028, Source.OWN, Money(90_000_000), Sureness.EXPECTED),
            Envelope(2028, Source.INDH, Money(40_000_000), Sureness.SIGNED),
            *old.envelopes[2:],
        ),
        proposers=old.proposers - {"commune"},
    )
    keys = [message.key for message in differences(old, new)]
    assert keys == [
        "rounds.change_added",
        "rounds.change_taken_out",
        "rounds.change_taken_out",
        "rounds.change_supports_unlimited",
        "rounds.change_renamed",
        "rounds.change_weight",
        "rounds.change_sureness",
        "rounds.change_envelope",
    ]
    assert differences(new, new) == ()
