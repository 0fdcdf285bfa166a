"""The office's desk: what waits, the oldest due date first, and the numbers of the round beside it."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cdp.conduct import worklist
from cdp.conduct.figures import Figures
from cdp.conduct.worklist import Task
from cdp.http.context import current_actor, db, language
from cdp.i18n import formats
from cdp.i18n.say import say
from cdp.kernel.clock import today
from cdp.people.states import Role
from cdp.rounds.queries import RoundCard
from cdp.transparency.queries.path import late_tasks
from cdp.web import here, paths

bp = Blueprint("desk", __name__, url_prefix="/<lang>/<commune>/desk")

MEETERS = frozenset({Role.FACILITATOR, Role.OFFICER})
"""Who enters people without e-mail."""

NEAR = 3
"""Days from which a due date is said as urgent."""


@dataclass(frozen=True)
class TaskRow:
    """A task as the desk shows it; ``url`` is None while its page is not there."""

    due_text: str
    due_tone: str
    title: str
    note: str
    url: str | None
    action: str


@bp.get("/")
def show() -> ResponseReturnValue:
    """What waits for who looks, in the commune of the address."""
    current_actor.known()
    commune, day = here.commune(), today()
    current_actor.under_mandate(commune.id, *worklist.OFFICE)
    roles = frozenset(role for of, role in current_actor.mandates if of == commune.id)
    card = here.current_round()
    desk = worklist.desk(db, commune.id, card, day, roles=roles)
    late = late_tasks(db, card, day) if card and roles & worklist.KEEPERS else ()
    tasks = sorted((*desk.tasks, *late), key=lambda task: (task.due is None, task.due or day))
    return render_template(
        "desk/show.html",
        rows=[task_row(task, day) for task in tasks],
        figures=desk.figures,
        card=card,
        left=paths.left(card, day) if card else "",
        may_open=bool(roles & worklist.KEEPERS),
        rooms=_of_round(card) + rooms(roles, desk.figures),
    )


def _of_round(card: RoundCard | None) -> list[tuple[str, str, str]]:
    if card is None:
        return []
    return [
        (_("Meetings and diagnosis"), url_for("meetings.show", year=card.first_year), ""),
        (_("The legal path"), url_for("path.show", year=card.first_year), ""),
    ]


def rooms(roles: frozenset[Role], figures: Figures) -> list[tuple[str, str, str]]:
    """Where the office keeps things, for who looks: words, address, a note (the ten days of wishes about data)."""
    due = figures.data_request_due
    waiting = (
        ngettext(
            "%(num)s waits, due on %(day)s",
            "%(num)s wait, the first due on %(day)s",
            figures.data_requests,
            day=formats.day(due, language()),
        )
        if due
        else _("none waits; each is answered within ten full days")
    )
    keepers = [
        (_("Mandates"), url_for("mandates.board"), ""),
        (_("Wishes about personal data"), url_for("wishes.board"), waiting),
    ]
    met = [(_("People without e-mail"), url_for("cards.board"), "")] if roles & MEETERS else []
    groups = [(_("Groups"), url_for("groups.board"), "")]
    money = [(_("Treasury"), url_for("treasury.show"), "")] if roles & {Role.TREASURER, Role.OFFICER} else []
    return (keepers if roles & worklist.KEEPERS else []) + met + groups + money


def task_row(task: Task, day: date) -> TaskRow:
    """A task in the reader's words."""
    is_there = task.endpoint in current_app.view_functions and None not in task.values.values()
    text, tone = due_words(task.due, day)
    return TaskRow(
        due_text=text,
        due_tone=tone,
        title=say(task.title),
        note=say(task.detail) if task.detail else "",
        url=url_for(task.endpoint, **task.values) if is_there else None,
        action=_("Open this"),
    )


def due_words(due: date | None, day: date) -> tuple[str, str]:
    """A due date as people say it, and its tone."""
    if due is None:
        return _("no date"), "neutral"
    days = (due - day).days
    if days < 0:
        return ngettext("%(num)s day late", "%(num)s days late", -days), "danger"
    if days == 0:
        return _("today"), "warning"
    if days == 1:
        return _("tomorrow"), "warning"
    return formats.short_day(due, language()), "warning" if days <= NEAR else "neutral"
