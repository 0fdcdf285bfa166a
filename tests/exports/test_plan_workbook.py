"""The workbook as a spreadsheet program sees it: its sums live, right, and those of the plan's page."""

import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from sqlalchemy.orm import Session

from tests.browser_of_pages import Browser
from tests.exports.plan_books import make_adopted

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PLACE = re.compile(r"([A-Z]+)(\d+)")
Cells = dict[str, tuple[str, str]]
"""Formula (or "") and the value kept in the file, by place."""


def sheets(data: bytes) -> Iterator[tuple[ElementTree.Element, Cells]]:
    """The sheets of a workbook: their view, their cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = sorted(name for name in packed.namelist() if name.startswith("xl/worksheets/sheet"))
        for name in sorted(names, key=lambda each: int(re.findall(r"\d+", each)[0])):
            root = ElementTree.fromstring(packed.read(name))
            cells = {
                cell.attrib["r"]: (cell.findtext(f"{MAIN}f") or "", cell.findtext(f"{MAIN}v") or "")
                for cell in root.iter(f"{MAIN}c")
                if cell.get("t") != "s"
            }
            view = root.find(f"{MAIN}sheetViews/{MAIN}sheetView")
            assert view is not None
            yield view, cells


def number(letters: str) -> int:
    """The number of a column."""
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found


def evaluated(cells: Cells, place: str) -> Decimal:
    """A cell reckoned anew from the cells it sums, never from what the file says of it."""
    formula, value = cells.get(place, ("", ""))
    if not formula:
        return Decimal(value or 0)
    (first, top), (last, bottom) = PLACE.findall(re.fullmatch(r"SUM\((.+)\)", formula)[1])  # type: ignore[index]
    within = (
        each
        for each in cells
        if number(first) <= number(PLACE.findall(each)[0][0]) <= number(last)
        and int(top) <= int(PLACE.findall(each)[0][1]) <= int(bottom)
    )
    return sum((evaluated(cells, each) for each in within), Decimal(0))


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_total_is_a_live_sum_that_agrees_with_its_value_and_with_the_page(
    browser: Browser, db: Session, language: str
) -> None:
    make_adopted(db)
    found = list(sheets(browser.get(f"/{language}/tirsal/2028/plan/1/plan.xlsx").data))
    assert {view.get("rightToLeft") for view, _cells in found} == {"1" if language == "ar" else None}
    sums = [(cells, place) for _view, cells in found for place, (formula, _value) in cells.items() if formula]
    for cells, place in sums:
        assert evaluated(cells, place) == Decimal(cells[place][1]), place
    assert len(sums) > 20
    programme = found[0][1]
    last = max(int(PLACE.findall(place)[0][1]) for place in programme)
    whole = [place for place, (formula, _value) in programme.items() if formula and place.endswith(str(last))]
    totals = [evaluated(programme, place) for place in whole]
    assert totals[-1] == sum(totals[:-1]) == Decimal("700050")
    assert programme[whole[-1]][0].startswith("SUM(")
    page = browser.get(f"/{language}/tirsal/2028/plan/").text
    shown = re.findall(r"<td[^>]*>(?:<[^>]+>)*([\d.,\u202f\u00a0]+)", page.partition("<tfoot")[2].partition("</tr>")[0])
    assert [int(each) for each in shown if each != "0"] == [round(each / 1000) for each in totals if each]


def test_a_changed_amount_changes_the_totals_of_its_row_and_of_its_year(browser: Browser, db: Session) -> None:
    make_adopted(db)
    _view, cells = next(sheets(browser.get("/fr/tirsal/2028/plan/1/plan.xlsx").data))
    sums = {place: evaluated(cells, place) for place, (formula, _value) in cells.items() if formula}
    changed = next(place for place, (formula, value) in cells.items() if not formula and value == "400000")
    cells[changed] = ("", "400001")
    after = {place: evaluated(cells, place) for place in sums}
    assert sorted(after[place] - sums[place] for place in sums if after[place] != sums[place]) == [1, 1, 1]
