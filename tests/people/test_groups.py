from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken
from cdp.kernel.words import Words
from cdp.people.actor import NOBODY
from cdp.people.models import Group
from cdp.people.queries import groups as queries
from cdp.people.rules import GroupDraft
from cdp.people.services import groups
from cdp.people.states import GroupKind, GroupState, Role
from tests.factories import (
    actor_of,
    make_commune,
    make_diaspora,
    make_group,
    make_locality,
    make_official,
    make_person,
    make_resident,
)

INFORMAL = GroupDraft(GroupKind.WOMENS_GROUP, Words(ar="نساء الدوار"), vouched_by="Jmaa of the douar")
REGISTERED = GroupDraft(
    GroupKind.DEVELOPMENT_ASSOCIATION,
    Words(fr="Association du douar"),
    is_registered=True,
    receipt_number="12/2026",
    board_date=date(2026, 5, 1),
    valid_until=date(2029, 5, 1),
)


def entered(db: Session, commune: Commune, draft: GroupDraft = INFORMAL, key: str = "k1") -> tuple[Group, str]:
    first = make_resident(db, commune)
    group, code = groups.enter(db, actor_of(db, first), commune.id, draft, key=key)
    return group, code


def test_a_group_stands_once_a_second_member_has_joined_and_both_may_act(db: Session) -> None:
    commune = make_commune(db)
    group, code = entered(db, commune)
    assert group.state is GroupState.ENTERED
    second = make_diaspora(db, commune)
    groups.join(db, actor_of(db, second), group, code=code)
    assert group.state is GroupState.STANDING
    assert [member.may_act for member, _ in queries.members(db, group.id, day=today())] == [True, True]
    assert group.id in actor_of(db, second).groups


def test_a_code_works_once_and_a_member_joining_again_changes_nothing(db: Session) -> None:
    commune = make_commune(db)
    group, code = entered(db, commune)
    second, third = make_resident(db, commune), make_resident(db, commune)
    groups.join(db, actor_of(db, second), group, code=code)
    groups.join(db, actor_of(db, second), group, code=code)
    assert len(queries.members(db, group.id, day=today())) == 2
    with pytest.raises(NotFound):
        groups.join(db, actor_of(db, third), group, code=code)
    fresh = groups.invite(db, actor_of(db, second), group)
    groups.join(db, actor_of(db, third), group, code=fresh)
    assert [m.may_act for m, _ in queries.members(db, group.id, day=today())] == [True, True, False]


def test_nobody_strangers_and_whoever_belongs_elsewhere_enter_no_group(db: Session) -> None:
    commune, other = make_commune(db), make_commune(db)
    with pytest.raises(Refused):
        groups.enter(db, NOBODY, commune.id, INFORMAL, key="a")
    for person in (make_person(db), make_resident(db, other)):
        with pytest.raises(RuleBroken, match="no_tie"):
            groups.enter(db, actor_of(db, person), commune.id, INFORMAL, key="b")
    with pytest.raises(Refused):
        groups.join(db, NOBODY, entered(db, commune)[0], code="X")


def test_the_same_form_sent_twice_is_one_group_and_with_other_content_a_conflict(db: Session) -> None:
    commune = make_commune(db)
    actor = actor_of(db, make_resident(db, commune))
    first, _ = groups.enter(db, actor, commune.id, INFORMAL, key="same")
    again, code = groups.enter(db, actor, commune.id, INFORMAL, key="same")
    assert (again.id, code) == (first.id, "")
    with pytest.raises(Conflict):
        groups.enter(db, actor, commune.id, REGISTERED, key="same")


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (GroupDraft(GroupKind.YOUTH_GROUP, Words(fr="Jeunes")), "voucher_missing"),
        (GroupDraft(GroupKind.YOUTH_GROUP, Words(), vouched_by="School"), "group_name_missing"),
        (GroupDraft(GroupKind.COOPERATIVE, Words(fr="C"), is_registered=True), "receipt_missing"),
        (GroupDraft(GroupKind.INFORMAL, Words(fr="I"), is_registered=True, receipt_number="1"), "no_receipt"),
    ],
)
def test_a_group_says_its_papers_or_who_vouches(db: Session, draft: GroupDraft, why: str) -> None:
    commune = make_commune(db)
    with pytest.raises(RuleBroken, match=why):
        groups.enter(db, actor_of(db, make_resident(db, commune)), commune.id, draft, key="k")


def test_a_douar_of_another_commune_is_not_there(db: Session) -> None:
    commune, other = make_commune(db), make_commune(db)
    place = make_locality(db, other)
    draft = GroupDraft(GroupKind.YOUTH_GROUP, Words(fr="Jeunes"), locality_id=place.id, vouched_by="School")
    with pytest.raises(NotFound):
        groups.enter(db, actor_of(db, make_resident(db, commune)), commune.id, draft, key="k")


def test_the_office_checks_a_standing_group_and_says_who_and_when(db: Session) -> None:
    commune = make_commune(db)
    group = make_group(db, commune, kind=GroupKind.DEVELOPMENT_ASSOCIATION)
    officer = make_official(db, commune)
    groups.check(db, actor_of(db, officer), group, REGISTERED)
    assert (group.state, group.checked_by_id, group.receipt_number) == (GroupState.CHECKED, officer.id, "12/2026")
    assert group.valid_until == date(2029, 5, 1)


def test_papers_that_have_ended_are_not_checked(db: Session) -> None:
    commune = make_commune(db)
    group = make_group(db, commune, kind=GroupKind.COOPERATIVE)
    old = GroupDraft(
        GroupKind.COOPERATIVE,
        Words(),
        is_registered=True,
        receipt_number="1",
        board_date=date(2020, 1, 1),
        valid_until=today() - timedelta(days=1),
    )
    with pytest.raises(RuleBroken, match="papers_expired"):
        groups.check(db, actor_of(db, make_official(db, commune)), group, old)


def test_nobody_else_checks_a_group_not_even_an_officer_who_is_in_it(db: Session) -> None:
    commune, other = make_commune(db), make_commune(db)
    officer = make_official(db, commune)
    group = make_group(db, commune, officer, make_resident(db, commune))
    for person in (
        officer,
        make_official(db, other),
        make_official(db, commune, Role.FACILITATOR),
        make_resident(db, commune),
    ):
        with pytest.raises(Refused):
            groups.check(db, actor_of(db, person), group, INFORMAL)


def test_a_group_that_waits_for_its_second_member_is_not_checked(db: Session) -> None:
    commune = make_commune(db)
    group, _ = entered(db, commune)
    with pytest.raises(RuleBroken, match="step_not_possible"):
        groups.check(db, actor_of(db, make_official(db, commune)), group, INFORMAL)


def test_members_name_who_acts_but_somebody_always_does(db: Session) -> None:
    commune = make_commune(db)
    one, two = make_resident(db, commune), make_resident(db, commune)
    group = make_group(db, commune, one, two)
    groups.stop_acting(db, actor_of(db, one), group, two.id)
    with pytest.raises(Refused):
        groups.let_act(db, actor_of(db, two), group, two.id)
    with pytest.raises(RuleBroken, match="last_acting"):
        groups.leave(db, actor_of(db, one), group)
    groups.let_act(db, actor_of(db, one), group, two.id)
    groups.leave(db, actor_of(db, one), group)
    assert group.id not in actor_of(db, one).groups
    with pytest.raises(Refused):
        groups.invite(db, actor_of(db, one), group)


def test_a_closed_group_acts_no_more(db: Session) -> None:
    commune = make_commune(db)
    one, two = make_resident(db, commune), make_resident(db, commune)
    group = make_group(db, commune, one, two)
    with pytest.raises(Refused):
        groups.close(db, actor_of(db, make_resident(db, commune)), group)
    groups.close(db, actor_of(db, one), group)
    assert not actor_of(db, two).groups
    with pytest.raises(NotFound):
        groups.join(db, actor_of(db, make_resident(db, commune)), group, code="ABCDE")


def test_a_facilitator_enters_a_group_of_two_persons_of_the_commune(db: Session) -> None:
    commune, other = make_commune(db), make_commune(db)
    one, two = make_resident(db, commune, email=None), make_resident(db, commune, email=None)
    facilitator = make_official(db, commune, Role.FACILITATOR)
    actor = actor_of(db, facilitator)
    group = groups.enter_for(db, actor, commune.id, INFORMAL, members=(one.id, two.id), key="k")
    assert group.state is GroupState.STANDING
    for members in ((one.id, one.id), (one.id, facilitator.id)):
        with pytest.raises(RuleBroken):
            groups.enter_for(db, actor, commune.id, INFORMAL, members=members, key="n")
    stranger = make_resident(db, other)
    with pytest.raises(NotFound):
        groups.enter_for(db, actor, commune.id, INFORMAL, members=(one.id, stranger.id), key="n")
    for person in (make_official(db, other, Role.FACILITATOR), one, make_official(db, commune, Role.TREASURER)):
        with pytest.raises(Refused):
            groups.enter_for(db, actor_of(db, person), commune.id, INFORMAL, members=(one.id, two.id), key="n")
