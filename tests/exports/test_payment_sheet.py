from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import segno
import zxingcpp
from PIL import Image

from cdp.exports.payment_sheet import PaymentSheet
from cdp.kernel.money import Money

SHEET = PaymentSheet(
    "Amis de Tirsal", "", "FR7630006000011234567890189", "", "", Money(25_000, "EUR"), "RF8820260042",
    date(2027, 5, 12), "TZ-2028-001", "Un puits", (), "",
)  # fmt: skip


def test_the_code_is_read_back_as_it_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []
    save = segno.QRCode.save

    def keep(self: Any, out: Any, **options: Any) -> None:
        drawn.append(self)
        save(self, out, **options)

    monkeypatch.setattr(segno.QRCode, "save", keep)
    assert SHEET.code()
    picture = BytesIO()
    save(drawn[0], picture, kind="png", scale=6, border=4)
    (read,) = zxingcpp.read_barcodes(Image.open(picture))
    lines = read.text.split("\n")
    assert lines[:4] == ["BCD", "002", "1", "SCT"]
    assert lines[5:8] == ["Amis de Tirsal", "FR7630006000011234567890189", "EUR250"]
    assert lines[9] == "RF8820260042"


@pytest.mark.parametrize(
    "over",
    [
        {"amount": Money(25_000, "MAD")},
        {"number": "MA64011519000001205000534921"},
        {"number": "FR7630006000011234567890188"},
        {"amount": Money(0, "EUR")},
    ],
)
def test_no_code_outside_the_payments_area_or_without_euros(over: dict[str, Any]) -> None:
    assert replace(SHEET, **over).code() is None


def test_a_rib_is_written_in_its_parts() -> None:
    assert replace(SHEET, number="MA64011519000001205000534921").rib == "011 519 0000012050005349 21"
    assert SHEET.rib == ""
