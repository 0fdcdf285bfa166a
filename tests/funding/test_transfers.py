"""Money that goes from one project to another: by two above a threshold, in both books, with its givers."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import FundingLine, LedgerEntry
from cdp.funding.queries import spending as spent
from cdp.funding.queries import transfers as reads
from cdp.funding.queries.shares import added_by
from cdp.funding.queries.treasury_desk import waits_today
from cdp.funding.rules.ledger import Op
from cdp.funding.rules.match_funding import MatchRule, Sponsor
from cdp.funding.services import shares, spending, transfers, treasury
from cdp.funding.services.spending import Engagement
from cdp.funding.services.transfers import Wish
from cdp.funding.services.treasury import Payment
from cdp.jobs.books import prove
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.people.actor import NOBODY
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.rounds.models import Round
from cdp.rounds.states import Source
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_commune, make_official, make_project, make_round
from tests.funding.money_scene import Scene, make_scene, pledged

HELD = 3_000_000


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


@pytest.fixture
def other(db: Session, scene: Scene) -> Project:
    return make_project(db, db.get_one(Round, scene.project.round_id))


@pytest.fixture
def line(db: Session, scene: Scene) -> FundingLine:
    """The line of a promise of thirty thousand dirhams that came."""
    pledge = queries.find_pledge(db, scene.commune.id, pledged(db, scene, unit="MAD", amount=HELD).id)
    found = queries.find_line(db, scene.commune.id, pledge.line_id)
    paid = Payment(HELD, date(2027, 4, 2), "OV 1")
    treasury.receive_promise(db, scene.treasurer, found, pledge, payment=paid, key="r")
    return found


def wish(to: Project, amount: int = 2_000_000) -> Wish:
    return Wish(to, amount, "The well comes first", "Deliberation 7/2027")


def received(db: Session, project: Project) -> int:
    return queries.sheet_of(db, project, today(), queries.flows(db, [project.id]).get(project.id, {})).received.minor


def test_both_books_show_it_under_one_link_and_hold(
    db: Session, scene: Scene, line: FundingLine, other: Project
) -> None:
    asked = transfers.ask(db, scene.officer, line, wish(other), key="k")
    assert transfers.ask(db, scene.officer, line, wish(other), key="k") is asked
    out = transfers.carry_out(db, scene.treasurer, asked, today())
    pair = db.scalars(select(LedgerEntry).where(LedgerEntry.linked == out.linked).order_by(LedgerEntry.sequence)).all()
    assert [(each.op, each.project_id, each.amount_minor) for each in pair] == [
        (Op.TRANSFER_OUT, scene.project.id, 2_000_000),
        (Op.TRANSFER_IN, other.id, 2_000_000),
    ]
    assert (received(db, scene.project), received(db, other)) == (1_000_000, 2_000_000)
    assert [(row.comes_in, row.number) for row in reads.transfers(db, scene.commune.id, other.id)] == [
        (True, scene.project.number)
    ]
    goal = db.get_one(FundingLine, asked.to_line_id)
    assert (goal.source, goal.party) == (line.source, line.party), "the money keeps its source"
    assert prove(db, scene.commune.id, today()).broken == ()


def test_a_giver_s_money_is_followed_into_the_other_project_and_back(
    db: Session, scene: Scene, line: FundingLine, other: Project
) -> None:
    asked = transfers.ask(db, scene.officer, line, wish(other), key="k")
    out = transfers.carry_out(db, scene.treasurer, asked, today())
    goal = db.get_one(FundingLine, asked.to_line_id)
    paid = Payment(500_000, today(), "OV 2")
    treasury.spend(db, scene.treasurer, goal, paid, key="s")
    pledge = db.scalars(select(LedgerEntry.pledge_id).where(LedgerEntry.pledge_id.is_not(None))).first()
    assert pledge is not None
    built = spent.built_by(db, scene.commune.id, scene.project.id, [pledge])
    assert [each.amount_minor for each in built[pledge]] == [500_000]
    with pytest.raises(RuleBroken, match="already_used"):
        treasury.reverse(db, scene.treasurer, scene.project, out, "The well is dry")


def test_it_is_taken_back_on_both_sides(db: Session, scene: Scene, line: FundingLine, other: Project) -> None:
    asked = transfers.ask(db, scene.officer, line, wish(other), key="k")
    out = transfers.carry_out(db, scene.treasurer, asked, today())
    treasury.reverse(db, scene.treasurer, scene.project, out, "The well is dry")
    assert (received(db, scene.project), received(db, other)) == (HELD, 0)
    assert [row.is_taken_back for row in reads.transfers(db, scene.commune.id, scene.project.id)] == [True]
    treasury.spend(db, scene.treasurer, line, Payment(600_000, today(), "OV 3"), key="s")
    pledge = db.scalars(select(LedgerEntry.pledge_id).where(LedgerEntry.pledge_id.is_not(None))).first()
    assert pledge is not None
    assert sum(each.amount_minor for each in spent.built_by(db, scene.commune.id, scene.project.id, [pledge])[pledge])
    assert prove(db, scene.commune.id, today()).broken == ()


def test_above_the_threshold_who_asked_does_not_carry_it_out(
    db: Session, scene: Scene, line: FundingLine, other: Project
) -> None:
    asked = transfers.ask(db, scene.treasurer, line, wish(other), key="k")
    with pytest.raises(RuleBroken, match="second_person_is_the_first"):
        transfers.carry_out(db, scene.treasurer, asked, today())
    second = actor_of(db, make_official(db, scene.commune, Role.TREASURER))
    transfers.carry_out(db, second, asked, today())
    with pytest.raises(RuleBroken, match="step_was_taken"):
        transfers.carry_out(db, second, asked, today())
    small = transfers.ask(db, scene.treasurer, line, wish(other, 100), key="small")
    transfers.carry_out(db, scene.treasurer, small, today())


def test_what_is_engaged_or_asked_for_does_not_leave(
    db: Session, scene: Scene, line: FundingLine, other: Project
) -> None:
    spending.engage(db, scene.officer, line, Engagement("A", "Pipes", "BC 1", 1_500_000, today()), key="e")
    with pytest.raises(RuleBroken, match="not_enough_held"):
        transfers.ask(db, scene.officer, line, wish(other), key="k")
    waits = transfers.ask(db, scene.officer, line, wish(other, 1_000_000), key="l")
    with pytest.raises(RuleBroken, match="not_enough_held"):
        transfers.ask(db, scene.officer, line, wish(other, 600_000), key="m")
    spending.engage(db, scene.officer, line, Engagement("B", "Stones", "BC 2", 1_000_000, today()), key="f")
    with pytest.raises(RuleBroken, match="not_enough_held"):
        transfers.carry_out(db, scene.treasurer, waits, today())


def test_what_does_not_fit_is_refused(db: Session, scene: Scene, line: FundingLine, other: Project) -> None:
    elsewhere = make_project(db, make_round(db, make_commune(db)))
    for asked, why in (
        (wish(scene.project), "transfer_elsewhere"),
        (wish(elsewhere), "transfer_elsewhere"),
        (wish(other, 0), "amount_not_positive"),
        (Wish(other, 1, " ", "PV"), "reason_missing"),
        (Wish(other, 1, "x", " "), "evidence_missing"),
    ):
        with pytest.raises(RuleBroken, match=why):
            transfers.ask(db, scene.officer, line, asked, key=why)
    made = transfers.ask(db, scene.officer, line, wish(other), key="k")
    with pytest.raises(Conflict):
        transfers.ask(db, scene.officer, line, wish(other, 5), key="k")
    with pytest.raises(RuleBroken, match="day_in_the_future"):
        transfers.carry_out(db, scene.treasurer, made, today() + timedelta(days=1))


def test_only_the_office_of_the_commune_asks_and_only_its_treasurer_carries_out(
    db: Session, scene: Scene, line: FundingLine, other: Project
) -> None:
    stranger = actor_of(db, make_official(db, make_commune(db), Role.TREASURER))
    made = transfers.ask(db, scene.officer, line, wish(other, 100), key="k")
    for who in (scene.member, scene.president, stranger, NOBODY):
        with pytest.raises(Refused):
            transfers.ask(db, who, line, wish(other, 100), key="n")
    for who in (scene.member, scene.president, scene.officer, stranger, NOBODY):
        with pytest.raises(Refused):
            transfers.carry_out(db, who, made, today())


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_it_is_asked_and_carried_out_by_pages_and_everybody_reads_it(
    browser: Browser, db: Session, scene: Scene, line: FundingLine, other: Project, language: str
) -> None:
    db.commit()
    at = f"/{language}/tirsal/treasury/projects/{scene.project.number}/transfers"
    browser.sign_in(scene.officer.known())
    sent = {"place": f"line:{line.id}", "project": other.number, "reason": "The well", "decision": "PV 7"}
    assert "20.001,5" in browser.post(f"{at}/new", amount="20.001,5x", **sent).text
    browser.follow(browser.post(f"{at}/new", amount="20 000", **sent))
    (row,) = reads.transfers(db, scene.commune.id, scene.project.id)
    assert waits_today(db, scene.commune.id, today()).transfers == 1
    browser.get(f"{at}/{row.id}/done", status=403)
    browser.sign_in(scene.treasurer.known())
    assert "The well" in browser.get(f"{at}/").text
    browser.follow(browser.post(f"{at}/{row.id}/done", on=today().isoformat()))
    for project, shown in ((scene.project, other), (other, scene.project)):
        page = browser.get(f"/{language}/tirsal/accounts/projects/{project.number}/spent").text
        assert "The well" in page
        assert shown.number in page


def test_money_from_another_project_brings_nothing_of_a_sponsor_again(
    db: Session, scene: Scene, line: FundingLine, other: Project
) -> None:
    sponsor = Sponsor(Source.REGION.value, "Conseil regional", MatchRule(1, 1, pool=9_000_000))
    values: dict[str, Any] = {"since": today(), "reason": "Convention 4", "key": "m"}
    shares.choose_match(db, scene.treasurer, other, sponsor, **values)
    asked = transfers.ask(db, scene.officer, line, wish(other), key="k")
    transfers.carry_out(db, scene.treasurer, asked, today())
    assert [amount for _sponsor, amount in added_by(db, other.id, today())] == [0]
