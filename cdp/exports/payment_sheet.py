"""How a called promise is paid: one value for the page and the PDF. Nothing is shown without a basis that holds."""

import io
import json
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from cdp.config import ROOT
from cdp.funding.rules.accounts import may_have_payment_code
from cdp.funding.rules.references import grouped
from cdp.kernel.money import Money

FONTS = ("fontpkg_amiri", "fontpkg_noto_sans_arabic")


@dataclass(frozen=True)
class PaymentSheet:
    """To whom, how much, under which reference, by when, on which basis."""

    holder: str
    holder_ar: str
    number: str
    bic: str
    bank: str
    amount: Money
    reference: str
    due_on: date
    project: str
    title: str
    channels: tuple[str, ...]
    basis: str

    @property
    def is_moroccan(self) -> bool:
        """Whether the account is one with a RIB."""
        return self.number.startswith("MA")

    @property
    def rib(self) -> str:
        """The 24 digits in their four parts; empty for an account elsewhere."""
        digits = self.number[4:]
        return " ".join((digits[:3], digits[3:6], digits[6:22], digits[22:])) if self.is_moroccan else ""

    @property
    def iban(self) -> str:
        """In groups of four."""
        return grouped(self.number)

    def code(self) -> str | None:
        """The EPC code as an SVG: for a euro account in SEPA alone, and only where its text can be one."""
        if not may_have_payment_code(self.number, self.amount.currency, self.amount.minor):
            return None
        helpers: Any = import_module("segno.helpers")
        made = helpers.make_epc_qr(
            name=self.holder, iban=self.number, amount=self.amount.decimal, reference=self.reference, encoding="UTF-8",
            **({"bic": self.bic} if self.bic else {}),
        )  # fmt: skip
        out = io.BytesIO()
        made.save(out, kind="svg", scale=4, border=4, dark="#000000", light="#ffffff")
        return out.getvalue().decode()


def pdf(
    sheet: PaymentSheet, head: dict[str, str], rows: list[tuple[str, str, bool]], *, words: dict[str, str]
) -> bytes:
    """The sheet as PDF: ``head`` (language, direction, commune, title, intro), rows (name, value, is a code)."""
    given = head | {
        "rows": [{"name": name, "value": value, "code": code} for name, value, code in rows],
        "channels": list(sheet.channels),
        "channels_title": words["channels"],
        "basis": words["basis"],
        "qr": sheet.code(),
        "qr_words": words["qr"],
    }
    typst: Any = import_module("typst")
    fonts = [str(Path(import_module(name).__file__ or "").parent / "files") for name in FONTS]
    source = ROOT / "templates" / "print" / "payment.typ"
    made = typst.compile(str(source), font_paths=fonts, sys_inputs={"given": json.dumps(given, ensure_ascii=False)})
    return bytes(made)
