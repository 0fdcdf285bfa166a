"""Paper promises: counted before they are read, read twice by two people, one reference, a private list."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import ClubShare, Pledge, PromiseBatch, PromiseReading
from cdp.funding.queries import villages as reads
from cdp.funding.queries.conditions import conditions
from cdp.funding.rules.paper import read_shares
from cdp.funding.services import payees, promises, villages
from cdp.funding.services.payees import Calling
from cdp.funding.services.villages import Counted
from cdp.funding.states import ConditionKind
from cdp.jobs.books import prove
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.people.actor import Actor
from cdp.people.models import Person
from cdp.people.states import Role
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_group, make_official, make_person, make_resident
from tests.funding.money_scene import UNTIL, Scene, make_scene, pledged, promise
from tests.funding.test_statement_services import account

LINES = "Fatima Ait ; 200\nBrahim Ou ; 150,50\nx ; no signature\n"


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


@pytest.fixture
def facilitator(db: Session, scene: Scene) -> Actor:
    return actor_of(db, make_official(db, scene.commune, Role.FACILITATOR))


@pytest.fixture
def counted(db: Session, scene: Scene) -> Counted:
    keeper = make_resident(db, scene.commune, name="Itto")
    group = make_group(db, scene.commune, keeper, make_resident(db, scene.commune))
    return Counted(group.id, keeper.id, 3, 35_050, UNTIL, without_scan="No telephone there")


def opened(db: Session, scene: Scene, counted: Counted) -> PromiseBatch:
    made = villages.open_batch(db, scene.officer, scene.project, counted, key="b")
    return reads.find_batch(db, scene.commune.id, made.id)


def test_two_readings_that_agree_make_one_promise_with_a_private_list(
    browser: Browser, db: Session, scene: Scene, facilitator: Actor, counted: Counted
) -> None:
    batch = opened(db, scene, counted)
    assert villages.open_batch(db, scene.officer, scene.project, counted, key="b") is batch
    assert villages.read(db, scene.officer, batch, LINES) is False
    assert villages.read(db, facilitator, batch, LINES.replace("150,50", "150.50")) is True
    made = db.scalars(select(Pledge)).one()
    assert (made.person_id, made.group_id, made.amount_minor) == (counted.keeper_id, counted.group_id, 35_050)
    assert [share.name for share in db.scalars(select(ClubShare).order_by(ClubShare.id))] == ["Fatima Ait", "Brahim Ou"]
    assert batch.lines == ["", "", "no signature"]
    assert queries.money_sheet(db, scene.project, today()).pledged == Money(35_050)
    assert prove(db, scene.commune.id, today()).broken == ()
    db.commit()
    at = f"/fr/tirsal/paper-promises/shares/{made.id}"
    for who, status in ((counted.keeper_id, 200), (scene.treasurer.known(), 200), (scene.officer.known(), 404)):
        browser.sign_in(who)
        page = browser.get(at, status=status).text
        assert ("Fatima Ait" in page) is (status == 200)
    browser.sign_out()
    assert "Fatima" not in browser.get(f"/fr/tirsal/projects/{scene.project.number}").text


@pytest.mark.parametrize(("others", "holds"), [(2, True), (3, False)])
def test_each_person_of_the_private_list_counts_where_others_are_waited_for(
    db: Session, scene: Scene, facilitator: Actor, counted: Counted, others: int, holds: bool
) -> None:
    waits = pledged(db, scene, unit="MAD", condition=ConditionKind.OTHERS_JOIN, condition_count=others)
    assert conditions(db, scene.project.id, today()).waits(waits.id)
    batch = opened(db, scene, counted)
    villages.read(db, scene.officer, batch, LINES)
    villages.read(db, facilitator, batch, LINES)
    assert conditions(db, scene.project.id, today()).waits(waits.id) is not holds
    payee = payees.enter_account(db, scene.treasurer, scene.commune, account(), key="a")
    calling, pledge = Calling(payee, today()), queries.find_pledge(db, scene.commune.id, waits.id)
    if holds:
        payees.call(db, scene.treasurer, pledge, calling, key="c")
    else:
        with pytest.raises(RuleBroken, match="condition_not_met"):
            payees.call(db, scene.treasurer, pledge, calling, key="c")
    assert prove(db, scene.commune.id, today()).broken == ()


def test_a_difference_is_settled_by_lines_that_one_of_the_two_read(
    db: Session, scene: Scene, facilitator: Actor, counted: Counted
) -> None:
    batch = opened(db, scene, counted)
    villages.read(db, scene.officer, batch, LINES)
    other = LINES.replace("Brahim Ou", "Brahim Oul")
    assert villages.read(db, facilitator, batch, other) is False
    assert reads.differing(db, batch.id) == [2]
    with pytest.raises(RuleBroken, match="line_unclear"):
        villages.settle(db, scene.officer, batch, LINES.replace("Brahim Ou", "Ali"))
    villages.settle(db, scene.officer, batch, other)
    assert [share.name for share in db.scalars(select(ClubShare).order_by(ClubShare.id))][1] == "Brahim Oul"
    assert "Fatima" not in str([reading.lines for reading in db.scalars(select(PromiseReading))])


def test_one_person_reads_once_and_only_who_enters_paper_here(
    db: Session, scene: Scene, facilitator: Actor, counted: Counted
) -> None:
    batch = opened(db, scene, counted)
    villages.read(db, scene.officer, batch, LINES)
    with pytest.raises(RuleBroken, match="read_before"):
        villages.read(db, scene.officer, batch, LINES)
    with pytest.raises(RuleBroken, match="one_reading"):
        villages.settle(db, scene.officer, batch, LINES)
    for who in (scene.member, scene.treasurer, scene.president):
        with pytest.raises(Refused):
            villages.read(db, who, batch, LINES)
    villages.read(db, facilitator, batch, LINES)
    with pytest.raises(RuleBroken, match="read_twice"):
        villages.read(db, facilitator, batch, LINES)


@pytest.mark.parametrize(
    ("over", "key"),
    [
        ({"sheets": 0}, "paper_totals"),
        ({"total_minor": 0}, "paper_totals"),
        ({"until": today() - timedelta(days=1000)}, "until_in_the_past"),
        ({"keeper_id": 0}, "keeper_does_not_speak"),
        ({"without_scan": " "}, "paper_scan_or_reason"),
        ({"unit": "USD"}, "no_rate_today"),
    ],
)
def test_a_batch_begins_with_totals_and_who_speaks_for_the_group(
    db: Session, scene: Scene, counted: Counted, over: dict[str, object], key: str
) -> None:
    wrong = Counted(**{**vars(counted), **over})  # type: ignore[arg-type]
    with pytest.raises(RuleBroken, match=key):
        villages.open_batch(db, scene.officer, scene.project, wrong, key="x")
    with pytest.raises(Refused):
        villages.open_batch(db, actor_of(db, make_person(db)), scene.project, counted, key="y")


def test_a_club_abroad_promises_on_paper_in_its_currency_at_the_rate_of_the_day(
    db: Session, scene: Scene, facilitator: Actor, counted: Counted
) -> None:
    batch = opened(db, scene, replace(counted, unit="EUR"))
    for who in (scene.officer, facilitator):
        villages.read(db, who, batch, LINES)
    made = db.scalars(select(Pledge)).one()
    assert (made.unit, made.amount_minor) == ("EUR", 35_050)
    assert queries.money_sheet(db, scene.project, today()).pledged == Money(35_050 * 1080 // 100)
    assert prove(db, scene.commune.id, today()).broken == ()


def test_who_of_the_list_has_given_is_seen_by_who_gathers_alone(
    browser: Browser, db: Session, scene: Scene, facilitator: Actor, counted: Counted
) -> None:
    batch = opened(db, scene, counted)
    for who in (scene.officer, facilitator):
        villages.read(db, who, batch, LINES)
    made, share = db.scalars(select(Pledge)).one(), db.scalars(select(ClubShare).order_by(ClubShare.id)).first()
    assert share is not None
    keeper = actor_of(db, db.get_one(Person, counted.keeper_id))
    for other in (scene.treasurer, scene.officer, scene.member):
        with pytest.raises(Refused):
            villages.mark_share(db, other, made, share.id, paid_on=today())
    with pytest.raises(NotFound):
        villages.mark_share(db, keeper, made, share.id + 99, paid_on=today())
    with pytest.raises(RuleBroken, match="future"):
        villages.mark_share(db, keeper, made, share.id, paid_on=today() + timedelta(days=1))
    db.commit()
    address = f"/en/tirsal/paper-promises/shares/{made.id}"
    browser.sign_in(counted.keeper_id)
    assert "not yet given" in browser.get(address).text
    page = browser.follow(browser.post(f"{address}/{share.id}", form_at=address, on=str(today()))).text
    assert "Gathered so far" in page
    assert page.count("not yet given") == 1
    browser.sign_in(scene.treasurer.known())
    page = browser.get(address).text
    assert "Fatima Ait" in page
    assert "given" not in page.split("<main")[1].replace("A word given", "")
    browser.sign_in(counted.keeper_id)
    assert (
        browser.follow(browser.post(f"{address}/{share.id}", form_at=address, undo="1")).text.count("not yet given")
        == 2
    )
    assert queries.money_sheet(db, scene.project, today()).received == Money(0)


@pytest.fixture
def of_a_club(db: Session, scene: Scene) -> Pledge:
    """A promise of 350 dirhams that the member makes in the name of a group."""
    group = make_group(db, scene.commune, scene.person, make_resident(db, scene.commune))
    given = promise(35_000, "MAD", group_id=group.id)
    return promises.pledge(db, actor_of(db, scene.person), scene.project, given, key="club")


def test_who_promised_for_a_group_writes_its_private_list_until_somebody_has_given(
    browser: Browser, db: Session, scene: Scene, of_a_club: Pledge
) -> None:
    waits = pledged(db, scene, "other", unit="MAD", condition=ConditionKind.OTHERS_JOIN, condition_count=2)
    db.commit()
    at = f"/fr/tirsal/paper-promises/shares/{of_a_club.id}"
    browser.sign_in(scene.person.id)
    assert f"{at}/list" in browser.get("/fr/me/promises").text
    short = browser.post(f"{at}/list", lines="Fatima Ait ; 200\nBrahim Ou ; 100")
    assert "350" in short.text
    assert db.scalars(select(ClubShare)).all() == []
    db.commit()
    page = browser.follow(browser.post(f"{at}/list", lines="Fatima Ait ; 200\nBrahim Ou ; 150")).text
    assert page.count("pas encore") >= 2
    browser.follow(browser.post(f"{at}/list", lines="Itto Ait ; 350,00"))
    assert [share.name for share in db.scalars(select(ClubShare))] == ["Itto Ait"]
    assert conditions(db, scene.project.id, today()).waits(waits.id)
    share = db.scalars(select(ClubShare)).one()
    villages.mark_share(db, scene.member, of_a_club, share.id, paid_on=today())
    db.commit()
    assert f"{at}/list" not in browser.get(at).text
    with pytest.raises(RuleBroken, match="list_stands"):
        villages.list_members(db, scene.member, of_a_club, "Itto Ait ; 350")
    for who, status in ((scene.treasurer, 200), (scene.officer, 404)):
        browser.sign_in(who.known())
        browser.get(at, status=status)
        browser.get(f"{at}/list", status=404)


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("Fatima Ait ; 200", "list_does_not_sum"),
        ("Fatima Ait ; 350\nx ; no signature", "paper_line_unclear"),
        ("Fatima Ait 350", "paper_line_unclear"),
        (" \n", "paper_totals"),
    ],
)
def test_a_list_that_is_not_clear_or_does_not_make_the_promise_is_refused(
    db: Session, scene: Scene, of_a_club: Pledge, lines: str, key: str
) -> None:
    with pytest.raises(RuleBroken, match=key):
        villages.list_members(db, scene.member, of_a_club, lines)
    for other in (scene.treasurer, scene.officer):
        with pytest.raises(Refused):
            villages.list_members(db, other, of_a_club, "Fatima Ait ; 350")
    with pytest.raises(Refused):
        villages.list_members(db, scene.member, pledged(db, scene, "own", unit="MAD"), "Fatima Ait ; 500")


def test_a_list_from_signed_paper_is_not_written_anew(
    db: Session, scene: Scene, facilitator: Actor, counted: Counted
) -> None:
    batch = opened(db, scene, counted)
    for who in (scene.officer, facilitator):
        villages.read(db, who, batch, LINES)
    keeper = actor_of(db, db.get_one(Person, counted.keeper_id))
    with pytest.raises(RuleBroken, match="list_stands"):
        villages.list_members(db, keeper, db.scalars(select(Pledge)).one(), "Fatima Ait ; 350,50")


def test_a_batch_is_opened_in_a_page_without_a_scan_for_a_reason(
    browser: Browser, db: Session, scene: Scene, counted: Counted
) -> None:
    db.commit()
    browser.sign_in(scene.officer.known())
    address = f"/fr/tirsal/paper-promises/projects/{scene.project.number}"
    form = {"whose": f"{counted.group_id}:{counted.keeper_id}", "sheets": "3", "total": "350,50", "unit": "EUR"}
    form |= {"until": str(UNTIL)}
    assert "copie du papier" in browser.post(address, **form).text
    page = browser.follow(browser.post(address, **form, without_scan="Pas de téléphone")).text
    assert "Pas de téléphone" in page
    assert "€" in page or "EUR" in page


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (LINES + "Ali ; 5\n", "paper_lines_differ"),
        (LINES.replace("200", "201"), "paper_total_differs"),
        (LINES.replace("200", "deux cents"), "paper_line_unclear"),
        (LINES.replace("; 200", ""), "paper_line_unclear"),
        (LINES.replace("x ; no signature", "x ;"), "paper_line_unclear"),
    ],
)
def test_what_does_not_agree_with_the_count_is_refused_with_its_line(text: str, key: str) -> None:
    with pytest.raises(RuleBroken, match=key):
        read_shares(text, sheets=3, total=Money(35_050))


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_lines_written_out_are_read_back_whole(amounts: list[int]) -> None:
    text = "\n".join(f"Person {i} ; {a // 100}.{a % 100:02d}" for i, a in enumerate(amounts))
    shares = read_shares(text, sheets=len(amounts), total=Money(sum(amounts)))
    assert [share.amount_minor for share in shares] == amounts
