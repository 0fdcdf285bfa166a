"""Bank statements in camt and MT940: what can be read is read, what is doubtful is refused with its place."""

import itertools
from datetime import date

import mt940
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdp.funding.rules.statements.reading import read
from cdp.funding.rules.statements.values import Unreadable
from tests.funding.files import CAMT_VERSIONS, make_balance, make_camt, make_details, make_entry, make_mt940
from tests.funding.reading import lines, notes, refusal


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


def test_a_bank_may_say_booked_in_its_own_word() -> None:
    (line,) = lines(make_camt(make_entry(status="<Sts><Prtry>Booked</Prtry></Sts>")))
    assert line.amount_minor == 10000


def test_marks_and_blank_lines_before_the_xml_do_not_matter() -> None:
    assert len(lines(b"\xef\xbb\xbf\r\n" + make_camt(make_entry()))) == 1


def test_two_currencies_in_the_balances_of_one_message_are_refused() -> None:
    text = ":20:A\n:25:X\n:60F:C270301MAD1,\n:61:2703010301C5,NTRFA\n:62F:C270301EUR6,\n-\n"
    assert refusal(text.encode()) == "statement_currency"


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
        (b":28C:00035/001\n:86:words\n", "statement_without_statement"),
        (b":61:2703010301CR1,00NTRF\n:62F:C270301100,00\n", "statement_cut"),
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


def test_a_last_message_that_ends_without_a_balance_is_whole_and_noted() -> None:
    first = make_mt940(":61:2703010301CR100,NTRFNONREF\n")
    whole = first + make_mt940(":61:2703010301CR1,00NTRF\n", closing="-}{5:}")
    assert notes(read(whole)) == ["statement_no_closing"]
    assert refusal(whole.removesuffix(b"-}{5:}")) == "statement_cut"


def test_the_currency_behind_an_account_and_the_stroke_behind_a_reference_are_left_out() -> None:
    data = make_mt940(":61:2703010301CR100,NTRFNONREF\n:86:/EREF/PUITS-1//CNTP/MA64/\n")
    (statement,) = read(data.replace(b"1020304050", b"1020304050 EUR")).statements
    assert (statement.account, statement.lines[0].end_to_end) == ("12345678/1020304050", "PUITS-1")
