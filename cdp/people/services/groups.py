"""Groups: entered by one member, standing once a second has joined, checked by the office, closed."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune, Locality
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.kernel.reference import digest, new_code
from cdp.people.actor import Actor
from cdp.people.models import Belonging, Group, GroupMember
from cdp.people.policy import GROUP_POLICY, OFFICE_POLICY
from cdp.people.rules import GroupDraft, group_problems
from cdp.people.services.desk import Desk
from cdp.people.states import GROUP_LIFE, GroupState, GroupStep, OfficeStep, Role
from cdp.store.audit import record


def enter(db: Session, actor: Actor, commune_id: int, draft: GroupDraft, *, key: str) -> tuple[Group, str]:
    """Enter one's own group; gives it and the code its second member joins with ("" when sent again).

    Refused for nobody; RuleBroken("people.no_tie") for who does not belong to the commune.
    """
    person_id = actor.known()
    if not any(of == commune_id for of, _tie in actor.ties):
        raise RuleBroken("people.no_tie")
    if found := _sent_before(db, key, commune_id, draft):
        return found, ""
    group = _make(db, actor, commune_id, draft, key)
    code = new_code()
    group.join_code_hash = digest(code)
    _add(db, group, person_id).may_act = True
    record(db, actor, "people.enter_group", group, kind=group.kind.value)
    db.flush()
    return group, code


def enter_for(
    db: Session, actor: Actor, commune_id: int, draft: GroupDraft, *, members: tuple[int, int], key: str
) -> Group:
    """A facilitator enters a group of people without e-mail: two persons of the commune stand for it at once."""
    authorize(OFFICE_POLICY, OfficeStep.ENTER_GROUP, actor, Desk(commune_id))
    actor = actor.under_mandate(commune_id, Role.FACILITATOR, Role.OFFICER)
    if found := _sent_before(db, key, commune_id, draft):
        return found
    if members[0] == members[1]:
        raise RuleBroken("people.two_members")
    if actor.person_id in members:
        raise RuleBroken("people.not_oneself")
    for person_id in members:
        _belongs(db, commune_id, person_id)
    group = _make(db, actor, commune_id, draft, key)
    group.state = GroupState.STANDING
    for person_id in members:
        _add(db, group, person_id).may_act = True
    record(db, actor, "people.enter_group_for", group, kind=group.kind.value)
    db.flush()
    return group


def _belongs(db: Session, commune_id: int, person_id: int) -> None:
    held = select(Belonging.id).where(
        Belonging.commune_id == commune_id,
        Belonging.person_id == person_id,
        Belonging.until.is_(None) | (Belonging.until >= today()),
    )
    if db.scalar(held.limit(1)) is None:
        raise NotFound("people.unknown_here")


def _sent_before(db: Session, key: str, commune_id: int, draft: GroupDraft) -> Group | None:
    found: Group | None = db.scalar(select(Group).where(Group.idempotency_key == key))
    if found and (found.commune_id, found.name, found.kind) != (commune_id, draft.name, draft.kind):
        raise Conflict("errors.sent_before")
    return found


def _make(db: Session, actor: Actor, commune_id: int, draft: GroupDraft, key: str) -> Group:
    if problems := group_problems(draft, today()):
        raise RuleBroken(problems[0])
    if draft.locality_id is not None:
        place = db.get(Locality, draft.locality_id)
        if place is None or place.commune_id != commune_id:
            raise NotFound
    if db.get(Commune, commune_id) is None:
        raise NotFound
    if not draft.is_registered:
        draft = replace(draft, receipt_number="", board_date=None, valid_until=None)
    group = Group(
        commune_id=commune_id,
        kind=draft.kind,
        state=GROUP_LIFE.start,
        name=draft.name,
        sort_key=draft.name.in_("fr")[0].casefold()[:120],
        locality_id=draft.locality_id,
        city=draft.city.strip(),
        is_registered=draft.is_registered,
        receipt_number=draft.receipt_number.strip(),
        board_date=draft.board_date,
        valid_until=draft.valid_until,
        vouched_by="" if draft.is_registered else draft.vouched_by.strip(),
        entered_by_id=actor.known(),
        entered_at=now(),
        idempotency_key=key,
    )
    db.add(group)
    db.flush()
    return group


def _add(db: Session, group: Group, person_id: int) -> GroupMember:
    member = GroupMember(commune_id=group.commune_id, group_id=group.id, person_id=person_id, since=today())
    member.may_act = False
    db.add(member)
    return member


def invite(db: Session, actor: Actor, group: Group) -> str:
    """A new code with which one more person joins; the code before it no longer works."""
    authorize(GROUP_POLICY, GroupStep.INVITE, actor, group)
    GROUP_LIFE.next(group.state, GroupStep.INVITE)
    code = new_code()
    group.join_code_hash = digest(code)
    record(db, actor.for_group(group.id), "people.invite_to_group", group)
    db.flush()
    return code


def join(db: Session, actor: Actor, group: Group, *, code: str) -> None:
    """Join a group with the code one was given; the second member makes it stand and may act for it.

    NotFound for a wrong or used code; joining again as a member changes nothing.
    """
    person_id = actor.known()
    if _membership(db, group.id, person_id) is not None:
        return
    if group.state is GroupState.CLOSED or group.join_code_hash is None or digest(code) != group.join_code_hash:
        raise NotFound("people.code_unknown")
    authorize(GROUP_POLICY, GroupStep.SECOND, actor, group)
    member = _add(db, group, person_id)
    if group.state is GroupState.ENTERED:
        group.state = GROUP_LIFE.next(group.state, GroupStep.SECOND)
        member.may_act = True
    group.join_code_hash = None
    record(db, actor, "people.join_group", group)
    db.flush()


def _membership(db: Session, group_id: int, person_id: int) -> GroupMember | None:
    found: GroupMember | None = db.scalar(
        select(GroupMember).where(
            GroupMember.group_id == group_id,
            GroupMember.person_id == person_id,
            GroupMember.until.is_(None) | (GroupMember.until >= today()),
        )
    )
    return found


def let_act(db: Session, actor: Actor, group: Group, person_id: int) -> None:
    """From now on this member speaks for the group too."""
    _acting(db, actor, group, person_id).may_act = True
    record(db, actor.for_group(group.id), "people.let_act", group, member=person_id)
    db.flush()


def stop_acting(db: Session, actor: Actor, group: Group, person_id: int) -> None:
    """This member no longer speaks for the group; somebody always does (RuleBroken "people.last_acting")."""
    member = _acting(db, actor, group, person_id)
    _somebody_else_acts(db, group, person_id)
    member.may_act = False
    record(db, actor.for_group(group.id), "people.stop_acting", group, member=person_id)
    db.flush()


def _acting(db: Session, actor: Actor, group: Group, person_id: int) -> GroupMember:
    authorize(GROUP_POLICY, GroupStep.NAME_ACTING, actor, group)
    GROUP_LIFE.next(group.state, GroupStep.NAME_ACTING)
    member = _membership(db, group.id, person_id)
    if member is None:
        raise NotFound
    return member


def _somebody_else_acts(db: Session, group: Group, person_id: int) -> None:
    others = select(GroupMember.id).where(
        GroupMember.group_id == group.id,
        GroupMember.person_id != person_id,
        GroupMember.may_act,
        GroupMember.until.is_(None) | (GroupMember.until >= today()),
    )
    if db.scalar(others.limit(1)) is None:
        raise RuleBroken("people.last_acting")


def leave(db: Session, actor: Actor, group: Group) -> None:
    """Leave a group at once; the last who acts for it names another first, or closes it."""
    member = _membership(db, group.id, actor.known())
    if member is None:
        raise Refused("people.not_in_group")
    if member.may_act and group.state is not GroupState.CLOSED:
        _somebody_else_acts(db, group, member.person_id)
    member.until = today() - timedelta(days=1)
    record(db, actor, "people.leave_group", group)
    db.flush()


def check(db: Session, actor: Actor, group: Group, papers: GroupDraft) -> None:
    """The office has seen the papers (or knows who vouches): said with name and day on the group's page."""
    authorize(GROUP_POLICY, GroupStep.CHECK, actor, group)
    actor = actor.under_mandate(group.commune_id, Role.OFFICER, Role.PRESIDENT)
    if problems := group_problems(replace(papers, kind=group.kind, name=group.name), today()):
        raise RuleBroken(problems[0])
    if papers.valid_until is not None and papers.valid_until < today():
        raise RuleBroken("people.papers_expired", day=papers.valid_until)
    group.state = GROUP_LIFE.next(group.state, GroupStep.CHECK)
    group.is_registered = papers.is_registered
    group.receipt_number = papers.receipt_number.strip() if papers.is_registered else ""
    group.board_date = papers.board_date if papers.is_registered else None
    group.valid_until = papers.valid_until
    group.vouched_by = "" if papers.is_registered else papers.vouched_by.strip()
    group.checked_by_id, group.checked_at = actor.known(), now()
    record(db, actor, "people.check_group", group)
    db.flush()


def close(db: Session, actor: Actor, group: Group) -> None:
    """The group no longer acts; what it asked for stays under its name."""
    authorize(GROUP_POLICY, GroupStep.CLOSE, actor, group)
    if group.id in actor.groups:
        actor = actor.for_group(group.id)
    else:
        actor = actor.under_mandate(group.commune_id, Role.OFFICER, Role.PRESIDENT)
    group.state = GROUP_LIFE.next(group.state, GroupStep.CLOSE)
    group.join_code_hash = None
    record(db, actor, "people.close_group", group)
    for member in db.scalars(select(GroupMember).where(GroupMember.group_id == group.id)):
        member.may_act = False
    db.flush()
