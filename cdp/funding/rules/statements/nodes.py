"""XML of a bank as plain values, one entry at a time: no entities, no network, no document type, little memory."""

import io
from collections.abc import Collection, Iterable, Iterator
from typing import Any, cast

from lxml import etree

from cdp.funding.rules.statements.values import Unreadable


class Node:
    """An element: its text (with that of all below it), its attributes, and what stands below it by name.

    Names are without their namespace, so versions and wrappings do not matter.
    """

    __slots__ = ("attributes", "below", "text")
    text: str

    def __init__(self, element: "etree._Element", *, without: str = "") -> None:
        text: str = element.text or ""
        self.below: dict[str, list[Node]] = {}
        for child in element:
            name = local(child)
            if name != without:
                made = Node(child)
                text += made.text + (child.tail or "")
                self.below.setdefault(name, []).append(made)
        self.text = text
        self.attributes: dict[str, str] = dict(cast("Iterable[tuple[str, str]]", element.items()))

    def all(self, *path: str) -> "list[Node]":
        """The elements at a path below this one, in their order."""
        found = [self]
        for name in path:
            found = [below for each in found for below in each.below.get(name, ())]
        return found

    def first(self, *path: str) -> "Node | None":
        """The first element at a path, or None."""
        if len(path) == 1:
            below = self.below.get(path[0])
            return below[0] if below else None
        found = self.all(*path)
        return found[0] if found else None

    def said(self, *paths: tuple[str, ...]) -> str:
        """The first text that stands at one of the paths; empty where none does."""
        for path in paths:
            found = self.first(*path)
            if found is not None and (text := found.text.strip()):
                return text
        return ""

    def texts(self, *path: str) -> list[str]:
        """All texts at a path that are not empty."""
        return [text for each in self.all(*path) if (text := each.text.strip())]


def local(element: "etree._Element") -> str:
    """The name of an element without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def elements(data: bytes, names: Collection[str]) -> "Iterator[tuple[str, etree._Element]]":
    """The beginnings and ends of the elements of these names; Unreadable for what is no whole, plain XML.

    An element whose end was told is emptied before the next one comes: a file of any size needs little memory.
    """
    steps = etree.iterparse(
        io.BytesIO(data.strip()),
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for event, element in steps:
            _refuse_document_type(element)
            yield event, element
            if event == "end":
                element.clear()
        _refuse_document_type(steps.root)
    except (etree.XMLSyntaxError, ValueError) as broken:
        place = getattr(broken, "lineno", 0) or 0
        raise Unreadable("funding.statement_xml_broken", line=place) from broken


def _refuse_document_type(element: "etree._Element") -> None:
    tree: Any = element.getroottree()
    if tree.docinfo.doctype:
        raise Unreadable("funding.statement_doctype")
