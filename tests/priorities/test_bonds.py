"""Projects tied to one another: by the office, before the opening, never so that a count must fail."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.kernel.errors import NotFound, Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.priorities.queries import ballots as queries
from cdp.priorities.rules.ballots import Limit
from cdp.priorities.rules.bonds import Bonds, bond_problem, tied, untied, within
from cdp.priorities.rules.voting.trace import WhyNot
from cdp.priorities.services import ballots, bonds
from cdp.priorities.states import Bond
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_commune, make_official
from tests.priorities.ballots import make_ballot, vote
from tests.priorities.test_paper_and_count import finish, tallied

CHEAP = (10_000_000, 20_000_000, 30_000_000)


def test_tied_projects_are_counted_so_and_the_file_counts_again(db: Session, tmp_path: Path) -> None:
    scene = make_ballot(db, costs=CHEAP, is_open=False)
    one, two, three = scene.numbers
    bonds.tie(db, scene.officer, scene.ballot, Bond.INCOMPATIBLE, one=two, other=one)
    bonds.tie(db, scene.officer, scene.ballot, Bond.NEEDS, one=three, other=two)
    bonds.tie(db, scene.officer, scene.ballot, Bond.NEEDS, one=three, other=two)
    assert scene.ballot.version == 3
    ballots.open_ballot(db, scene.officer, scene.ballot)
    for chosen in ([one, three], [one]):
        vote(db, scene, chosen)
    found = finish(db, scene)
    assert found.outcome.winners == (one,)
    assert {passed.reason for passed in found.outcome.passed} == {WhyNot.INCOMPATIBLE, WhyNot.PREREQUISITE}
    assert tallied(found, tmp_path) == found.result + "\n"


def test_bonds_are_the_office_s_of_that_commune_and_of_its_own_projects(db: Session) -> None:
    scene = make_ballot(db, is_open=False)
    one, two, _ = scene.numbers
    for who in (scene.facilitator, actor_of(db, make_official(db, make_commune(db)))):
        with pytest.raises(Refused):
            bonds.tie(db, who, scene.ballot, Bond.NEEDS, one=one, other=two)
        with pytest.raises(Refused):
            bonds.untie(db, who, scene.ballot, Bond.NEEDS, one=one, other=two)
    with pytest.raises(NotFound):
        bonds.tie(db, scene.officer, scene.ballot, Bond.NEEDS, one=one, other="elsewhere")


def test_the_opening_freezes_bonds_for_the_database_too(db: Session) -> None:
    scene = make_ballot(db)
    one, two, _ = scene.numbers
    with pytest.raises(RuleBroken):
        bonds.tie(db, scene.officer, scene.ballot, Bond.NEEDS, one=one, other=two)
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text("UPDATE ballot SET bonds = '{}'"))


@pytest.mark.parametrize(
    ("kind", "one", "other", "problem"),
    [
        (Bond.NEEDS, "a", "a", "with_itself"),
        (Bond.NEEDS, "c", "a", "in_a_circle"),
        (Bond.INCOMPATIBLE, "a", "c", "against_bond"),
        (Bond.INCOMPATIBLE, "d", "c", ""),
    ],
)
def test_bonds_that_cannot_be_are_told(kind: Bond, one: str, other: str, problem: str) -> None:
    found = Bonds(needs=(("a", "b"), ("b", "c")))
    assert (bond_problem(found, kind, one, other) or "") == (f"priorities.bond_{problem}" if problem else "")


def test_a_bond_comes_and_goes_and_leaves_with_its_project() -> None:
    found = tied(Bonds(), Bond.INCOMPATIBLE, "b", "a")
    assert found.incompatible == (("a", "b"),)
    assert untied(found, Bond.INCOMPATIBLE, "b", "a") == Bonds()
    assert within(found, {"a"}) == Bonds()


@pytest.mark.parametrize("trouble", ["incompatible", "needs", "over_ceiling"])
def test_what_would_make_the_count_fail_is_refused_at_the_opening(db: Session, trouble: str) -> None:
    ceilings = (Limit("sector", "water", Money(15_000_000)),) if trouble == "over_ceiling" else ()
    scene = make_ballot(db, costs=CHEAP, is_open=False, ceilings=ceilings)
    one, two, _ = scene.numbers
    pins = [one] if trouble == "needs" else [one, two]
    for number in pins:
        ballots.decide(db, scene.officer, scene.ballot, number, standing="pinned", reason="Signé")
    if trouble != "over_ceiling":
        bonds.tie(db, scene.officer, scene.ballot, Bond(trouble), one=one, other=two)
    with pytest.raises(RuleBroken, match=f"pinned_{trouble}"):
        ballots.open_ballot(db, scene.officer, scene.ballot)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_office_ties_and_unties_on_a_page_and_everybody_reads_it(
    browser: Browser, db: Session, language: str
) -> None:
    scene = make_ballot(db, is_open=False)
    one, two, _ = scene.numbers
    page = f"/{language}/{scene.commune.slug}/ballots/{scene.ballot.id}/bonds"
    browser.sign_in(scene.officer.known())
    assert browser.post(page, kind="needs", one=one, other=one).status_code == 422
    browser.follow(browser.post(page, kind="incompatible", one=one, other=two))
    never = {"ar": "ولا يجتمعان", "fr": "jamais les deux", "en": "never both"}[language]
    assert f"({never})" in browser.get(page.removesuffix("bonds")).text
    browser.follow(browser.post(f"{page}/untie", form_at=page, kind="incompatible", one=one, other=two))
    db.expire_all()
    assert not queries.card_of(db, scene.ballot).sheet.bonds
