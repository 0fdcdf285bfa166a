"""The plan as a book of blocks: what the law expects of it, and what its readers ask."""

from flask_babel import gettext as _
from flask_babel import ngettext

from cdp.exports import plan_annex, plan_diagnosis, plan_money
from cdp.exports.blocks import Block, Document, Facts, Heading, Listing, Page, Table, Text
from cdp.exports.wording import joined, joined_lines, money, number, said, years
from cdp.i18n import formats
from cdp.i18n.say import label, language, say
from cdp.programme.queries import ActRow, PlanRow
from cdp.programme.states import Pin
from cdp.transparency.plan_book import PlanBook, RankedSheet

MOST_REASONS = 2
"""Reasons of the panel printed with a rank."""


def document(book: PlanBook) -> Document:
    """The whole document in the language in force."""
    return Document(layout="book", page=page(book), blocks=tuple(_blocks(book)))


def total_word() -> str:
    """What stands beside a sum."""
    return str(_("Total"))


def page(book: PlanBook) -> Page:
    """The cover, and what stands around the pages."""
    home, version = book.home, book.plan.version
    span = years(book.card.first_year, book.card.last_year)
    owner = _("Commune of %(name)s", name=said(home.name))
    return Page(
        language=language(),
        title=_("Communal development plan"),
        subtitle=span,
        owner=owner,
        letterhead=(_("Kingdom of Morocco"), said(home.region), said(home.province), owner),
        facts=(
            (_("Version"), str(version.number)),
            *(
                (((_("Brings up to date"), _("version %(number)s", number=version.updates)),))
                if version.updates
                else ()
            ),
            (_("State"), label(version.state)),
            (_("Data as of"), formats.day(book.made_at.date(), language())),
            (_("Cost of the programme"), money(book.plan.total)),
        ),
        notice=_("Everything in this document is invented: it shows what the tool makes.") if home.is_invented else "",
        foot=f"{owner} · {_('Communal development plan')} {span}",
        words={"contents": _("Contents")},
    )


def _blocks(book: PlanBook) -> list[Block]:
    return [
        *_summary(book),
        *_method(book),
        *plan_diagnosis.chapter(book),
        *plan_diagnosis.vision(book),
        *_ranking(book),
        *plan_annex.by_axis(book),
        *plan_money.programming(book),
        *plan_money.financing(book),
        *plan_money.places(book),
        *plan_annex.follow_up(book),
        *not_kept(book),
        *_decisions(book),
        *plan_annex.sheets(book),
    ]


def _summary(book: PlanBook) -> list[Block]:
    plan = book.plan
    households = sum(project.households or 0 for project in book.projects)
    rows = [
        (_("Projects kept"), number(len(plan.rows))),
        (_("Proposals not kept"), number(len(plan.left_out))),
        (_("Cost of the programme"), money(plan.total)),
        (_("Years"), years(book.card.first_year, book.card.last_year)),
        (_("Households reached, counted once a project"), number(households)),
        (_("Supports given to all proposals"), number(book.supports)),
        (_("People at the meetings, counted once a meeting"), number(sum(m.present or 0 for m in book.meetings))),
    ]
    blocks: list[Block] = [Heading(_("Summary")), Facts(tuple(rows)), *_half_translated(book)]
    if plan.version.updates:
        blocks += [Heading(_("Why the plan was updated"), 2), Text(plan.version.note)]
    if plan.rows:
        blocks += [plan_money.stack(book), plan_money.sector_bars(book)]
    return blocks


def _half_translated(book: PlanBook) -> list[Block]:
    """What the reader of a document in this language must know: some of it was never written in it."""
    foreign, texts = book.untranslated(language())
    if not foreign:
        return []
    told = _(
        "%(foreign)s of the %(texts)s texts that people wrote are not in this language: they stand in the language "
        "they were written in.",
        foreign=number(foreign),
        texts=number(texts),
    )
    return [Text(told)]


def _method(book: PlanBook) -> list[Block]:
    criteria = book.card.charter.criteria
    total = sum(criterion.weight for criterion in criteria)
    askers = Table(
        _("Who asked"),
        (_("Who asks"), _("Proposals")),
        ("text", "number"),
        tuple((label(kind), number(count)) for kind, count in book.askers),
    )
    weights = Table(
        _("Criteria of the panel"),
        (_("Criterion"), _("What it asks"), _("Weight")),
        ("text", "text", "number"),
        tuple((said(c.name), said(c.help), formats.percent(c.weight / total, language())) for c in criteria),
        widths=(2, 4, 0),
    )
    return [
        Heading(_("Method, and who took part")),
        Text(
            _(
                "Inhabitants, groups, associations and members living abroad put forward what they need. The office "
                "checked each proposal by a public list and estimated its cost; a panel marked it by the criteria "
                "below; by that order the projects were placed in the earliest year in which every source still had "
                "the money. Where people decided otherwise, their reason is printed."
            )
        ),
        *([askers] if book.askers else []),
        weights,
        *plan_diagnosis.meetings(book),
        *_phases(book),
    ]


def _phases(book: PlanBook) -> list[Block]:
    rows = tuple(
        (
            label(window.phase),
            formats.day(window.starts_on, language()),
            formats.day(window.ends_on, language()) if window.ends_on else "",
        )
        for window in book.card.windows
    )
    heads = (_("Phase"), _("From"), _("Until"))
    return [Table(_("The steps of the round"), heads, ("text", "text", "text"), rows, widths=(2, 1, 1))]


def _ranking(book: PlanBook) -> list[Block]:
    rows = tuple((*_ranked(row), joined_lines([*_of_panel(row), row.reason])) for row in book.ranked)
    heads = (_("Rank"), _("Number"), _("Project"), _("Mean of 5"), _("Sheets"), _("Reasons"))
    kinds = ("number", "text", "text", "number", "number", "text")
    decided = _("Where people decided on another place than the marks give, their reason is the last of its row.")
    return [
        Heading(_("Ranking and its reasons")),
        Text(_("The mean is the weighted mean of all members' marks, from 0 to 5; marks without names are open data.")),
        Text(_("Beside it stand reasons that members of the panel gave with their marks, in the words they wrote.")),
        *([Text(decided)] if any(row.reason for row in book.ranked) else []),
        Table(_("The ranking"), heads, kinds, rows, widths=(0, 0, 2, 0, 0, 3)),
    ]


def _of_panel(row: RankedSheet) -> list[str]:
    """A few reasons of the panel, those of the document's language first, each once."""
    own_first = sorted(row.said, key=lambda words: language() not in words)
    return list(dict.fromkeys(said(words) for words in own_first))[:MOST_REASONS]


def _ranked(row: RankedSheet) -> tuple[str, ...]:
    mean = "" if row.mean is None else number(round(float(row.mean), 2))
    return (str(row.place or "–"), row.number, said(row.title), mean, str(row.sheets))


def not_kept(book: PlanBook) -> list[Block]:
    """What is not in the plan, and why."""
    rows = tuple((row.number, said(row.title), _why(row)) for row in book.plan.left_out)
    blocks: list[Block] = [Heading(_("What was not kept, and why"))]
    if not rows:
        return [*blocks, Text(_("Every admissible proposal is in this version."))]
    count = ngettext("%(num)d proposal is not in this plan.", "%(num)d proposals are not in this plan.", len(rows))
    heads = (_("Number"), _("Proposal"), _("Why"))
    return [*blocks, Text(count), Table("", heads, ("text", "text", "text"), rows, widths=(0, 2, 3))]


def _why(row: PlanRow) -> str:
    """The reason of the fit, and that of people who decided."""
    told = say(row.message) if row.message else ""
    if row.pin is Pin.FREE:
        return told
    return joined_lines([label(row.pin) if row.pin_reason in told else told, row.pin_reason])


def _decisions(book: PlanBook) -> list[Block]:
    version = book.plan.version
    acts = tuple(
        (
            label(act.kind),
            formats.day(act.on, language()),
            _("by silence: no answer in time") if act.is_silence else act.reference,
            _votes(act),
        )
        for act in version.acts
    )
    heads = (_("Decision"), _("Day"), _("Reference"), _("In more words"))
    path = tuple(
        f"{said(step.title)} ({formats.article(step.article, language())}): {formats.day(step.on, language())}"
        for step in book.path
    )
    legal: list[Block] = [Heading(_("The legal path"), 2), Listing(path)] if path else []
    return [
        Heading(_("Decisions and their dates")),
        Table(_("Acts on this version"), heads, ("text", "text", "text", "text"), acts),
        *legal,
        Heading(_("Hash of the data"), 2),
        Text(_("SHA-256 of all that is printed here before its acts, frozen with this version; anyone may count it:")),
        Text(version.data_hash, language="en"),
    ]


def _votes(act: ActRow) -> str:
    if act.votes_for is None:
        return act.reason
    counted = _(
        "%(for_it)s for, %(against)s against, %(abstained)s abstentions",
        for_it=act.votes_for,
        against=act.votes_against or 0,
        abstained=act.abstentions or 0,
    )
    return joined([str(counted), act.reason])
