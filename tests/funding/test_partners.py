"""Agreements after they were signed: visa, default, amendment, instalments."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import Agreement
from cdp.funding.queries import partners as reads
from cdp.funding.queries.dossier import dossier
from cdp.funding.services import partners, treasury
from cdp.funding.services.partners import Amendment
from cdp.funding.services.treasury import Signed
from cdp.funding.states import PartnerAct
from cdp.jobs.books import prove
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.rounds.states import Source
from tests.browser_of_pages import Browser
from tests.funding.money_scene import Scene, make_scene


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


@pytest.fixture
def agreement(db: Session, scene: Scene) -> Agreement:
    signed = Signed(Source.PROVINCE, "", 30_000_000, date(2027, 3, 3), "C7")
    return treasury.sign(db, scene.treasurer, scene.project, signed, key="s")


def test_visa_and_default_are_read_by_everybody_and_a_default_ends(
    db: Session, scene: Scene, agreement: Agreement
) -> None:
    def said(act: PartnerAct, day: date) -> None:
        partners.say(db, scene.treasurer, agreement, act, day=day, words="n° 12")

    said(PartnerAct.VISA, date(2027, 3, 10))
    said(PartnerAct.DEFAULT, date(2027, 3, 20))
    (paper,) = dossier(db, scene.project, today()).papers
    assert (paper.visa_on, paper.default_since) == (date(2027, 3, 10), date(2027, 3, 20))
    said(PartnerAct.RESUMED, date(2027, 3, 25))
    assert dossier(db, scene.project, today()).papers[0].default_since is None
    with pytest.raises(RuleBroken, match="no_default_to_end"):
        said(PartnerAct.RESUMED, date(2027, 3, 26))


@pytest.mark.parametrize("amount", [20_000_000, 45_000_000, 0])
def test_an_amendment_moves_the_books_by_the_difference_alone(
    db: Session, scene: Scene, agreement: Agreement, amount: int
) -> None:
    given = Amendment(amount, "C7 bis", date(2027, 3, 30), "The works cost another sum")
    first, again = (partners.amend(db, scene.treasurer, agreement, given, key="k") for _ in range(2))
    assert [amount for _, _, amount in queries.agreements_of(db, scene.project.id)] == [given.amount_minor]
    assert first.id == again.id
    assert first.version == 2
    assert queries.money_sheet(db, scene.project, today()).committed == Money(amount)
    assert dossier(db, scene.project, today()).papers[0].amount == Money(amount)
    assert prove(db, scene.commune.id, today()).broken == ()
    with pytest.raises(Conflict):
        partners.amend(db, scene.treasurer, agreement, Amendment(1, "x", date(2027, 3, 30), "y"), key="k")


def test_instalments_are_together_the_amount_and_entered_once(db: Session, scene: Scene, agreement: Agreement) -> None:
    halves = [(date(2027, 6, 1), 15_000_000), (date(2027, 9, 1), 15_000_000)]
    with pytest.raises(RuleBroken, match="does_not_sum"):
        partners.schedule(db, scene.treasurer, agreement, halves[:1])
    partners.schedule(db, scene.treasurer, agreement, halves)
    partners.schedule(db, scene.treasurer, agreement, halves)
    assert len(reads.instalments(db, agreement.id)) == 2
    with pytest.raises(RuleBroken, match="schedule_is_known"):
        partners.schedule(db, scene.treasurer, agreement, [(date(2027, 6, 1), 30_000_000)])


def test_nobody_but_the_treasurer_says_anything_of_an_agreement(
    db: Session, scene: Scene, agreement: Agreement
) -> None:
    for who in (scene.member, scene.officer, scene.president):
        with pytest.raises(Refused):
            partners.say(db, who, agreement, PartnerAct.VISA, day=today(), words="n° 1")
        with pytest.raises(Refused):
            partners.amend(db, who, agreement, Amendment(1, "x", today(), "y"), key="k")
        with pytest.raises(Refused):
            partners.schedule(db, who, agreement, [(today(), 30_000_000)])


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_the_treasurer_enters_visa_instalments_and_amendment_on_pages(
    browser: Browser, db: Session, scene: Scene, agreement: Agreement, language: str
) -> None:
    db.commit()
    at = f"/{language}/tirsal/treasury/agreements/{agreement.id}"
    browser.sign_in(scene.treasurer.known())
    assert browser.post(f"{at}/step", act="visa", day="2027-03-10", words="n° 12").status_code == 302
    assert browser.post(f"{at}/schedule", lines="2027-06-01 300000").status_code == 302
    assert browser.post(f"{at}/schedule", lines="soon 300000").status_code == 200
    amended = {"amount": "350000", "reference": "C7 bis", "signed_on": "2027-03-30", "reason": "More"}
    assert browser.post(f"{at}/amend", **amended).status_code == 302
    assert "C7 bis" in browser.get(f"{at}/").text
    assert browser.get(f"/{language}/tirsal/projects/{scene.project.number}").status_code == 200
