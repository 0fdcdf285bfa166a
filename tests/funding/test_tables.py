"""Tables of banks, from CSV and spreadsheets, and the amounts and days in them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.funding.rules.statements.amounts import read_minor
from cdp.funding.rules.statements.columns import column_map
from cdp.funding.rules.statements.reading import read
from cdp.funding.rules.statements.values import Unreadable
from tests.funding.files import FRENCH, make_workbook
from tests.funding.reading import lines, notes, refusal


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
