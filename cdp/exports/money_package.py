"""All tables of a commune's open money in one archive: each CSV with its Table Schema, and a data package over them."""

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cdp.exports import money_moves
from cdp.exports.lists import money_columns, money_lines, project_columns
from cdp.exports.standards import Dossier
from cdp.exports.tables import BOM, Column, csv_lines, keyed, table_schema
from cdp.transparency.sheets import AccountsSheet, ExchangeSheet, PartnerSheet, PartSheet

WRITTEN = (1980, 1, 1, 0, 0, 0)
"""The day of every file within: the same data give the same bytes."""


@dataclass(frozen=True)
class Table:
    """One file of the package: its name, what it says, its columns, its key, its rows."""

    name: str
    about: str
    columns: Sequence[Column[Any]]
    key: tuple[str, ...]
    rows: Iterable[Any]


@dataclass(frozen=True)
class Share:
    """The money of one part of the accounts: of a source, a year, a sector or a douar."""

    by: str
    part: PartSheet


def partner_columns() -> list[Column[PartnerSheet]]:
    """How partners keep their agreements; the key is ``source`` and ``party``."""
    return [
        Column("source", "Source", "string", lambda row: row.source.value),
        *money_moves.party_columns(str, lambda row: row),
        Column("signed", "Signed, in dirhams", "number", lambda row: row.signed),
        Column("paid", "Paid", "number", lambda row: row.paid),
        Column("late", "Due by an instalment and not here", "number", lambda row: row.late),
        Column("late_since", "Late since", "date", lambda row: row.late_since),
        Column("default_since", "In default since", "date", lambda row: row.default_since),
    ]


def exchange_columns() -> list[Column[ExchangeSheet]]:
    """What rates did; the key is ``currency``."""
    return [
        Column("currency", "Currency", "string", lambda row: row.received.currency),
        Column("received", "Received, in that currency", "number", lambda row: row.received),
        Column("at_promise", "Dirhams at the rates of the promises", "number", lambda row: row.at_promise),
        Column("at_receipt", "Dirhams at the rates of the receipts", "number", lambda row: row.at_receipt),
        Column("difference", "Difference", "number", lambda row: row.difference),
    ]


def share_columns() -> list[Column[Share]]:
    """The accounts by source, year, sector and douar; the key is ``by`` and ``part``."""
    return [
        Column("by", "By source, year, sector or place", "string", lambda row: row.by),
        Column("part", "Key of the part; a place without one is the whole commune", "string", lambda row: row.part.key),
        Column("received", "Received, in dirhams", "number", lambda row: row.part.received),
        Column("committed", "Committed and not here", "number", lambda row: row.part.committed),
        Column("pledged", "Promised and open", "number", lambda row: row.part.pledged),
        Column("sought", "Still sought", "number", lambda row: row.part.sought),
    ]


def tables(found: Dossier, accounts: AccountsSheet) -> list[Table]:
    """The tables of a commune, made of the sheets its pages are made of."""
    parts = (
        ("source", accounts.by_source),
        ("year", accounts.by_year),
        ("sector", accounts.by_sector),
        ("place", accounts.by_place),
    )
    shares = [Share(by, part) for by, own in parts for part in own]
    return [
        Table("projects", "Projects with their money and works", project_columns({}), ("number",), found.projects),
        Table(
            "money",
            "Money of each project by source",
            money_columns(),
            ("number", "source", "party"),
            money_lines(found.projects),
        ),
        Table(
            "moves",
            "Every move of the money: institutions one by one, people in sums",
            money_moves.columns(str),
            money_moves.KEY,
            found.moves,
        ),
        Table("accounts", "All projects together, by part", share_columns(), ("by", "part"), shares),
        Table(
            "partners",
            "How partners keep their agreements",
            partner_columns(),
            ("source", "party"),
            accounts.partners,
        ),
        Table("exchange", "What the rates did to promises", exchange_columns(), ("currency",), accounts.exchanges),
    ]


def package(found: Dossier, accounts: AccountsSheet) -> bytes:
    """The archive: ``<table>.csv``, ``<table>.schema.json`` and ``datapackage.json``; the same data, the same bytes."""
    out, resources = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables(found, accounts):
            columns = keyed(table.columns)
            schema = table_schema(columns, key=table.key)
            for field, column in zip(schema["fields"], table.columns, strict=True):
                field["title"] = column.title
            text = "".join(csv_lines(columns, table.rows)).removeprefix(BOM)
            _put(archive, f"{table.name}.csv", text)
            _put(archive, f"{table.name}.schema.json", _json(schema))
            resources.append(_resource(table, schema))
        _put(archive, "datapackage.json", _json(_described(found, resources)))
    return out.getvalue()


def _resource(table: Table, schema: dict[str, Any]) -> dict[str, Any]:
    about = {"name": table.name, "path": f"{table.name}.csv", "title": table.about, "type": "table"}
    return about | {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema}


def _described(found: Dossier, resources: list[dict[str, Any]]) -> dict[str, Any]:
    names = found.commune.name
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"money-{found.commune.code.replace('.', '-')}",
        "title": f"Money of the projects of {names.in_('fr')[0]}",
        "created": found.made_at.isoformat(timespec="seconds"),
        "resources": resources,
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    member = zipfile.ZipInfo(name, WRITTEN)
    member.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(member, text.encode())
