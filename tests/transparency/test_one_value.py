"""One value, many readers: after a milestone and a receipt, page, JSON and CSV say the same."""

import csv
import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from cdp.delivery import services as delivery
from cdp.delivery.rules import Planned, Report
from cdp.funding.queries import find_line
from cdp.funding.services import treasury
from cdp.funding.services.treasury import Payment, Signed
from cdp.kernel.words import Words
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.programme.states import ProjectState
from cdp.rounds.states import Source
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_commune, make_official, make_project, make_round


@pytest.fixture
def project(db: Session, tmp_path: Path) -> Project:
    commune = make_commune(db, slug="tirsal")
    made = make_project(db, make_round(db, commune), state=ProjectState.WORKS)
    officer = actor_of(db, make_official(db, commune))
    treasurer = actor_of(db, make_official(db, commune, Role.TREASURER))
    agreement = treasury.sign(
        db, treasurer, made, Signed(Source.PROVINCE, "=Province X", 50_000_000, date(2027, 3, 3), "C-7"), key="s"
    )
    line = find_line(db, commune.id, agreement.line_id)
    treasury.receive(db, treasurer, line, Payment(25_000_050, date(2027, 4, 2), "OV 12"), key="r")
    step = delivery.plan(db, officer, made, Planned(Words(fr="Piste ouverte", ar="فتح المسلك"), date(2027, 4, 1)))
    done = Report(date(2027, 4, 9), 2100, "km", Words(fr="Mesuré"), None)
    delivery.report(db, officer, made, step, report=done, picture=None)
    db.commit()
    return made


def rows_of(browser: Browser, address: str) -> list[dict[str, str]]:
    """A CSV file by the machine keys of its schema."""
    text = browser.client.get(address).data.decode("utf-8-sig")
    name = re.search(r"(\w+)\.csv", address)
    assert name
    room = address.split("/")[1:3]
    schema = browser.client.get("/" + "/".join(room) + f"/data/{name[1]}.schema.json").json
    keys = [field["key"] for field in schema["fields"]]
    titles, *lines = csv.reader(io.StringIO(text))
    assert titles == [field["name"] for field in schema["fields"]]
    return [dict(zip(keys, line, strict=True)) for line in lines]


def plain(amount: str) -> str:
    """``250 000,50 DH`` as machines write it."""
    digits = re.sub(r"[^\d,]", "", amount)
    whole, _, cents = digits.partition(",")
    return f"{whole}.{cents or '00'}"


def parts_of(page: str) -> dict[str, str]:
    """The four numbers under the money bar of a page, as machines write them."""
    key = page[page.index('<dl class="money__key">') :]
    amounts = re.findall(r'<dd class="amount"><bdi class="money">([^<]+)</bdi>', key)[:4]
    return dict(zip(("received", "committed", "pledged", "sought"), map(plain, amounts), strict=True))


def test_page_json_and_csv_say_the_same_money(browser: Browser, project: Project) -> None:
    on_page = parts_of(browser.get(f"/fr/tirsal/projects/{project.number}").text)
    told: Any = browser.client.get(f"/api/v1/communes/tirsal/projects/{project.number}").json
    listed: Any = browser.client.get("/api/v1/communes/tirsal/projects").json
    [row] = rows_of(browser, "/fr/tirsal/projects.csv")
    in_json = {part: told["money"][part]["amount"] for part in on_page}
    assert on_page == in_json == {part: row[part] for part in on_page}
    assert in_json == {"received": "250000.50", "committed": "249999.50", "pledged": "0.00", "sought": "1362000.00"}
    assert listed["items"][0]["money"] == told["money"]
    accounts = browser.client.get("/api/v1/communes/tirsal/money").json
    assert {part: accounts[part]["amount"] for part in on_page} == on_page
    assert parts_of(browser.get("/fr/tirsal/accounts/").text) == on_page


def test_page_json_and_csv_say_the_same_works(browser: Browser, project: Project) -> None:
    page = browser.get(f"/fr/tirsal/projects/{project.number}").text
    told: Any = browser.client.get(f"/api/v1/communes/tirsal/projects/{project.number}").json
    [row] = rows_of(browser, "/fr/tirsal/projects.csv")
    [step] = told["milestones"]
    assert (step["title"]["fr"], step["done_on"], step["quantity"], step["quantity_unit"]) == (
        "Piste ouverte",
        "2027-04-09",
        "2.1",
        "km",
    )
    assert (row["last_done"], row["last_done_on"], row["last_quantity"], row["last_unit"]) == (
        "Piste ouverte",
        "2027-04-09",
        "2.1",
        "km",
    )
    assert (row["milestones_planned"], row["milestones_done"]) == ("1", "1")
    assert told["last_done"] == step
    assert "Piste ouverte" in page
    assert 'datetime="2027-04-09"' in page
    assert "2,1</bdi> km" in page


def test_the_money_by_source_is_the_same_and_no_cell_is_a_formula(browser: Browser, project: Project) -> None:
    told: Any = browser.client.get(f"/api/v1/communes/tirsal/projects/{project.number}").json
    [row] = rows_of(browser, "/fr/tirsal/money.csv")
    [source] = told["money"]["rows"]
    assert {part: row[part] for part in ("planned", "pledged", "committed", "received", "spent")} == {
        part: source[part]["amount"] for part in ("planned", "pledged", "committed", "received", "spent")
    }
    assert row["party"] == "'=Province X"
    assert source["party"] == "=Province X"
    assert (source["name"], row["party_fr"], row["party_ar"]) == ({"fr": "=Province X"}, "'=Province X", "")


@pytest.mark.parametrize(("language", "title"), [("ar", "الرقم"), ("fr", "Numéro"), ("en", "Number")])
@pytest.mark.parametrize("name", ["2028/proposals", "projects", "money", "2028/marks"])
def test_each_list_is_a_file_in_the_language_of_the_page(
    browser: Browser, project: Project, language: str, title: str, name: str
) -> None:
    answer = browser.client.get(f"/{language}/tirsal/{name}.csv")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert answer.data.decode().startswith(f"\ufeff{title},")
    assert f"-{language}.csv" in answer.headers["Content-Disposition"]


def test_there_is_no_description_of_a_file_that_is_not(browser: Browser, project: Project) -> None:
    browser.get("/fr/tirsal/data/persons.schema.json", status=404)
    browser.get("/fr/nowhere/projects.csv", status=404)
    browser.get("/fr/tirsal/1999/proposals.csv", status=404)
