"""What a membership of a project may be: a set time, one thing to bring, days in order."""

from dataclasses import dataclass
from datetime import date, timedelta

from cdp.people.states import ShownAs
from cdp.teams.states import Offer

LONGEST = timedelta(days=366)
"""A membership is for a set time: at most a year at once; it can be prolonged."""

INVITATION_LONGEST = timedelta(days=90)
"""An invitation can be taken up for at most so long."""


@dataclass(frozen=True)
class Joining:
    """What somebody says when they join: what they bring, until when, under which name."""

    offer: Offer
    until: date
    text: str = ""
    hours: int | None = None
    visit_since: date | None = None
    visit_until: date | None = None
    shown_as: ShownAs = ShownAs.FIRST
    city: str = ""


def joining_problem(joining: Joining, day: date) -> str | None:
    """Message key of what is wrong with a joining on a day, or None."""
    doubts = {
        "teams.until_in_the_past": joining.until < day,
        "teams.until_too_far": joining.until > day + LONGEST,
        "teams.hours_missing": joining.offer is Offer.HOURS and not joining.hours,
        "teams.hours_absurd": joining.hours is not None and not 0 < joining.hours <= 2000,
        "teams.skill_missing": joining.offer is Offer.SKILL and not joining.text.strip(),
        "teams.visit_missing": joining.offer is Offer.VISIT and joining.visit_since is None,
        "teams.visit_out_of_order": not _visit_fits(joining, day),
    }
    return next((key for key, holds in doubts.items() if holds), None)


def _visit_fits(joining: Joining, day: date) -> bool:
    """Whether a visit lies after today, ends after it begins, and within the membership."""
    if joining.visit_since is None:
        return joining.visit_until is None
    last = joining.visit_until or joining.visit_since
    return day <= joining.visit_since <= last <= joining.until
