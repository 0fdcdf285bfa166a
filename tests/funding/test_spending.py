from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import Expense, FundingLine, LedgerEntry
from cdp.funding.queries import spending as reads
from cdp.funding.rules.ledger import Op
from cdp.funding.services import spending, treasury
from cdp.funding.services.spending import SECOND_FROM, Engagement
from cdp.funding.services.treasury import Payment, Signed
from cdp.funding.states import ExpenseState
from cdp.http.context import load_actor
from cdp.jobs.books import prove
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.people.actor import NOBODY
from cdp.people.models import Mandate
from cdp.people.states import Role
from cdp.rounds.states import Source
from tests.browser_of_pages import Browser
from tests.factories import keep
from tests.funding.money_scene import Scene, make_scene, pledged


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


@pytest.fixture
def line(db: Session, scene: Scene) -> FundingLine:
    """The province signed 500,000 dirhams and sent 300,000."""
    signed = Signed(Source.PROVINCE, "Conseil provincial", 50_000_000, date(2027, 3, 3), "C7")
    treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
    found = queries.lines_of(db, scene.project.id)[0]
    treasury.receive(db, scene.treasurer, found, Payment(30_000_000, date(2027, 3, 9), "OV 1"), key="r")
    return queries.find_line(db, scene.commune.id, found.id)


def bought(amount: int = 10_000_000, **over: object) -> Engagement:
    values: dict[str, object] = {"is_direct": False} | over
    return Engagement("Forages de l’Atlas (inventé)", "Le forage", "F 12", amount, date(2027, 4, 1), **values)  # type: ignore[arg-type]


def taken(db: Session, scene: Scene, line: FundingLine, amount: int = 10_000_000, **over: object) -> Expense:
    """A spending that was engaged by the treasurer, certified by the officer, ordered by the president."""
    made = spending.engage(db, scene.treasurer, line, bought(amount, **over), key=f"e{amount}{over}")
    spending.certify(db, scene.officer, made, "PV 3", date(2027, 4, 5))
    spending.mandate(db, scene.president, made, "OP 9", date(2027, 4, 6))
    return made


def test_a_spending_goes_from_engaged_to_paid_each_step_with_its_paper(
    db: Session, scene: Scene, line: FundingLine
) -> None:
    made = taken(db, scene, line)
    (row,) = reads.expenses(db, scene.project.id)
    assert row.state is ExpenseState.MANDATED
    assert queries.money_sheet(db, scene.project, today()).spent == Money(0)
    entry = spending.pay(db, scene.treasurer, made, "VIR 77", date(2027, 4, 8))
    assert (entry.op, entry.evidence) == (Op.SPEND, "F 12 · PV 3 · OP 9 · VIR 77")
    assert entry.second_by_id == scene.president.person_id
    assert reads.expenses(db, scene.project.id)[0].state is ExpenseState.PAID
    assert queries.money_sheet(db, scene.project, today()).spent == Money(10_000_000)
    with pytest.raises(RuleBroken, match="step_was_taken"):
        spending.pay(db, scene.treasurer, made, "VIR 78", today())
    assert prove(db, scene.commune.id, today()).broken == ()


def test_a_payment_that_was_taken_back_is_paid_again(db: Session, scene: Scene, line: FundingLine) -> None:
    made = taken(db, scene, line)
    entry = spending.pay(db, scene.treasurer, made, "VIR 77", today())
    treasury.reverse(db, scene.treasurer, scene.project, entry, "Returned by the bank")
    assert reads.expenses(db, scene.project.id)[0].state is ExpenseState.MANDATED
    spending.pay(db, scene.treasurer, made, "VIR 79", today())
    assert queries.money_sheet(db, scene.project, today()).spent == Money(10_000_000)
    assert prove(db, scene.commune.id, today()).broken == ()


def test_a_funder_pays_the_supplier_directly_out_of_what_it_committed(
    db: Session, scene: Scene, line: FundingLine
) -> None:
    with pytest.raises(RuleBroken, match="not_enough_committed"):
        spending.engage(db, scene.treasurer, line, bought(20_000_001, is_direct=True), key="x")
    made = taken(db, scene, line, 20_000_000, is_direct=True)
    assert spending.pay(db, scene.treasurer, made, "Quittance 4", today()).op is Op.PAY_DIRECT
    seen = queries.money_sheet(db, scene.project, today())
    assert (seen.committed, seen.received, seen.spent) == (Money(0), Money(50_000_000), Money(20_000_000))
    assert prove(db, scene.commune.id, today()).broken == ()


def test_what_is_engaged_is_reserved(db: Session, scene: Scene, line: FundingLine) -> None:
    first = spending.engage(db, scene.officer, line, bought(20_000_000), key="a")
    assert spending.engage(db, scene.officer, line, bought(20_000_000), key="a") is first
    with pytest.raises(Conflict):
        spending.engage(db, scene.officer, line, bought(1), key="a")
    with pytest.raises(RuleBroken, match="not_enough_held"):
        spending.engage(db, scene.officer, line, bought(10_000_001), key="b")
    spending.engage(db, scene.officer, line, bought(10_000_000), key="c")


def test_steps_come_in_their_order_with_papers_and_days(db: Session, scene: Scene, line: FundingLine) -> None:
    made = spending.engage(db, scene.treasurer, line, bought(), key="a")
    with pytest.raises(RuleBroken, match="service_not_done"):
        spending.mandate(db, scene.president, made, "OP", today())
    with pytest.raises(RuleBroken, match="not_mandated"):
        spending.pay(db, scene.treasurer, made, "VIR", today())
    for paper, on, key in (
        (" ", today(), "evidence_missing"),
        ("PV", today() + timedelta(days=1), "days_not_in_order"),
    ):
        with pytest.raises(RuleBroken, match=key):
            spending.certify(db, scene.officer, made, paper, on)
    spending.certify(db, scene.officer, made, "PV", today())
    with pytest.raises(RuleBroken, match="days_not_in_order"):
        spending.mandate(db, scene.president, made, "OP", today() - timedelta(days=1))


def test_above_the_threshold_two_persons_and_never_the_same(db: Session, scene: Scene, line: FundingLine) -> None:
    base = {"commune_id": scene.commune.id, "person_id": scene.officer.known(), "since": date(2026, 1, 1)}
    keep(db, Mandate(**base, role=Role.TREASURER))
    both = load_actor(db, scene.officer.known())
    small = spending.engage(db, both, line, bought(SECOND_FROM - 1), key="a")
    spending.certify(db, both, small, "PV", today())
    spending.mandate(db, both, small, "OP", today())
    assert spending.pay(db, both, small, "VIR", today()).second_by_id is None
    large = spending.engage(db, both, line, bought(SECOND_FROM), key="b")
    spending.certify(db, both, large, "PV", today())
    with pytest.raises(RuleBroken, match="second_person_is_the_first"):
        spending.mandate(db, both, large, "OP", today())
    other = spending.engage(db, scene.treasurer, line, bought(SECOND_FROM), key="c")
    spending.certify(db, both, other, "PV", today())
    spending.mandate(db, both, other, "OP", today())
    with pytest.raises(RuleBroken, match="second_person_is_the_first"):
        spending.pay(db, both, other, "VIR", today())
    spending.pay(db, scene.treasurer, other, "VIR", today())


def test_who_may_take_which_step(db: Session, scene: Scene, line: FundingLine) -> None:
    for who in (scene.member, scene.president, NOBODY):
        with pytest.raises(Refused):
            spending.engage(db, who, line, bought(), key="x")
    made = spending.engage(db, scene.treasurer, line, bought(), key="a")
    for who in (scene.member, scene.treasurer, NOBODY):
        with pytest.raises(Refused):
            spending.certify(db, who, made, "PV", today())
        with pytest.raises(Refused):
            spending.mandate(db, who, made, "OP", today())
    for who in (scene.member, scene.officer, scene.president, NOBODY):
        with pytest.raises(Refused):
            spending.pay(db, who, made, "VIR", today())


def test_a_spent_dirham_leads_to_its_sources_and_a_gift_to_its_works(db: Session, scene: Scene) -> None:
    promise = pledged(db, scene, unit="MAD", amount=30_000)
    line = queries.find_line(db, scene.commune.id, promise.line_id)
    paid = Payment(30_000, date(2027, 4, 2), "OV 2")
    treasury.receive_promise(db, scene.treasurer, line, promise, payment=paid, key="r")
    made = taken(db, scene, line, 20_000)
    spending.pay(db, scene.treasurer, made, "VIR", today())
    (row,) = reads.spent(db, scene.project.id).rows
    assert (row.purpose, row.source, row.amount_minor) == ("Le forage", Source.DIASPORA, 20_000)
    (part,) = reads.built_by(db, scene.commune.id, scene.project.id, [promise.id])[promise.id]
    assert (part.purpose, part.amount_minor) == ("Le forage", 20_000)


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_a_spending_is_walked_through_its_pages(
    browser: Browser, db: Session, scene: Scene, line: FundingLine, language: str
) -> None:
    db.commit()
    at = f"/{language}/tirsal/treasury/projects/{scene.project.number}/spending"
    browser.sign_in(scene.treasurer.known())
    browser.get(f"{at}/")
    engaged = {"place": f"line:{line.id}", "supplier": "Atlas", "purpose": "Le forage", "invoice": "F 1"}
    browser.follow(browser.post(f"{at}/new", **engaged, amount="1000", on="2027-04-12"))
    step = {"paper": "N 1", "on": "2027-04-12"}
    at += f"/{db.scalars(select(Expense.id)).one()}"
    browser.sign_in(scene.officer.known())
    browser.follow(browser.post(f"{at}/certify", **step))
    browser.sign_in(scene.president.known())
    browser.follow(browser.post(f"{at}/mandate", **step))
    browser.sign_in(scene.treasurer.known())
    browser.follow(browser.post(f"{at}/pay", **step))
    browser.sign_out()
    page = browser.get(f"/{language}/tirsal/accounts/projects/{scene.project.number}/spent").text
    assert "Le forage" in page
    assert "Conseil provincial" in page
    db.rollback()
    assert db.query(LedgerEntry).count() == 3
