"""Projects in the plan's document: by axis, how they are followed, and one sheet each."""

from flask_babel import gettext as _

from cdp.exports.blocks import Block, Facts, Heading, Table, Text
from cdp.exports.plan_money import sector_name
from cdp.exports.wording import amount, joined, money, number, said, unit
from cdp.i18n.say import label, language, say
from cdp.programme.queries import PlanRow
from cdp.rounds.states import Source
from cdp.transparency.plan_book import CostRow, PlanBook, SheetOfProject

MILLI = 1000


def asker(row: PlanRow) -> str:
    """Who asks: the group, else the kind."""
    return said(row.asker) if row.asker else label(row.proposer_kind)


def _places(row: PlanRow) -> str:
    return joined([said(place) for place in row.places]) or _("The whole commune")


def by_axis(book: PlanBook) -> list[Block]:
    """The projects of each axis, those of most money first."""
    blocks: list[Block] = [Heading(_("Projects by axis"))]
    heads = (_("Number"), _("Project"), _("Where"), _("Start"), _("Dirhams"))
    kinds = ("text", "text", "text", "number", "number")
    for key, minor in book.plan.by_sector().items():
        rows = [
            (row.number, said(row.title), _places(row), str(row.start_year or ""), amount(row.cost.minor))
            for row in book.plan.rows
            if row.sector == key
        ]
        rows.append(("", _("Total"), "", "", amount(minor)))
        blocks += [
            Heading(sector_name(book, key), 2),
            Table("", heads, kinds, tuple(rows), widths=(0, 3, 2, 0, 0), last="total"),
        ]
    return blocks


def follow_up(book: PlanBook) -> list[Block]:
    """What the yearly report measures of each project: from what, to what, until when."""
    rows = tuple(
        (
            p.row.number,
            said(p.row.title),
            str(_last_year(p.row, book.plan.years[-1]) or ""),
            number(p.households) if p.households is not None else "",
            amount(p.row.cost.minor),
        )
        for p in book.projects
    )
    heads = (_("Number"), _("Project"), _("Last year of works"), _("Households reached"), _("Dirhams to spend"))
    return [
        Heading(_("Follow-up indicators")),
        Text(
            _(
                "Each yearly report says, against the figures of this table: the state of the works, the money "
                "committed and spent, the households reached, and why anything is late."
            )
        ),
        Table(
            _("Targets by project"), heads, ("text", "text", "number", "number", "number"), rows, widths=(0, 1, 0, 0, 0)
        ),
    ]


def _last_year(row: PlanRow, end: int) -> int | None:
    """Of works: what comes to the programme's end once the cost is borne is what it takes to run the project."""
    years = sorted({year for year, _source in row.amounts})
    while len(years) > 1 and end in years and sum(row.in_year(year) for year in years[:-1]) >= row.cost.minor:
        end = years.pop() - 1
    return years[-1] if years else row.start_year


def sheets(book: PlanBook) -> list[Block]:
    """A sheet for each project."""
    blocks: list[Block] = [Heading(_("Annex: project sheets"))]
    for project in book.projects:
        blocks += sheet(book, project)
    return blocks


def sheet(book: PlanBook, project: SheetOfProject) -> list[Block]:
    """The sheet of a project."""
    row = project.row
    need, written_in = project.need.in_(language())
    upkeep, kept_in = project.upkeep.in_(language())
    facts = [
        (_("Axis"), sector_name(book, row.sector)),
        (_("Where"), _places(row)),
        (_("Who asks"), asker(row)),
        (_("Rank"), str(row.rank)),
        (_("First year of works"), str(row.start_year or "")),
        (_("Cost"), money(row.cost.minor)),
        (_("Prices of"), str(project.price_year or "")),
        (_("For how many"), _people(project)),
        (_("Supports"), number(project.supports)),
        (_("Why in this year"), say(row.message) if row.message else ""),
    ]
    blocks: list[Block] = [
        Heading(f"{row.number} · {said(row.title)}", 2),
        Facts(tuple((name, text) for name, text in facts if text)),
    ]
    if need:
        blocks += [Heading(_("Problem and goal"), 3), Text(need, language=written_in)]
    if upkeep:
        blocks += [Heading(_("Upkeep"), 3), Text(upkeep, language=kept_in)]
    if project.costs:
        blocks.append(_costs(project))
    return [*blocks, _years(project)]


def _people(project: SheetOfProject) -> str:
    parts = [
        (_("women"), project.women),
        (_("men"), project.men),
        (_("young people"), project.youth),
        (_("households"), project.households),
        (_("in summer"), project.summer_peak),
    ]
    said_of = [_("%(name)s: %(count)s", name=name, count=number(count)) for name, count in parts if count is not None]
    return joined(said_of)


def _costs(project: SheetOfProject) -> Table:
    rows = tuple(
        (label(c.kind), said(c.label), _quantity(c), amount(c.price.minor), amount(_cost(c))) for c in project.costs
    )
    heads = (_("Kind"), _("What"), _("Quantity"), _("Price of one"), _("Dirhams"))
    kinds = ("text", "text", "number", "number", "number")
    return Table(_("Contents and cost"), heads, kinds, rows, widths=(1, 2, 0, 0, 0))


def _quantity(line: CostRow) -> str:
    return f"{number(line.quantity_milli / MILLI)} {unit(line.unit)}"


def _cost(line: CostRow) -> int:
    """Centimes of a line, halves up."""
    return (2 * line.quantity_milli * line.price.minor + MILLI) // (2 * MILLI)


def _payer(project: SheetOfProject, source: Source) -> str:
    """A source with the partners who bear it, where they are named."""
    named = [said(share.name) for share in project.shares if share.source is source and share.party]
    return " · ".join([label(source), *dict.fromkeys(named)])


def _years(project: SheetOfProject) -> Table:
    row = project.row
    years = sorted({year for year, _source in row.amounts})
    paying = {source for _year, source in row.amounts}
    sources = [source for source in Source if source in paying]
    rows = [
        (_payer(project, s), *(amount(row.amounts.get((year, s), 0)) for year in years), amount(row.from_source(s)))
        for s in sources
    ]
    rows.append((_("Total"), *(amount(row.in_year(year)) for year in years), amount(row.programmed)))
    heads = (_("Source"), *(str(year) for year in years), _("Total"))
    kinds = ("text", *("number" for _head in heads[1:]))
    return Table(_("Money by year and source, in dirhams"), heads, kinds, tuple(rows), last="total")
