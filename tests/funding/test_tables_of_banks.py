"""Tables as banks of several countries name and fill them: the forms are theirs, the contents invented.

Every file tells the same two payments: 150.00 from ANNA with a reference of ours, and 20.10 out.
"""

import pytest

from cdp.funding.rules.statements.reading import read
from tests.funding.reading import lines, notes, refusal

FILES = {
    "camel humps": (
        "dateOp;dateVal;label;category;amount;comment;accountNum;accountLabel;accountbalance\n"
        '2027-03-01;2027-03-01;"RF8820260042";x;"150,00";;00040123456;C;2345.67\n'
        "2027-03-02;2027-03-02;CARTE;x;-20,10;;00040123456;C;2325.57\n"
    ),
    "underscores and a first line of a spreadsheet": (
        '="0300103010005";01/01/2027;31/03/2027;2\n'
        "date_comptabilisation;libellé_complet_operation;montant_operation;devise;\n"
        "01/03/2027;RF8820260042;150,00;EUR;\n02/03/2027;CARTE;-20,10;EUR;\n"
    ),
    "currency in the head": (
        "Compte chèques;****1234;10/02/2027;;1 234,56\n"
        "Date operation;Libelle court;Type operation;Libelle operation;Montant operation en euro\n"
        "01/03/2027;VIR;VIREMENT;RF8820260042;150,00\n02/03/2027;CB;CARTE;X;-20,10\n"
    ),
    "currency in the amounts": (
        "Concepto;Fecha;Importe;Saldo\nRF8820260042;01/03/2027;+150,00EUR;+150,00EUR\nX;02/03/2027;-20,10EUR;1,00EUR\n"
    ),
    "own account above, the other in the column": (
        '"Girokonto";"DE12500105170648489890"\n""\n'
        '"Buchungsdatum";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendung";"IBAN";"Betrag (€)"\n'
        '"01.03.27";"Gebucht";"ANNA";"VEREIN";"RF8820260042";"DE89370400440532013000";"150"\n'
        '"02.03.27";"Gebucht";"VEREIN";"X";"x";"DE89370400440532013000";"-20,10"\n'
        '"03.03.27";"Vorgemerkt";"VEREIN";"X";"x";"DE89370400440532013000";"-7"\n'
    ),
    "numbered words and a plus": (
        '"IBAN/BBAN","Munt","Datum","Rentedatum","Bedrag","Saldo na trn","Tegenrekening IBAN/BBAN","Naam tegenpartij",'
        '"Omschrijving-1","Omschrijving-2"\n'
        '"NL20RABO0001234567","EUR","2027-03-01","2027-03-01","+150,00","+1150,00","NL91","ANNA","RF8820","260042"\n'
        '"NL20RABO0001234567","EUR","2027-03-02","2027-03-02","-20,10","+1129,90","","X","x"," "\n'
    ),
    "two columns of amounts in Italian": (
        "Data contabile;Data valuta;Descrizione;Accrediti;Addebiti\n"
        "01/03/2027;01/03/2027;RF8820260042;150,00;\n02/03/2027;02/03/2027;X;;-20,10\n"
    ),
    "own name before that of the other": (
        "Rekeningnummer;Naam;Munt;Datum;Omschrijving;Valuta;Bedrag;Saldo;rekeningnummer tegenpartij;Naam tegenpartij\n"
        "BE68539007547034;VZW;EUR;01/03/2027;RF8820260042;01/03/2027;150,00;1150,00;BE71096123456769;ANNA\n"
        "BE68539007547034;VZW;EUR;02/03/2027;X;02/03/2027;-20,10;1129,90;;X\n"
    ),
    "refused payments among the others": (
        "Date d'exécution;Montant;Devise du compte;Compte;Contrepartie;Nom de la contrepartie;Détails;Statut\n"
        "01/03/2027;150,00;EUR;BE68539007547034;BE71;ANNA;RF8820260042;Accepté\n"
        "02/03/2027;-20,10;EUR;BE68539007547034;;X;x;Accepté\n02/03/2027;-9,10;EUR;BE68539007547034;;X;x;Refusé\n"
    ),
    "words of a notice": (
        'Compte:;="CH9300762011623852957"\nMonnaie:;="EUR"\n\n'
        "Date;Texte de notification;Crédit en EUR;Débit en EUR;Valeur;Solde en EUR\n"
        "01.03.2027;RF8820260042;150.00;;01.03.2027;1150.00\n02.03.2027;X;;-20.10;02.03.2027;1129.90\n\nDisclaimer:\n"
    ),
    "signs before the headers": (
        "#Waluta;\nPLN;\n\n#Data operacji;#Opis operacji;#Tytuł;#Nadawca/Odbiorca;#Kwota;#Saldo po operacji;\n"
        '2027-03-01;PRZELEW;"RF8820260042";"ANNA";150,00;1 150,00;\n2027-03-02;X;"";"";-20,10;1 129,90;\n'
    ),
    "letters of the north": "Bogført;Tekst;Rentedato;Beløb;Saldo\n"
    "01-03-2027;RF8820260042;01-03-2027;150,00;1.150,00\n02-03-2027;X;02-03-2027;-20,10;1.129,90\n",
    "three decimals of which the last is nothing": "Bokföringsdatum;Valutadatum;Text;Belopp;Saldo\n"
    "2027-03-01;2027-03-01;RF8820260042;150,000;1150,000\n2027-03-02;2027-03-02;X;-20,100;1129,900\n",
    "a value that is an amount": "Date, Type, Description, Value, Balance, Account Name, Account Number\n"
    "13/03/2027,BAC,RF8820260042,150.00,1150.00,VILLAGE,600000-12345678\n"
    "02/03/2027,POS,X,-20.10,1129.90,VILLAGE,600000-12345678\n",
    "Arabic headers of two words": "تاريخ المعاملة,تاريخ القيمة,تفاصيل المعاملة,المبلغ المدين,المبلغ الدائن,الرصيد\n"
    "2027/03/01,2027/03/01,RF8820260042,,150.00,2500.00\n2027/03/02,2027/03/02,رسوم,20.10,,2479.90\n",
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_tables_of_many_banks_tell_their_payments(text: str, encoding: str) -> None:
    first, second = lines(text.encode(encoding))
    assert (first.amount_minor, second.amount_minor) == (15000, -2010)
    assert first.references == ("RF8820260042",)


@pytest.mark.parametrize(
    ("name", "account", "currency", "party"),
    [
        ("camel humps", "00040123456", "MAD", None),
        ("currency in the head", None, "EUR", None),
        ("currency in the amounts", None, "EUR", None),
        ("own account above, the other in the column", "DE12500105170648489890", "EUR", "ANNA"),
        ("numbered words and a plus", None, "EUR", "ANNA"),
        ("own name before that of the other", None, "EUR", "ANNA"),
        ("refused payments among the others", "BE68539007547034", "EUR", "ANNA"),
        ("signs before the headers", None, "PLN", "ANNA"),
        ("a value that is an amount", "600000-12345678", "MAD", None),
    ],
)
def test_account_currency_and_giver_are_found_where_the_bank_puts_them(
    name: str, account: str | None, currency: str, party: str | None
) -> None:
    (statement,) = read(FILES[name].encode()).statements
    assert (statement.currency, statement.lines[0].party) == (currency, party)
    assert account in {None, statement.account}


def test_the_other_account_is_never_taken_for_our_own() -> None:
    (statement,) = read(FILES["own account above, the other in the column"].encode()).statements
    assert statement.lines[0].party_account == "DE89370400440532013000"


def test_an_amount_that_names_its_currency_is_never_read_as_dirhams() -> None:
    statement = read("Date;Libellé;Débit;Crédit\n01/03/2027;x;'579,68 USD;\n02/03/2027;y;12,00;\n".encode()).statements[
        0
    ]
    assert [(line.amount_minor, line.currency) for line in statement.lines] == [(-57968, "USD"), (-1200, "USD")]
    mixed = lines("Date;Libellé;Montant\n01/03/2027;x;5,00 €\n02/03/2027;y;6,00 £\n03/03/2027;z;7,00 DH\n".encode())
    assert [line.currency for line in mixed] == ["EUR", "GBP", "MAD"]


def test_an_amount_may_not_name_another_currency_than_its_row_or_map() -> None:
    text = "Date;Libellé;Montant;Devise\n01/03/2027;x;5,00 MAD;MAD\n02/03/2027;x;579,68 EUR;MAD\n"
    assert refusal(text.encode()) == "statement_currency"
    assert [line.currency for line in lines(b"Date;Label;Amount;Currency\n01/03/2027;x;$ 5.00;CAD\n")] == ["CAD"]


def test_a_file_without_any_currency_still_says_that_dirhams_are_assumed() -> None:
    assert notes(read(FILES["letters of the north"].encode())) == ["statement_dirhams_assumed"]


def test_a_row_with_days_or_numbers_is_never_guessed_to_be_a_header() -> None:
    text = "Relevé du 01/03/2027;Montant du virement;Date\nquelque chose;autre;encore\n"
    assert refusal(text.encode()) == "statement_unknown_format"


def test_a_comma_inside_an_amount_that_nobody_quoted_is_refused_and_never_read_as_less() -> None:
    assert refusal(b"Date,Label,Amount\n01/03/2027,x,5,50\n") == "statement_row_too_long"
    assert refusal(b"Date,Label,Amount\n01/03/2027,Ait Ali, Anna,5.50\n") == "statement_row_too_long"
    assert [line.amount_minor for line in lines(b"Date,Label,Amount\n01/03/2027,x,5.50,,\n")] == [550]
