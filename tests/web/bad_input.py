"""The table of what cannot be meant, for test_bad_input.py: who sends what where, and what they must be told."""

import io
import zipfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from PIL import Image

from tests.conftest import TODAY

LATER = TODAY + timedelta(days=31)
"""A day after the membership, the phase of proposals and that of the marks have ended."""
LONG_AGO = date(2026, 12, 1)
HUGE = "x" * 20_000_000


def picture() -> bytes:
    """A small drawn photo."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    return out.getvalue()


def workbook(cell: str) -> bytes:
    """A spreadsheet as an office program writes it: a row of names, and a row with that cell."""
    names = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for letter, name in zip("ABCD", ("titre", "besoin", "domaine", "femmes"), strict=True)
    )
    rows = f'<row r="1">{names}</row><row r="2">{cell}</row>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKED}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKED}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKED}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKED = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FORMULA = workbook('<c r="A2"><f>HYPERLINK("http://x.invalid")</f><v>0</v></c>')


@dataclass(frozen=True)
class Case:
    """Who sends what where, on which day; what is answered, and the message that says why."""

    who: str
    address: str
    sent: dict[str, Any]
    status: int
    says: str
    on: date = TODAY
    token: str | None = "good"
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    keeps: frozenset[str] = frozenset()
    """Tables that may change: a draft keeps the words that came with a wrong file; what was read of a table that
    was to be imported is kept with the reasons against it, so that no row is lost."""


PROMISE = {
    "step": "3",
    "form_key": "k",
    "group_id": "0",
    "amount": "500",
    "currency": "MAD",
    "condition": "none",
    "until": str(TODAY + timedelta(days=20)),
    "shown_as": "first",
}
AGREEMENT = {"form_key": "k", "source": "indh", "amount": "1 000", "reference": "INDH-1", "signed_on": str(TODAY)}
NEED = {"go": "next", "title-fr": "Un puits", "need-fr": "L’eau est loin", "sector": "water"}
MARKS = {"mark-need": "4", "mark-reach": "3", "reason": "Oui", "reason_language": "fr"}
REPORT = {"done_on": str(TODAY), "photo_taken_on": str(TODAY)}
CONCLUDED = {"verdict": "admit", "reason": "Oui", "reason_language": "fr"}
COST = {"price_year": "2027", "lines-0-kind": "works", "lines-0-label-fr": "Forage", "lines-0-quantity": "1"}

NEW = "/tirsal/2028/proposals/new"
DRAFT = "/tirsal/2028/proposals/draft/{draft_id}/"
BUILT = "/tirsal/projects/{built}"
SHEET = "/tirsal/panel/{ranked}/sheet"
REVIEW = "/tirsal/review/{number}"
IMPORT = "/tirsal/2028/proposals/import"

CASES: dict[str, Case] = {
    "a form without its token": Case("resident", NEW, {"group_id": "0"}, 400, "errors.form_expired", token=None),
    "a forged token": Case("resident", NEW, {"group_id": "0"}, 400, "errors.form_expired", token="forged"),
    "the token of somebody else": Case("resident", NEW, {"group_id": "0"}, 400, "errors.form_expired", token="other"),
    "a button whose token is forged": Case(
        "officer", "/tirsal/2034/plan/draft", {}, 400, "errors.form_expired", token="forged"
    ),
    "an officer of elsewhere concludes here": Case(
        "foreign", REVIEW + "/conclusion", CONCLUDED, 403, "errors.not_allowed"
    ),
    "an officer here names another commune": Case(
        "officer", "/elsewhere/review/{number}/conclusion", CONCLUDED, 403, "errors.not_allowed"
    ),
    "a draft under another commune": Case(
        "speaker", "/elsewhere/2028/proposals/draft/{draft_id}/3", NEED, 404, "rounds.unknown"
    ),
    "a project under another commune": Case(
        "member", "/elsewhere/projects/{built}/promise", PROMISE, 404, "errors.not_found"
    ),
    "a proposal a day after the phase": Case("resident", NEW, {"group_id": "0"}, 403, "proposals.not_open", on=LATER),
    "a draft is submitted a day after": Case(
        "speaker", DRAFT + "5", {"agrees": "y"}, 403, "proposals.not_open", on=LATER
    ),
    "a mark a day after the phase": Case(
        "panel",
        SHEET,
        MARKS,
        422,
        "Marks are given in the phase of priorities only, to admissible proposals.",
        on=LATER,
    ),
    "a promise after the membership ended": Case("former", BUILT + "/promise", PROMISE, 403, "teams.not_a_member"),
    "a promise a day after the last day": Case(
        "member", BUILT + "/promise", PROMISE, 403, "teams.not_a_member", on=LATER
    ),
    "a message to a team one has left": Case("former", BUILT + "/room", {"text": "Bonjour"}, 403, "teams.not_a_member"),
    "an officer before the mandate": Case(
        "officer", REVIEW + "/conclusion", CONCLUDED, 403, "errors.not_allowed", on=date(2025, 12, 31)
    ),
    "a page that calls itself a photo": Case(
        "speaker",
        DRAFT + "3",
        NEED,
        200,
        "files.not_allowed",
        files={"file": (b"<html>virus</html>", "p.jpg")},
        keeps=frozenset({"proposal", "event"}),
    ),
    "a program that calls itself a photo": Case(
        "officer",
        BUILT + "/works/{milestone_id}/report",
        REPORT,
        200,
        "files.not_allowed",
        files={"photo": (b"MZ\x90\x00" * 9, "p.png")},
    ),
    "a photo that calls itself a table": Case(
        "officer", IMPORT, {"go": "import"}, 200, "proposals.import_not_a_table", files={"file": (picture(), "l.csv")}
    ),
    "20 MB of text in a field": Case("speaker", DRAFT + "3", NEED | {"need-fr": HUGE}, 413, "errors.too_large"),
    "20 MB of text in a file": Case(
        "officer", IMPORT, {"go": "import"}, 413, "errors.too_large", files={"file": (HUGE.encode(), "l.csv")}
    ),
    "a negative promise": Case("member", BUILT + "/promise", PROMISE | {"amount": "-5"}, 200, "money.negative"),
    "an absurd promise": Case("member", BUILT + "/promise", PROMISE | {"amount": "9" * 25}, 200, "money.too_large"),
    "a promise in words": Case(
        "member", BUILT + "/promise", PROMISE | {"amount": "beaucoup"}, 200, "money.not_an_amount"
    ),
    "a negative agreement": Case(
        "treasurer", "/tirsal/treasury/projects/{built}/agreement", AGREEMENT | {"amount": "-1"}, 200, "money.negative"
    ),
    "an absurd agreement": Case(
        "treasurer",
        "/tirsal/treasury/projects/{built}/agreement",
        AGREEMENT | {"amount": "9" * 25},
        200,
        "money.too_large",
    ),
    "an agreement over nothing": Case(
        "treasurer",
        "/tirsal/treasury/projects/{built}/agreement",
        AGREEMENT | {"amount": "0"},
        200,
        "funding.amount_not_positive",
    ),
    "a negative cost": Case("officer", REVIEW + "/estimate", COST | {"lines-0-price": "-3"}, 422, "money.negative"),
    "a table with a formula": Case(
        "officer", IMPORT, {"go": "look"}, 200, "proposals.import_formula", files={"file": (FORMULA, "l.xlsx")}
    ),
    "a formula in a table that is imported": Case(
        "officer",
        IMPORT,
        {"go": "import"},
        200,
        "proposals.import_formula",
        files={"file": (FORMULA, "l.xlsx")},
        keeps=frozenset({"import_batch", "event"}),
    ),
}


TWICE: dict[str, Case] = {
    "a draft": Case("resident", NEW, {"group_id": "0", "form_key": "a"}, 302, ""),
    "a promise": Case("member", BUILT + "/promise", PROMISE | {"form_key": "b"}, 302, ""),
    "an agreement": Case(
        "treasurer", "/tirsal/treasury/projects/{built}/agreement", AGREEMENT | {"form_key": "c"}, 302, ""
    ),
    "a support": Case("resident", "/tirsal/proposals/{number}/support", {}, 302, ""),
    "a sheet of marks": Case("panel", SHEET, MARKS | {"hand_in": "1"}, 302, ""),
}
