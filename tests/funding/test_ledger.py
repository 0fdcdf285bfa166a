"""The books: what may be posted, taken back and proved."""

import copy
import itertools
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cdp.funding.rules.chain import BrokenLink, broken_links
from cdp.funding.rules.invariants import Facts, invariants
from cdp.funding.rules.ledger import (
    IN_KIND_OPS,
    LINKED_OPS,
    OPERATIONS,
    Account,
    Balances,
    Entry,
    Move,
    Op,
    Purse,
    balances,
    reversal_of,
)
from cdp.funding.rules.posting import bank_effect, check_move, check_moves, check_reversal
from cdp.funding.rules.standing import PlanLine, exchange_difference, flows, standing
from cdp.funding.rules.units import to_mad
from tests.funding.books import DAY, make_move, written

PURSE = Purse(1, 1, 1, "MAD")


def names(entries: list[Entry], facts: Facts | None = None) -> set[str]:
    return {broken.name for broken in invariants(entries, facts)}


def test_a_promise_called_and_paid_stands_as_received_and_then_as_spent() -> None:
    moves = [make_move(op) for op in (Op.PLEDGE, Op.COMMIT, Op.RECEIVE, Op.SPEND)]
    books = balances(moves)
    assert books.totals() == {(PURSE, Account.WORLD): -100, (PURSE, Account.SPENT): 100}
    assert not names(written(moves))


@pytest.mark.parametrize("op", [op for op in Op if OPERATIONS[op].source not in {Account.WORLD, Account.FX}])
def test_nothing_is_taken_from_an_empty_account(op: Op) -> None:
    unit = "H" if op is Op.DELIVER else "MAD"
    problem = check_move(Balances(), make_move(op, linked="pair", unit=unit))
    assert problem == f"funding.not_enough_{OPERATIONS[op].source}"


def test_a_line_spends_from_one_pot_but_a_giver_gets_back_no_more_than_his_own_part() -> None:
    books = balances([make_move(Op.GIFT, 100, pledge=1), make_move(Op.GIFT, 50, pledge=2)])
    assert check_move(books, make_move(Op.REFUND, 60, pledge=2)) == "funding.not_enough_held"
    assert check_move(books, make_move(Op.SPEND, 150, pledge=None)) is None
    books.post(make_move(Op.SPEND, 120, pledge=None))
    assert check_move(books, make_move(Op.REFUND, 50, pledge=2)) == "funding.not_enough_held"
    assert check_move(books, make_move(Op.REFUND, 30, pledge=2)) is None


@pytest.mark.parametrize(
    ("move", "problem"),
    [
        (make_move(Op.PLEDGE, 0), "funding.amount_not_positive"),
        (make_move(Op.PLEDGE, -5), "funding.amount_not_positive"),
        (make_move(Op.PLEDGE, unit="euros"), "funding.unit_unknown"),
        (make_move(Op.RECEIVE, unit="H"), "funding.in_kind_is_not_money"),
        (make_move(Op.DELIVER), "funding.money_is_not_delivered"),
        (make_move(Op.PLEDGE, unit="EUR", rate_date=None), "funding.rate_missing"),
        (make_move(Op.PLEDGE, unit="EUR", mad_minor=2000), "funding.rate_and_dirhams_differ"),
        (make_move(Op.PLEDGE, mad_minor=99), "funding.dirhams_have_no_rate"),
        (make_move(Op.PLEDGE, unit="H", mad_minor=99), "funding.in_kind_has_no_rate"),
        (make_move(Op.GIFT, evidence=None), "funding.evidence_missing"),
        (make_move(Op.SIGN, evidence=None), "funding.evidence_missing"),
        (make_move(Op.PLEDGE, second_actor="a"), "funding.second_person_is_the_first"),
        (make_move(Op.DELIVER, unit="H", second_actor=None), "funding.second_person_missing"),
        (make_move(Op.PLEDGE, actor=""), "funding.who_missing"),
        (make_move(Op.PLEDGE, project=None, line=None, pledge=None), "funding.place_missing"),
        (make_move(Op.TRANSFER_IN), "funding.link_missing"),
    ],
)
def test_a_move_that_lacks_something_is_refused_with_its_reason(move: Move, problem: str) -> None:
    assert check_move(Balances(), move) == problem


def test_an_entry_is_taken_back_once_and_its_reversal_never() -> None:
    entries = written([make_move(Op.PLEDGE), make_move(Op.LAPSE)])
    books = balances(entries)
    back = reversal_of(entries[1], actor="c", key="k", effective_date=DAY)
    assert check_reversal(books, entries[1], back, reversed_seqs=()) is None
    assert check_reversal(books, entries[1], back, reversed_seqs={2}) == "funding.already_reversed"
    assert check_reversal(books, None, back, reversed_seqs=()) == "funding.reversal_of_nothing"
    other = replace(back, amount_minor=99, mad_minor=99)
    assert check_reversal(books, entries[1], other, reversed_seqs=()) == "funding.reversal_differs"
    again = written([make_move(Op.PLEDGE), make_move(Op.LAPSE), back])[2]
    third = reversal_of(again, actor="c", key="k", effective_date=DAY)
    assert check_reversal(books, again, third, reversed_seqs=()) == "funding.reversal_of_reversal"


def test_a_receipt_whose_money_is_spent_cannot_be_taken_back() -> None:
    entries = written([make_move(Op.GIFT), make_move(Op.SPEND, pledge=None)])
    back = reversal_of(entries[0], actor="c", key="k", effective_date=DAY)
    assert check_reversal(balances(entries), entries[0], back, reversed_seqs=()) == "funding.already_used"


def test_an_expired_promise_revives_when_late_money_comes() -> None:
    moves: list[Move] = [make_move(Op.PLEDGE), make_move(Op.LAPSE)]
    entries = written(moves)
    moves += [reversal_of(entries[1], actor="a", key="r", effective_date=DAY), make_move(Op.RECEIVE_EARLY)]
    assert not names(written(moves))
    assert balances(moves).at(PURSE, Account.HELD) == 100


def test_moves_of_one_act_are_checked_together_and_leave_the_books_as_they_were() -> None:
    books = balances([make_move(Op.PLEDGE)])
    before = copy.deepcopy(books.totals())
    assert check_moves(books, [make_move(Op.COMMIT), make_move(Op.RECEIVE, 97), make_move(Op.FEE, 3)]) is None
    assert check_moves(books, [make_move(Op.COMMIT), make_move(Op.COMMIT)]) == "funding.not_enough_pledged"
    assert books.totals() == before


def test_unknown_money_is_placed_by_a_linked_pair_and_counts_once_at_the_bank() -> None:
    nowhere = {"project": None, "line": None, "pledge": None}
    moves = [
        make_move(Op.PLEDGE),
        make_move(Op.UNKNOWN, statement_line=7, **nowhere),
        make_move(Op.IDENTIFY, linked="x", statement_line=7, **nowhere),
        make_move(Op.RECEIVE_EARLY, linked="x", statement_line=7),
    ]
    assert sum(map(bank_effect, moves)) == 100
    assert not names(written(moves), Facts(statement_lines={7: 100}))
    assert "L12" in names(written(moves), Facts(statement_lines={7: 99}))
    assert "L1" in names(written(moves[:3]))


def test_an_exchange_has_two_sides_and_its_difference_is_no_loss_of_balance() -> None:
    out = make_move(Op.CONVERT_OUT, 100, unit="EUR", linked="x", pledge=None)
    back = make_move(Op.CONVERT_IN, 1070, linked="x", pledge=None)
    gift = make_move(Op.GIFT, 100, unit="EUR", pledge=None)
    assert not names(written([gift, out, back]))
    assert names(written([gift, out])) == {"L1"}


def test_every_forgery_is_named() -> None:
    honest = written([make_move(Op.PLEDGE), make_move(Op.COMMIT), make_move(Op.RECEIVE), make_move(Op.SPEND)])
    assert "L2" in names(written([make_move(Op.PLEDGE, 50), make_move(Op.COMMIT, 80)]))
    assert "L9" in names(written([make_move(Op.PLEDGE, 50), make_move(Op.COMMIT, 80)]))
    assert "L3" in names([honest[0], *honest[2:]])
    assert "L4" in names([*honest, replace(honest[0], seq=5)])
    assert "L11" in names(written([make_move(Op.GIFT, unit="item")]))
    assert "L14" in names(written([make_move(Op.GIFT, evidence=None)]))
    assert "L18" in names(honest, Facts(instalments={1: (50, 49)}, promises={1: 100}))
    assert "L3" in names(honest, Facts(stored={(PURSE, Account.SPENT): 99, (PURSE, Account.WORLD): -100}))
    back = reversal_of(honest[0], actor="a", key="r", effective_date=DAY)
    assert "L5" in names(written([make_move(Op.PLEDGE), make_move(Op.PLEDGE), back, back]))
    assert "L5" in names(written([back, make_move(Op.PLEDGE)]))


CHANGES = {
    "amount_minor": 101,
    "project": 2,
    "actor": "z",
    "evidence": "other",
    "effective_date": DAY + timedelta(days=1),
    "linked": "y",
    "op": Op.LAPSE,
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_field_breaks_the_seal_of_its_row_alone(field: str) -> None:
    rows = written([make_move(Op.PLEDGE), make_move(Op.COMMIT), make_move(Op.RECEIVE)])
    rows[1] = replace(rows[1], **{field: CHANGES[field]})
    assert broken_links(rows) == [BrokenLink(2, "content")]


def test_a_row_sealed_anew_breaks_the_link_of_the_next() -> None:
    rows = written([make_move(Op.PLEDGE, 70), make_move(Op.COMMIT, 70), make_move(Op.RECEIVE, 70)])
    forged = written([make_move(Op.PLEDGE, 90)])
    assert broken_links([forged[0], *rows[1:]]) == [BrokenLink(2, "previous")]
    assert broken_links(rows[1:], after=rows[0].hash, first=2) == []


PLAN = [
    PlanLine(1, "diaspora", "EUR", 1000, 10800),
    PlanLine(2, "commune", "MAD", 5000),
    PlanLine(3, "people", "H", 600),
]


def test_hours_and_euros_never_meet_dirhams_except_through_frozen_values() -> None:
    moves = [
        make_move(Op.PLEDGE, 400, unit="EUR"),
        make_move(Op.SIGN, 5000, line=2, pledge=None),
        make_move(Op.PLEDGE, 240, line=3, unit="H", pledge=3),
    ]
    now = standing(moves, PLAN)
    assert now.by_unit["diaspora", "EUR"].gap == 600
    assert now.by_unit["people", "H"].pledged == 240
    assert now.total_mad.pledged == 4320 + 5000
    assert now.total_mad.needed == 15800
    assert now.total_mad.gap == 6480


def test_a_raised_budget_opens_the_gap_again() -> None:
    moves = [make_move(Op.SIGN, 5000, line=2, pledge=None)]
    assert standing(moves, [PlanLine(2, "commune", "MAD", 5000)]).total("MAD").gap == 0
    assert standing(moves, [PlanLine(2, "commune", "MAD", 5600)]).total("MAD").gap == 600
    assert standing(moves, [PlanLine(2, "commune", "MAD", 4000)]).total("MAD").over == 1000


def test_a_promise_at_one_rate_received_at_another_shows_the_difference_and_leaves_nothing_open() -> None:
    moves = [
        make_move(Op.PLEDGE, 1000, unit="EUR", rate="10.80"),
        make_move(Op.COMMIT, 1000, unit="EUR", rate="10.80"),
        make_move(Op.RECEIVE, 1000, unit="EUR", rate="10.95"),
    ]
    ops = flows(moves)[Purse(1, 1, 1, "EUR")]
    assert exchange_difference(ops) == 150
    figures = standing(moves, PLAN).cash_mad["diaspora"]
    assert (figures.open, figures.received, figures.covered) == (0, 10950, 10950)


@given(
    st.lists(st.integers(1, 10**7), min_size=1, max_size=8),
    st.sampled_from(["10.8537", "0.0717", "3.5", "12"]),
)
def test_dirhams_of_the_parts_sum_to_the_dirhams_of_the_whole(parts: list[int], rate: str) -> None:
    for unit in ("EUR", "JPY", "TND"):
        before = [0, *itertools.accumulate(parts)]
        sums = [to_mad(p, unit, rate, already_minor=b) for p, b in zip(parts, before, strict=False)]
        assert sum(sums) == to_mad(sum(parts), unit, rate)


def test_rounding_is_half_to_even_and_yen_and_dinars_have_their_own_decimals() -> None:
    assert [to_mad(cents, "EUR", "0.5") for cents in (1, 3, 5)] == [0, 2, 2]
    assert to_mad(1000, "JPY", "0.07") == 7000
    assert to_mad(1000, "TND", "3.3") == 330
    with pytest.raises(ValueError, match="no value in dirhams"):
        to_mad(1, "EUR", "NaN")


LINES = st.sampled_from([(1, 1, 1), (1, 1, 2), (1, 1, None), (1, 2, 3), (2, 3, 4), (None, None, None)])


class Books(RuleBasedStateMachine):
    """Any sequence of wishes: what is posted keeps every invariant, what is refused leaves no trace."""

    def __init__(self) -> None:
        super().__init__()
        self.moves: list[Move] = []
        self.reversed: set[int] = set()
        self.books = Balances()

    @rule(
        op=st.sampled_from([op for op in Op if op not in LINKED_OPS]),
        place=LINES,
        amount=st.integers(1, 60),
        unit=st.sampled_from(["MAD", "MAD", "EUR", "H"]),
    )
    def wish(self, op: Op, place: tuple[int | None, ...], amount: int, unit: str) -> None:
        project, line, pledge = place
        move = make_move(op, amount, project=project, line=line, pledge=pledge, unit=unit)
        before = self.books.totals()
        if check_move(self.books, move) is None:
            self.books.post(move)
            self.moves.append(move)
        else:
            assert self.books.totals() == before

    @rule(place=LINES, other=LINES, amount=st.integers(1, 60))
    def transfer(self, place: tuple[int | None, ...], other: tuple[int | None, ...], amount: int) -> None:
        key = f"t{len(self.moves)}"
        sides = zip((Op.TRANSFER_OUT, Op.TRANSFER_IN), (place, other), strict=True)
        pair = [make_move(op, amount, project=p, line=q, pledge=r, linked=key) for op, (p, q, r) in sides]
        if check_moves(self.books, pair) is None:
            for move in pair:
                self.books.post(move)
            self.moves += pair

    @precondition(lambda self: self.moves)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        entries = written(self.moves)
        original = data.draw(st.sampled_from(entries))
        if original.linked:
            return
        move = reversal_of(original, actor="a", key="r", effective_date=DAY)
        if check_reversal(self.books, original, move, reversed_seqs=self.reversed) is None:
            self.books.post(move)
            self.moves.append(move)
            self.reversed.add(original.seq)

    @invariant()
    def every_invariant_holds(self) -> None:
        entries = written(self.moves)
        assert invariants(entries, Facts(stored=self.books.totals())) == []

    @invariant()
    def totals_agree_whichever_way_they_are_added(self) -> None:
        plan = [PlanLine(1, "a", "MAD", 100), PlanLine(2, "b", "MAD", 100), PlanLine(3, "b", "MAD", 0)]
        now = standing(self.moves, plan)
        received = {Op.RECEIVE, Op.RECEIVE_EARLY, Op.GIFT, Op.ALLOCATE, Op.TRANSFER_IN}
        taken = {Op.REFUND, Op.TRANSFER_OUT}
        cash = [m for m in self.moves if m.unit != "H"]
        own = sum(m.sign * (m.mad_minor or 0) * ((m.op in received) - (m.op in taken)) for m in cash)
        assert now.total_mad.received == own
        assert all(figures.open >= 0 and figures.received >= 0 for figures in now.by_unit.values())


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_taking_an_entry_back_restores_the_balances(data: st.DataObject) -> None:
    op = data.draw(st.sampled_from(sorted(IN_KIND_OPS - {Op.DELIVER})))
    books = balances([make_move(Op.PLEDGE, 500), make_move(Op.COMMIT, 250)])
    before = books.totals()
    entry = Entry(
        **asdict(make_move(op, data.draw(st.integers(1, 250)))),
        seq=9,
        recorded_at=written([make_move(op)])[0].recorded_at,
    )
    books.post(entry)
    books.post(reversal_of(entry, actor="a", key="r", effective_date=DAY))
    assert books.totals() == before
