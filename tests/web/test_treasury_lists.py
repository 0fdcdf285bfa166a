"""The treasurer's room lists what was signed, the newest first, of this commune alone."""

from datetime import date

from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.funding.services import treasury
from cdp.funding.services.treasury import Signed
from cdp.people.states import Role
from cdp.rounds.states import Source
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_commune, make_official, make_project, make_round


def signed(db: Session, commune: Commune, *papers: tuple[str, date]) -> None:
    treasurer = actor_of(db, make_official(db, commune, Role.TREASURER))
    project = make_project(db, make_round(db, commune))
    for reference, day in papers:
        agreement = Signed(Source.PROVINCE, "Conseil provincial", 50_000_000, day, reference)
        treasury.sign(db, treasurer, project, agreement, key=reference)


def test_agreements_are_listed_the_newest_first_with_their_project(browser: Browser, db: Session) -> None:
    commune, elsewhere = make_commune(db, slug="tirsal"), make_commune(db)
    signed(db, commune, ("CONV-1", date(2027, 1, 5)), ("CONV-2", date(2027, 3, 5)))
    signed(db, elsewhere, ("CONV-9", date(2027, 3, 6)))
    treasurer = make_official(db, commune, Role.TREASURER)
    db.commit()
    browser.sign_in(treasurer.id)
    for language, words in (("fr", "Conventions signées"), ("ar", "الاتفاقيات الموقعة"), ("en", "Signed agreements")):
        text = browser.get(f"/{language}/tirsal/treasury/agreements").text
        assert words in text
        assert text.index("CONV-2") < text.index("CONV-1")
        assert "CONV-9" not in text
        assert "Conseil provincial" in text
