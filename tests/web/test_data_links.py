"""Each page that shows a list or money leads to the same as CSV and JSON, and every such link opens."""

import csv
import json
import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import now
from cdp.kernel.words import Words
from cdp.people.states import GroupKind, Role
from cdp.review.models import CostEstimate
from tests.browser_of_pages import Browser
from tests.factories import keep as flushed
from tests.factories import make_commune, make_group, make_official, make_project, make_proposal, make_round

DATA = re.compile(r'href="([^"]*(?:\.csv|\.json|\.xml|/api/v1/)[^"]*)"')


@pytest.fixture
def commune(db: Session) -> Commune:
    """A commune with a project under way, and a round that takes proposals, one of them costed."""
    made = make_commune(db, slug="tirsal")
    earlier = make_round(db, made, first_year=2022, last_year=2027)
    make_project(db, earlier, number="TZ-2022-001", proposal={"number": "TZ-2022-001"})
    proposal = make_proposal(db, make_round(db, made), number="TZ-2028-001")
    officer = make_official(db, made, Role.OFFICER)
    of = {"commune_id": made.id, "proposal_id": proposal.id, "estimated_by_id": officer.id, "capacity": "self"}
    for version, total in ((1, 999_900), (2, 123_456_700)):
        flushed(db, CostEstimate(**of, version=version, price_year=2027, total_minor=total, estimated_at=now()))
    make_group(db, made, name=Words(fr="Femmes de Tirsal", ar="نساء تيرسال"), kind=GroupKind.WOMENS_GROUP)
    db.commit()
    return made


PAGES = {
    "/2028/proposals": ("/fr/tirsal/2028/proposals.csv", "/api/v1/communes/tirsal/rounds/2028/proposals"),
    "/proposals/TZ-2028-001": ("/api/v1/communes/tirsal/proposals/TZ-2028-001",),
    "/rounds/": ("/fr/tirsal/rounds.csv", "/api/v1/communes/tirsal/rounds"),
    "/groups/": ("/fr/tirsal/groups.csv", "/api/v1/communes/tirsal/groups"),
    "/projects/": ("/fr/tirsal/projects.csv", "/api/v1/communes/tirsal/projects"),
    "/projects/TZ-2022-001": ("/fr/tirsal/money.csv", "/api/v1/communes/tirsal/projects/TZ-2022-001"),
    "/accounts/": ("/fr/tirsal/money.csv", "/api/v1/communes/tirsal/money"),
}
"""Page -> what it must lead to."""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_list_or_of_money_leads_to_its_csv_and_json(
    browser: Browser, app: Flask, commune: Commune, page: str
) -> None:
    found = DATA.findall(browser.get(f"/fr/tirsal{page}").text)
    assert set(PAGES[page]) <= {link.partition("?")[0] for link in found}, found


@pytest.mark.parametrize("page", [*PAGES, "/about/open-data", "/2028/ranking/", "/2028/plan/", "/"])
def test_every_link_to_data_opens_and_is_what_it_says(browser: Browser, commune: Commune, page: str) -> None:
    answer = browser.client.get(f"/fr/tirsal{page}", follow_redirects=True)
    for link in set(DATA.findall(answer.text)):
        data = browser.client.get(link)
        assert data.status_code == 200, link
        if ".csv" in link and "schema" not in link:
            assert data.mimetype == "text/csv", link
        elif "xml" not in link:
            assert json.loads(data.text), link


def test_the_board_shows_the_cost_that_stands_once_it_is_worked_out(browser: Browser, commune: Commune) -> None:
    page = browser.get("/fr/tirsal/2028/proposals").text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "1 234 567 DH" in page
    assert "9 999 DH" not in page


def test_lists_of_communes_rounds_and_groups_say_the_same_as_csv_and_json(browser: Browser, commune: Commune) -> None:
    assert "/fr/communes.csv" in browser.get("/fr/").text
    assert "tirsal" in browser.client.get("/fr/communes.csv").text
    head, *rows = csv.reader(browser.client.get("/ar/tirsal/rounds.csv").text.removeprefix("\ufeff").splitlines())
    told = browser.client.get("/api/v1/communes/tirsal/rounds").json["items"]
    assert [row[0] for row in rows] == [str(each["first_year"]) for each in told] == ["2028", "2022"]
    assert len(head) == len(set(head)) == len(rows[0])
    _head, row = csv.reader(browser.client.get("/fr/tirsal/groups.csv").text.removeprefix("\ufeff").splitlines())
    (group,) = browser.client.get("/api/v1/communes/tirsal/groups").json["items"]
    assert (row[0], row[2], group["name"]["fr"]) == (str(group["id"]), "Femmes de Tirsal", "Femmes de Tirsal")
    assert not {"person", "persons", "people"} & group.keys()
