"""MT940 as banks write it: each of these forms stands in statements of a real bank, with invented contents."""

from datetime import date

import pytest

from cdp.funding.rules.statements.reading import read
from cdp.funding.rules.statements.values import Line
from tests.funding.reading import lines, notes

HEAD = ":20:STARTUMS\n:25:12345678/1020304050\n:28C:1/1\n:60F:C270101EUR100,00\n"
TAIL = ":62F:C270331EUR110,00\n-\n"


def only(details: str, booking: str = ":61:2703010301CR10,00NTRFNONREF\n", tail: str = TAIL) -> Line:
    (line,) = lines(f"{HEAD}{booking}:86:{details}\n{tail}".encode())
    return line


@pytest.mark.parametrize(
    ("details", "end_to_end"),
    [
        ("166?00GUTSCHRIFT?20EREF+GIFT 7 / 12?21KREF+K1?22SVWZ+Well", "GIFT 7 / 12"),
        ("166?20EREF+NOTPROVIDED SVWZ+VERTR?21AG", None),
        ("166?20EREF+NONREF?21KREF+K1?22SVWZ+Well", None),
        ("166?20EREF+A1.200.?21400 MREF+M2 CRED+DE41 OAMT+11,85 SVWZ+Well", "A1.200.400"),
        ("166?20EREF+T 44 00001MTLG:Konto gesperrt", "T 44 00001"),
        ("166>20EREF+GIFT 7>21SVWZ+Well", "GIFT 7"),
        ("EREF+ 123 GIFTMREF+ 12AB CRED+ X", "123 GIFT"),
        ("/TRTP/SEPA/NAME/A. GIVER/REMI/WELL/EREF/NOTPROV\nIDED", None),
        ("/PREF/M1//REMI/USTD//EV1/", None),
        ("/EREF/EV12341REP//CNTP/NL32INGB0000012345/INGBNL2A/A. Giver///REMI/USTD//WELL/", "EV12341REP"),
        ("/EREF/EV12\n341REP/NAME/A. GIVER", "EV12341REP"),
        ("/TRTP/INCASSO/IBAN/NL44ABNA0548041814/BIC/ABNANL2A/EREF/1755481/5570", "1755481/5570"),
    ],
)
def test_what_the_payer_called_the_payment_ends_where_the_next_part_begins(
    details: str, end_to_end: str | None
) -> None:
    assert only(details).end_to_end == end_to_end


@pytest.mark.parametrize("mark", ["?", "<", ">", "~", "^", "|"])
def test_the_parts_of_a_payment_are_told_apart_by_whatever_sign_the_bank_writes(mark: str) -> None:
    told = "020~00PRZELEW~2010500~20RF882026~210042 PUITS~32ANNA G~33IVER~38PL25106000760000888888888888"
    line = only(told.replace("~", mark))
    assert (line.references, line.party) == (("RF8820260042",), "ANNA GIVER")
    assert line.party_account == "PL25106000760000888888888888"
    assert only("020 words of < 20 and > 30").text == "020 words of < 20 and > 30"


def test_of_two_accounts_of_the_other_side_the_whole_one_is_kept() -> None:
    line = only("020~00PRZELEW~20DAR~3010600076~310000888888888888~32ANNA~38PL25106000760000888888888888")
    assert line.party_account == "PL25106000760000888888888888"
    assert only("166?20DON?31DE89370400440532013000?32ANNA").party_account == "DE89370400440532013000"


def test_lines_cut_at_their_full_width_are_put_together_without_a_blank() -> None:
    line = only(f"/TRTP/SEPA OVERBOEKING/REMI/{'W' * 35}/NAME/MU\nLTI GIVER/IBAN/NL44ABNA0548041814")
    assert line.party == "MULTI GIVER"
    assert line.party_account == "NL44ABNA0548041814"


@pytest.mark.parametrize(
    "details",
    ["/CREF/9001123412341234/NAME/A", "/RFB/9001123412341234/OCMT/EUR1,00/", "/REMI/STRD/CUR/9001123412341234/"],
)
def test_the_reference_of_the_creditor_is_found_under_each_of_its_codes(details: str) -> None:
    assert only(details).references == ("9001123412341234",)


def test_a_hyphen_alone_ends_a_message_only_when_its_balance_was_closed() -> None:
    line = only("/EREF/EV1//MARF/MND\n-\nEV01//REMI/USTD//WELL RF88 2026 0042/")
    assert line.references == ("RF8820260042",)
    assert "WELL" in line.text


def test_a_field_that_stands_on_the_line_of_its_envelope_is_read() -> None:
    head = "{1:F01BANKXXXX0}{2:I940BANKXXXXN}{4:"
    text = head + ":20:A\n:25:MA64\n:60F:C270301MAD0,\n:61:2703010301C5,NTRFA//B\n:62F:C270301MAD5,\n-}{5:}"
    assert [line.amount_minor for line in lines(text.encode())] == [500]
    assert [line.amount_minor for line in lines((text + text).encode())] == [500, 500]


def test_statements_without_a_reference_begin_with_their_account() -> None:
    one = ":25:NL62ABNA1\n:28:1/1\n:60F:C270301EUR1,00\n:61:2703010301C1,00N654NONREF\n:62F:C270301EUR2,00\n"
    reading = read(f"ABNANL2A\n940\nABNANL2A\n{one}-\nABNANL2A\n940\nABNANL2A\n{one.replace('A1', 'A2')}-\n".encode())
    assert [(each.account, each.opening, each.closing) for each in reading.statements] == [
        ("NL62ABNA1", 100, 200),
        ("NL62ABNA2", 100, 200),
    ]


def test_a_file_that_names_no_currency_is_taken_for_dirhams_and_says_so() -> None:
    reading = read(b":61:2703010301CR1,00NTRF\n:86:well\n")
    assert [(line.amount_minor, line.currency) for line in reading.statements[0].lines] == [(100, "MAD")]
    assert notes(reading) == ["statement_dirhams_assumed"]


def test_a_balance_without_its_colon_and_one_with_a_letter_too_many_do_not_hide_the_payments() -> None:
    head = ":20:LBBW\n:25:1/2\n:60F:C270101EURO0,00\n"
    text = head + ":61:2701020102CR1,00NTRFNONREF\n:86:166?20WELL\n:62FC270102EUR1,00\n-\n"
    reading = read(text.encode())
    assert (reading.statements[0].opening, reading.statements[0].closing) == (None, 100)
    assert [line.text for line in reading.statements[0].lines] == ["WELL"]
    assert notes(reading) == ["statement_balance_unreadable"]


def test_a_payment_of_the_last_days_of_a_year_is_booked_in_the_next() -> None:
    line = only("w", ":61:2612310102CR10,00NTRFNONREF\n")
    assert (line.value_date, line.booked) == (date(2026, 12, 31), date(2027, 1, 2))
    back = only("w", ":61:2701011231CR10,00NTRFNONREF\n")
    assert (back.value_date, back.booked) == (date(2027, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("mark", "minor", "reversal"),
    [("C", 1000, False), ("D", -1000, False), ("RC", -1000, True), ("RD", 1000, True), ("CR", 1000, False)],
)
def test_a_reversal_turns_the_sign(mark: str, minor: int, reversal: bool) -> None:
    line = only("w", f":61:2703010301{mark}10,00NTRFNONREF\n")
    assert (line.amount_minor, line.reversal) == (minor, reversal)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252", "cp850", "cp437"]
)
def test_umlauts_come_through_from_every_page_of_signs(encoding: str) -> None:
    text = f"{HEAD}:61:2703010301CR10,00NTRFNONREF\n:86:166?20Für Wärme und Öl, größer?32Jürgen Müller\n{TAIL}"
    (line,) = lines(text.encode(encoding))
    assert line.party == "Jürgen Müller"
    assert line.text.startswith("Für Wärme")


def test_the_apostrophe_of_windows_is_not_taken_for_a_letter_of_dos() -> None:
    text = f"{HEAD}:61:2703010301CR10,00NTRFNONREF\n:86:l’eau d’été à l’école\n{TAIL}"
    (line,) = lines(text.encode("cp1252"))
    assert line.text == "l’eau d’été à l’école"
