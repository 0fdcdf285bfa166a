"""camt.052, camt.053 and camt.054 of any version: reports, statements and notifications of ISO 20022.

Names are read without their namespace, so versions and wrappings do not matter. A batch gives one line for
each transaction; the lines of an entry always sum to what the bank booked.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from cdp.funding.rules.references import find
from cdp.funding.rules.shares import split
from cdp.funding.rules.statements.amounts import read_plain
from cdp.funding.rules.statements.nodes import Node, elements, local
from cdp.funding.rules.statements.values import Line, Reading, Statement, Unreadable
from cdp.kernel.errors import Message

ENTRY = "Ntry"
KINDS = {"Stmt": "camt.053", "Rpt": "camt.052", "Ntfctn": "camt.054"}
BOOKED = {"", "BOOK", "BOOKED"}
OPENING = ("OPBD", "PRCD", "ITBD", "OPAV")
CLOSING = ("CLBD", "ITBD", "CLAV", "ITAV")
NOTHING = {"NOTPROVIDED", "NONREF", "NONE", "N/A"}


def read_camt(data: bytes) -> Reading:
    """The statements of an XML file; Unreadable when it is none, is cut, or declares entities."""
    made: list[_Making] = []
    open_ones: list[_Making] = []
    notes: list[Message] = []
    for event, element in elements(data, (ENTRY, *KINDS)):
        name = local(element)
        if name == ENTRY:
            if event == "end" and open_ones and element.getparent() is open_ones[-1].element:
                open_ones[-1].read(element, notes)
        elif event == "start":
            made.append(_Making(element, name, len(made) + 1))
            open_ones.append(made[-1])
        else:
            open_ones.pop().end(notes)
    if not made:
        raise Unreadable("funding.statement_without_statement")
    kinds = sorted({KINDS[each.kind] for each in made})
    return Reading(kinds[0], tuple(each.statement for each in made if each.statement), tuple(notes))


class _Making:
    """A statement while its file is read: entries become lines as they come."""

    def __init__(self, element: Any, kind: str, place: int) -> None:
        self.element, self.kind, self.place = element, kind, place
        self.statement: Statement | None = None
        self._currency: str | None = None
        self._lines: list[Line] = []
        self._entries = 0

    def read(self, element: Any, notes: list[Message]) -> None:
        """One entry; the account and its balances stand before it, and say the currency of amounts without one."""
        entry = Node(element)
        if self._currency is None:
            self._currency = _currency(Node(self.element, without=ENTRY), entry)
        self._entries += 1
        self._lines += _entry_lines(entry, self._entries, self._currency, notes)

    def end(self, notes: list[Message]) -> None:
        """The whole statement, once its last word is read."""
        head = Node(self.element, without=ENTRY)
        currency = self._currency or _currency(head, None)
        opening = _known_balance(head, OPENING, self.place, notes)
        closing = _known_balance(head, CLOSING, self.place, notes)
        account = _account(head.first("Acct")) or None
        self.statement = Statement(account, currency, opening, closing, tuple(self._lines))


def _known_balance(node: Node, codes: tuple[str, ...], place: int, notes: list[Message]) -> int | None:
    """A balance, or None with a warning when its amount cannot be read: the payments count, it only controls them."""
    try:
        return _balance(node, codes, first=0 if codes is OPENING else -1)
    except Unreadable:
        notes.append(Message("funding.statement_balance_unreadable", {"line": place}))
        return None


def _account(node: Node | None) -> str:
    paths = (("Id", "IBAN"), ("Id", "Othr", "Id"), ("Id", "BBAN"), ("Id", "PrtryAcct", "Id"), ("Id", "UPIC"))
    return "" if node is None else node.said(*paths)


def _currency(head: Node, entry: Node | None) -> str | None:
    """Of the account; else of its balances; else of its first entry."""
    amounts = (*head.all("Bal", "Amt"), *(entry.all("Amt") if entry else ()))
    found = (amount.attributes.get("Ccy") for amount in amounts)
    return head.said(("Acct", "Ccy")) or next((each for each in found if each), None)


def _balance(node: Node, codes: tuple[str, ...], *, first: int) -> int | None:
    """The opening (first of its code) or closing (last) balance, by the best code there is."""
    balances = node.all("Bal")
    for code in codes:
        found = [each for each in balances if _balance_code(each) == code]
        if found and not (code == "ITBD" and len(found) == 1 and first == 0):
            return _signed(found[first], _minor(found[first].first("Amt"), 0), 0)
    return None


def _balance_code(node: Node) -> str:
    return node.said(("Tp", "CdOrPrtry", "Cd"), ("Tp", "CdOrPrtry", "Prtry"), ("Tp", "Cd"))


def _minor(amount: Node | None, place: int, default: str | None = None) -> int:
    currency = default or "" if amount is None else (amount.attributes.get("Ccy") or default or "")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise Unreadable("funding.statement_currency", line=place, text=currency)
    try:
        return read_plain(None if amount is None else amount.text, currency)
    except Unreadable as broken:
        raise Unreadable(replace(broken.message, values=broken.message.values | {"line": place})) from broken


def _signed(node: Node, minor: int, place: int) -> int:
    mark = node.said(("CdtDbtInd",)).upper()
    if mark not in {"CRDT", "DBIT"}:
        raise Unreadable("funding.statement_sign", line=place, text=mark)
    return minor if mark == "CRDT" else -minor


def _day(node: Node | None, name: str, place: int) -> date | None:
    text = "" if node is None else node.said((name, "Dt"), (name, "DtTm"))
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
        more = self.node.texts("AddtlNtryInf")
        end = "" if details is None else details.said(("Refs", "EndToEndId"), ("Refs", "EndToEndID"))
        own = "" if details is None else details.said(("Refs", "AcctSvcrRef"))
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
            reversal=self.reversal or (details is not None and "RtrInf" in details.below),
            bank_reference=own or self.node.said(("AcctSvcrRef",)) or None,
            party=_party(details, amount),
            party_account=_party_account(details, amount),
            place=self.place,
        )


def _entry_lines(node: Node, place: int, default: str | None, notes: list[Message]) -> list[Line]:
    status = node.said(("Sts", "Cd"), ("Sts", "Prtry"), ("Sts",)).upper()
    if status not in BOOKED:
        notes.append(Message("funding.statement_not_booked", {"line": place, "text": status}))
        return []
    stated = node.first("Amt")
    amount = _signed(node, _minor(stated, place, default), place)
    if amount == 0:
        notes.append(Message("funding.statement_zero", {"line": place}))
    currency = ("" if stated is None else stated.attributes.get("Ccy")) or default or ""
    booked, value = _day(node, "BookgDt", place), _day(node, "ValDt", place)
    reversal = node.said(("RvslInd",)).lower() in {"true", "1"}
    entry = _Entry(node, place, amount, currency, booked or value, value, reversal, notes)
    details = node.all("NtryDtls", "TxDtls") or node.all("TxDtls")
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
    currencies = {node.attributes.get("Ccy") or entry.currency for node in nodes}
    if len(nodes) != len(details) or len(currencies) != 1:
        return None
    sizes = [abs(_minor(node, entry.place, entry.currency)) for node in nodes]
    direction = 1 if entry.amount > 0 else -1
    if currencies != {entry.currency}:
        entry.notes.append(Message("funding.statement_batch_converted", {"line": entry.place}))
        return [direction * part for part in split(abs(entry.amount), sizes)] if any(sizes) else None
    if sum(sizes) == abs(entry.amount):
        return [direction * size for size in sizes]
    marks = [each.said(("CdtDbtInd",)).upper() for each in details]
    return [size * {"CRDT": 1, "DBIT": -1}.get(mark, direction) for size, mark in zip(sizes, marks, strict=True)]


def _transaction_amount(details: Node, currency: str) -> Node | None:
    """The amount of a transaction, in the currency of the entry if it is stated in it."""
    paths = (
        ("Amt",),
        ("AmtDtls", "TxAmt", "Amt"),
        ("AmtDtls", "CntrValAmt", "Amt"),
        ("AmtDtls", "InstdAmt", "Amt"),
    )
    nodes = [node for path in paths if (node := details.first(*path)) is not None]
    return next((node for node in nodes if node.attributes.get("Ccy") == currency), nodes[0] if nodes else None)


def _texts(details: Node | None) -> list[str]:
    paths = (("RmtInf", "Ustrd"), ("RmtInf", "Strd", "AddtlRmtInf"), ("AddtlTxInf",))
    return [] if details is None else [text for path in paths for text in details.texts(*path)]


def _references(details: Node | None) -> list[str]:
    if details is None:
        return []
    at = ("RmtInf", "Strd", "CdtrRefInf")
    return details.texts(*at, "Ref") or details.texts(*at, "CdtrRef")


def _party(details: Node | None, amount: int) -> str | None:
    role = "Dbtr" if amount > 0 else "Cdtr"
    paths = (("RltdPties", f"Ultmt{role}"), ("RltdPties", role))
    tails = (("Nm",), ("Pty", "Nm"))
    return None if details is None else details.said(*((*path, *tail) for path in paths for tail in tails)) or None


def _party_account(details: Node | None, amount: int) -> str | None:
    role = "DbtrAcct" if amount > 0 else "CdtrAcct"
    return None if details is None else _account(details.first("RltdPties", role)) or None
