"""Makers of statement files for tests: as banks write them, with invented people."""

import io
import zipfile
from typing import Any

import xlsxwriter

CAMT_VERSIONS = ("camt.053.001.02", "camt.053.001.04", "camt.053.001.08", "camt.052.001.06", "camt.054.001.08")
NAMES = {"camt.052": "Rpt", "camt.053": "Stmt", "camt.054": "Ntfctn"}


def make_entry(
    amount: str = "100.00", *, ccy: str = "EUR", mark: str = "CRDT", status: str = "<Sts>BOOK</Sts>", inside: str = ""
) -> str:
    """An entry of a camt file."""
    return (
        f'<Ntry><Amt Ccy="{ccy}">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>2027-03-01</Dt></BookgDt><ValDt><DtTm>2027-03-02T00:00:00+01:00</DtTm></ValDt>{inside}</Ntry>"
    )


def make_details(amount: str = "", *, texts: str = "", refs: str = "", end: str = "", mark: str = "") -> str:
    """One transaction of an entry."""
    structured = "".join(f"<Strd><CdtrRefInf><Ref>{ref}</Ref></CdtrRefInf></Strd>" for ref in refs.split())
    return (
        f"<TxDtls><Refs><EndToEndId>{end}</EndToEndId></Refs>{amount}{mark}"
        f"<RmtInf><Ustrd>{texts}</Ustrd>{structured}</RmtInf></TxDtls>"
    )


def make_camt(*entries: str, version: str = "camt.053.001.04", balances: str = "", head: str = "") -> bytes:
    """A camt file of one statement."""
    name = NAMES[version[:8]]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}">'
        f"<Msg><GrpHdr/><{name}><Acct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balances}{''.join(entries)}</{name}></Msg></Document>"
    ).encode()


def make_balance(code: str, amount: str, mark: str = "CRDT") -> str:
    """A balance of a camt file."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd></Bal>'
    )


def make_mt940(*bookings: str, opening: str = "C270228EUR100,00", closing: str = ":62F:C270301EUR200,00\n-\n") -> bytes:
    """An MT940 statement."""
    return f":20:STARTUMS\n:25:12345678/1020304050\n:28C:1/1\n:60F:{opening}\n{''.join(bookings)}{closing}".encode()


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


def make_workbook(rows: list[list[Any]]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place + 2, 1, row)
    book.close()
    return target.getvalue()


def make_archive(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()
