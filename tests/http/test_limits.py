import pytest
from sqlalchemy.orm import Session

from tests.browser_of_pages import Browser
from tests.factories import make_person


@pytest.mark.parametrize("form", ["link", "card", "login", "reset"])
def test_who_is_signed_in_already_may_send_a_guarded_form_without_waiting(
    browser: Browser, db: Session, form: str
) -> None:
    person = make_person(db)
    db.commit()
    page = f"/fr/account/{form}"
    token = browser.get("/fr/account/link").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    with browser.client.session_transaction() as session:
        raw = session["csrf_token"]
    browser.sign_in(person.id)
    with browser.client.session_transaction() as session:
        session["csrf_token"] = raw
    answer = browser.client.post(page, data={"csrf_token": token, "email": str(person.email), "code": "x"})
    assert answer.status_code in {200, 302, 422}
