"""The papers of the path as blocks: convocation, attendance, minutes, decision, posting, file, deliberation, report."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from flask_babel import gettext as _

from cdp.exports import plan_annex, plan_diagnosis, plan_document, plan_money
from cdp.exports.blocks import Block, Document, Facts, Heading, Listing, Page, Signatures, Table, Text
from cdp.exports.wording import amount, money, number, said, years
from cdp.i18n import formats
from cdp.i18n.say import label, language
from cdp.meetings.queries import MeetingRow
from cdp.meetings.rules import heard
from cdp.meetings.states import MeetingKind, SayingKind
from cdp.papers.states import PaperKind
from cdp.programme.states import ActKind, ProjectState
from cdp.transparency.plan_book import PlanBook
from cdp.transparency.queries.path import PathRow
from cdp.transparency.sheets import ProjectSheet

BLANK = "…………………………"
EMPTY_LINES = 20


def paper(
    kind: PaperKind,
    book: PlanBook,
    path: tuple[PathRow, ...],
    meeting: MeetingRow | None = None,
    *,
    works: tuple[ProjectSheet, ...] = (),
) -> Document:
    """A paper in the language in force, with the commune's letterhead and blanks for what is not known.

    ``works``: the projects of the plan with their works and money, for the yearly report.
    """
    home = book.home
    owner = _("Commune of %(name)s", name=said(home.name))
    span = years(book.card.first_year, book.card.last_year)
    page = Page(
        language=language(),
        title=label(kind),
        subtitle=f"{_('Communal development plan')} {span}",
        owner=owner,
        letterhead=(_("Kingdom of Morocco"), said(home.region), said(home.province), owner),
        notice=_("Everything in this document is invented: it shows what the tool makes.") if home.is_invented else "",
        foot=f"{owner} · {label(kind)}",
    )
    blocks = MAKERS[kind](book, path, meeting)
    return Document("letter", page, tuple(blocks + (_carried_out(works) if kind is PaperKind.YEARLY_REPORT else [])))


def _day(value: date | None) -> str:
    return formats.day(value, language()) if value else BLANK


def _row(path: tuple[PathRow, ...], key: str) -> PathRow | None:
    return next((row for row in path if row.step.key == key), None)


def _when(path: tuple[PathRow, ...], key: str) -> date | None:
    row = _row(path, key)
    return (row.happened or row.due) if row else None


def _convocation(_book: PlanBook, path: tuple[PathRow, ...], meeting: MeetingRow | None) -> list[Block]:
    day = meeting.held_on if meeting else _when(path, "council_session")
    facts = (
        (_("Meeting"), said(meeting.title) if meeting else label(MeetingKind.SESSION)),
        (_("Day"), _day(day)),
        (_("Hour"), meeting.begins_at if meeting and meeting.begins_at else BLANK),
        (_("Place"), (said(meeting.place) or BLANK) if meeting else BLANK),
    )
    agenda = said(meeting.agenda).splitlines() if meeting and meeting.agenda else [_("The communal development plan")]
    return [
        Text(_("The President of the communal council has the honour to invite you to the meeting below.")),
        Facts(facts),
        Heading(_("Agenda"), 2),
        Listing(tuple(line for line in agenda if line.strip())),
        Signatures((_("The President of the communal council"),)),
    ]


def _attendance(_book: PlanBook, path: tuple[PathRow, ...], meeting: MeetingRow | None) -> list[Block]:
    heads = (_("No."), _("Name"), _("On behalf of"), _("Signature"))
    rows = tuple((str(line), "", "", "") for line in range(1, EMPTY_LINES + 1))
    day = meeting.held_on if meeting else _when(path, "council_session")
    facts = ((_("Meeting"), said(meeting.title) if meeting else label(MeetingKind.SESSION)), (_("Day"), _day(day)))
    return [
        Facts(facts),
        Table("", heads, ("text", "text", "text", "text"), rows, widths=(0, 2, 2, 1.4)),
        Text(_("The list stays at the commune; the tool keeps numbers of people, never their names.")),
    ]


def _minutes(_book: PlanBook, _path: tuple[PathRow, ...], meeting: MeetingRow | None) -> list[Block]:
    if meeting is None:
        return [Text(BLANK)]
    facts = (
        (_("Meeting"), said(meeting.title)),
        (_("Day"), _day(meeting.held_on)),
        (_("Place"), said(meeting.place) or said(meeting.locality) or BLANK),
        (_("Chaired by"), meeting.chaired_by or BLANK),
        (_("Present"), BLANK if meeting.present is None else number(meeting.present)),
    )
    blocks: list[Block] = [Facts(facts), *plan_diagnosis.heard(heard([(meeting.present, meeting.counts)]))]
    if meeting.minutes:
        blocks += [Heading(_("What was discussed"), 2), Text(said(meeting.minutes))]
    for kind in SayingKind:
        texts = tuple(said(each.text) for each in meeting.sayings if each.kind is kind)
        blocks += [Heading(label(kind), 3), Listing(texts)] if texts else []
    return [*blocks, Signatures((_("The chair"), _("The secretary")))]


def _decision(book: PlanBook, path: tuple[PathRow, ...], _meeting: MeetingRow | None) -> list[Block]:
    rows = tuple(
        (said(row.step.title), formats.article(row.step.article, language()), _day(row.due))
        for row in path
        if row.due and row.times == 1 and not row.step.rule.months
    )
    heads = (_("Step"), _("Article"), _("At the latest"))
    return [
        Text(_("The President of the communal council,")),
        Text(_("having regard to Organic Law 113-14 on communes, articles 78 to 82, and Decree 2-16-301,")),
        Text(_("decides that the plan of the commune for %(years)s is drawn up by this timetable:", years=_span(book))),
        Table("", heads, ("text", "text", "text"), rows, widths=(3, 1.5, 1.2)),
        *_unchecked(path),
        Signatures((_("The President of the communal council"),)),
    ]


def _span(book: PlanBook) -> str:
    return years(book.card.first_year, book.card.last_year)


def _unchecked(path: tuple[PathRow, ...]) -> list[Block]:
    """That deadlines were not read by a lawyer stands on the paper itself."""
    if all(row.step.is_checked for row in path):
        return []
    return [Text(_("Deadlines marked as not checked by a lawyer are to be read again before signing."), tone="clay")]


def _posting(book: PlanBook, path: tuple[PathRow, ...], _meeting: MeetingRow | None) -> list[Block]:
    day = _day(found.happened if (found := _row(path, "decision_posted")) else None)
    return [
        Text(
            _(
                "The President of the communal council certifies that the decision to draw up the plan of the "
                "commune for %(years)s was posted at the seat of the commune on %(day)s.",
                years=_span(book),
                day=day,
            )
        ),
        Signatures((_("The President of the communal council"),)),
    ]


def _commission_file(book: PlanBook, path: tuple[PathRow, ...], _meeting: MeetingRow | None) -> list[Block]:
    handed = _row(path, "draft_to_commissions")
    facts = (
        (_("Session of the council"), _day(_when(path, "council_session"))),
        (
            _("To the commissions at the latest on"),
            _day(handed.due if handed else None),
        ),
        (_("Projects kept"), number(len(book.plan.rows))),
        (_("Cost of the programme"), money(book.plan.total)),
    )
    return [Facts(facts), *plan_money.programming(book), *plan_money.financing(book), *plan_document.not_kept(book)]


def _deliberation(book: PlanBook, _path: tuple[PathRow, ...], _meeting: MeetingRow | None) -> list[Block]:
    vote = book.plan.version.act(ActKind.ADOPT, ActKind.REJECT)
    votes: Mapping[str, int | None] = {
        _("For"): vote.votes_for if vote else None,
        _("Against"): vote.votes_against if vote else None,
        _("Abstentions"): vote.abstentions if vote else None,
    }
    said_of = {"day": _day(vote.on if vote else None), "years": _span(book)}
    result = (
        (_("Result"), label(vote.kind) if vote else BLANK),
        (_("Hash of the data"), book.plan.version.data_hash or BLANK),
    )
    counted = tuple((name, BLANK if count is None else str(count)) for name, count in votes.items())
    return [
        Text(_("having regard to Organic Law 113-14 on communes, articles 78 to 82, and Decree 2-16-301,")),
        Text(_("the council of the commune, meeting on %(day)s, voted on its plan for %(years)s.", **said_of)),
        Facts(
            ((_("Cost of the programme"), money(book.plan.total)), (_("Projects kept"), number(len(book.plan.rows))))
        ),
        Heading(_("Count of the votes"), 2),
        Facts(counted),
        Facts(result),
        Signatures((_("The President of the communal council"), _("The secretary of the council"))),
    ]


def _programme(book: PlanBook) -> tuple[tuple[str, str], ...]:
    kept = (_("Projects kept"), number(len(book.plan.rows)))
    return (kept, (_("Cost of the programme"), money(book.plan.total)))


def _project_sheets(book: PlanBook, _path: tuple[PathRow, ...], _meeting: MeetingRow | None) -> list[Block]:
    return [block for project in book.projects for block in plan_annex.sheet(book, project)]


def _yearly_report(book: PlanBook, path: tuple[PathRow, ...], _meeting: MeetingRow | None) -> list[Block]:
    done = tuple(
        (said(row.step.title), *(_day(day) if day else "" for day in (row.due, row.happened)), label(row.standing))
        for row in path
    )
    heads = (_("Step"), _("At the latest"), _("Happened on"), _("Where it stands"))
    report = _row(path, "evaluation_report")
    return [
        *([Facts(((_("Year of the report"), str(report.year)),))] if report and report.year else []),
        Heading(_("The legal path"), 2),
        Table("", heads, ("text", "text", "text", "text"), done, widths=(3, 1.2, 1.2, 1)),
        Heading(_("The programme"), 2),
        Facts(_programme(book)),
        plan_money.stack(book),
        Heading(_("Follow-up indicators"), 2),
        *plan_annex.follow_up(book)[1:],
    ]


def _carried_out(works: tuple[ProjectSheet, ...]) -> list[Block]:
    """How far the works are, and the money that came and went, of each project; then how many stand where."""
    if not works:
        return [Heading(_("Works and money"), 2), Text(_("No project of this plan is carried out yet."))]
    states = tuple((label(s), number(n)) for s in ProjectState if (n := sum(each.state is s for each in works)))
    rows = [(each.number, said(each.title), label(each.state), _steps(each), *_moneys([each])) for each in works]
    rows.append(("", _("Total"), "", "", *_moneys(works)))
    heads = (
        _("Number"),
        _("Project"),
        _("State"),
        _("Steps done"),
        _("Cost"),
        _("Agreed, not yet received"),
        _("Received"),
        _("Spent"),
    )
    kinds = ("text", "text", "text", "number", "number", "number", "number", "number")
    late = tuple(
        f"{each.number} · {said(each.title)}: {said(step.title)} ({_day(step.done_on)})"
        for each in works
        if (step := each.last_done) is not None
    )
    return [
        Heading(_("Works and money"), 2),
        Facts(states),
        Table("", heads, kinds, tuple(rows), widths=(0, 2, 1, 0, 0, 0, 0, 0), last="total"),
        *_last_steps(late),
        Signatures((_("The President of the communal council"),)),
    ]


def _last_steps(late: tuple[str, ...]) -> list[Block]:
    return [Heading(_("The last step reported of each project"), 3), Listing(late)] if late else []


def _steps(each: ProjectSheet) -> str:
    return f"{number(each.milestones_done)}/{number(each.milestones_planned)}" if each.milestones_planned else ""


def _moneys(works: Iterable[ProjectSheet]) -> tuple[str, ...]:
    """Cost, agreed, received and spent, in dirhams."""
    found = [each.money for each in works]
    parts = (
        [m.cost for m in found],
        [m.committed for m in found],
        [m.received for m in found],
        [m.spent for m in found],
    )
    return tuple(amount(sum(each.minor for each in part)) or "0" for part in parts)


Maker = Callable[[PlanBook, tuple[PathRow, ...], MeetingRow | None], list[Block]]

MAKERS: Mapping[PaperKind, Maker] = {
    PaperKind.CONVOCATION: _convocation,
    PaperKind.ATTENDANCE: _attendance,
    PaperKind.MINUTES: _minutes,
    PaperKind.DECISION: _decision,
    PaperKind.POSTING: _posting,
    PaperKind.COMMISSION_FILE: _commission_file,
    PaperKind.DELIBERATION: _deliberation,
    PaperKind.PROJECT_SHEETS: _project_sheets,
    PaperKind.YEARLY_REPORT: _yearly_report,
}
