"""From a spent dirham to its givers and back, to the centime."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cdp.funding.rules.ledger import Balances, Move, Op, reversal_of
from cdp.funding.rules.posting import check_move
from cdp.funding.rules.trace import Part, parts
from tests.funding.books import DAY, make_move, written


def sources_of(found: list[Part], spent_at: int) -> dict[int | None, int]:
    """From a spent amount back to its sources."""
    return {part.pledge: part.amount_minor for part in found if part.spent_at == spent_at}


def works_of(found: list[Part], pledge: int) -> dict[int, int]:
    """From a giver's money to what it was spent on."""
    return {part.spent_at: part.amount_minor for part in found if part.pledge == pledge}


def test_a_line_spends_everybodys_money_by_their_shares() -> None:
    entries = written(
        [
            make_move(Op.GIFT, 200, pledge=1),
            make_move(Op.GIFT, 100, pledge=2),
            make_move(Op.SPEND, 100, pledge=None),
            make_move(Op.SPEND, 200, pledge=None),
        ]
    )
    found = parts(entries)
    assert sources_of(found, 3) == {1: 67, 2: 33}
    assert works_of(found, 2) == {3: 33, 4: 67}


def test_a_direct_payment_and_a_delivery_come_from_their_own_promise() -> None:
    moves = [make_move(Op.SIGN, 50, pledge=None), make_move(Op.PAY_DIRECT, 50, pledge=None)]
    moves += [make_move(op, 60, unit="H", pledge=4) for op in (Op.PLEDGE, Op.COMMIT, Op.DELIVER)]
    found = parts(written(moves))
    assert sources_of(found, 2) == {None: 50}
    assert sources_of(found, 5) == {4: 60}


def test_a_spending_taken_back_returns_to_who_paid_it() -> None:
    moves: list[Move] = [make_move(Op.GIFT, 100, pledge=1), make_move(Op.SPEND, 60, pledge=None)]
    moves.append(reversal_of(written(moves)[1], actor="a", key="r", effective_date=DAY))
    moves += [make_move(Op.GIFT, 100, pledge=2), make_move(Op.SPEND, 100, pledge=None)]
    found = parts(written(moves))
    assert sources_of(found, 2) == {}
    assert sources_of(found, 5) == {1: 50, 2: 50}


steps = st.lists(
    st.tuples(
        st.sampled_from([Op.GIFT, Op.GIFT, Op.SPEND, Op.REFUND]), st.sampled_from([1, 2, 3, None]), st.integers(1, 90)
    ),
    max_size=20,
)


@given(steps)
@settings(max_examples=200, deadline=None)
def test_parts_of_a_spending_sum_to_it_and_nobody_built_more_than_was_given(
    drawn: list[tuple[Op, int | None, int]],
) -> None:
    books, moves = Balances(), []
    for op, pledge, amount in drawn:
        move = make_move(op, amount, pledge=pledge)
        if check_move(books, move) is None:
            books.post(move)
            moves.append(move)
    entries = written(moves)
    found = parts(entries)
    for entry in entries:
        if entry.op is Op.SPEND:
            assert sum(sources_of(found, entry.seq).values()) == entry.amount_minor
    for pledge in (1, 2, 3):
        given_in = sum(e.amount_minor for e in entries if e.op is Op.GIFT and e.pledge == pledge)
        assert sum(works_of(found, pledge).values()) <= given_in
