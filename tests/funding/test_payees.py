from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.services import payees
from cdp.funding.services.payees import Calling
from cdp.funding.states import LegalBasis, PayeeKind
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from tests.funding.money_scene import UNTIL, Scene, make_scene, pledged
from tests.funding.test_statement_services import account


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


def test_a_rib_becomes_an_iban_and_the_same_form_is_one_account(db: Session, scene: Scene) -> None:
    made = payees.enter_account(db, scene.treasurer, scene.commune, account(), key="a")
    assert made.number == "MA64011519000001205000534921"
    assert payees.enter_account(db, scene.treasurer, scene.commune, account(), key="a") is made
    other = account(basis_reference="Deliberation 13/2027")
    with pytest.raises(Conflict):
        payees.enter_account(db, scene.treasurer, scene.commune, other, key="a")


@pytest.mark.parametrize(
    ("over", "key"),
    [
        ({"number": "011519000001205000534922"}, "rib_key_wrong"),
        ({"number": "0115190000012050005349"}, "rib_needs_24_digits"),
        ({"number": "FR7630006000011234567890188"}, "iban_check_digits"),
        ({"holder": "قباضة"}, "holder_in_latin"),
        ({"currency": "XXX"}, "currency_unknown"),
        ({"basis": LegalBasis.AUTHORISATION}, "basis_does_not_serve"),
        ({"basis_reference": " "}, "basis_missing"),
        ({"basis_on": date(2027, 4, 13)}, "day_in_the_future"),
        ({"valid_until": date(2027, 1, 1)}, "days_not_in_order"),
        ({"kind": PayeeKind.ASSOCIATION, "basis": LegalBasis.AUTHORISATION}, "basis_needs_an_end"),
        ({"bic": "ABC"}, "bic_form"),
        ({"channels": ()}, "channel_missing"),
    ],
)
def test_an_account_without_a_right_number_or_basis_is_refused(
    db: Session, scene: Scene, over: dict[str, object], key: str
) -> None:
    with pytest.raises(RuleBroken, match=key):
        payees.enter_account(db, scene.treasurer, scene.commune, account(**over), key="a")


def test_a_call_commits_what_is_promised_once_and_only_while_the_basis_holds(db: Session, scene: Scene) -> None:
    until = date(2027, 6, 30)
    payee = payees.enter_account(db, scene.treasurer, scene.commune, account(valid_until=until), key="a")
    made = queries.find_pledge(db, scene.commune.id, pledged(db, scene, unit="MAD", amount=30_000).id)
    due = Calling(payee, today() + timedelta(days=30))
    first = payees.call(db, scene.treasurer, made, due, key="c")
    assert payees.call(db, scene.treasurer, made, due, key="c") is first
    assert queries.money_sheet(db, scene.project, today()).committed.minor == 30_000
    with pytest.raises(RuleBroken, match="nothing_to_call"):
        payees.call(db, scene.treasurer, made, due, key="d")
    other = queries.find_pledge(db, scene.commune.id, pledged(db, scene, "o", unit="MAD", amount=10_000).id)
    with pytest.raises(RuleBroken, match="due_in_the_past"):
        payees.call(db, scene.treasurer, other, Calling(payee, today() - timedelta(days=1)), key="e")
    hours = queries.find_pledge(db, scene.commune.id, pledged(db, scene, "h", unit="H", amount=60).id)
    with pytest.raises(RuleBroken, match="in_kind"):
        payees.call(db, scene.treasurer, hours, due, key="f")
    with clock.held_at(until + timedelta(days=1)), pytest.raises(RuleBroken, match="basis_has_ended"):
        payees.call(db, scene.treasurer, other, Calling(payee, until + timedelta(days=9)), key="g")
    payees.close_account(db, scene.treasurer, payee, "Closed by the bank")
    with pytest.raises(RuleBroken, match="basis_has_ended"):
        payees.call(db, scene.treasurer, other, due, key="h")
    with pytest.raises(Refused):
        payees.call(db, scene.officer, other, due, key="i")


def test_a_promise_past_its_last_day_is_not_called(db: Session, scene: Scene) -> None:
    payee = payees.enter_account(db, scene.treasurer, scene.commune, account(), key="a")
    made = queries.find_pledge(db, scene.commune.id, pledged(db, scene, unit="MAD", amount=30_000).id)
    with clock.held_at(UNTIL + timedelta(days=1)):
        later = Calling(payee, today() + timedelta(days=30))
        with pytest.raises(RuleBroken, match="promise_has_expired"):
            payees.call(db, scene.treasurer, made, later, key="c")
    payees.call(db, scene.treasurer, made, Calling(payee, UNTIL), key="c")
