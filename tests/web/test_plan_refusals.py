"""What cannot be meant about a plan is refused or flagged in the reader's language, and nothing of it is kept."""

import io
from collections.abc import Mapping
from html import unescape

import pypdf
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.communes.queries import find
from cdp.jobs import fits
from cdp.kernel.clock import today
from cdp.programme import services
from cdp.programme.models import CouncilAct, FitRun, PartnerShare, PlanLine, PlanVersion
from cdp.programme.rules.votes import Vote
from cdp.proposals.models import Proposal
from cdp.review.models import CostEstimate
from cdp.rounds.models import Charter
from cdp.rounds.states import Phase
from cdp.store.engine import Store
from tests.browser.words import HOLE, said
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_commune, make_official
from tests.programme.rounds import in_phase_of, make_programming

LANGUAGES = ("ar", "fr", "en")
PLAN = "/{language}/tirsal/2028/plan"
KEPT = (PlanVersion, PlanLine, PartnerShare, CouncilAct, Charter)


@pytest.fixture
def asked(db: Session, browser: Browser) -> list[Proposal]:
    """Three proposals of a commune that programmes, the last without a cost; its officer has drafted the plan."""
    commune = make_commune(db, slug="tirsal")
    round_, proposals, officer = make_programming(db, 400_000, 300_000, None, commune=commune)
    services.draft_plan(db, officer, round_)
    db.commit()
    browser.sign_in(officer.known())
    return proposals


def kept(db: Session) -> list[tuple[int, object]]:
    """How many rows each table of the plan has, and its last number."""
    db.rollback()
    return [tuple(db.execute(select(func.count(), func.max(table.id))).one()) for table in KEPT]


def refused(browser: Browser, db: Session, address: str, sent: Mapping[str, str], key: str) -> None:
    """Told in three languages, and not one row more."""
    before = kept(db)
    for language in LANGUAGES:
        page = unescape(browser.post(address.format(language=language), **sent).text)
        missing = [piece for piece in HOLE.split(said(key, language)) if piece.strip() not in page]
        assert not missing, (language, missing)
    assert kept(db) == before


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ({"source_1": "indh", "amount_1": "500 000"}, "programme.shares_above_cost"),
        ({"source_1": "indh", "amount_1": "1 000 EUR"}, "money.not_an_amount"),
        ({"source_1": "indh", "amount_1": "0"}, "programme.share_not_positive"),
        ({"source_1": "indh", "amount_1": "900", "year_1_1": "400"}, "programme.share_years_sum"),
    ],
    ids=["more than the cost", "in euros", "nothing", "years that do not sum"],
)
def test_shares_that_cannot_be_are_refused(
    browser: Browser, db: Session, asked: list[Proposal], sent: Mapping[str, str], key: str
) -> None:
    refused(browser, db, f"{PLAN}/shares/{asked[0].number}", {"sureness_1": "promised"} | sent, key)


def test_what_has_no_cost_is_not_held_in(browser: Browser, db: Session, asked: list[Proposal]) -> None:
    sent = {"pin": "pinned", "reason": "On le veut quand même."}
    refused(browser, db, f"{PLAN}/lines/{asked[2].number}", sent, "programme.no_cost")


def test_an_envelope_in_another_currency_is_no_amount(browser: Browser, db: Session, asked: list[Proposal]) -> None:
    assert asked
    refused(
        browser, db, "/{language}/tirsal/rounds/2028/charter", {"money_own_2028": "1 000 EUR"}, "money.not_an_amount"
    )


def test_a_visa_before_the_vote_and_more_votes_than_the_council_are_refused(
    browser: Browser, db: Session, asked: list[Proposal]
) -> None:
    assert asked
    browser.post("/fr/tirsal/2028/plan/1/submit", form_at="/fr/tirsal/2028/plan/edit")
    with in_phase_of(Phase.COUNCIL):
        visa = {"word": "visa", "on": str(today()), "reference": "1/2027"}
        refused(browser, db, f"{PLAN}/1/visa", visa, "programme.visa_before_vote")
        vote = {"word": "adopt", "on": str(today()), "votes_for": "16", "votes_against": "2", "abstentions": "0"}
        refused(browser, db, f"{PLAN}/1/vote", vote, "programme.more_votes_than_council")


def test_the_office_is_told_from_which_day_on_a_vote_is_written_down(
    browser: Browser, db: Session, asked: list[Proposal]
) -> None:
    assert asked
    browser.post("/fr/tirsal/2028/plan/1/submit", form_at="/fr/tirsal/2028/plan/edit")
    vote = {"word": "adopt", "on": str(today()), "votes_for": "12", "votes_against": "2", "abstentions": "0"}
    refused(browser, db, f"{PLAN}/1/vote", vote, "programme.not_these_days")


def test_costs_in_another_years_prices_are_flagged_before_the_plan_is_submitted(
    browser: Browser, db: Session, asked: list[Proposal]
) -> None:
    page = "/{language}/tirsal/2028/plan/edit"
    told = "Most costs are in the prices of %(year)s, these are not: %(numbers)s. Cost them anew: nothing is converted."
    for language in LANGUAGES:
        assert said(told, language)[:12] not in unescape(browser.get(page.format(language=language)).text)
    one = db.scalars(select(CostEstimate).where(CostEstimate.proposal_id == asked[1].id)).one()
    values = {name: getattr(one, name) for name in CostEstimate.__table__.columns.keys() if name != "id"}  # noqa: SIM118
    db.add(CostEstimate(**values | {"version": 2, "price_year": 2024}))
    db.commit()
    for language in LANGUAGES:
        text = unescape(browser.get(page.format(language=language)).text)
        assert said(told, language, year=2027, numbers=f"{asked[1].number} (2024)") in text


def test_a_plan_half_translated_says_so_where_it_is_taken_away(
    browser: Browser, db: Session, asked: list[Proposal]
) -> None:
    from cdp.kernel.words import Words

    asked[0].title, asked[1].title = Words(fr="Puits", ar="بئر", en="Well"), Words(fr="Piste", ar="مسلك")
    asked[2].title = Words(fr="École", ar="مدرسة")
    db.commit()
    browser.post("/fr/tirsal/2028/plan/1/submit", form_at="/fr/tirsal/2028/plan/edit")
    told = (
        "Titles that are not in this language: %(number)s. They stand in the language they were written in, "
        "here and in the files."
    )
    assert told % {"number": "<bdi>2</bdi>"} in unescape(browser.get("/en/tirsal/2028/plan/").text)
    document = pypdf.PdfReader(io.BytesIO(browser.get("/en/tirsal/2028/plan/1/plan.pdf").data))
    assert "texts that people wrote are not in this language" in " ".join(
        "".join(page.extract_text() for page in document.pages[:5]).split()
    )
    for language in ("fr", "ar"):
        assert said(told, language)[:15] not in unescape(browser.get(f"/{language}/tirsal/2028/plan/").text)


def test_conditions_that_contradict_one_another_are_named_by_the_fewest_and_nothing_is_kept(
    browser: Browser, db: Session, store: Store, asked: list[Proposal]
) -> None:
    first, second = asked[:2]
    for proposal, year in ((first, "2028"), (second, "2029")):
        sent = {"pin": "moved", "year": year, "reason": "Promis."}
        browser.follow(browser.post(f"/fr/tirsal/2028/plan/lines/{proposal.number}", **sent))
    browser.post("/fr/tirsal/2028/plan/conditions/", form_at="/fr/tirsal/2028/plan/conditions/", staff_2="0")
    before = kept(db)
    page = "/fr/tirsal/2028/plan/best/"
    browser.post(f"{page}ask", form_at=page, kind="best", seconds="10", form_key="k1")
    db.rollback()
    fits.find_best(store)
    run = db.scalars(select(FitRun)).one()
    assert [each["key"] for each in run.result["clash"]] == [
        "programme.condition.pin_year",
        "programme.clash.capacity",
    ]
    for language in LANGUAGES:
        text = unescape(browser.get(page.replace("/fr/", f"/{language}/")).text)
        assert said("These conditions contradict one another; one of them must give way:", language) in text
        assert str(second.number) in text
        assert "starts" not in run.result
    assert kept(db) == before


def test_nobody_records_a_vote_twice_as_another(browser: Browser, db: Session, asked: list[Proposal]) -> None:
    officer = actor_of(db, make_official(db, find(db, "tirsal")))
    version = db.scalars(select(PlanVersion)).one()
    services.submit(db, officer, version)
    with in_phase_of(Phase.COUNCIL):
        services.adopt(db, officer, version, Vote(today(), 14, 2, 1))
        db.commit()
        vote = {"word": "adopt", "on": str(today()), "votes_for": "13", "votes_against": "2", "abstentions": "1"}
        refused(browser, db, f"{PLAN}/1/vote", vote, "programme.act_recorded")
