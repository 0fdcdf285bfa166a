from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import LedgerEntry, PayeeAccount, StatementLine
from cdp.funding.queries import bank_balances, banking, returns
from cdp.funding.rules.ledger import Op
from cdp.funding.rules.references import grouped
from cdp.funding.rules.statements.reading import read
from cdp.funding.rules.statements.values import Unreadable
from cdp.funding.services import payees, placing, statements, treasury
from cdp.funding.services.placing import Part
from cdp.funding.services.statements import Brought, Imported
from cdp.funding.services.treasury import Signed
from cdp.funding.states import LegalBasis, PayeeKind
from cdp.jobs.books import prove
from cdp.kernel.clock import held_at, today
from cdp.kernel.errors import Refused, RuleBroken
from cdp.people.actor import NOBODY
from cdp.people.states import Role
from cdp.rounds.states import Source
from cdp.store.engine import Store
from tests.factories import actor_of, make_commune, make_official
from tests.funding.money_scene import Scene, make_scene, pledged

RIB = "011519000001205000534921"
CAMT = b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
MT940 = (
    b":20:1\r\n:25:FR7630006000011234567890189\r\n:28C:1/1\r\n:60F:C270401MAD0,\r\n"
    b":61:2704010401C5,00NMSC1\r\n:62F:C270401MAD5,\r\n-\r\n"
)
HEAD = "Date;Libellé;Montant;Devise\n"


def account(**over: object) -> payees.Account:
    values: dict[str, object] = {
        "kind": PayeeKind.PUBLIC_ACCOUNTANT,
        "holder": "Percepteur de Tirsal",
        "number": RIB,
        "currency": "MAD",
        "basis": LegalBasis.DELIBERATION,
        "basis_reference": "Deliberation 12/2027",
        "basis_on": date(2027, 2, 1),
        "valid_from": date(2027, 2, 1),
    }
    return payees.Account(**values | over)  # type: ignore[arg-type]


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


@pytest.fixture
def payee(db: Session, scene: Scene) -> PayeeAccount:
    return payees.enter_account(db, scene.treasurer, scene.commune, account(), key="a")


def sheet(*rows: str) -> bytes:
    return (HEAD + "\n".join(rows) + "\n").encode()


def bring(db: Session, scene: Scene, payee: PayeeAccount, data: bytes, name: str = "x.csv") -> Imported:
    return statements.bring(db, scene.treasurer, payee, Brought(name, data))


def lines(db: Session) -> list[StatementLine]:
    return list(db.scalars(select(StatementLine).order_by(StatementLine.id)))


ROWS = ("01/04/2027;VIR A;100,00;MAD", "01/04/2027;VIR A;100,00;MAD", "02/04/2027;VIR B;250,50;MAD")


def test_the_same_file_twice_changes_nothing_and_two_equal_lines_stay_two(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    assert bring(db, scene, payee, sheet(*ROWS)) == Imported(3, 0)
    assert bring(db, scene, payee, sheet(*ROWS)) == Imported(0, 3)
    assert [line.amount_minor for line in lines(db)] == [10_000, 10_000, 25_050]


def test_an_account_entered_anew_with_a_new_legal_basis_keeps_one_set_of_lines(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    renewed = account(basis_reference="Deliberation 9/2028", valid_from=date(2028, 2, 1))
    again = payees.enter_account(db, scene.treasurer, scene.commune, renewed, key="b")
    assert bring(db, scene, payee, sheet(*ROWS)) == Imported(3, 0)
    assert bring(db, scene, again, sheet(*ROWS)) == Imported(0, 3)
    assert bring(db, scene, again, sheet(*ROWS[1:], "03/04/2027;VIR C;7,00;MAD")) == Imported(1, 2)
    assert len(lines(db)) == 4


def test_a_line_of_nothing_is_read_and_said_but_not_kept(db: Session, scene: Scene, payee: PayeeAccount) -> None:
    nothing = MT940.replace(b":25:FR7630006000011234567890189\r\n", b"").replace(
        b":62F:", b":61:2704010401C0,00NMSC2\r\n:62F:"
    )
    assert [line.amount_minor for line in read(nothing).statements[0].lines] == [500, 0]
    found = bring(db, scene, payee, nothing)
    assert (found.new, [each.key for each in found.warnings]) == (1, ["funding.statement_zero"])


def test_overlapping_files_in_any_order_give_the_lines_of_their_union(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    more = "03/04/2027;VIR C;70,00;MAD"
    assert bring(db, scene, payee, sheet(*ROWS[1:], more)).new == 3
    assert bring(db, scene, payee, sheet(*ROWS)).new == 1
    assert bring(db, scene, payee, sheet(*ROWS, more)).new == 0
    assert sorted(line.amount_minor for line in lines(db)) == [7_000, 10_000, 10_000, 25_050]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_pieces_of_a_statement_give_the_whole_once(
    store_of_property: tuple[Store, int, int], data: st.DataObject
) -> None:
    """L13 over random windows of one statement, brought in random order."""
    store, treasurer_id, payee_id = store_of_property
    amounts = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=8))
    rows = [f"{place // 3 + 1:02d}/04/2027;VIR;{amount},00;MAD" for place, amount in enumerate(amounts)]
    days = sorted({row[:2] for row in rows})
    windows = data.draw(st.lists(st.tuples(st.sampled_from(days), st.sampled_from(days)), max_size=4))
    from cdp.http.context import load_actor

    with store.writer() as db:
        payee = db.get_one(PayeeAccount, payee_id)
        actor = load_actor(db, treasurer_id)
        for first, last in windows:
            part = [row for row in rows if min(first, last) <= row[:2] <= max(first, last)]
            statements.bring(db, actor, payee, Brought("w.csv", sheet(*part)))
        statements.bring(db, actor, payee, Brought("all.csv", sheet(*rows)))
        assert sorted(line.amount_minor for line in lines(db)) == sorted(amount * 100 for amount in amounts)
        db.rollback()


@pytest.fixture
def store_of_property(db: Session, scene: Scene, payee: PayeeAccount, store: Store) -> tuple[Store, int, int]:
    db.commit()
    return store, scene.treasurer.known(), payee.id


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 50,
        sheet("01/04/2027;VIR;abc;MAD"),
        sheet("30/02/2027;VIR;100,00;MAD"),
        sheet("01/04/2027;VIR;1,00005;MAD"),
        sheet("01/04/2027;VIR A;100,00;MAD", "01/04/2027;VIR;=1+1;MAD"),
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><Document>&a;</Document>',
        CAMT + b"<BkToCstmrStmt/></Document>",
        CAMT + b"<BkToCst",
    ],
)
def test_what_cannot_be_read_is_refused_whole(db: Session, scene: Scene, payee: PayeeAccount, data: bytes) -> None:
    with pytest.raises(Unreadable):
        bring(db, scene, payee, data)
    assert lines(db) == []


def test_a_statement_of_another_account_or_currency_is_refused_whole(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    with pytest.raises(RuleBroken, match="other_currency"):
        bring(db, scene, payee, sheet("01/04/2027;VIR;100,00;MAD", "02/04/2027;VIR;5,00;EUR"))
    with pytest.raises(RuleBroken, match="other_account"):
        bring(db, scene, payee, MT940)
    assert lines(db) == []


def test_a_kept_line_is_never_changed(db: Session, scene: Scene, payee: PayeeAccount) -> None:
    bring(db, scene, payee, sheet(*ROWS))
    db.commit()
    for statement in ("UPDATE statement_line SET amount_minor = 1", "DELETE FROM bank_statement"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.execute(text(statement))
        db.rollback()


def one_line(db: Session, scene: Scene, payee: PayeeAccount, words: str, amount: str = "500,00") -> StatementLine:
    bring(db, scene, payee, sheet(f"05/04/2027;{words};{amount};MAD"))
    return lines(db)[-1]


def test_a_reference_decides_and_one_button_books_it(db: Session, scene: Scene, payee: PayeeAccount) -> None:
    made = pledged(db, scene, unit="MAD", amount=50_000)
    line = one_line(db, scene, payee, f"VIR {grouped(made.reference)} DON")
    (waits,) = banking.waiting(db, scene.commune.id).rows
    assert waits.match is not None
    assert waits.match.decided
    assert placing.place_decided(db, scene.treasurer, scene.commune.id, key="k") == 1
    assert placing.place_decided(db, scene.treasurer, scene.commune.id, key="k") == 0
    assert banking.waiting(db, scene.commune.id).rows == []
    entry = db.scalars(select(LedgerEntry).where(LedgerEntry.statement_line == line.id)).one()
    assert (entry.op, entry.pledge_id, entry.amount_minor) == (Op.RECEIVE_EARLY, made.id, 50_000)


def test_one_line_for_several_promises_several_lines_for_one_and_a_fee(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    first = pledged(db, scene, "1", unit="MAD", amount=30_000)
    second = pledged(db, scene, "2", unit="MAD", amount=50_000)
    line = one_line(db, scene, payee, "VIREMENT", "500,00")
    placing.place(db, scene.treasurer, line, [Part(30_000, first.id), Part(20_000, second.id)], key="k")
    other = one_line(db, scene, payee, "VIREMENT 2", "285,00")
    placing.place(db, scene.treasurer, other, [Part(28_500, second.id, fee_minor=1_500)], key="k")
    still = banking.open_amounts(db, [scene.project.id])
    assert (still[first.id], still[second.id]) == (0, 0)
    assert banking.waiting(db, scene.commune.id).rows == []
    assert prove(db, scene.commune.id, today()).broken == ()


def test_what_is_too_much_waits_unallocated_and_is_placed_later(db: Session, scene: Scene, payee: PayeeAccount) -> None:
    made = pledged(db, scene, unit="MAD", amount=30_000)
    line = one_line(db, scene, payee, "VIREMENT", "500,00")
    placing.place(db, scene.treasurer, line, [Part(30_000, made.id)], key="k")
    assert banking.unallocated(db, scene.commune.id) == {line.id: 20_000}
    late = pledged(db, scene, "late", unit="MAD", amount=25_000)
    with pytest.raises(RuleBroken, match="more_than_the_line"):
        placing.place(db, scene.treasurer, line, [Part(20_001, late.id)], key="m")
    placing.place(db, scene.treasurer, line, [Part(20_000, late.id)], key="l")
    assert banking.unallocated(db, scene.commune.id) == {}
    assert banking.open_amounts(db, [scene.project.id])[late.id] == 5_000
    assert prove(db, scene.commune.id, today()).broken == ()
    assert queries.money_sheet(db, scene.project, today()).received.minor == 50_000


def test_a_line_is_undone_whole_and_placed_again(db: Session, scene: Scene, payee: PayeeAccount) -> None:
    made = pledged(db, scene, unit="MAD", amount=30_000)
    line = one_line(db, scene, payee, "VIREMENT", "500,00")
    for _ in range(2):
        placing.place(db, scene.treasurer, line, [Part(30_000, made.id)], key="k")
        placing.place(db, scene.treasurer, line, [Part(30_000, made.id)], key="k")
        with pytest.raises(RuleBroken, match="reason_missing"):
            placing.undo(db, scene.treasurer, line, " ")
        assert placing.undo(db, scene.treasurer, line, "Wrong promise") == 2
        with pytest.raises(RuleBroken, match="nothing_to_undo"):
            placing.undo(db, scene.treasurer, line, "Again")
        assert banking.waiting(db, scene.commune.id).rows[0].rest_minor == 50_000
    assert queries.money_sheet(db, scene.project, today()).received.minor == 0
    assert prove(db, scene.commune.id, today()).broken == ()
    placing.set_aside(db, scene.treasurer, line, "Other business of the commune")
    assert banking.waiting(db, scene.commune.id).rows == []
    placing.take_up(db, scene.treasurer, line)
    assert len(banking.waiting(db, scene.commune.id).rows) == 1


def test_a_partner_s_transfer_goes_to_its_line_and_never_beyond_what_it_signed(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    signed = Signed(Source.PROVINCE, "Conseil provincial", 40_000, date(2027, 3, 3), "C1")
    treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
    (target,) = queries.lines_of(db, scene.project.id)
    line = one_line(db, scene, payee, "CONSEIL PROVINCIAL", "500,00")
    with pytest.raises(RuleBroken, match="not_enough_committed"):
        placing.place(db, scene.treasurer, line, [Part(50_000, line_id=target.id)], key="k")
    placing.place(db, scene.treasurer, line, [Part(40_000, line_id=target.id)], key="k")
    (balance,) = bank_balances.balances(db, scene.commune.id)
    assert (balance.lines, balance.booked, balance.unallocated, balance.waiting) == (50_000, 50_000, 10_000, 0)


def test_a_line_after_the_last_balance_of_the_bank_is_no_sign_of_a_missing_statement(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    day = "01/04/2027;VIR A;100,00;MAD"
    head, end = ("Solde initial;;10,00;MAD\n" + HEAD).encode(), b"Solde final;;110,00;MAD\n"
    bring(db, scene, payee, head + day.encode() + b"\n" + end)
    bring(db, scene, payee, sheet("02/04/2027;VIR B;250,50;MAD"))
    (balance,) = bank_balances.balances(db, scene.commune.id)
    assert (balance.between, balance.lines, balance.gap) == (10_000, 35_050, 0)
    bring(db, scene, payee, sheet("01/04/2027;VIR C;1,00;MAD"))
    assert bank_balances.balances(db, scene.commune.id)[0].gap == -100


def test_parts_that_do_not_fit_are_refused_and_nothing_is_booked(
    db: Session, scene: Scene, payee: PayeeAccount
) -> None:
    made = pledged(db, scene, unit="MAD", amount=30_000)
    hours = pledged(db, scene, "h", unit="H", amount=600)
    line = one_line(db, scene, payee, "VIREMENT", "100,00")
    for parts, key in (
        ([Part(10_001, made.id)], "more_than_the_line"),
        ([Part(0, made.id)], "amount_not_positive"),
        ([Part(5_000, hours.id)], "other_currency"),
    ):
        with pytest.raises(RuleBroken, match=key):
            placing.place(db, scene.treasurer, line, parts, key=key)
    out = one_line(db, scene, payee, "FRAIS", "-12,00")
    with pytest.raises(RuleBroken, match="money_out"):
        placing.place(db, scene.treasurer, out, [Part(1_200, made.id)], key="o")
    assert db.scalar(select(func.count()).select_from(LedgerEntry)) == 2


def test_only_the_treasurer_of_this_commune_brings_and_places(db: Session, scene: Scene, payee: PayeeAccount) -> None:
    elsewhere = actor_of(db, make_official(db, make_commune(db), Role.TREASURER))
    line = one_line(db, scene, payee, "VIREMENT")
    for who in (scene.member, scene.officer, scene.president, elsewhere, NOBODY):
        for act in (
            lambda actor=who: statements.bring(db, actor, payee, Brought("x", sheet(*ROWS))),
            lambda actor=who: placing.place(db, actor, line, [], key="k"),
            lambda actor=who: placing.undo(db, actor, line, "x"),
            lambda actor=who: placing.set_aside(db, actor, line, "x"),
            lambda actor=who: placing.place_decided(db, actor, scene.commune.id, key="k"),
            lambda actor=who: payees.enter_account(db, actor, scene.commune, account(), key="z"),
            lambda actor=who: payees.close_account(db, actor, payee, "x"),
        ):
            with pytest.raises(Refused):
                act()


def test_a_returned_payment_names_the_line_it_takes_back(db: Session, scene: Scene, payee: PayeeAccount) -> None:
    entry = (
        "<Ntry><Amt Ccy='MAD'>50.00</Amt><CdtDbtInd>%s</CdtDbtInd>%s<Sts>BOOK</Sts>"
        "<BookgDt><Dt>2027-03-0%s</Dt></BookgDt>"
        "<NtryDtls><TxDtls><Refs><EndToEndId>E-7</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>"
    )
    back = entry % ("DBIT", "<RvslInd>true</RvslInd>", 9)
    whole = f"<Document><Stmt><Acct><Ccy>MAD</Ccy></Acct>{entry % ('CRDT', '', 1)}{back}</Stmt></Document>"
    bring(db, scene, payee, whole.encode(), "x.xml")
    came, returned = db.scalars(select(StatementLine).order_by(StatementLine.booked)).all()
    assert returns.taken_back(db, [came, returned]) == {returned.id: came}


def test_money_for_a_promise_past_its_day_says_that_it_is_late(db: Session, scene: Scene) -> None:
    made = pledged(db, scene, unit="MAD", amount=5_000)
    assert [each.late for each in banking.open_promises(db, scene.commune.id)] == [False]
    with held_at(made.until + timedelta(days=1)):
        assert [each.late for each in banking.open_promises(db, scene.commune.id)] == [True]
