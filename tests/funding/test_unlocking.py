"""What is missing before a partner comes: received money alone, in the order of the books, never backwards."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cdp.funding.rules.unlocking import Came, InForce, Lack, unlocking
from cdp.programme.reference import share_rules
from cdp.programme.rules.share_rules import RuleSet, Share

RULES = {rule.key: rule for rule in share_rules()}
DAY = date(2027, 3, 1)
COST = 400_000_00


def held(key: str, cost: int = COST) -> list[InForce]:
    return [InForce(DAY, RULES[key], cost)]


def came(*gifts: tuple[str, int]) -> list[Came]:
    return [Came(DAY + timedelta(days=place), source, amount) for place, (source, amount) in enumerate(gifts)]


def asked(rules: list[InForce], gifts: list[Came], **expected: int) -> list[tuple[int, tuple[Lack, ...], date | None]]:
    found = unlocking(rules, gifts, DAY + timedelta(days=99), expected=expected)
    return [(each.coming, each.lacks, each.opened_on) for each in found]


def test_what_the_diaspora_still_has_to_bring_before_the_state_comes_is_said() -> None:
    gifts = came(("own", 50_000_00), ("diaspora", 27_600_00))
    (state,) = asked(held("dar_1_3"), gifts, ministry=90_000_00)
    assert state == (90_000_00, (Lack(("diaspora",), 1000, 12_400_00),), None)


def test_a_partner_is_unlocked_on_the_day_the_last_share_came_and_stays_so_whatever_follows() -> None:
    gifts = came(("own", 40_000_00), ("diaspora", 40_000_00), ("diaspora", -30_000_00))
    (state,) = asked(held("dar_1_3"), gifts)
    assert state == (200_000_00, (), DAY + timedelta(days=1))
    dearer = [*held("dar_1_3"), InForce(DAY + timedelta(days=50), RULES["dar_1_3"], 2 * COST)]
    assert asked(dearer, gifts)[0][2] == DAY + timedelta(days=1)


def test_without_a_floor_the_others_bring_what_the_partner_leaves_to_them() -> None:
    (indh,) = asked(held("indh_70_30"), came(("beneficiaries", 100_000_00), ("indh", 5_00)))
    assert indh == (280_000_00 - 5_00, (Lack((), 3000, 20_000_00),), None)


def test_both_partners_of_three_for_one_wait_for_the_clubs() -> None:
    state, region = asked(held("3x1"), came(("diaspora", 99_999_00)))
    assert state[1] == region[1] == (Lack(("diaspora",), 2500, 1_00),)


def test_what_came_before_a_rule_began_counts_from_its_first_day() -> None:
    later = [InForce(DAY + timedelta(days=30), RULES["pager"], COST)]
    gifts = came(("own", 60_000_00), ("beneficiaries", 20_000_00))
    assert asked(later, gifts)[0][2] == DAY + timedelta(days=30)
    assert unlocking(later, gifts, DAY, expected={}) == []
    ended = [*later, InForce(DAY + timedelta(days=31), None, 0)]
    assert asked(ended, gifts) == []


gifts_drawn = st.lists(
    st.tuples(st.sampled_from(["own", "diaspora", "ministry"]), st.integers(-COST // 20, COST // 10)), max_size=12
)


@given(gifts_drawn, gifts_drawn)
def test_later_entries_never_change_when_a_partner_was_unlocked(
    before: list[tuple[str, int]], after: list[tuple[str, int]]
) -> None:
    (then,) = asked(held("dar_1_3"), came(*before))
    (now,) = asked(held("dar_1_3"), came(*before, *after))
    if then[2] is not None:
        assert now[2] == then[2]


@given(gifts_drawn)
def test_what_is_said_to_be_missing_unlocks_once_it_comes_and_a_centime_less_does_not(
    gifts: list[tuple[str, int]],
) -> None:
    (now,) = asked(held("dar_1_3"), came(*gifts))
    brought = [(lack.sources[0], lack.amount) for lack in now[1]]
    if brought:
        assert asked(held("dar_1_3"), came(*gifts, *brought))[0][2] is not None
        source, amount = brought[-1]
        assert asked(held("dar_1_3"), came(*gifts, *brought[:-1], (source, amount - 1)))[0][2] is None


def test_a_ceiling_in_dirhams_is_what_still_comes_at_most() -> None:
    rule = RuleSet("x", (Share(("indh",), most=8000, most_amount=100_00), Share(("own",), least=1000)))
    assert asked([InForce(DAY, rule, COST)], [], indh=10**9)[0][0] == 100_00
