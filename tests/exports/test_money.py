import csv
import io
import json
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.__main__ import main
from cdp.config import settings
from cdp.exports.beancount import beancount_lines
from cdp.funding import queries
from cdp.funding.models import LedgerEntry
from cdp.funding.rules.ledger import Op
from cdp.funding.services import treasury
from cdp.funding.services.treasury import Payment, Signed
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.words import Words
from cdp.people.states import ShownAs
from cdp.programme.services import name_partner
from cdp.rounds.states import Source
from tests.browser_of_pages import Browser
from tests.funding.books import make_move, written
from tests.funding.money_scene import Scene, make_scene, pledged

ORDER = (
    "iati-identifier", "reporting-org", "title", "description", "participating-org", "activity-status",
    "activity-date", "recipient-country", "location", "sector", "budget", "transaction",
)  # fmt: skip
"""The order the schema of IATI 2.03 wants."""


READS = {"string": str, "integer": int, "year": int, "number": Decimal, "date": date.fromisoformat, "boolean": str}
"""How a cell of each kind of a Table Schema is read."""


@pytest.fixture
def scene(db: Session, database: str, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Salma promises 500 euros and sends 200; the province signs, pays half; a spending is taken back."""
    monkeypatch.setenv("CDP_DATABASE_URL", database)
    settings.cache_clear()
    made = make_scene(db)
    promise = pledged(db, made, shown_as=ShownAs.ANONYMOUS)
    pledged(db, made, key="h", unit="H", amount=720)
    line = queries.find_line(db, made.commune.id, promise.line_id)
    paid = Payment(20_000, date(2027, 4, 5), "OV 1", unit="EUR")
    treasury.receive_promise(db, made.treasurer, line, promise, payment=paid, key="e")
    signed = Signed(Source.PROVINCE, '=HYPERLINK("x")', 50_000_000, date(2027, 3, 3), "CONV-7/2027")
    treasury.sign(db, made.treasurer, made.project, signed, key="s")
    line = next(row for row in queries.lines_of(db, made.project.id) if row.source is Source.PROVINCE)
    treasury.receive(db, made.treasurer, line, Payment(25_000_000, date(2027, 4, 2), "OV 12"), key="r")
    treasury.spend(db, made.treasurer, line, Payment(10_000_000, date(2027, 4, 9), "FAC 3, PV 1"), key="p")
    treasury.spend(db, made.treasurer, line, Payment(1_000_000, date(2027, 4, 9), "FAC 4, PV 1"), key="q")
    spent = select(LedgerEntry).where(LedgerEntry.op == Op.SPEND, LedgerEntry.amount_minor == 1_000_000)
    entry = db.scalars(spent).one()
    treasury.reverse(db, made.treasurer, made.project, entry, "Entered twice")
    db.commit()
    return made


def exported(kind: str, folder: Path) -> Path:
    out = folder / f"x.{kind}"
    result = CliRunner().invoke(main, ["export", kind, "--commune", "tirsal", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert not list(folder.glob("*.part"))
    return out


def test_iati_tells_promise_commitment_receipt_and_spending_in_the_order_of_its_schema(
    db: Session, scene: Scene, tmp_path: Path
) -> None:
    root = ET.parse(exported("iati", tmp_path)).getroot()
    (activity,) = root.findall("iati-activity")
    tags = [child.tag for child in activity]
    assert tags == sorted(tags, key=ORDER.index)
    assert set(ORDER) - set(tags) <= {"location"}
    sums: dict[tuple[str, str], Decimal] = {}
    for each in activity.findall("transaction"):
        kind, value = each.find("transaction-type"), each.find("value")
        assert kind is not None
        assert value is not None
        assert value.text is not None
        place = (kind.attrib["code"], value.attrib["currency"])
        sums[place] = sums.get(place, Decimal(0)) + Decimal(value.text)
    assert sums == {
        ("13", "EUR"): Decimal(500),
        ("1", "EUR"): Decimal(200),
        ("11", "MAD"): Decimal(500_000),
        ("1", "MAD"): Decimal(250_000),
        ("4", "MAD"): Decimal(100_000),
    }
    assert any("-R" in each.attrib["ref"] for each in activity.findall("transaction"))


def test_oc4ids_tells_budget_by_source_and_payments(scene: Scene, tmp_path: Path) -> None:
    package = json.loads(exported("oc4ids", tmp_path).read_text())
    assert {"uri", "publishedDate", "version", "publisher", "projects"} <= package.keys()
    (project,) = package["projects"]
    assert project["budget"]["amount"] == {"amount": 1_862_000.0, "currency": "MAD"}
    assert len(project["budget"]["budgetBreakdowns"][0]["budgetBreakdown"]) == 2
    ids = [each["id"] for each in project["transactions"]]
    assert len(ids) == len(set(ids))
    assert {"payer", "payee", "value", "date", "id"} <= set(project["transactions"][0])


def test_the_table_has_its_schema_and_no_formula(scene: Scene, tmp_path: Path) -> None:
    file = exported("csv", tmp_path)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    schema = json.loads(file.with_name(f"{file.name}.schema.json").read_text())
    assert [field["name"] for field in schema["fields"]] == list(rows[0])
    assert len({row["Reference"] for row in rows}) == len(rows)
    assert {row["Partner"] for row in rows} == {"", '\'=HYPERLINK("x")'}
    received = [Decimal(row["In dirhams"]) for row in rows if row["What happened"] == "received"]
    assert sum(received) == Decimal(250_000) + Decimal("2160.00")


def test_beancount_balances_and_tells_numbers_instead_of_names(db: Session, scene: Scene, tmp_path: Path) -> None:
    text = exported("beancount", tmp_path).read_text()
    account = re.compile(r"(Assets|Equity|Expenses|Liabilities)(:[A-Z0-9][A-Za-z0-9-]*)+$")
    legs = re.findall(r"^  ([A-Z]\S+)  (-?[\d.]+) ([A-Z]+)$", text, re.MULTILINE)
    opened = set(re.findall(r"^1970-01-01 open (\S+)$", text, re.MULTILINE))
    assert {leg[0] for leg in legs} == opened
    assert all(account.match(each) for each in opened)
    assert len(legs) == 2 * len(db.scalars(select(LedgerEntry)).all())
    sums: dict[tuple[str, str], Decimal] = {}
    for (first, one, unit), (second, other, _unit) in zip(legs[::2], legs[1::2], strict=True):
        assert Decimal(one) + Decimal(other) == 0
        sums[first, unit] = sums.get((first, unit), Decimal(0)) + Decimal(one)
        sums[second, unit] = sums.get((second, unit), Decimal(0)) + Decimal(other)
    told = re.findall(r"^\S+ balance (\S+) (-?[\d.]+) ([A-Z]+)$", text, re.MULTILINE)
    below = {
        key: sum(
            value for (place, unit), value in sums.items() if f"{place}:".startswith(f"{key[0]}:") and unit == key[1]
        )
        for key in sums
    }
    assert {(place, unit): Decimal(value) for place, value, unit in told} == below, "with all accounts below them"


def test_a_pot_that_promises_filled_and_its_line_spent_from_is_told_with_what_lies_below_it() -> None:
    moves = [make_move(Op.GIFT, 100, pledge=1), make_move(Op.GIFT, 50, pledge=2), make_move(Op.SPEND, 60, pledge=None)]
    told = [line.split()[2:] for line in beancount_lines(written(moves), "x") if " balance " in line]
    held = [each for each in told if each[0].startswith("Assets:Held")]
    assert sorted(Decimal(value) for _place, value, _unit in held) == [
        Decimal("0.50"),
        Decimal("0.90"),
        Decimal("1.00"),
    ]


def test_the_archive_holds_every_table_each_fits_its_schema_and_the_same_data_give_the_same_bytes(
    scene: Scene, tmp_path: Path
) -> None:
    out = tmp_path / "money.zip"
    told = ["export", "csv", "--commune", "tirsal", "--out", str(out)]
    assert CliRunner().invoke(main, told).exit_code == 0
    with zipfile.ZipFile(out) as archive:
        package = json.loads(archive.read("datapackage.json"))
        names = [each["name"] for each in package["resources"]]
        files = {name: archive.read(f"{name}.csv").decode() for name in names}
        schemas = {name: json.loads(archive.read(f"{name}.schema.json")) for name in names}
    assert names == ["projects", "money", "moves", "accounts", "partners", "exchange"]
    for each in package["resources"]:
        assert each["schema"] == schemas[each["name"]]
        assert set(schemas[each["name"]]["primaryKey"]) <= {field["name"] for field in each["schema"]["fields"]}
    for name, text in files.items():
        titles, *rows = csv.reader(io.StringIO(text))
        fields = schemas[name]["fields"]
        assert titles == [field["name"] for field in fields]
        kinds = [READS[field["type"]] for field in fields]
        assert all(not cell or kind(cell) is not None for row in rows for kind, cell in zip(kinds, row, strict=True))
        assert len({tuple(row[titles.index(key)] for key in schemas[name]["primaryKey"]) for row in rows}) == len(rows)
    assert "EUR,200.00,2160.00,2160.00,0.00" in files["exchange"]
    assert "Salma" not in "".join(files.values())
    with clock.held_at(today()):
        first = out.read_bytes()
        CliRunner().invoke(main, told)
        assert [each.CRC for each in zipfile.ZipFile(out).infolist()[:-1]] == [
            each.CRC for each in zipfile.ZipFile(io.BytesIO(first)).infolist()[:-1]
        ]


@pytest.mark.parametrize("kind", ["iati", "oc4ids", "csv", "beancount"])
def test_nobody_who_gives_without_a_name_is_in_a_file(scene: Scene, tmp_path: Path, kind: str) -> None:
    assert "Salma" not in exported(kind, tmp_path).read_text()


def test_a_commune_that_is_not_there_and_a_folder_that_is_not_there_are_told(scene: Scene, tmp_path: Path) -> None:
    for slug, out in (("nowhere", tmp_path / "x"), ("tirsal", tmp_path / "no" / "x")):
        result = CliRunner().invoke(main, ["export", "iati", "--commune", slug, "--out", str(out)])
        assert result.exit_code != 0
        assert "Traceback" not in result.output
        assert not out.exists()


def test_the_files_are_for_everybody_the_books_for_the_treasury(browser: Browser, scene: Scene) -> None:
    for name in ("iati.xml", "oc4ids.json", "money-moves.csv", "money.zip", "data/moves.schema.json"):
        assert browser.get(f"/fr/tirsal/{name}").status_code == 200
    assert "iati.xml" in browser.get("/ar/tirsal/accounts/").text
    browser.get("/fr/tirsal/treasury/books.beancount", status=302)
    browser.sign_in(scene.treasurer.known())
    assert "operating_currency" in browser.get("/fr/tirsal/treasury/books.beancount").text


def test_a_partner_has_its_names_in_every_open_file_and_one_identity(
    browser: Browser, db: Session, scene: Scene
) -> None:
    name = Words(ar="المجلس الإقليمي", fr="Conseil provincial", en="Provincial council")
    name_partner(db, scene.treasurer, scene.commune, '=HYPERLINK("x")', name)
    db.commit()
    number = scene.project.number
    files = (
        "en/tirsal/money-moves.csv",
        "en/tirsal/money.csv",
        "en/tirsal/iati.xml",
        f"api/v1/communes/tirsal/projects/{number}",
    )
    for address in files:
        told = browser.get(f"/{address}").text
        assert all(text in told or json.dumps(text)[1:-1] in told for text in name.values()), address
    [project] = json.loads(browser.get("/en/tirsal/oc4ids.json").text)["projects"]
    assert {"id": 'province:=HYPERLINK("x")', "name": name["fr"], "roles": ["funder", "payer"]} in project["parties"]
