"""What all pages of a ballot share: the ballot of the address, who may do what with it."""

from typing import Any

from flask import Blueprint, abort

from cdp.http.context import current_actor, db
from cdp.kernel.predicate import allowed
from cdp.people.states import Role
from cdp.priorities.policy import BALLOT_POLICY, MEETING
from cdp.priorities.queries import ballots as queries
from cdp.priorities.queries.ballots import BallotCard
from cdp.priorities.states import BALLOT_LIFE, BallotStep
from cdp.rounds.rules.charter import Sector
from cdp.web import here
from cdp.web.forms.base import EmptyForm

bp = Blueprint("ballots", __name__, url_prefix="/<lang>/<commune>/ballots")

KEEPERS = (Role.OFFICER, Role.PRESIDENT)


def ballot_of(ballot_id: int) -> Any:
    """The ballot of the address; NotFound for one of another commune."""
    return queries.find(db, here.commune().id, ballot_id)


def card_of(ballot_id: int) -> BallotCard:
    """Its card."""
    return queries.find_card(db, here.commune().id, ballot_id)


def steps_of(card: BallotCard) -> frozenset[BallotStep]:
    """What who looks may do with it now."""
    case = queries.case_of(card, here.card_of(card.round_id))
    return allowed(BALLOT_POLICY, BALLOT_LIFE, current_actor, case)


def let_in(*roles: Role) -> None:
    """Refused to all who hold none of these mandates here."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, *roles)


def meets_voters() -> bool:
    """Whether who looks meets voters here."""
    return here.person() is not None and current_actor.holds(here.commune().id, *MEETING)


def keeps_ballots() -> bool:
    """Whether who looks sets up the ballots here."""
    return here.person() is not None and current_actor.holds(here.commune().id, *KEEPERS)


def sectors_of(card: BallotCard) -> dict[str, Sector]:
    """The sectors of its round by key."""
    return {sector.key: sector for sector in here.card_of(card.round_id).charter.sectors}


def territories() -> dict[str, Any]:
    """Names of the douars by code."""
    return {place.code: place.name for place in here.places().values()}


def sent() -> None:
    """The button was sent with its protection."""
    if not EmptyForm().accepted():
        abort(400)
