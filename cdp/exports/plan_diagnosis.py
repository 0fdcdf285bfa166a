"""The diagnosis of the plan's document: figures beside what meetings said, who was heard, the vision and the axes."""

from collections.abc import Mapping

from flask_babel import gettext as _

from cdp.exports.blocks import Block, Facts, Heading, Listing, Table, Text
from cdp.exports.plan_money import sector_name
from cdp.exports.wording import joined, number, said
from cdp.i18n import formats
from cdp.i18n.say import label, language
from cdp.meetings import rules
from cdp.meetings.queries import SayingRow
from cdp.meetings.rules import Figure
from cdp.meetings.states import CLASSES, PresentAge, PresentBy, PresentFrom, PresentSex, SayingKind, Unit
from cdp.transparency.plan_book import PlanBook

SWOT = (SayingKind.STRENGTH, SayingKind.WEAKNESS, SayingKind.OPPORTUNITY, SayingKind.THREAT)
NAMES = {PresentBy.SEX: PresentSex, PresentBy.AGE: PresentAge, PresentBy.GROUP: PresentFrom}


def chapter(book: PlanBook) -> list[Block]:
    """Figures with source and year, strengths and weaknesses, needs by douar."""
    said_here = [saying for meeting in book.meetings for saying in meeting.sayings]
    blocks: list[Block] = [Heading(_("Diagnosis")), *_figures(book)]
    if any(saying.kind in SWOT for saying in said_here):
        blocks.append(Heading(_("Strengths, weaknesses, opportunities, threats"), 2))
        for kind in SWOT:
            texts = tuple(_with_place(saying) for saying in said_here if saying.kind is kind)
            blocks += [Heading(label(kind), 3), Listing(texts)] if texts else []
    needs = [saying for saying in said_here if saying.kind is SayingKind.NEED]
    if needs:
        rows = tuple(
            (said(n.place) if n.place else _("The whole commune"), sector_name(book, n.sector), said(n.text))
            for n in sorted(needs, key=lambda each: said(each.place))
        )
        heads = (_("Douar"), _("Axis"), _("What was said"))
        kinds = ("text", "text", "text")
        blocks += [Heading(_("Needs by douar"), 2), Table("", heads, kinds, rows, widths=(1, 1, 3))]
    opinions = [_with_place(saying) for saying in said_here if saying.kind is SayingKind.OPINION]
    if opinions:
        blocks += [Heading(_("Opinions of the bodies consulted"), 2), Listing(tuple(opinions))]
    return blocks


def _with_place(saying: SayingRow) -> str:
    return f"{said(saying.text)} ({said(saying.place)})" if saying.place else said(saying.text)


def _figures(book: PlanBook) -> list[Block]:
    if not book.figures:
        return [Text(_("No figures were entered for this commune, and the census package holds none."))]
    rows = tuple((label(f.indicator), value(f), f.source, str(f.year)) for f in book.figures)
    heads = (_("Indicator"), _("Value"), _("Where from"), _("Year"))
    return [Table(_("Indicators"), heads, ("text", "number", "text", "number"), rows, widths=(2, 0, 2, 0))]


def value(figure: Figure) -> str:
    """A figure with its unit as people write it."""
    plain = number(figure.value_milli / 1000)
    if figure.unit is Unit.PERCENT:
        return f"{plain}{formats.NO_BREAK}%" if language() == "fr" else f"{plain}%"
    return f"{plain}{formats.NO_BREAK}{label(figure.unit)}" if figure.unit is Unit.KM else plain


def vision(book: PlanBook) -> list[Block]:
    """What people want the commune to be, and the axes with their projects and money."""
    wishes = [s for meeting in book.meetings for s in meeting.sayings if s.kind is SayingKind.VISION]
    blocks: list[Block] = [Heading(_("Vision and axes"))]
    blocks += [Text(said(wish.text), language=wish.text.in_(language())[1]) for wish in wishes]
    by_sector = book.plan.by_sector()
    rows = tuple(
        (said(sector.name), _projects(book, sector.key), number(by_sector[sector.key] // 100))
        for sector in book.card.charter.sectors
        if sector.key in by_sector
    )
    heads = (_("Axis"), _("Projects"), _("Dirhams"))
    return [*blocks, Table(_("Axes of the plan"), heads, ("text", "number", "number"), rows)]


def _projects(book: PlanBook, key: str) -> str:
    return number(sum(row.sector == key for row in book.plan.rows))


def meetings(book: PlanBook) -> list[Block]:
    """The meetings, and who was heard in classes; classes of few people are not counted."""
    if not book.meetings:
        return []
    rows = tuple(
        (
            formats.day(m.held_on, language()),
            label(m.kind),
            said(m.title),
            joined([said(m.locality), said(m.place)]),
            "" if m.present is None else number(m.present),
        )
        for m in book.meetings
    )
    heads = (_("Day"), _("Kind"), _("Meeting"), _("Place"), _("Present"))
    table = Table(_("Meetings"), heads, ("text", "text", "text", "text", "number"), rows, widths=(0, 1, 2, 1.4, 0))
    return [Heading(_("Who was heard"), 2), table, *heard(book.heard)]


def heard(found: Mapping[PresentBy, Mapping[str, int | None]]) -> list[Block]:
    """Those present by each facet, small classes hidden (None)."""
    blocks: list[Block] = []
    for facet, kind in NAMES.items():
        if facet in found:
            counts = found[facet]
            rows = tuple((label(kind(key)), _count(counts[key])) for key in CLASSES[facet] if key in counts)
            blocks += [Heading(label(facet), 3), Facts(rows)]
    if blocks:
        blocks.append(Text(_("A class with fewer than %(least)s people is not counted here.", least=rules.FEWEST)))
    return blocks


def _count(count: int | None) -> str:
    return _("fewer than %(least)s", least=rules.FEWEST) if count is None else number(count)
