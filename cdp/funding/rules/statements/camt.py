"""camt.052, camt.053 and camt.054 of any version: reports, statements and notifications of ISO 20022.

Names are read without their namespace, so versions and wrappings do not matter. A batch gives one line for
each transaction; the lines of an entry always sum to what the bank booked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lxml import etree

from cdp.funding.rules.references import find
from cdp.funding.rules.shares import split
from cdp.funding.rules.statements.amounts import read_plain
from cdp.funding.rules.statements.values import Line, Reading, Statement, Unreadable
from cdp.kernel.errors import Message

Node = Any
KINDS = {"Stmt": "camt.053", "Rpt": "camt.052", "Ntfctn": "camt.054"}
BOOKED = {"", "BOOK"}
OPENING = ("OPBD", "PRCD", "ITBD", "OPAV")
CLOSING = ("CLBD", "ITBD", "CLAV", "ITAV")
NOTHING = {"NOTPROVIDED", "NONREF", "NONE", "N/A"}


def read_camt(data: bytes) -> Reading:
    """The statements of an XML file; Unreadable when it is none, is cut, or declares entities."""
    root = parse(data)
    nodes = [node for node in root.iter() if isinstance(node.tag, str) and _name(node) in KINDS]
    if not nodes:
        raise Unreadable("funding.statement_without_statement")
    notes: list[Message] = []
    statements = tuple(_statement(node, number, notes) for number, node in enumerate(nodes, 1))
    kinds = sorted({KINDS[_name(node)] for node in nodes})
    return Reading(kinds[0], statements, tuple(notes))


def parse(data: bytes) -> Node:
    """The root of an XML file, names without namespaces: no entities, no network, no document type at all."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        place = getattr(broken, "lineno", 0) or 0
        raise Unreadable("funding.statement_xml_broken", line=place) from broken
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise Unreadable("funding.statement_doctype")
    for node in root.iter(etree.Element):
        node.tag = str(node.tag).rpartition("}")[2]
    return root


def _name(node: Node) -> str:
    return str(node.tag)


def _children(node: Node | None, *path: str) -> Iterator[Node]:
    """Nodes at a path below a node."""
    return iter(()) if node is None else node.iterfind("/".join(path))


def _first(node: Node | None, *path: str) -> Node | None:
    return None if node is None else node.find("/".join(path))


def _text(node: Node | None, *path: str) -> str:
    found = _first(node, *path)
    return "" if found is None else "".join(found.itertext()).strip()


def _all(node: Node | None, *path: str) -> list[str]:
    return [text for each in _children(node, *path) if (text := "".join(each.itertext()).strip())]


def _any(node: Node | None, *paths: tuple[str, ...]) -> str:
    return next((text for path in paths if (text := _text(node, *path))), "")


def _statement(node: Node, place: int, notes: list[Message]) -> Statement:
    currency = _currency(node)
    account = _account(_first(node, "Acct")) or None
    lines: list[Line] = []
    for number, entry in enumerate(_children(node, "Ntry"), 1):
        lines += _entry_lines(entry, number, currency, notes)
    opening = _known_balance(node, OPENING, place, notes)
    closing = _known_balance(node, CLOSING, place, notes)
    return Statement(account, currency, opening, closing, tuple(lines))


def _known_balance(node: Node, codes: tuple[str, ...], place: int, notes: list[Message]) -> int | None:
    """A balance, or None with a warning when its amount cannot be read: the payments count, it only controls them."""
    try:
        return _balance(node, codes, first=0 if codes is OPENING else -1)
    except Unreadable:
        notes.append(Message("funding.statement_balance_unreadable", {"line": place}))
        return None


def _account(node: Node | None) -> str:
    paths = (("Id", "IBAN"), ("Id", "Othr", "Id"), ("Id", "BBAN"), ("Id", "PrtryAcct", "Id"), ("Id", "UPIC"))
    return _any(node, *paths)


def _currency(node: Node) -> str | None:
    """Of the account; else of its balances; else of its entries."""
    stated = _text(node, "Acct", "Ccy")
    amounts = (*_children(node, "Bal", "Amt"), *_children(node, "Ntry", "Amt"))
    return stated or next((amount.get("Ccy") for amount in amounts if amount.get("Ccy")), None)


def _balance(node: Node, codes: tuple[str, ...], *, first: int) -> int | None:
    """The opening (first of its code) or closing (last) balance, by the best code there is."""
    balances = list(_children(node, "Bal"))
    for code in codes:
        found = [each for each in balances if _balance_code(each) == code]
        if found and not (code == "ITBD" and len(found) == 1 and first == 0):
            amount = _first(found[first], "Amt")
            return _signed(found[first], _minor(amount, 0), 0)
    return None


def _balance_code(node: Node) -> str:
    return _any(node, ("Tp", "CdOrPrtry", "Cd"), ("Tp", "CdOrPrtry", "Prtry"), ("Tp", "Cd"))


def _minor(amount: Node | None, place: int, default: str | None = None) -> int:
    currency = default or "" if amount is None else (amount.get("Ccy") or default or "")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise Unreadable("funding.statement_currency", line=place, text=currency)
    try:
        return read_plain(None if amount is None else amount.text, currency)
    except Unreadable as broken:
        raise Unreadable(replace(broken.message, values=broken.message.values | {"line": place})) from broken


def _signed(node: Node, minor: int, place: int) -> int:
    mark = _text(node, "CdtDbtInd").upper()
    if mark not in {"CRDT", "DBIT"}:
        raise Unreadable("funding.statement_sign", line=place, text=mark)
    return minor if mark == "CRDT" else -minor


def _day(node: Node | None, name: str, place: int) -> date | None:
    text = _any(node, (name, "Dt"), (name, "DtTm"))
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as broken:
        raise Unreadable("funding.statement_day", line=place, text=text[:20]) from broken


@dataclass
class _Entry:
    """What all lines of one entry share."""

    node: Node
    place: int
    amount: int
    currency: str
    booked: date | None
    value_date: date | None
    reversal: bool
    notes: list[Message] = field(default_factory=list)

    def line(self, details: Node | None, amount: int) -> Line:
        """One line with the texts of its transaction; texts of the entry belong to every line of it."""
        texts, structured = _texts(details), _references(details)
        more = _all(self.node, "AddtlNtryInf")
        end = _any(details, ("Refs", "EndToEndId"), ("Refs", "EndToEndID"))
        end = "" if end.upper() in NOTHING else end
        found = find(*structured, *texts, end, *more)
        kept = dict.fromkeys([*(each for each in structured if not find(each)), *found])
        return Line(
            booked=self.booked,
            value_date=self.value_date,
            amount_minor=amount,
            currency=self.currency,
            references=tuple(kept),
            text=" ".join(dict.fromkeys([*texts, *more])),
            end_to_end=end or None,
            reversal=self.reversal or _first(details, "RtrInf") is not None,
            bank_reference=_text(details, "Refs", "AcctSvcrRef") or _text(self.node, "AcctSvcrRef") or None,
            party=_party(details, amount),
            party_account=_party_account(details, amount),
            place=self.place,
        )


def _entry_lines(node: Node, place: int, default: str | None, notes: list[Message]) -> list[Line]:
    status = _any(node, ("Sts", "Cd"), ("Sts",)).upper()
    if status not in BOOKED:
        notes.append(Message("funding.statement_not_booked", {"line": place, "text": status}))
        return []
    stated = _first(node, "Amt")
    amount = _signed(node, _minor(stated, place, default), place)
    if amount == 0:
        notes.append(Message("funding.statement_zero", {"line": place}))
    currency = ("" if stated is None else stated.get("Ccy")) or default or ""
    booked, value = _day(node, "BookgDt", place), _day(node, "ValDt", place)
    reversal = _text(node, "RvslInd").lower() in {"true", "1"}
    entry = _Entry(node, place, amount, currency, booked or value, value, reversal, notes)
    details = list(_children(node, "NtryDtls", "TxDtls")) or list(_children(node, "TxDtls"))
    if len(details) < 2:
        return [entry.line(details[0] if details else None, amount)]
    return _batch(entry, details)


def _batch(entry: _Entry, details: list[Node]) -> list[Line]:
    """One line for each transaction of a batch; together they are what was booked."""
    amounts = _batch_amounts(entry, details)
    if amounts is None:
        entry.notes.append(Message("funding.statement_batch_whole", {"line": entry.place}))
        whole = [entry.line(each, entry.amount) for each in details]
        references = tuple(dict.fromkeys(one for line in whole for one in line.references))
        text = " ".join(dict.fromkeys(line.text for line in whole if line.text))
        return [replace(whole[0], references=references, text=text, end_to_end=None)]
    if 0 in amounts:
        entry.notes.append(Message("funding.statement_zero", {"line": entry.place}))
    lines = [entry.line(each, amount) for each, amount in zip(details, amounts, strict=True)]
    if rest := entry.amount - sum(amounts):
        entry.notes.append(Message("funding.statement_batch_rest", {"line": entry.place}))
        lines.append(entry.line(None, rest))
    return lines


def _batch_amounts(entry: _Entry, details: list[Node]) -> list[int] | None:
    """Signed amounts of the transactions in the currency of the entry, or None when they are not stated."""
    found = [_transaction_amount(each, entry.currency) for each in details]
    nodes = [node for node in found if node is not None]
    currencies = {node.get("Ccy") or entry.currency for node in nodes}
    if len(nodes) != len(details) or len(currencies) != 1:
        return None
    sizes = [abs(_minor(node, entry.place, entry.currency)) for node in nodes]
    direction = 1 if entry.amount > 0 else -1
    if currencies != {entry.currency}:
        entry.notes.append(Message("funding.statement_batch_converted", {"line": entry.place}))
        return [direction * part for part in split(abs(entry.amount), sizes)] if any(sizes) else None
    if sum(sizes) == abs(entry.amount):
        return [direction * size for size in sizes]
    marks = [_text(each, "CdtDbtInd").upper() for each in details]
    return [size * {"CRDT": 1, "DBIT": -1}.get(mark, direction) for size, mark in zip(sizes, marks, strict=True)]


def _transaction_amount(details: Node, currency: str) -> Node | None:
    """The amount of a transaction, in the currency of the entry if it is stated in it."""
    paths = (
        ("Amt",),
        ("AmtDtls", "TxAmt", "Amt"),
        ("AmtDtls", "CntrValAmt", "Amt"),
        ("AmtDtls", "InstdAmt", "Amt"),
    )
    nodes = [node for path in paths if (node := _first(details, *path)) is not None]
    return next((node for node in nodes if node.get("Ccy") == currency), nodes[0] if nodes else None)


def _texts(details: Node | None) -> list[str]:
    paths = (("RmtInf", "Ustrd"), ("RmtInf", "Strd", "AddtlRmtInf"), ("AddtlTxInf",))
    return [text for path in paths for text in _all(details, *path)]


def _references(details: Node | None) -> list[str]:
    return _all(details, "RmtInf", "Strd", "CdtrRefInf", "Ref") or _all(
        details, "RmtInf", "Strd", "CdtrRefInf", "CdtrRef"
    )


def _party(details: Node | None, amount: int) -> str | None:
    role = "Dbtr" if amount > 0 else "Cdtr"
    paths = (("RltdPties", f"Ultmt{role}"), ("RltdPties", role))
    names = (name for path in paths for tail in (("Nm",), ("Pty", "Nm")) if (name := _text(details, *path, *tail)))
    return next(names, None)


def _party_account(details: Node | None, amount: int) -> str | None:
    role = "DbtrAcct" if amount > 0 else "CdtrAcct"
    return _account(_first(details, "RltdPties", role)) or None
