"""The legal path of a round: what anyone reads, the calendar feed, and what the office notes, makes and keeps."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.exports import calendars, official_papers, typeset
from cdp.exports.blocks import Document
from cdp.exports.word import word
from cdp.http.context import current_actor, db, language
from cdp.i18n.say import label
from cdp.kernel.clock import now, start_of, today
from cdp.kernel.errors import NotFound, Refused, Trouble
from cdp.meetings import queries as meetings
from cdp.papers import services
from cdp.papers.policy import keeps_the_path
from cdp.papers.rules import LegalStep
from cdp.papers.services import Scan
from cdp.papers.states import PaperKind, PathStep
from cdp.rounds.queries import RoundCard
from cdp.store.files import examine
from cdp.transparency.queries import path as paths
from cdp.transparency.queries import projects
from cdp.transparency.queries.path import PathRow
from cdp.transparency.queries.plan_book import any_version_of, book, no_version
from cdp.web import here
from cdp.web.forms.path import DayForm, RuleForm, ScanForm

bp = Blueprint("path", __name__, url_prefix="/<lang>/<commune>/<int:year>/path")

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/")
def show(year: int) -> ResponseReturnValue:
    """Each step with its article, its due day, its real day and its papers."""
    card = here.round_of(year)
    may_keep = keeps_the_path(current_actor, card)
    return render_template(
        "path/show.html",
        card=card,
        rows=paths.path(db, card, today()),
        meetings=meetings.meetings(db, card.id),
        may_keep=may_keep,
        paper_names={kind.value: kind for kind in PaperKind},
    )


@bp.get("/calendar.ics")
def calendar(year: int) -> Response:
    """The days of the path for a calendar program."""
    card = here.round_of(year)
    commune = here.commune()
    address = url_for(".show", year=year, _external=True)
    events = [
        calendars.Event(
            uid=f"{commune.slug}-{year}-{row.step.key}{f'-{row.number}' if row.number > 1 else ''}@cdp",
            day=when,
            title=_titled(row),
            text=f"{row.step.article} · {label(row.standing)}",
            address=address,
        )
        for row in paths.path(db, card, today())
        if (when := row.happened or row.due)
    ]
    name = f"{commune.name.in_(language())[0]} {card.first_year}-{card.last_year}"
    return Response(calendars.ics(name, events, now()), content_type="text/calendar; charset=utf-8")


def _titled(row: PathRow) -> str:
    """What a step is called; of what comes every year, with its year."""
    title = row.step.title.in_(language())[0]
    return f"{title} ({row.year})" if row.year else title


def _time() -> int:
    """Which time of a step that comes every year the address speaks of."""
    return request.args.get("time", 1, type=int)


def _anchor(key: str) -> str:
    return f"{key}-{_time()}" if _time() > 1 else key


def _kept(year: int) -> RoundCard:
    card = here.round_of(year)
    current_actor.known()
    if not keeps_the_path(current_actor, card):
        raise Refused("errors.not_allowed", step=PathStep.NOTE_DAY)
    return card


def _step(card: RoundCard, key: str) -> tuple[LegalStep, tuple[LegalStep, ...]]:
    steps = paths.calendar_of(db, card.commune_id)
    found = next((step for step in steps if step.key == key), None)
    if found is None:
        raise NotFound
    return found, steps


@bp.post("/<key>/day")
def day(year: int, key: str) -> ResponseReturnValue:
    """Note the real day of a step."""
    card = _kept(year)
    found, steps = _step(card, key)
    form = DayForm()
    if form.accepted():
        try:
            services.note_day(db, current_actor, card, found.key, form.happened_on.data, calendar=steps, number=_time())
        except Trouble as error:
            db.rollback()
            form.trouble(error, "happened_on")
        else:
            db.commit()
            flash(_("The day is noted."), "success")
            return redirect(url_for(".show", year=year, _anchor=_anchor(key)))
    flash(" ".join(str(error) for error in form.happened_on.errors) or _("Give a day."), "danger")
    return redirect(url_for(".show", year=year, _anchor=_anchor(key)))


@bp.route("/<key>/step", methods=["GET", "POST"])
def step(year: int, key: str) -> ResponseReturnValue:
    """Work on a step: its day, its signed paper, and how the commune reads its rule."""
    card = _kept(year)
    found, steps = _step(card, key)
    row = next((each for each in paths.path(db, card, today()) if (each.step.key, each.number) == (key, _time())), None)
    if row is None:
        raise NotFound
    form = RuleForm(known=found, steps=steps)
    if form.accepted():
        try:
            services.edit_rule(db, current_actor, card, form.step(), calendar=steps)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The rule is kept for this commune."), "success")
            return redirect(url_for(".show", year=year, _anchor=key))
    others = {"day_form": DayForm(formdata=None), "scan_form": ScanForm(formdata=None)}
    return render_template("path/step.html", card=card, step=found, row=row, form=form, **others)


@bp.post("/<key>/scan")
def scan(year: int, key: str) -> ResponseReturnValue:
    """Keep a signed paper."""
    card = _kept(year)
    found, _steps = _step(card, key)
    form = ScanForm()
    upload = request.files.get("file")
    settings = current_app.config["SETTINGS"]
    try:
        if not form.accepted() or upload is None:
            raise NotFound("papers.scan_missing")
        content = examine(upload.read(), largest=settings.upload_bytes)
        given = Scan(
            PaperKind(form.kind.data),
            found.key,
            form.dated.data,
            upload.filename or found.key,
            content,
            settings.instance / "files",
            _time(),
        )
        services.keep_scan(db, current_actor, card, given)
    except Refused:
        raise
    except Trouble as error:
        db.rollback()
        form.trouble(error)
        flash(" ".join(form.form_errors), "danger")
    else:
        db.commit()
        flash(_("The signed paper is kept with its hash."), "success")
    return redirect(url_for(".show", year=year, _anchor=_anchor(key)))


@bp.get("/papers/<kind>.<ending>")
def paper(year: int, kind: str, ending: str) -> Response:
    """A paper made from the data, as Word or PDF."""
    card = _kept(year)
    if kind not in set(PaperKind) or ending not in ("docx", "pdf"):
        raise NotFound
    document = _paper(card, PaperKind(kind))
    name = f"{here.commune().slug}-{year}-{kind}-{language()}.{ending}"
    if ending == "docx":
        made, mimetype = word(document, now()), WORD
    else:
        folder = current_app.config["SETTINGS"].instance / "made"
        midnight = start_of(today())
        made, mimetype = typeset.kept_pdf(document, midnight, folder), "application/pdf"
    answer = Response(made, mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _paper(card: RoundCard, kind: PaperKind) -> Document:
    try:
        version = any_version_of(db, card)
    except NotFound:
        version = no_version(card, now())
    wanted = request.args.get("meeting", type=int)
    held = next((each for each in meetings.meetings(db, card.id) if each.id == wanted), None)
    if wanted is not None and held is None:
        raise NotFound("meetings.unknown")
    found = book(db, card, version)
    every = projects.every(db, card.commune_id) if kind is PaperKind.YEARLY_REPORT else ()
    works = tuple(each for each in every if each.round == card.first_year)
    rows = paths.at(paths.path(db, card, today()), _time())
    return official_papers.paper(kind, found, rows, held, works=works)
