"""Writes about teams: inviting, joining for a set time, leaving freely, thanking."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.kernel.reference import digest
from cdp.kernel.words import Words
from cdp.notices.services import post
from cdp.people import queries as people
from cdp.people.actor import CLOCK, Actor
from cdp.people.models import Person
from cdp.people.services.forgetting import commissioned
from cdp.people.states import Role, ShownAs
from cdp.proposals.models import Proposal
from cdp.store.audit import record
from cdp.teams import queries
from cdp.teams.models import Invitation, Membership, Need, RoomMessage
from cdp.teams.policy import JOINABLE, MEMBER, TEAM, MemberStep, TeamStep
from cdp.teams.rules import INVITATION_LONGEST, LONGEST, Joining, joining_problem
from cdp.teams.states import Ending, Offer

LONGEST_MESSAGE = 4000


@dataclass(frozen=True)
class Invite:
    """What an invitation says: to whom, in which language, what is hoped for, until when it can be taken up."""

    name: str
    language: str
    until: date
    words: str = ""
    offer: Offer | None = None


def invite(db: Session, actor: Actor, proposal: Proposal, invitation: Invite) -> tuple[Invitation, str]:
    """Invite one person by name; returns the invitation and its secret token, which is kept only as a hash."""
    authorize(TEAM, TeamStep.INVITE, actor, proposal)
    day = today()
    if not day <= invitation.until <= day + INVITATION_LONGEST:
        raise RuleBroken("teams.invitation_days", days=INVITATION_LONGEST.days)
    token = secrets.token_urlsafe(18)
    made = Invitation(
        commune_id=proposal.commune_id,
        proposal_id=proposal.id,
        token_hash=digest(token),
        name=invitation.name.strip(),
        words=invitation.words.strip(),
        language=invitation.language,
        offer=invitation.offer,
        until=invitation.until,
        invited_by_id=actor.known(),
        invited_at=now(),
    )
    db.add(made)
    record(db, actor, "teams.invite", made, proposal=proposal.id)
    return made, token


def revoke(db: Session, actor: Actor, proposal: Proposal, invitation: Invitation) -> None:
    """Take an invitation back before it is taken up."""
    authorize(TEAM, TeamStep.INVITE, actor, proposal)
    if invitation.taken_at is not None:
        raise RuleBroken("teams.invitation_taken")
    invitation.revoked_at = invitation.revoked_at or now()
    record(db, actor, "teams.revoke", invitation)


def join(
    db: Session, actor: Actor, proposal: Proposal, joining: Joining, *, invitation: Invitation | None = None
) -> Membership:
    """Join one project for a set time: with an invitation, or in answer to a need the project published."""
    person_id, day = actor.known(), today()
    if proposal.state not in JOINABLE:
        raise Refused("teams.not_joinable")
    held = queries.membership_of(db, person_id, proposal.id, day)
    if held is not None:
        if invitation is not None and held.invitation_id == invitation.id:
            return held
        raise Conflict("teams.member_already", until=held.until)
    if problem := joining_problem(joining, day):
        raise RuleBroken(problem)
    _take_up(db, person_id, proposal, invitation=invitation)
    membership = Membership(
        commune_id=proposal.commune_id,
        proposal_id=proposal.id,
        person_id=person_id,
        invitation_id=invitation.id if invitation else None,
        offer=joining.offer,
        text=joining.text.strip(),
        hours=joining.hours,
        visit_since=joining.visit_since,
        visit_until=joining.visit_until,
        since=day,
        until=joining.until,
        shown_as=joining.shown_as,
        city=joining.city.strip(),
        joined_at=now(),
    )
    db.add(membership)
    record(db, actor, "teams.join", membership, proposal=proposal.id, until=joining.until.isoformat())
    _tell(db, proposal, "member_joined", number=proposal.number)
    return membership


def _take_up(db: Session, person_id: int, proposal: Proposal, *, invitation: Invitation | None) -> None:
    """The invitation serves this person and project, once, in time; without one there must be an open need."""
    if invitation is None:
        if not queries.has_open_need(db, proposal.id, today()):
            raise Refused("teams.needs_invitation")
        return
    if invitation.proposal_id != proposal.id or invitation.revoked_at is not None:
        raise Refused("teams.invitation_unknown")
    if invitation.taken_by_id not in {None, person_id}:
        raise Refused("teams.invitation_taken")
    if invitation.until < today():
        raise Refused("teams.invitation_over", until=invitation.until)
    invitation.taken_by_id, invitation.taken_at = person_id, now()


def prolong(db: Session, actor: Actor, membership: Membership, until: date) -> None:
    """Stay until a later (or earlier) day, at most a year from now."""
    authorize(MEMBER, MemberStep.PROLONG, actor, membership)
    day = today()
    if not day <= until <= day + LONGEST:
        raise RuleBroken("teams.until_in_the_past" if until < day else "teams.until_too_far")
    before, membership.until, membership.ended_on, membership.ending = membership.until, until, None, None
    record(
        db,
        actor.as_member(membership.proposal_id),
        "teams.prolong",
        membership,
        before=before.isoformat(),
        until=until.isoformat(),
    )


def leave(db: Session, actor: Actor, membership: Membership) -> None:
    """Leave today, without a reason; what was done stays under the name that was chosen."""
    authorize(MEMBER, MemberStep.LEAVE, actor, membership)
    membership.ended_on, membership.ending = today(), Ending.LEFT
    record(db, actor, "teams.leave", membership)
    _thank(db, membership)


def let_go(db: Session, actor: Actor, membership: Membership, reason: str) -> None:
    """End a membership today; the reason is told to the member and kept."""
    authorize(MEMBER, MemberStep.LET_GO, actor, membership)
    actor = actor.under_mandate(membership.commune_id, *_OFFICE)
    if not reason.strip():
        raise RuleBroken("errors.reason_missing")
    membership.ended_on, membership.ending = today(), Ending.LET_GO
    membership.ending_reason = reason.strip()
    record(db, actor, "teams.let_go", membership)
    _thank(db, membership)


def rename(db: Session, actor: Actor, membership: Membership, shown_as: ShownAs) -> None:
    """Change the name one shows for this membership, also after its end: the record follows."""
    if actor.known() != membership.person_id:
        raise Refused("errors.not_allowed", step="rename")
    membership.shown_as = shown_as
    record(db, actor, "teams.rename", membership)


@dataclass(frozen=True)
class Asking:
    """What a project looks for: kind, words, how much (hours, days, whole dirhams), until which day."""

    offer: Offer
    text: Words
    quantity: int | None = None
    until: date | None = None


def ask(db: Session, actor: Actor, proposal: Proposal, asking: Asking) -> Need:
    """Publish what a project looks for."""
    authorize(TEAM, TeamStep.ASK, actor, proposal)
    if not asking.text:
        raise RuleBroken("teams.need_without_words")
    if asking.quantity is not None and not 0 < asking.quantity <= 100_000_000:
        raise RuleBroken("teams.hours_absurd")
    if asking.until is not None and asking.until < today():
        raise RuleBroken("teams.until_in_the_past")
    need = Need(
        commune_id=proposal.commune_id,
        proposal_id=proposal.id,
        offer=asking.offer,
        text=asking.text,
        quantity=asking.quantity,
        until=asking.until,
        asked_by_id=actor.known(),
        asked_at=now(),
    )
    db.add(need)
    record(db, actor, "teams.ask", need)
    return need


def find(db: Session, actor: Actor, proposal: Proposal, need: Need) -> None:
    """Say that what was looked for is found."""
    authorize(TEAM, TeamStep.ASK, actor, proposal)
    if need.proposal_id != proposal.id:
        raise Refused("errors.not_allowed", step="find")
    need.found_at = need.found_at or now()
    record(db, actor, "teams.find", need)


def say(db: Session, actor: Actor, proposal: Proposal, text: str, *, language: str) -> RoomMessage:
    """Write into the team's room, in the capacity one has there."""
    authorize(TEAM, TeamStep.ENTER_ROOM, actor, proposal)
    if not text.strip():
        raise RuleBroken("teams.empty_message")
    if len(text) > LONGEST_MESSAGE:
        raise RuleBroken("teams.message_too_long", most=LONGEST_MESSAGE)
    speaker = _speaker(db, actor, proposal)
    message = RoomMessage(
        commune_id=proposal.commune_id,
        proposal_id=proposal.id,
        person_id=actor.known(),
        capacity=str(speaker.actor.capacity),
        shown_name=speaker.name,
        text=text.strip(),
        language=language,
        written_at=now(),
    )
    db.add(message)
    record(db, speaker.actor, "teams.say", message)
    return message


def hide(db: Session, actor: Actor, proposal: Proposal, message: RoomMessage) -> None:
    """Hide a message of the room; that it was there stays visible."""
    authorize(TEAM, TeamStep.HIDE, actor, proposal)
    message.hidden_at = message.hidden_at or now()
    record(db, actor.under_mandate(proposal.commune_id, *_OFFICE), "teams.hide", message)


def forget(db: Session, actor: Actor, person: Person) -> None:
    """Let go of a person who asked to be erased; memberships that last end today.

    Goes: the name shown in teams and rooms, the city, what the person wrote of what they bring, why they left, the
    words of invitations to and from them; invitations of theirs that nobody took up are taken back.
    Stays: that somebody was a member from a day to a day with such an offer; messages in rooms, by "a person".
    """
    commissioned(db, actor, person)
    db.execute(
        update(Membership)
        .where(Membership.person_id == person.id, Membership.until >= today(), Membership.ended_on.is_(None))
        .values(ended_on=today(), ending=Ending.ERASED)
    )
    bare = {"shown_as": ShownAs.ANONYMOUS, "city": "", "text": "", "ending_reason": ""}
    db.execute(update(Membership).where(Membership.person_id == person.id).values(**bare))
    db.execute(update(RoomMessage).where(RoomMessage.person_id == person.id).values(shown_name=""))
    db.execute(update(Invitation).where(Invitation.taken_by_id == person.id).values(name="", words=""))
    open_ones = (Invitation.invited_by_id == person.id, Invitation.taken_at.is_(None))
    db.execute(update(Invitation).where(*open_ones, Invitation.revoked_at.is_(None)).values(revoked_at=now()))
    db.execute(update(Invitation).where(Invitation.invited_by_id == person.id).values(words=""))
    db.flush()


def thank_the_ended(db: Session, day: date, *, look_back: int = 14) -> int:
    """Thank those whose last day has passed (daily duty); once each, also after days without a worker."""
    ended = queries.ended_between(db, day - timedelta(days=look_back), day - timedelta(days=1))
    return sum(_thank(db, membership) for membership in ended)


def warn_the_ending(db: Session, day: date, *, ahead: int = 7) -> int:
    """Tell members that their last day comes within a week (daily duty); once each."""
    told = 0
    for m in queries.ended_between(db, day, day + timedelta(days=ahead)):
        last = m.ended_on or m.until
        told += post(
            db,
            m.person_id,
            "membership_ends",
            commune_id=m.commune_id,
            once=f"membership-ends:{m.id}:{last}",
            membership=m.id,
            until=last.isoformat(),
        )
    return told


@dataclass(frozen=True)
class _Speaker:
    actor: Actor
    name: str


_OFFICE = (Role.OFFICER, Role.PRESIDENT, Role.FACILITATOR)


def _speaker(db: Session, actor: Actor, proposal: Proposal) -> _Speaker:
    """In which capacity and under which name somebody speaks in a room."""
    person = people.find(db, actor.known())
    held = queries.membership_of(db, person.id, proposal.id, today())
    if held is not None:
        return _Speaker(actor.as_member(proposal.id), people.shown_name(person.name, held.shown_as))
    if proposal.group_id in actor.groups and proposal.group_id is not None:
        return _Speaker(actor.for_group(proposal.group_id), person.name)
    for role in (*_OFFICE, Role.TREASURER):
        if actor.holds(proposal.commune_id, role):
            return _Speaker(actor.under_mandate(proposal.commune_id, role), person.name)
    return _Speaker(actor, person.name)


def _thank(db: Session, membership: Membership) -> bool:
    """Thank a member once for one ending; whether this was the time."""
    is_new = post(
        db,
        membership.person_id,
        "membership_ended",
        commune_id=membership.commune_id,
        once=f"membership-ended:{membership.id}:{membership.ended_on or membership.until}",
        membership=membership.id,
    )
    if is_new:
        record(db, CLOCK, "teams.thank", membership)
    return is_new


def _tell(db: Session, proposal: Proposal, kind: str, **values: str | None) -> None:
    """Tell the author of a project."""
    post(db, proposal.author_id, kind, commune_id=proposal.commune_id, **values)
