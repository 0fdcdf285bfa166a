"""What may be posted: the checks before an amount enters the books. A refusal is a message key.

Order matters for the reader: first what the move itself lacks, then what the books do not have.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from cdp.funding.rules.ledger import (
    COMES_IN,
    GOES_OUT,
    IN_KIND_OPS,
    LINKED_OPS,
    MAY_BE_NEGATIVE,
    ON_BANK_EVIDENCE,
    ON_PAPER_EVIDENCE,
    Balances,
    Entry,
    Move,
    Op,
)
from cdp.funding.rules.units import IN_KIND, MAD, exact_mad, is_currency, read_rate

Check = Callable[[Move], str | None]


def amount_problem(move: Move) -> str | None:
    """Amounts are whole and above zero; the direction is the operation's."""
    return None if type(move.amount_minor) is int and move.amount_minor > 0 else "funding.amount_not_positive"


def unit_problem(move: Move) -> str | None:
    """Hours and things are promised and delivered; money is promised, received and spent (L11)."""
    if move.unit in IN_KIND:
        return None if move.op in IN_KIND_OPS else "funding.in_kind_is_not_money"
    if not is_currency(move.unit):
        return "funding.unit_unknown"
    return "funding.money_is_not_delivered" if move.op is Op.DELIVER else None


def rate_problem(move: Move) -> str | None:
    """Foreign money carries rate, day and source; its dirhams are within one cent of exact."""
    if move.unit in IN_KIND:
        return "funding.in_kind_has_no_rate" if move.rate or move.mad_minor is not None else None
    if move.unit == MAD:
        wrong = move.rate is not None or move.mad_minor != move.amount_minor
        return "funding.dirhams_have_no_rate" if wrong else None
    if read_rate(move.rate) is None or move.rate_date is None or not move.rate_source:
        return "funding.rate_missing"
    if move.mad_minor is None or abs(exact_mad(move.amount_minor, move.unit, move.rate or "") - move.mad_minor) > 1:
        return "funding.rate_and_dirhams_differ"
    return None


def evidence_problem(move: Move) -> str | None:
    """No receipt or refund without a statement line or slip, no spending without its papers (L14)."""
    if move.op in ON_BANK_EVIDENCE and move.statement_line is None and not move.evidence:
        return "funding.evidence_missing"
    if move.op in ON_PAPER_EVIDENCE and not move.evidence:
        return "funding.evidence_missing"
    return None


def people_problem(move: Move) -> str | None:
    """Somebody posts; a second person is another one, and deliveries always have one."""
    if not move.actor or not move.key:
        return "funding.who_missing"
    if move.second_actor is not None and move.second_actor == move.actor:
        return "funding.second_person_is_the_first"
    if move.op is Op.DELIVER and move.second_actor is None and move.reverses is None:
        return "funding.second_person_missing"
    return None


def place_problem(move: Move) -> str | None:
    """A pledge lies on a line, a line in a project; only unknown money may lie nowhere."""
    if (move.pledge is not None and move.line is None) or (move.line is not None and move.project is None):
        return "funding.place_missing"
    nowhere = {Op.UNKNOWN, Op.IDENTIFY, Op.GIVE_BACK}
    if move.project is None and move.op not in nowhere:
        return "funding.place_missing"
    return "funding.link_missing" if move.op in LINKED_OPS and not move.linked else None


CHECKS: tuple[Check, ...] = (
    amount_problem,
    unit_problem,
    rate_problem,
    place_problem,
    people_problem,
    evidence_problem,
)


def move_problem(move: Move) -> str | None:
    """What the move lacks in itself, whatever the books say."""
    return next((problem for check in CHECKS if (problem := check(move))), None)


def check_move(books: Balances, move: Move) -> str | None:
    """Why the move may not be posted now (a message key), or None; the books are not changed (L2)."""
    if problem := move_problem(move):
        return problem
    source = move.route.source
    if source in MAY_BE_NEGATIVE or books.available(move.purse, source) >= move.amount_minor:
        return None
    return "funding.already_used" if move.reverses is not None else f"funding.not_enough_{source}"


def asks_the_books(moves: Iterable[Move]) -> bool:
    """Whether any of these moves takes from an account that must hold enough; a promise comes from the world."""
    return any(move.route.source not in MAY_BE_NEGATIVE for move in moves)


def check_moves(books: Balances, moves: Iterable[Move]) -> str | None:
    """Why these moves may not be posted together, in order, or None; the books stay as they were."""
    done: list[Move] = []
    problem = None
    for move in moves:
        if problem := check_move(books, move):
            break
        books.post(move)
        done.append(move)
    for move in reversed(done):
        books.post(_backwards(move))
    return problem


def _backwards(move: Move) -> Move:
    return replace(move, reverses=0 if move.reverses is None else None)


def check_reversal(
    books: Balances, original: Entry | None, move: Move, *, reversed_seqs: Collection[int]
) -> str | None:
    """Why an entry may not be taken back: L5, then what ``check_move`` asks."""
    if original is None or move.reverses != original.seq:
        return "funding.reversal_of_nothing"
    if original.reverses is not None:
        return "funding.reversal_of_reversal"
    if original.seq in reversed_seqs:
        return "funding.already_reversed"
    if reversal_fields(original) != reversal_fields(move):
        return "funding.reversal_differs"
    return check_move(books, move)


def reversal_fields(move: Move) -> tuple[object, ...]:
    """What a reversal must share with its original: operation, purse, amount, rate, dirhams."""
    return (
        move.op,
        move.purse,
        move.amount_minor,
        move.rate,
        move.mad_minor,
        move.linked,
        move.statement_line,
    )


def bank_effect(move: Move) -> int:
    """What the move did to the bank account: plus what came in, minus what went out, 0 for promises.

    ``identify`` counts as out, because the receipt it is linked to counts the same money in again.
    """
    incoming = move.op in COMES_IN
    direction = 1 if incoming else -1 if move.op in GOES_OUT else 0
    return direction * move.sign * move.amount_minor
