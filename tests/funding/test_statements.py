"""Bank statements: what can be read is read, what is doubtful is refused with its place."""

import io
import itertools
import re
import zipfile
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import mt940
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cdp.funding.rules.statements.amounts import read_minor
from cdp.funding.rules.statements.columns import ColumnMap, column_map
from cdp.funding.rules.statements.fingerprints import fingerprints
from cdp.funding.rules.statements.reading import read
from cdp.funding.rules.statements.values import Line, Reading, Unreadable
from tests.funding.files import CAMT_VERSIONS, make_balance, make_camt, make_details, make_entry, make_mt940

CATALOG = Path(__file__).parents[2] / "cdp/translations/en/funding_rules.po"
KEYS = set(re.findall(r'msgid "(funding\.[a-z_0-9]+)"', CATALOG.read_text(encoding="utf-8")))


def lines(data: bytes, saved: ColumnMap | None = None) -> list[Line]:
    return [line for statement in read(data, saved).statements for line in statement.lines]


def refusal(data: bytes, saved: ColumnMap | None = None) -> str:
    with pytest.raises(Unreadable) as refused:
        read(data, saved)
    return refused.value.message.key.removeprefix("funding.")


def notes(reading: Reading) -> list[str]:
    return [note.key.removeprefix("funding.") for note in reading.warnings]


@pytest.mark.parametrize("version", CAMT_VERSIONS)
def test_camt_of_every_version_gives_the_same_line(version: str) -> None:
    status = "<Sts><Cd>BOOK</Cd></Sts>" if version.endswith("08") else "<Sts>BOOK</Sts>"
    details = f"<NtryDtls>{make_details(texts='Don RF88 2026 0042', end='E2E-7')}</NtryDtls>"
    reading = read(make_camt(make_entry(status=status, inside=details), version=version))
    assert reading.format == version[:8]
    (line,) = reading.statements[0].lines
    assert (line.booked, line.value_date, line.amount_minor) == (date(2027, 3, 1), date(2027, 3, 2), 10000)
    assert (line.references, line.text, line.end_to_end) == (("RF8820260042",), "Don RF88 2026 0042", "E2E-7")


def test_a_debit_is_negative_and_a_reversal_is_marked() -> None:
    (line,) = lines(make_camt(make_entry(mark="DBIT", inside="<RvslInd>true</RvslInd>")))
    assert line.amount_minor == -10000
    assert line.reversal


@pytest.mark.parametrize("status", ["<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts>INFO</Sts>"])
def test_what_is_not_booked_is_left_out_and_said(status: str) -> None:
    reading = read(make_camt(make_entry(status=status), make_entry("7.00")))
    assert [line.amount_minor for line in reading.statements[0].lines] == [700]
    assert notes(reading) == ["statement_not_booked"]


def test_a_batch_gives_a_line_for_each_transaction_with_its_own_reference() -> None:
    inside = "".join(
        make_details(f'<Amt Ccy="EUR">{amount}</Amt>', refs=ref)
        for amount, ref in (("60.00", "RF8820260042"), ("40.00", "RF18539007547034"))
    )
    found = lines(make_camt(make_entry(inside=f"<NtryDtls>{inside}</NtryDtls>")))
    assert [(line.amount_minor, line.references) for line in found] == [
        (6000, ("RF8820260042",)),
        (4000, ("RF18539007547034",)),
    ]


def test_a_batch_that_does_not_sum_to_its_entry_keeps_the_difference_in_sight() -> None:
    inside = "".join(make_details(f'<AmtDtls><TxAmt><Amt Ccy="EUR">{a}</Amt></TxAmt></AmtDtls>') for a in ("60", "43"))
    reading = read(make_camt(make_entry(inside=f"<NtryDtls>{inside}</NtryDtls>")))
    assert [line.amount_minor for line in reading.statements[0].lines] == [6000, 4300, -300]
    assert notes(reading) == ["statement_batch_rest"]


def test_a_batch_of_debits_and_credits_keeps_their_signs() -> None:
    inside = make_details('<Amt Ccy="EUR">130</Amt>', mark="<CdtDbtInd>CRDT</CdtDbtInd>") + make_details(
        '<Amt Ccy="EUR">30</Amt>', mark="<CdtDbtInd>DBIT</CdtDbtInd>"
    )
    assert [line.amount_minor for line in lines(make_camt(make_entry(inside=f"<NtryDtls>{inside}</NtryDtls>")))] == [
        13000,
        -3000,
    ]


def test_a_batch_in_another_currency_is_shared_out_so_that_it_sums_to_the_booking() -> None:
    inside = "".join(make_details(f'<Amt Ccy="CHF">{amount}</Amt>') for amount in ("1", "1", "1"))
    reading = read(make_camt(make_entry(inside=f"<NtryDtls>{inside}</NtryDtls>")))
    assert [line.amount_minor for line in reading.statements[0].lines] == [3334, 3333, 3333]
    assert notes(reading) == ["statement_batch_converted"]


def test_a_batch_without_amounts_stays_one_line_with_all_its_references() -> None:
    inside = make_details(refs="RF8820260042") + make_details(refs="RF3018034063")
    (line,) = lines(make_camt(make_entry(inside=f"<NtryDtls>{inside}</NtryDtls>")))
    assert line.references == ("RF8820260042", "RF3018034063")
    assert line.amount_minor == 10000


def test_balances_that_do_not_fit_are_a_warning_and_not_an_error() -> None:
    balances = make_balance("OPBD", "50.00") + make_balance("CLBD", "150.00")
    assert notes(read(make_camt(make_entry(), balances=balances))) == []
    reading = read(make_camt(make_entry("99.00"), balances=balances))
    assert (reading.statements[0].opening, reading.statements[0].closing) == (5000, 15000)
    assert notes(reading) == ["statement_control"]


def test_zeros_after_the_decimals_do_not_count_but_digits_do() -> None:
    assert lines(make_camt(make_entry("12.50000")))[0].amount_minor == 1250
    assert lines(make_camt(make_entry("12.345", ccy="TND")))[0].amount_minor == 12345
    assert lines(make_camt(make_entry("12", ccy="JPY")))[0].amount_minor == 12
    assert refusal(make_camt(make_entry("12.50001"))) == "statement_decimals"


BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "statement_empty"),
        (b" \n\n", "statement_empty"),
        (b"<Document><BkToCstmrStmt/></Document>", "statement_without_statement"),
        (make_camt(make_entry())[:-30], "statement_xml_broken"),
        (make_camt(make_entry(), head=BOMB), "statement_doctype"),
        (make_camt(make_entry(), head='<!DOCTYPE a SYSTEM "file:///etc/passwd">'), "statement_doctype"),
        (make_camt(make_entry("abc")), "statement_amount"),
        (make_camt(make_entry("")), "statement_amount"),
        (make_camt(make_entry("1,000.00")), "statement_amount"),
        (make_camt(make_entry(mark="")), "statement_sign"),
        (make_camt(make_entry(ccy="euro")), "statement_currency"),
        (make_camt(make_entry()).replace(b"2027-03-01", b"2027-02-30"), "statement_day"),
        (make_mt940(":61:2703010301CR1x,00NTRF\n"), "statement_booking"),
        (make_mt940(":61:2713010301CR1,00NTRF\n"), "statement_day"),
        (make_mt940(":61:2702280230CR1,00NTRF\n"), "statement_day"),
        (make_mt940(":61:2703010301CR1,000001NTRF\n"), "statement_decimals"),
        (make_mt940(":61:2703010301CR1,00NTRF\n:86:half a wo", closing=""), "statement_cut"),
        (make_mt940(opening="X"), "statement_balance"),
        (b":20:A\n:61:2703010301CR1,00NTRF\n", "statement_currency"),
        (b":61:2703010301CR1,00NTRF\n", "statement_without_statement"),
        (b"PK\x03\x04 not an archive", "statement_archive_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not a spreadsheet", "statement_spreadsheet_broken"),
        (b"a letter to the mayor", "statement_unknown_format"),
        (bytes(range(256)) * 4, "statement_unknown_format"),
        (b"x" * (100 * 1024**2 + 1), "statement_too_large"),
    ],
    ids=itertools.count(),
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, key: str) -> None:
    assert refusal(data) == key


def test_an_error_says_its_line() -> None:
    with pytest.raises(Unreadable) as refused:
        read(make_mt940(":61:2703010301CR1,00NTRF\n:86:a\n", ":61:270301nonsense\n"))
    assert refused.value.message.values["line"] == 7


def test_mt940_marks_references_and_names_are_read() -> None:
    data = make_mt940(
        ":61:2703010301CR100,NTRFNONREF//BANK7\n:86:166?00GUTSCHRIFT?20EREF+PUITS-1"
        "?21SVWZ+Don RF88 20\n26 0042?30B?31MA64001?32Amal?33 Fictive\n",
        ":61:270301RC40,5NTRF\n",
        ":61:270301    RD,5NTRF\n",
        ":61:270301EC7,00NTRF\n",
        closing=":62F:C270301EUR160,00\n:86:not a payment\n-\n",
    )
    reading = read(data)
    first, back, forth = reading.statements[0].lines
    assert (first.amount_minor, first.references, first.end_to_end) == (10000, ("RF8820260042",), "PUITS-1")
    assert (first.bank_reference, first.party, first.party_account) == ("BANK7", "Amal Fictive", "MA64001")
    assert (back.amount_minor, back.reversal, forth.amount_minor, forth.reversal) == (-4050, True, 50, True)
    assert notes(reading) == ["statement_not_booked"]
    assert (reading.statements[0].opening, reading.statements[0].closing) == (10000, 16000)


def test_interest_on_30_february_takes_the_last_day_and_says_so() -> None:
    reading = read(make_mt940(":61:2702300301CR100,00NMSC\n"))
    assert reading.statements[0].lines[0].value_date == date(2027, 2, 28)
    assert notes(reading) == ["statement_february"]


def test_the_year_of_a_booking_day_is_the_nearest() -> None:
    found = lines(make_mt940(":61:2612311231C1,NTRF\n:61:2612310102C1,NTRF\n:61:2701011231C1,NTRF\n"))
    assert [line.booked for line in found] == [date(2026, 12, 31), date(2027, 1, 2), date(2026, 12, 31)]


def test_several_messages_with_banners_between_them_stay_apart() -> None:
    one = make_mt940(":61:2703010301C100,00NTRF\n:86:first\n")
    found = read(b"BANK\n940\nBANK\n" + one + b"BANK\n940\nBANK\n" + one).statements
    assert [len(each.lines) for each in found] == [1, 1]
    assert found[0].lines[0].text == "first"


def test_words_behind_the_reference_several_texts_and_other_marks_are_read() -> None:
    first, second = lines(
        make_mt940(
            ":61:270301C5,00N0440121470966      W.P. Fictif\n:86:Retour\n:86:don RF8820260042\n",
            ":61:270301C5,00N000NONREF\n:86:000>100987654321\n>20DON RF3018>21034063 PUITS>32Amal\n",
        )
    )
    assert (first.text, first.bank_reference) == ("W.P. Fictif Retour don RF8820260042", "0121470966")
    assert (second.references, second.party, second.bank_reference) == (("RF3018034063",), "Amal", None)


def test_mt942_takes_its_currency_from_the_floor_limit() -> None:
    data = b":20:A\n:25:PL1\n:28C:1/1\n:34F:PLN0\n:61:2701190119CN0,01NTRF\n:90C:1PLN0,01\n-\n"
    reading = read(data)
    assert (reading.format, reading.statements[0].currency, lines(data)[0].amount_minor) == ("mt942", "PLN", 1)


amounts = st.integers(1, 10**9)


@given(st.lists(st.tuples(amounts, st.sampled_from(["C", "D", "RC", "RD"]), st.booleans()), min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_mt940_agrees_with_a_library_that_many_use(bookings: list[tuple[int, str, bool]]) -> None:
    texts = [
        f":61:270301{'0301' if day else ''}{mark}{minor // 100},{minor % 100:02d}NTRFNONREF\n:86:a payment\n"
        for minor, mark, day in bookings
    ]
    data = make_mt940(*texts)
    theirs = mt940.parse_statements(data.decode(), options=mt940.Options(reversal_sign=True))
    own = [int(each.data["amount"].amount * 100) for each in theirs[0].transactions]
    assert [line.amount_minor for line in lines(data)] == own


FRENCH = """Relevé de compte (compte inventé);;;;
RIB : 001 810 0078000201106203 18;;;;
Solde initial;;;;10 000,00 DH
Date opération;Libellé;Débit;Crédit;Solde
01/03/2027;VIR REÇU RF88 2026;;1 234,56;11 234,56
;0042 DE AMAL;;;
02/03/2027;Frais;12,00;;11 222,56
02/03/2027;Frais annulés;0,00;;11 222,56
;;12,00;1 234,56;
31/03/2027;Total des mouvements;12,00;1 234,56;
Solde final;;;;11 222,56 DH
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_french_table_is_read_in_every_encoding(encoding: str, newline: str) -> None:
    text = FRENCH.replace("1 234,56", "1\u00a0234,56").replace("\n", newline)
    reading = read(text.encode(encoding))
    statement = reading.statements[0]
    assert (statement.account, statement.opening, statement.closing) == ("001810007800020110620318", 1000000, 1122256)
    assert [(line.amount_minor, line.references) for line in statement.lines] == [
        (123456, ("RF8820260042",)),
        (-1200, ()),
    ]
    assert notes(reading) == ["statement_zero", "statement_total_row"]


def test_a_gift_whose_words_speak_of_a_balance_is_no_total() -> None:
    rows = "01/03/2027;Solde de mon don;12,50\n02/03/2027;Total;12,50\n03/03/2027;Report du don;5,00\n"
    found = lines(f"Date;Libellé;Montant\n{rows}".encode())
    assert [line.amount_minor for line in found] == [1250, 500]


def test_arabic_headers_and_digits_are_read() -> None:
    text = "التاريخ;البيان;المبلغ\n٠١/٠٣/٢٠٢٧;تبرع RF٨٨٢٠٢٦٠٠٤٢;١٬٢٥٠٫٥٠\n"
    (line,) = lines(text.encode("utf-16"))
    assert (line.booked, line.amount_minor, line.references) == (date(2027, 3, 1), 125050, ("RF8820260042",))
    (line,) = lines("التاريخ;البيان;مدين;دائن\n01/03/2027;تحويل;;1.250,50\n".encode("cp1256"))
    assert (line.text, line.amount_minor) == ("تحويل", 125050)


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("01/03/2027;don;abc", "statement_amount"),
        ("01/03/2027;don;12,3,4", "statement_amount"),
        ("01/03/2027;don;1.234", "statement_amount_two_ways"),
        ("01/03/2027;don;12,00001", "statement_decimals"),
        ("01/03/2027;don;99999999999999999", "statement_amount_too_large"),
        ("30/02/2027;don;12,00", "statement_day"),
        ("hier;don;12,00", "statement_day"),
        (";don;12,00", "statement_day"),
        ("01/03/2027;do", "statement_amount"),
        ("01/03/2027;=HYPERLINK(A1);12,00", "statement_formula"),
        ("01/03/2027;don;=1+1", "statement_amount"),
        ("01/03/2027;+cmd|calc;12,00", "statement_formula"),
    ],
)
def test_a_doubtful_row_is_refused_with_its_number(row: str, key: str) -> None:
    data = f"Date;Libellé;Montant\n01/03/2027;juste;5,00 DH\n{row}\n".replace("5,00 DH", "5").encode()
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.message.key == f"funding.{key}"
    assert refused.value.message.values["line"] == 3


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1 234,56", 123456),
        ("1\u202f234,56", 123456),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1'234.56", 123456),
        ("1.234.567", 123456700),
        ("12,5", 1250),
        ("12.", 1200),
        (",5", 50),
        ("-12,00", -1200),
        ("12,00-", -1200),
        ("(12,00)", -1200),
        ("−12,00", -1200),
        ("12,00 D", -1200),
        ("12,00 CR", 1200),
        ("12,00 DH", 1200),
        ("MAD 12,00", 1200),
        ("12,00 درهم", 1200),
        ("€ 12,00", 1200),
        ("١٢٫٥٠", 1250),
        ("\u200f12,00\u200e", 1200),
        ("0,00", 0),
    ],
)
def test_amounts_as_people_write_them(text: str, minor: int) -> None:
    assert read_minor(text, "MAD") == minor


@pytest.mark.parametrize(
    "text", ["", "-", "1,2,3", "12 apples", "1.23,456", "1..2", "0x10", "1e5", "NaN", "½", "--5", "1,234,56.7"]
)
def test_what_is_no_amount_is_never_zero(text: str) -> None:
    with pytest.raises(Unreadable):
        read_minor(text, "MAD")


@given(st.integers(-(10**9), 10**9), st.sampled_from(["{:,.2f}", "fr", "de"]))
def test_every_way_of_writing_gives_the_amount_back(minor: int, form: str) -> None:
    text = f"{Decimal(minor) / 100:,.2f}"
    marks = {"fr": ("\u00a0", ","), "de": (".", ",")}.get(form, (",", "."))
    text = text.replace(",", "#").replace(".", marks[1]).replace("#", marks[0])
    assert read_minor(text, "MAD", mark=marks[1]) == minor


@given(st.text(max_size=12))
def test_reading_any_text_gives_an_amount_or_a_refusal(text: str) -> None:
    try:
        minor = read_minor(text, "MAD")
    except Unreadable:
        return
    assert minor == 0 or any(sign.isdecimal() and int(sign) for sign in text)


def test_the_column_tells_what_one_amount_does_not() -> None:
    reading = read("Date;Libellé;Montant EUR\n01/03/2027;a;1.234\n02/03/2027;b;12,50\n".encode())
    assert [line.amount_minor for line in reading.statements[0].lines] == [123400, 1250]
    assert reading.statements[0].currency == "EUR"


def test_debits_written_with_a_minus_stay_debits() -> None:
    data = "Date;Libellé;Débit;Crédit\n01/03/2027;a;-12,00;\n02/03/2027;b;;5,00\n".encode()
    assert [line.amount_minor for line in lines(data)] == [-1200, 500]


def test_a_direction_column_gives_the_sign() -> None:
    data = "Date;Libellé;Montant;Sens\n01/03/2027;a;12,00;D\n02/03/2027;b;5,00;C\n".encode()
    assert [line.amount_minor for line in lines(data)] == [-1200, 500]
    assert refusal(data.replace(b";D", b";?x")) == "statement_sign"


def test_a_column_without_a_name_that_holds_sides_gives_the_sign_and_balances_are_no_payments() -> None:
    rows = "05.03.2027;don;EUR;1.234,56;H\n05.03.2027;frais;EUR;3,50;S\n\n05.03.2027;EUR;Endsaldo;10,00;H\n"
    reading = read(f"Buchungstag;Verwendungszweck;Währung;Umsatz; \n{rows}".encode("cp1252"))
    assert [line.amount_minor for line in reading.statements[0].lines] == [123456, -350]
    assert notes(reading) == ["statement_total_row"]


def test_a_booking_day_without_year_takes_it_from_the_value_date() -> None:
    data = b"Buchungstag;Valutadatum;Verwendungszweck;Betrag EUR\n31.12;02.01.27;a;1,50\n03.01;02.01.27;b;1,50\n"
    assert [line.booked for line in lines(data)] == [date(2026, 12, 31), date(2027, 1, 3)]


def test_what_a_table_says_is_pending_is_left_out() -> None:
    data = b"Date,Description,Status,Currency,Net\n01/03/2027,a,Pending,EUR,1.50\n01/03/2027,b,Completed,EUR,2.50\n"
    reading = read(data)
    assert [line.amount_minor for line in reading.statements[0].lines] == [250]
    assert notes(reading) == ["statement_not_booked"]


def test_lines_of_several_currencies_keep_their_own() -> None:
    data = b"Date,Label,Currency,Amount\n01/03/2027,a,EUR,1.50\n01/03/2027,b,EUR,1.50\n01/03/2027,c,JPY,150\n"
    reading = read(data)
    assert [(line.amount_minor, line.currency) for line in reading.statements[0].lines][1:] == [
        (150, "EUR"),
        (150, "JPY"),
    ]
    assert reading.statements[0].currency == "EUR"


def test_account_and_balances_are_found_around_the_table() -> None:
    data = (
        "Numéro de compte : 01234567890;Devise : EUR\nSolde en fin de période;;;655,25\n"
        "Date;Libellé;Débit;Crédit\n05/01/27;recu;;230,50\n10/01/27;CB;-75,25;\nSolde en début de période;;;500,00\n"
    )
    statement = read(data.encode()).statements[0]
    assert (statement.account, statement.currency) == ("01234567890", "EUR")
    assert (statement.opening, statement.closing, statement.control()) == (50000, 65525, 0)


@pytest.mark.parametrize(
    "text", ["1 mars 2027", "1 mars 27", "Mar 1, 2027", "2027-03-01T10:00:00", "1.3.2027", "20270301", "01-03-27"]
)
def test_days_as_banks_write_them(text: str) -> None:
    assert lines(f'Date;Libellé;Montant\n"{text}";a;1,50\n'.encode())[0].booked == date(2027, 3, 1)


def test_a_debit_and_a_credit_in_one_row_are_refused() -> None:
    assert refusal("Date;Libellé;Débit;Crédit\n01/03/2027;a;12,00;5,00\n".encode()) == "statement_both_sides"


def test_days_with_the_month_first_are_known_by_a_thirteenth() -> None:
    reading = read(b"Date,Description,Amount\n03/01/2027,a,1.50\n03/13/2027,b,1.50\n")
    assert [line.booked for line in reading.statements[0].lines] == [date(2027, 3, 1), date(2027, 3, 13)]
    assert "statement_month_first" in notes(reading)


def test_a_saved_map_reads_what_has_no_header_and_what_is_named_otherwise() -> None:
    saved = column_map({"booked": 1, "text": [2], "amount": 3, "currency_code": "EUR", "decimal": ","})
    assert lines(b"01/03/2027;don;1.234\n", saved)[0].amount_minor == 123400
    named = column_map({"booked": "quand", "text": "quoi", "amount": "combien"})
    assert lines(b"Quand;Quoi;Combien\n01/03/2027;don;12,50\n", named)[0].text == "don"
    assert refusal(b"Date;Quoi;Combien\n01/03/2027;don;12,50\n", named) == "statement_map_does_not_fit"
    with pytest.raises(Unreadable, match="map_unknown_word"):
        column_map({"colour": 1})


def make_workbook(rows: list[list[Any]]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place + 2, 1, row)
    book.close()
    return target.getvalue()


def test_a_spreadsheet_is_read_whether_its_cells_are_numbers_or_words() -> None:
    head = ["Date", "Libellé", "Montant"]
    rows = [
        [date(2027, 3, 1), "don RF8820260042", 1234.56],
        ["02/03/2027", "frais", "-12,50"],
        ["", "Total", 1222.06],
    ]
    reading = read(make_workbook([head, *rows]))
    assert reading.format == "xlsx"
    assert [line.amount_minor for line in reading.statements[0].lines] == [123456, -1250]
    assert refusal(make_workbook([head, [date(2027, 3, 1), "don", 0.12345]])) == "statement_decimals"
    assert lines(make_workbook([head, [date(2027, 3, 1), "don", 0.1 + 0.2]]))[0].amount_minor == 30


def make_archive(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def test_an_archive_gives_the_statements_of_all_its_files() -> None:
    reading = read(make_archive(a=make_camt(make_entry()), b=make_camt(make_entry("5"))))
    assert [line.amount_minor for each in reading.statements for line in each.lines] == [10000, 500]
    assert refusal(make_archive(a=make_camt(make_entry()), b=b"a letter")) == "statement_unknown_format"
    assert refusal(make_archive(a=make_archive(b=b"x"))) == "statement_archive_nested"
    assert refusal(make_archive(a=b"0" * (201 * 1024**2))) == "statement_too_large"


def test_two_equal_gifts_on_one_day_stay_two_and_the_same_file_gives_the_same_marks() -> None:
    data = "Date;Libellé;Montant\n01/03/2027;don;100,00\n01/03/2027;don;100,00\n".encode()
    marks = fingerprints("001", lines(data))
    assert len(set(marks)) == 2
    assert marks == fingerprints("0 01", lines(data))
    assert not set(marks) & set(fingerprints("002", lines(data)))


payments = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from(["don", "frais"])), max_size=12)


def make_table(rows: list[tuple[int, int, str]]) -> bytes:
    texts = (f"0{day}/03/2027;{text};{amount},00\n" for day, amount, text in rows)
    return ("Date;Libellé;Montant\n" + "".join(texts)).encode()


@given(payments, st.integers(1, 3), st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_overlapping_files_in_any_order_give_the_lines_of_the_whole_once(
    rows: list[tuple[int, int, str]], first: int, second: int
) -> None:
    """Files cover whole days, as exports of banks do: each holds all lines of the days it covers."""
    rows = sorted(rows)
    low, high = sorted((first, second))
    parts = [[row for row in rows if row[0] <= high], [row for row in rows if row[0] >= low]]
    whole = Counter(fingerprints("1", lines(make_table(rows))))
    assert set(whole.values()) <= {1}
    for order in (parts, parts[::-1]):
        kept = {mark for part in [*order, *order] for mark in fingerprints("1", lines(make_table(part)))}
        assert kept == set(whole)


WHOLE_FILES = (
    make_camt(make_entry(inside=f"<NtryDtls>{make_details(texts='RF88 2026 0042')}</NtryDtls>")),
    make_mt940(":61:2703010301CR100,NTRFNONREF//B\n:86:166?00GUT?20EREF+P?21SVWZ+Don?32Amal\n"),
    FRENCH.encode("cp1252"),
    FRENCH.encode("utf-16"),
    make_workbook([["Date", "Libellé", "Montant"], [date(2027, 3, 1), "don", 12.5]]),
    make_archive(a=make_camt(make_entry())),
)


@given(st.sampled_from(WHOLE_FILES), st.integers(0, 2000), st.integers(0, 40), st.binary(max_size=6))
@settings(max_examples=300, deadline=None)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data: bytes, place: int, length: int, other: bytes) -> None:
    damaged = data[:place] + other + data[place + length :]
    found: list[Line] = []
    key = "funding.statement_empty"
    try:
        found = lines(damaged)
    except Unreadable as refused:
        key = refused.message.key
    assert key in KEYS
    assert all(line.amount_minor and line.currency for line in found)
