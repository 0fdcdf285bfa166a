"""Blocks in, Word document out (python-docx): the commune's letterhead; right-to-left paragraphs, runs and tables."""

import io
from datetime import datetime
from importlib import import_module
from typing import Any

from cdp.exports.blocks import (
    Bars,
    Block,
    Document,
    Facts,
    Heading,
    Listing,
    Map,
    Signatures,
    Stack,
    Table,
    Text,
)

FONT = "Amiri"
"""Named, not embedded: offices without it see their own Arabic typeface."""

SIGNING_LINES = 4

SPOKEN = {"ar": "ar-MA", "fr": "fr-MA", "en": "en-GB"}

AFTER_BIDI = ("w:tblStyleRowBandSize", "w:tblW", "w:jc", "w:tblLayout", "w:tblLook")
"""What the schema wants behind a table's direction."""


class Writer:
    """A Word document that grows block by block."""

    def __init__(self, document: Document) -> None:
        self.word: Any = import_module("docx").Document()
        self.ns: Any = import_module("docx.oxml.ns")
        self.oxml: Any = import_module("docx.oxml")
        self.is_rtl = document.page.language == "ar"
        self.language = document.page.language

    def write(self, document: Document, made_at: datetime) -> bytes:
        """The whole document; the same document and moment give the same text."""
        page = document.page
        core = self.word.core_properties
        core.title, core.author, core.language = page.title, page.owner, page.language
        core.created = core.modified = made_at.replace(tzinfo=None)
        core.last_modified_by = page.owner
        for row in page.letterhead:
            self.paragraph(row)
        self.paragraph(page.title, style="Title")
        if page.subtitle:
            self.paragraph(page.subtitle)
        if page.notice:
            self.paragraph(page.notice)
        for block in document.blocks:
            self.block(block)
        buffer = io.BytesIO()
        self.word.save(buffer)
        return buffer.getvalue()

    def block(self, block: Block) -> None:
        """One block, as Word has it; charts become the figures they draw."""
        if isinstance(block, Heading):
            self.paragraph(block.text, style=f"Heading {block.level}")
        elif isinstance(block, Text):
            self.paragraph(block.text)
        elif isinstance(block, Facts):
            self.table((), block.rows)
        elif isinstance(block, Table):
            if block.caption:
                self.paragraph(block.caption, style="Heading 3")
            self.table(block.heads, block.rows)
        elif isinstance(block, Bars | Stack):
            self.paragraph(block.caption, style="Heading 3")
            self.table((), tuple((row[0], row[2]) for row in block.rows))
        else:
            self._rest(block)

    def _rest(self, block: Map | Listing | Signatures) -> None:
        if isinstance(block, Map):
            self.paragraph(block.alt)
        elif isinstance(block, Listing):
            for row in block.rows:
                self.paragraph(row, style="List Bullet")
        else:
            self.table(block.rows, (tuple("\n" * SIGNING_LINES for _row in block.rows),))

    def paragraph(self, text: str, style: str | None = None) -> None:
        """A paragraph in the document's direction."""
        self.fill(self.word.add_paragraph(style=style), text)

    def fill(self, paragraph: Any, text: str) -> None:
        """Text into a paragraph: bidi on the paragraph, rtl and language on its run."""
        run = paragraph.add_run(text)
        run.font.name = FONT
        properties = run._element.get_or_add_rPr()
        fonts = properties.find(self.ns.qn("w:rFonts"))
        fonts.set(self.ns.qn("w:cs"), FONT)
        if self.is_rtl:
            paragraph._p.get_or_add_pPr().insert_element_before(
                self.oxml.OxmlElement("w:bidi"), "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
            )
            properties.append(self.oxml.OxmlElement("w:rtl"))
        spoken = self.oxml.OxmlElement("w:lang")
        spoken.set(self.ns.qn("w:bidi" if self.is_rtl else "w:val"), SPOKEN[self.language])
        properties.append(spoken)

    def table(self, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
        """A table whose columns run in the document's direction; its heads repeat on each page."""
        width = len(heads or rows[0]) if heads or rows else 0
        if not width:
            return
        made = self.word.add_table(rows=0, cols=width, style="Table Grid")
        if self.is_rtl:
            made._tbl.tblPr.insert_element_before(self.oxml.OxmlElement("w:bidiVisual"), *AFTER_BIDI)
        for place, row in enumerate([heads, *rows] if heads else rows):
            line = made.add_row()
            for cell, text in zip(line.cells, row, strict=False):
                self.fill(cell.paragraphs[0], text)
            if heads and not place:
                line._tr.get_or_add_trPr().append(self.oxml.OxmlElement("w:tblHeader"))


def word(document: Document, made_at: datetime) -> bytes:
    """The document as a Word file that an office may edit and sign."""
    return Writer(document).write(document, made_at)
