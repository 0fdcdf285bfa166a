"""One promise over its life."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.funding.rules.ledger import Account, Op, balances
from cdp.funding.rules.ledger import Purse as Place
from cdp.funding.rules.posting import check_move
from cdp.funding.rules.promises import Purse, Reminding, change, counted, instalments, may_remind, rescheduled, status
from cdp.funding.rules.standing import flows
from cdp.funding.states import PledgeStatus as S
from tests.funding.books import DAY, make_move

PLACE = Place(1, 1, 1, "MAD")
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def purse(*ops: tuple[Op, int]) -> Purse:
    return Purse.of(flows([make_move(op, amount) for op, amount in ops]).get(PLACE, {}))


@pytest.mark.parametrize(
    ("ops", "over", "expected"),
    [
        ([(Op.PLEDGE, 100)], {}, S.PROMISED),
        ([(Op.PLEDGE, 100)], {"waits": True}, S.WAITING),
        ([(Op.PLEDGE, 100)], {"until": DAY}, S.PROMISED),
        ([(Op.PLEDGE, 100)], {"until": BEFORE}, S.EXPIRED),
        ([(Op.PLEDGE, 100), (Op.LAPSE, 100)], {"ended": S.WITHDRAWN}, S.WITHDRAWN),
        ([(Op.PLEDGE, 100), (Op.LAPSE, 100)], {}, S.EXPIRED),
        ([(Op.PLEDGE, 100), (Op.COMMIT, 100)], {"due": AFTER}, S.CALLED),
        ([(Op.PLEDGE, 100), (Op.COMMIT, 100)], {"due": BEFORE}, S.OVERDUE),
        ([(Op.PLEDGE, 100), (Op.COMMIT, 100), (Op.RECEIVE, 40)], {}, S.PART_RECEIVED),
        ([(Op.PLEDGE, 100), (Op.COMMIT, 100), (Op.RECEIVE, 40)], {"due": BEFORE}, S.OVERDUE),
        ([(Op.PLEDGE, 100), (Op.COMMIT, 100), (Op.RECEIVE, 97), (Op.FEE, 3)], {"due": BEFORE}, S.FULFILLED),
        ([(Op.PLEDGE, 100), (Op.RECEIVE_EARLY, 100)], {"until": BEFORE}, S.FULFILLED),
        ([(Op.PLEDGE, 100), (Op.RECEIVE_EARLY, 100), (Op.GIFT, 20)], {}, S.OVER_FUNDED),
        ([(Op.SIGN, 100), (Op.DECOMMIT, 100)], {"ended": S.DEFAULTED}, S.DEFAULTED),
        ([(Op.SIGN, 100), (Op.PAY_DIRECT, 100)], {}, S.FULFILLED),
    ],
)
def test_what_became_of_a_promise_is_worked_out(
    ops: list[tuple[Op, int]], over: dict[str, object], expected: S
) -> None:
    assert status(purse(*ops), DAY, **over) is expected  # type: ignore[arg-type]


def test_an_expired_promise_counts_for_nothing_from_the_next_day_but_what_came_stays() -> None:
    open_one = purse((Op.PLEDGE, 100), (Op.RECEIVE_EARLY, 30))
    assert counted(open_one, DAY, DAY) == 100
    assert counted(open_one, AFTER, DAY) == 30
    assert counted(open_one, AFTER, None) == 100


steps = st.lists(
    st.tuples(
        st.sampled_from([Op.PLEDGE, Op.LAPSE, Op.COMMIT, Op.RECEIVE, Op.FEE, Op.RECEIVE_EARLY]), st.integers(1, 80)
    ),
    max_size=12,
)


@given(steps, st.integers(0, 300))
def test_a_change_keeps_what_was_received_and_reaches_the_new_amount(drawn: list[tuple[Op, int]], to: int) -> None:

    moves = []
    books = balances([])
    for op, amount in drawn:
        move = make_move(op, amount)
        if check_move(books, move) is None:
            books.post(move)
            moves.append(move)
    before = Purse.of(flows(moves).get(PLACE, {}))
    assert before.pledged == books.at(PLACE, Account.PLEDGED)
    assert before.committed == books.at(PLACE, Account.COMMITTED)
    assert before.received == books.at(PLACE, Account.HELD)
    assert before.promised == before.pledged + before.committed + before.received + before.fees
    try:
        step = change(before, to)
    except ValueError:
        assert to < before.promised - before.pledged
        return
    if step:
        assert check_move(books, make_move(*step)) is None
        moves.append(make_move(*step))
    after = Purse.of(flows(moves).get(PLACE, {}))
    assert (after.promised, after.received) == (to, before.received)


@given(st.integers(1, 10**6), st.integers(1, 12), st.integers(0, 10**6), st.integers(0, 10**6))
def test_instalments_always_sum_to_the_promise_and_never_become_more(
    amount: int, count: int, paid: int, to: int
) -> None:
    parts = instalments(amount, count)
    assert sum(parts) == amount
    assert max(parts) - min(parts) <= 1
    if to < paid:
        with pytest.raises(ValueError, match="already_called"):
            rescheduled(parts, paid, to)
        return
    again = rescheduled(parts, paid, to)
    assert sum(again) == to
    assert len(again) == count
    assert min(again) >= 0


def test_a_promise_has_at_least_one_part() -> None:
    with pytest.raises(ValueError, match="one part"):
        instalments(100, 0)


@given(st.lists(st.integers(0, 400), max_size=60), st.sampled_from(list(S)))
def test_reminders_are_few_apart_and_only_for_what_is_called_and_open(days: list[int], now: S) -> None:
    rule, sent = Reminding(most=3, days_apart=14), []
    for day in sorted(days):
        today = date(2027, 1, 1) + timedelta(days=day)
        if may_remind(now, sent, today, rule):
            sent.append(today)
    assert len(sent) <= 3
    assert all((later - earlier).days >= 14 for earlier, later in itertools.pairwise(sent))
    assert not sent or now in {S.CALLED, S.OVERDUE, S.PART_RECEIVED}
