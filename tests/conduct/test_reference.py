from datetime import date, timedelta
from itertools import pairwise

from cdp.conduct.reference import reference
from cdp.rounds.rules import charter as charters
from cdp.rounds.rules import phases
from cdp.rounds.rules.defaults import charter_of, phases_of, purposes_of
from cdp.rounds.states import Phase, ProposerKind


def test_the_reference_charter_is_whole_and_says_every_word_in_three_languages() -> None:
    rules = charter_of(reference())
    assert charters.problems(rules, 2028, 2033) == []
    assert charters.read(rules.plain()) == rules
    assert rules.proposers == frozenset(ProposerKind)
    assert sum(criterion.weight for criterion in rules.criteria) == 100
    words = [s.name for s in rules.sectors] + [c.question for c in rules.checklist] + [c.name for c in rules.criteria]
    words += [anchor for criterion in rules.criteria for anchor in criterion.anchors.values()]
    assert all(set(each) == {"ar", "fr", "en"} for each in words)


def test_the_proposed_phases_follow_each_other_without_a_hole_to_the_end_of_the_plan() -> None:
    windows = phases_of(reference(), date(2027, 1, 14), 2033)
    assert phases.problems(windows) == []
    assert [window.phase for window in windows] == list(Phase)
    assert all(b.starts_on == a.ends_on + timedelta(days=1) for a, b in pairwise(windows) if a.ends_on)
    assert (windows[0].starts_on, windows[-1].ends_on) == (date(2027, 1, 14), date(2033, 12, 31))


def test_each_phase_says_what_it_is_for() -> None:
    assert set(purposes_of(reference())) == set(Phase)
