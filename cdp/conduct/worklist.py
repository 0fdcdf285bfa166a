"""What waits for the office of a commune: one value for each thing, the oldest due date first.

All counts come from one statement; the providers turn them into tasks and decide nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cdp.conduct.figures import Figures, figures
from cdp.kernel.clock import day_of
from cdp.kernel.errors import Message
from cdp.people.states import Role
from cdp.rounds.queries import RoundCard
from cdp.rounds.rules.phases import Window
from cdp.rounds.states import Phase

KEEPERS = frozenset({Role.OFFICER, Role.PRESIDENT})
OFFICE = KEEPERS | {Role.FACILITATOR}

SOON = timedelta(days=14)
"""A phase that ends within two weeks is on the desk."""

DAYS_TO_POST = 15
"""Days after the information meeting for the president's decision (custom, not confirmed: art. 4-5)."""

DAYS_BEFORE_SESSION = 30
"""Days the commissions have before the session (decree 2-16-301 art. 10)."""

DAYS_FOR_VISA = 20
"""Days of the governor (custom, not confirmed: 113-14 art. 118)."""


@dataclass(frozen=True)
class Task:
    """A thing that waits: until when, what, in more words, at which address, for whom."""

    title: Message
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    due: date | None = None
    detail: Message | None = None
    roles: frozenset[Role] = KEEPERS


@dataclass(frozen=True)
class Desk:
    """All of an office's desk on a day."""

    tasks: tuple[Task, ...]
    figures: Figures


Provider = Callable[[Figures, RoundCard | None, date], Iterable[Task]]


def desk(db: Session, commune_id: int, card: RoundCard | None, day: date, *, roles: frozenset[Role]) -> Desk:
    """What waits on a day for who holds these mandates, the oldest due date first, undated things last."""
    found = figures(db, commune_id, card.id if card else None, day)
    tasks = [task for provider in PROVIDERS for task in provider(found, card, day) if task.roles & roles]
    tasks.sort(key=lambda task: (task.due is None, task.due or day))
    return Desk(tuple(tasks), found)


def data_requests(found: Figures, _card: RoundCard | None, _day: date) -> Iterable[Task]:
    """Wishes about own data, due within ten full days (law 09-08 art. 8)."""
    if found.data_requests:
        yield Task(
            Message("desk.data_requests", {"number": found.data_requests}),
            "wishes.board",
            due=found.data_request_due,
            detail=Message("desk.data_requests_detail"),
        )


def groups(found: Figures, _card: RoundCard | None, _day: date) -> Iterable[Task]:
    """Groups that two members have entered and nobody has checked."""
    if found.groups_to_check:
        yield Task(
            Message("desk.groups", {"number": found.groups_to_check}),
            "groups.show",
            {"group_id": found.first_group},
            detail=Message("desk.groups_detail"),
            roles=OFFICE,
        )


def proposals(found: Figures, card: RoundCard | None, day: date) -> Iterable[Task]:
    """Proposals nobody has answered yet, due when the review ends; and those given back whose day has passed."""
    if found.unconcluded and found.oldest_submitted:
        days = (day - day_of(found.oldest_submitted)).days
        yield Task(
            Message("desk.review", {"number": found.unconcluded}),
            "review.show",
            {"number": found.oldest_number},
            due=_end_of(card, Phase.REVIEW),
            detail=Message("desk.review_detail", {"days": days}),
        )
    if found.overdue_returned:
        yield Task(
            Message("desk.overdue", {"number": found.overdue_returned}),
            "review.show",
            {"number": found.overdue_number},
            due=found.overdue_since,
            detail=Message("desk.overdue_detail"),
        )


def phase_end(_found: Figures, card: RoundCard | None, day: date) -> Iterable[Task]:
    """The phase of the day when it ends soon: it closes by itself."""
    window = card.window_on(day) if card else None
    if card and window and window.ends_on and window.ends_on - day <= SOON:
        yield Task(
            Message("desk.phase_ends", {"phase": window.phase}),
            "rounds.decision",
            {"year": card.first_year},
            due=window.ends_on,
            detail=Message("desk.phase_ends_detail"),
        )


def papers(found: Figures, card: RoundCard | None, day: date) -> Iterable[Task]:
    """Papers of the legal calendar: the decision to draw up, the draft to the commissions, the visa."""
    if card is None:
        return
    year = {"year": card.first_year}
    opening = _window(card, Phase.INFORMATION)
    if opening and opening.starts_on <= day <= opening.starts_on + timedelta(days=2 * DAYS_TO_POST):
        due = opening.starts_on + timedelta(days=DAYS_TO_POST)
        yield Task(Message("desk.post_decision"), "rounds.show", year, due, Message("desk.to_be_confirmed"))
    council = _end_of(card, Phase.COUNCIL)
    if council and card.is_in(day, Phase.PROGRAMMING, Phase.COUNCIL) and not found.submitted_versions:
        due = council - timedelta(days=DAYS_BEFORE_SESSION)
        yield Task(Message("desk.to_commissions"), "plans.show", year, due, Message("desk.to_commissions_detail"))
    if found.adopted_on and not found.visaed_versions:
        due = found.adopted_on + timedelta(days=DAYS_FOR_VISA)
        yield Task(Message("desk.visa"), "plans.show", year, due, Message("desk.to_be_confirmed"))


def endings(found: Figures, _card: RoundCard | None, _day: date) -> Iterable[Task]:
    """Memberships and invitations that end within a week."""
    if found.memberships_ending:
        yield Task(
            Message("desk.memberships", {"number": found.memberships_ending}),
            "teams.room",
            {"number": found.membership_project},
            due=found.membership_end,
            detail=Message("desk.memberships_detail"),
            roles=OFFICE,
        )
    if found.invitations_ending:
        yield Task(
            Message("desk.invitations", {"number": found.invitations_ending}),
            "teams.room",
            {"number": found.invitation_project},
            due=found.invitation_end,
            detail=Message("desk.invitations_detail"),
            roles=OFFICE,
        )


def milestones(found: Figures, _card: RoundCard | None, _day: date) -> Iterable[Task]:
    """Works whose planned day has passed without a report."""
    if found.late_milestones:
        yield Task(
            Message("desk.milestones", {"number": found.late_milestones}),
            "projects.show",
            {"number": found.milestone_project},
            due=found.milestone_due,
            detail=Message("desk.milestones_detail"),
        )


def ballots(found: Figures, _card: RoundCard | None, _day: date) -> Iterable[Task]:
    """Ballots to open, to close, to count and publish; and sheets of paper that two people read differently."""
    if found.papers_differing:
        yield Task(
            Message("desk.paper_differs", {"number": found.papers_differing}),
            "ballots.batch",
            {"ballot_id": found.paper_ballot, "batch_id": found.paper_batch},
            detail=Message("desk.paper_differs_detail"),
        )
    for name, number, ballot, due in (
        ("open", found.ballots_to_open, found.ballot_to_open, found.ballot_open_due),
        ("close", found.ballots_to_close, found.ballot_to_close, found.ballot_close_due),
        ("publish", found.ballots_to_publish, found.ballot_to_publish, found.ballot_publish_due),
    ):
        if number:
            yield Task(
                Message(f"desk.ballot_{name}", {"number": number}),
                "ballots.desk",
                {"ballot_id": ballot},
                due=due,
                detail=Message(f"desk.ballot_{name}_detail"),
            )


PROVIDERS: tuple[Provider, ...] = (data_requests, groups, proposals, phase_end, papers, endings, milestones, ballots)
"""Who puts things on the desk; a stage with something that waits adds its own."""


def _window(card: RoundCard | None, phase: Phase) -> Window | None:
    return next((w for w in card.windows if w.phase is phase), None) if card else None


def _end_of(card: RoundCard | None, phase: Phase) -> date | None:
    window = _window(card, phase)
    return window.ends_on if window else None
