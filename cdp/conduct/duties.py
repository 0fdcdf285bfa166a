"""What falls due once a day: reminders, endings, checks of kept counts. Each may run any number of times."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from cdp.conduct import services, steps, unused_files
from cdp.funding.services import agreed, endings, reminders
from cdp.kernel.clock import today
from cdp.people.actor import CLOCK
from cdp.priorities.services import closing
from cdp.rounds import queries
from cdp.rounds.states import Phase
from cdp.teams import services as teams

Duty = Callable[[Session], int]

DAYS_BEFORE = 3
"""Days before the end of the proposals on which authors of drafts are reminded."""


def remind_drafts(db: Session) -> int:
    """Remind authors of drafts when the proposals end within three days."""
    told = 0
    day = today()
    for round_ in queries.under_way(db, day):
        window = queries.card(db, round_).window_on(day)
        soon = window and window.phase is Phase.PROPOSALS and window.ends_on
        if window and soon and soon - day <= timedelta(days=DAYS_BEFORE):
            told += steps.remind_drafts(db, steps.Entering(round_, window))
    return told


def fix_charters(db: Session) -> int:
    """Freeze the charters something has come to depend on."""
    return sum(services.fix_charter(db, CLOCK, round_) for round_ in queries.under_way(db, today()))


def warn_members(db: Session) -> int:
    """Tell members of projects whose last day comes within a week."""
    return teams.warn_the_ending(db, today())


def thank_members(db: Session) -> int:
    """Thank members whose last day has passed; their rights went with the day itself."""
    return teams.thank_the_ended(db, today())


def remind_givers(db: Session) -> int:
    """Remind givers of promises that were called and have not come."""
    return reminders.remind(db, today())


def end_words(db: Session) -> int:
    """Let what institutions agreed to in principle lapse after its last day."""
    return agreed.end_past(db, CLOCK, today())


def ask_former_members(db: Session) -> int:
    """Ask those whose membership has ended whether their open promises still stand."""
    return endings.ask(db, today())


DUTIES: dict[str, Duty] = {
    "drafts reminded": remind_drafts,
    "givers reminded": remind_givers,
    "words of partners ended": end_words,
    "members whose days end": warn_members,
    "members thanked": thank_members,
    "former members asked": ask_former_members,
    "charters frozen": fix_charters,
    "unused files let go": unused_files.let_go,
    "ballots closed": closing.close_due,
    "votes shuffled": closing.shuffle_open,
}
"""By what the terminal says of them: every duty of a day, in order; a stage with something to do daily adds its own."""
