"""Money that comes in another currency than it was promised in: rates frozen, the exchange shown, all of it undone."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import LedgerEntry, PayeeAccount, StatementLine
from cdp.funding.queries import banking
from cdp.funding.queries import spending as reads
from cdp.funding.queries.cards import promises_for_treasurer
from cdp.funding.rules.ledger import Op
from cdp.funding.services import payees, placing, spending, treasury
from cdp.funding.services.placing import Part
from cdp.funding.services.spending import Engagement
from cdp.funding.states import ConditionKind, PledgeStatus
from cdp.jobs.books import prove
from cdp.kernel.clock import today
from cdp.kernel.errors import RuleBroken
from cdp.kernel.money import Money
from tests.funding.money_scene import Scene, make_scene, pledged
from tests.funding.test_statement_services import account, one_line


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


@pytest.fixture
def payee(db: Session, scene: Scene) -> PayeeAccount:
    return payees.enter_account(db, scene.treasurer, scene.commune, account(), key="a")


def line_of(db: Session, scene: Scene, payee: PayeeAccount, amount: str) -> StatementLine:
    return one_line(db, scene, payee, "VIREMENT DE LYON", amount)


def status(db: Session, scene: Scene) -> tuple[PledgeStatus, int]:
    (card,) = promises_for_treasurer(db, today(), scene.project.id)
    return card.status, card.open_minor


@pytest.mark.parametrize("amount", ["5400,00", "5380,00", "5430,00"])
def test_dirhams_keep_a_promise_of_euros_at_the_rate_of_the_day(
    db: Session, scene: Scene, payee: PayeeAccount, amount: str
) -> None:
    promise = pledged(db, scene)
    line = line_of(db, scene, payee, amount)
    placing.place(db, scene.treasurer, line, [Part(line.amount_minor, pledge_id=promise.id)], key="k")
    assert status(db, scene) == (PledgeStatus.FULFILLED, 0)
    rows = {row.op: row for row in db.scalars(select(LedgerEntry).where(LedgerEntry.statement_line == line.id))}
    came = rows[Op.RECEIVE_EARLY]
    assert (came.unit, came.amount_minor, came.rate, came.rate_day) == ("EUR", 50_000, "10.8", date(2027, 4, 1))
    assert came.rate_source == "Bank Al-Maghrib"
    assert (rows[Op.CONVERT_IN].unit, rows[Op.CONVERT_IN].amount_minor) == ("MAD", line.amount_minor)
    assert banking.booked(db, scene.commune.id) == {line.id: line.amount_minor}
    assert queries.money_sheet(db, scene.project, today()).received == Money(540_000)
    (card,) = promises_for_treasurer(db, today(), scene.project.id)
    assert (card.worth, card.kept_worth) == (Money(540_000), Money(540_000))
    assert prove(db, scene.commune.id, today()).broken == ()


def test_a_fee_within_a_part_in_dirhams_closes_a_promise_of_euros_at_the_same_rate(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    promise, line = pledged(db, scene), line_of(db, scene, payee, "5200,00")
    part = Part(line.amount_minor, pledge_id=promise.id, fee_minor=20_000)
    placing.place(db, scene.treasurer, line, [part], key="k")
    assert status(db, scene) == (PledgeStatus.FULFILLED, 0)
    rows = {row.op: row for row in db.scalars(select(LedgerEntry).where(LedgerEntry.statement_line == line.id))}
    fee = rows[Op.FEE]
    assert (fee.unit, fee.amount_minor, fee.dirhams_minor) == ("EUR", 1_852, 20_002)
    assert banking.booked(db, scene.commune.id) == {line.id: line.amount_minor}
    assert queries.money_sheet(db, scene.project, today()).received == Money(519_998)  # 481.48 euros at 10.8
    assert prove(db, scene.commune.id, today()).broken == ()


def test_much_less_keeps_a_part_and_much_more_is_refused(db: Session, scene: Scene, payee: PayeeAccount) -> None:
    promise = pledged(db, scene)
    less, more = line_of(db, scene, payee, "1080,00"), line_of(db, scene, payee, "9000,00")
    placing.place(db, scene.treasurer, less, [Part(less.amount_minor, pledge_id=promise.id)], key="k")
    assert status(db, scene) == (PledgeStatus.PART_RECEIVED, 40_000)
    with pytest.raises(RuleBroken, match="not_enough"):
        placing.place(db, scene.treasurer, more, [Part(more.amount_minor, pledge_id=promise.id)], key="k")
    placing.place(db, scene.treasurer, more, [Part(432_000, pledge_id=promise.id)], key="k")
    assert status(db, scene) == (PledgeStatus.FULFILLED, 0)
    assert banking.unallocated(db, scene.commune.id) == {more.id: 468_000}
    assert prove(db, scene.commune.id, today()).broken == ()


def test_without_a_rate_nothing_is_booked(db: Session, scene: Scene, payee: PayeeAccount) -> None:
    promise = pledged(db, scene)
    line = one_line(db, scene, payee, "VIREMENT", "5400,00")
    promise.unit = "USD"
    with pytest.raises(RuleBroken, match="no_rate"):
        placing.place(db, scene.treasurer, line, [Part(line.amount_minor, pledge_id=promise.id)], key="k")
    assert banking.booked(db, scene.commune.id) == {}


def test_an_exchange_is_undone_whole_and_the_line_waits_again(db: Session, scene: Scene, payee: PayeeAccount) -> None:
    promise = pledged(db, scene)
    line = line_of(db, scene, payee, "5400,00")
    for key in ("k", "l"):
        placing.place(db, scene.treasurer, line, [Part(line.amount_minor, pledge_id=promise.id)], key=key)
        assert placing.undo(db, scene.treasurer, line, "Another Salma") == 3
        assert status(db, scene) == (PledgeStatus.PROMISED, 50_000)
        assert banking.waiting_line(db, line).rest_minor == 540_000
    assert prove(db, scene.commune.id, today()).broken == ()


def test_one_side_of_an_exchange_taken_back_takes_the_other_along(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    promise = pledged(db, scene)
    line = line_of(db, scene, payee, "5400,00")
    placing.place(db, scene.treasurer, line, [Part(line.amount_minor, pledge_id=promise.id)], key="k")
    out = db.scalars(select(LedgerEntry).where(LedgerEntry.op == Op.CONVERT_OUT)).one()
    treasury.reverse(db, scene.treasurer, scene.project, out, "entered twice")
    taken = db.scalars(select(LedgerEntry.op).where(LedgerEntry.reverses.is_not(None))).all()
    assert {Op.CONVERT_OUT, Op.CONVERT_IN} <= set(taken)
    assert prove(db, scene.commune.id, today()).broken == ()


def test_what_came_less_a_fee_before_its_condition_held_was_never_called(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    promise = pledged(db, scene, condition=ConditionKind.OTHERS_JOIN, condition_count=5)
    line = line_of(db, scene, payee, "500,00")
    part = Part(line.amount_minor, pledge_id=promise.id, fee_minor=1_000)
    placing.place(db, scene.treasurer, line, [part], key="k")
    assert db.scalars(select(LedgerEntry).where(LedgerEntry.op == Op.COMMIT)).all()
    assert prove(db, scene.commune.id, today()).broken == ()


def test_what_was_exchanged_is_spent_and_leads_back_to_its_giver(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    promise = pledged(db, scene)
    line = line_of(db, scene, payee, "5400,00")
    placing.place(db, scene.treasurer, line, [Part(line.amount_minor, pledge_id=promise.id)], key="k")
    own = queries.find_line(db, scene.commune.id, promise.line_id)
    made = spending.engage(
        db, scene.treasurer, own, Engagement("Atlas (inventé)", "Le forage", "F 1", 100_000, today()), key="e"
    )
    spending.certify(db, scene.officer, made, "PV 1", today())
    spending.mandate(db, scene.president, made, "OP 1", today())
    spending.pay(db, scene.treasurer, made, "VIR 1", today())
    (part,) = reads.built_by(db, scene.commune.id, scene.project.id, [promise.id])[promise.id]
    assert (part.purpose, part.amount_minor, part.unit) == ("Le forage", 100_000, "MAD")
    assert prove(db, scene.commune.id, today()).broken == ()


def test_what_waits_unallocated_is_undone_before_it_is_exchanged(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    promise = pledged(db, scene)
    line = line_of(db, scene, payee, "5400,00")
    placing.place(db, scene.treasurer, line, [], key="k")
    with pytest.raises(RuleBroken, match="undo_before_exchange"):
        placing.place(db, scene.treasurer, line, [Part(540_000, pledge_id=promise.id)], key="l")
