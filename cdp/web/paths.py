"""Where a round stands, as the path that every page of a round carries."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from cdp.http.context import language
from cdp.i18n import formats
from cdp.i18n.say import label
from cdp.rounds.queries import RoundCard
from cdp.rounds.rules.phases import Window, days_left
from cdp.rounds.states import PAPERS


@dataclass(frozen=True)
class PathStep:
    """A phase on the path: its name, its days, whether it is done, now or next, the paper it leaves."""

    title: str
    when: str
    status: str
    paper: str


def path_steps(card: RoundCard, day: date) -> list[PathStep]:
    """The phases of a round on a day."""
    now = card.window_on(day)
    return [
        PathStep(label(w.phase), when(w), "now" if w == now else _status(w, day), label(PAPERS[w.phase]))
        for w in card.windows
    ]


def brief_steps(card: RoundCard, day: date) -> list[PathStep]:
    """The same path for a page that only leads to it: the phase of the day with its end, all others by month."""
    tongue, steps = language(), []
    for window in card.windows:
        is_now, end = window == card.window_on(day), window.ends_on
        if end is None:
            said = str(_("from %(day)s", day=formats.day(window.starts_on, tongue)))
        elif is_now:
            said = str(_("until %(day)s", day=formats.short_day(end, tongue)))
        else:
            said = formats.months(window.starts_on, end, tongue)
        steps.append(PathStep(label(window.phase), said, "now" if is_now else _status(window, day), ""))
    return steps


def when(window: Window) -> str:
    """The days of a phase in words: with years where they are far apart, open at the end where it has none."""
    tongue = language()
    if window.ends_on is None:
        return str(_("from %(day)s", day=formats.day(window.starts_on, tongue)))
    said = formats.short_day if window.starts_on.year == window.ends_on.year else formats.day
    return str(
        _("%(first)s to %(last)s", first=said(window.starts_on, tongue), last=formats.day(window.ends_on, tongue))
    )


def left(card: RoundCard, day: date) -> str:
    """The phase of a day and how many Moroccan days are left of it; between phases, when the next begins."""
    window = card.window_on(day)
    if window is not None:
        count = days_left(window, day)
        if count is None:
            return label(window.phase)
        days = ngettext("%(num)s day left", "%(num)s days left", count)
        return str(_("%(phase)s: %(days)s", phase=label(window.phase), days=days))
    following = next((w for w in card.windows if w.starts_on > day), None)
    if following is None:
        return str(_("This round is over."))
    begins = formats.day(following.starts_on, language())
    return str(_("%(phase)s begins on %(day)s", phase=label(following.phase), day=begins))


def _status(window: Window, day: date) -> str:
    return "done" if window.ends_on is not None and window.ends_on < day else "next"
