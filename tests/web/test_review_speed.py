"""A list and a page take the same few statements however much there is."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.people.states import Role
from cdp.priorities import services as priorities
from cdp.priorities.rules.sheets import SheetDraft
from cdp.proposals.states import ProposalState
from cdp.rounds.states import Phase
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_commune, make_official, make_proposal, make_round


def statements(browser: Browser, address: str) -> int:
    """How many statements a page takes when the worker already knows the round."""
    browser.get(address)
    engine, count = browser.app.extensions["store"].engine, 0

    def count_it(*_args: object) -> None:
        nonlocal count
        count += 1

    event.listen(engine, "before_cursor_execute", count_it)
    browser.get(address)
    event.remove(engine, "before_cursor_execute", count_it)
    return count


@pytest.mark.parametrize("number", [2, 30])
def test_the_worklist_takes_a_fixed_number_of_statements(browser: Browser, db: Session, number: int) -> None:
    round_ = make_round(db, make_commune(db, slug="tirsal"), phase=Phase.REVIEW)
    for _ in range(number):
        make_proposal(db, round_)
    officer = make_official(db, db.get_one(Commune, round_.commune_id))
    db.commit()
    browser.sign_in(officer.id)
    assert statements(browser, "/fr/tirsal/review/") <= 8


@pytest.mark.parametrize("number", [2, 12])
def test_the_ranking_and_the_panels_desk_take_a_fixed_number_of_statements(
    browser: Browser, db: Session, number: int
) -> None:
    round_ = make_round(db, make_commune(db, slug="tirsal"), phase=Phase.PRIORITIES)
    person = make_official(db, db.get_one(Commune, round_.commune_id), Role.PANEL)
    for _ in range(number):
        proposal = make_proposal(db, round_, state=ProposalState.ADMITTED)
        draft = SheetDraft({"need": 3, "reach": 2}, "Un motif de trois mots.", "fr")
        priorities.hand_in(db, actor_of(db, person), proposal, draft)
    db.commit()
    assert statements(browser, "/fr/tirsal/2028/ranking/") <= 12
    browser.sign_in(person.id)
    assert statements(browser, "/fr/tirsal/panel/") <= 12
