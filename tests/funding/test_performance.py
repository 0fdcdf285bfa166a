"""How partners keep their agreements, what rates did, what is late: from the books, the same for everybody."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.funding import queries
from cdp.funding.queries.open_accounts import OpenAccounts, open_accounts
from cdp.funding.rules.performance import Signed as Agreed
from cdp.funding.rules.performance import funders, late
from cdp.funding.services import partners, payees, treasury
from cdp.funding.services.payees import Calling
from cdp.funding.services.treasury import Payment, Quote, Signed
from cdp.funding.states import PartnerAct
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.proposals.models import ProposalPlace
from cdp.rounds.states import Source
from tests.browser_of_pages import Browser
from tests.factories import keep, make_locality
from tests.funding.money_scene import Scene, make_scene, pledged
from tests.funding.test_statement_services import account

DAY = date(2027, 4, 12)


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


def opened(db: Session, scene: Scene) -> OpenAccounts:
    return open_accounts(db, scene.commune.id, today())


def test_an_instalment_is_late_from_the_day_after_it_was_due() -> None:
    parts = [(date(2027, 3, 1), 100), (DAY, 50), (date(2027, 6, 1), 50)]
    assert late(parts, 100, DAY) == (0, None)
    assert late(parts, 60, DAY) == (40, date(2027, 3, 1))
    assert late(parts, 100, DAY + timedelta(days=1)) == (50, DAY)
    assert late(parts, 900, date(2028, 1, 1)) == (0, None)


@given(
    st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(1, 10**9)), max_size=6),
    st.integers(0, 10**10),
    st.dates(date(2026, 1, 1), date(2028, 1, 1)),
)
def test_what_is_late_is_never_more_than_was_due_and_always_has_its_day(
    parts: list[tuple[date, int]], paid: int, day: date
) -> None:
    owed, since = late(parts, paid, day)
    assert 0 <= owed <= sum(amount for on, amount in parts if on < day)
    assert (owed > 0) is (since is not None)
    assert since is None or since < day


def test_a_partner_stands_once_with_all_its_lines_and_too_much_here_pays_nothing_there() -> None:
    rows = [
        Agreed(Source.PROVINCE, "P", 100, 150, ((date(2027, 1, 1), 100),)),
        Agreed(Source.PROVINCE, "P", 80, 10, ((date(2027, 2, 1), 30),), default_since=date(2027, 3, 1)),
        Agreed(Source.OWN, "", 5, 5),
    ]
    own, province = funders(rows, DAY)
    assert (own.source, own.is_complete) == (Source.OWN, True)
    assert (province.signed_minor, province.paid_minor, province.late_minor) == (180, 160, 20)
    assert (province.late_since, province.default_since) == (date(2027, 2, 1), date(2027, 3, 1))


def test_the_open_accounts_tell_how_a_partner_pays_and_that_it_fails(db: Session, scene: Scene) -> None:
    signed = Signed(Source.PROVINCE, "Province X", 50_000_000, date(2027, 1, 4), "C7")
    agreement = treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
    (line,) = queries.lines_of(db, scene.project.id)
    treasury.receive(db, scene.treasurer, line, Payment(20_000_000, date(2027, 3, 2), "OV 1"), key="r")
    dues = [(date(2027, 3, 1), 30_000_000), (date(2027, 9, 1), 20_000_000)]
    partners.schedule(db, scene.treasurer, agreement, dues)
    (found,) = opened(db, scene).partners
    assert (found.signed_minor, found.paid_minor, found.late_minor) == (50_000_000, 20_000_000, 10_000_000)
    assert (found.late_since, found.default_since) == (date(2027, 3, 1), None)
    partners.say(db, scene.treasurer, agreement, PartnerAct.DEFAULT, day=date(2027, 4, 1), words="Letter 3")
    assert opened(db, scene).partners[0].default_since == date(2027, 4, 1)
    partners.say(db, scene.treasurer, agreement, PartnerAct.RESUMED, day=date(2027, 4, 2), words="Letter 4")
    assert opened(db, scene).partners[0].default_since is None


def test_a_rate_that_moved_shows_as_a_difference_and_dirhams_never_do(db: Session, scene: Scene) -> None:
    promise = pledged(db, scene)
    pledged(db, scene, key="m", unit="MAD", amount=70_000)
    treasury.enter_rate(db, scene.treasurer, scene.commune, Quote("EUR", "11", date(2027, 4, 10), "Bank Al-Maghrib"))
    line = queries.find_line(db, scene.commune.id, promise.line_id)
    paid = Payment(20_000, date(2027, 4, 11), "OV 2", unit="EUR")
    treasury.receive_promise(db, scene.treasurer, line, promise, payment=paid, key="e")
    (euro,) = opened(db, scene).exchanges
    assert (euro.unit, euro.received_minor) == ("EUR", 20_000)
    assert (euro.promised_dirhams, euro.received_dirhams, euro.difference) == (216_000, 220_000, 4_000)


def test_a_called_promise_is_overdue_after_its_day_and_before_it_is_not(db: Session, scene: Scene) -> None:
    payee = payees.enter_account(db, scene.treasurer, scene.commune, account(), key="a")
    promise = pledged(db, scene, unit="MAD", amount=70_000)
    payees.call(db, scene.treasurer, promise, Calling(payee, today() + timedelta(days=10)), key="c")
    before = opened(db, scene)
    with clock.held_at(today() + timedelta(days=11)):
        after = opened(db, scene)
    assert (before.overdue, before.overdue_minor) == (0, 0)
    assert (after.overdue, after.overdue_minor, after.expired) == (1, 70_000, 0)


def _placed(db: Session, scene: Scene, *places: Locality) -> None:
    for place in places:
        keep(
            db,
            ProposalPlace(commune_id=scene.commune.id, proposal_id=scene.project.proposal_id, locality_id=place.id),
        )


def test_a_project_of_three_douars_counts_in_equal_parts_that_sum_exactly(db: Session, scene: Scene) -> None:
    pledged(db, scene, unit="MAD", amount=10_000)
    assert opened(db, scene).places[None].pledged == 10_000
    douars = [make_locality(db, scene.commune) for _ in range(3)]
    _placed(db, scene, *douars)
    found = opened(db, scene)
    assert sorted(found.places[douar.id].pledged for douar in douars) == [3333, 3333, 3334]
    assert sum(part.sought for part in found.places.values()) == found.whole.sought


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_everybody_reads_it_on_the_page_of_the_commune_and_of_the_project(
    browser: Browser, db: Session, scene: Scene, language: str
) -> None:
    signed = Signed(Source.PROVINCE, "Province X", 50_000_000, date(2027, 1, 4), "C7")
    agreement = treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
    partners.schedule(db, scene.treasurer, agreement, [(date(2027, 3, 1), 50_000_000)])
    place = make_locality(db, scene.commune)
    _placed(db, scene, place)
    pledged(db, scene, unit="MAD", amount=10_000)
    db.commit()
    for address in ("", f"projects/{scene.project.number}/spent"):
        text = browser.get(f"/{language}/tirsal/accounts/{address}").text
        assert "Province X" in text
        assert "500 000" in text.replace("\u202f", " ").replace("\xa0", " ").replace(",", " ")
        assert "Salma" not in text
    assert place.name.in_(language)[0] in browser.get(f"/{language}/tirsal/accounts/").text
