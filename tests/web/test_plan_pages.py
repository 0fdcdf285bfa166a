"""The programming table page by page: nothing of the plan is lost, and a page stays small."""

import re

import pytest
from sqlalchemy.orm import Session

from cdp.programme import services
from cdp.web.views.plan_figures import ROWS
from tests.browser_of_pages import Browser
from tests.factories import make_commune
from tests.programme.rounds import make_programming

PLAN = "/fr/tirsal/2028/plan/"
PROJECTS = 2 * ROWS + 1
HEAVIEST = 15_000


@pytest.fixture
def numbers(db: Session) -> set[str]:
    """A submitted plan of so many projects that it has three pages."""
    commune = make_commune(db, slug="tirsal")
    round_, proposals, officer = make_programming(db, *range(10_000, 10_000 + PROJECTS), commune=commune)
    proposals[0].sector = "roads"
    db.flush()
    services.submit(db, officer, services.draft_plan(db, officer, round_))
    db.commit()
    return {str(each.number) for each in proposals}


def shown(text: str) -> list[str]:
    """Projects of the table of a page."""
    table = text.partition("<tbody")[2].partition("</tbody>")[0]
    return re.findall(r'<th[^>]*><a href="[^"]*/proposals/([^"]+)"', table)


def test_all_pages_together_show_every_project_once_and_so_does_the_whole_table(
    browser: Browser, numbers: set[str]
) -> None:
    pages = [browser.get(f"{PLAN}?page={page}") for page in (1, 2, 3)]
    found = [number for page in pages for number in shown(page.text)]
    assert len(found) == len(numbers) == PROJECTS
    assert set(found) == numbers
    assert set(shown(browser.get(f"{PLAN}?whole=1").text)) == numbers
    assert max(len(page.data) for page in pages) < HEAVIEST
    totals = {page.text.partition("<tfoot")[2].partition("</tfoot>")[0] for page in pages}
    assert len(totals) == 1, "the sums are those of the whole plan on each page"
    browser.get(f"{PLAN}?page=4", status=404)
    browser.get(f"{PLAN}?page=0", status=404)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_projects_of_one_axis_stand_with_their_own_sum(browser: Browser, numbers: set[str], language: str) -> None:
    page = browser.get(f"/{language}/tirsal/2028/plan/?axis=roads").text
    (one,) = shown(page)
    assert one in numbers
    assert re.findall(r"<bdi>([\d.,]+)</bdi></td></tr>", page.partition("<tfoot")[2])[0] in {"10", "10.0", "10,0"}
    browser.get(f"/{language}/tirsal/2028/plan/?axis=nothing", status=404)
    assert "axis=roads" in browser.get(f"/{language}/tirsal/2028/plan/?view=place").text
