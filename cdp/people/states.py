"""Kinds and states of persons, groups and mandates."""

from enum import StrEnum

from cdp.kernel.machine import Machine


class GroupKind(StrEnum):
    """What a group is."""

    DEVELOPMENT_ASSOCIATION = "development_association"
    WOMENS_GROUP = "womens_group"
    YOUTH_GROUP = "youth_group"
    COOPERATIVE = "cooperative"
    USERS_ASSOCIATION = "users_association"
    DIASPORA_ASSOCIATION = "diaspora_association"
    INFORMAL = "informal"


class GroupState(StrEnum):
    """Entered by one member, standing once a second has joined in, checked by the office, closed."""

    ENTERED = "entered"
    STANDING = "standing"
    CHECKED = "checked"
    CLOSED = "closed"


class GroupStep(StrEnum):
    """What happens to a group."""

    SECOND = "second"
    INVITE = "invite"
    NAME_ACTING = "name_acting"
    CHECK = "check"
    CLOSE = "close"


GROUP_LIFE = Machine(
    GroupState.ENTERED,
    {
        (GroupState.ENTERED, GroupStep.INVITE): GroupState.ENTERED,
        (GroupState.STANDING, GroupStep.INVITE): GroupState.STANDING,
        (GroupState.CHECKED, GroupStep.INVITE): GroupState.CHECKED,
        (GroupState.STANDING, GroupStep.NAME_ACTING): GroupState.STANDING,
        (GroupState.CHECKED, GroupStep.NAME_ACTING): GroupState.CHECKED,
        (GroupState.ENTERED, GroupStep.SECOND): GroupState.STANDING,
        (GroupState.STANDING, GroupStep.CHECK): GroupState.CHECKED,
        (GroupState.CHECKED, GroupStep.CHECK): GroupState.CHECKED,
        (GroupState.ENTERED, GroupStep.CLOSE): GroupState.CLOSED,
        (GroupState.STANDING, GroupStep.CLOSE): GroupState.CLOSED,
        (GroupState.CHECKED, GroupStep.CLOSE): GroupState.CLOSED,
    },
)


class OfficeStep(StrEnum):
    """What an office does with people: mandates, persons without e-mail, cards, requests about data."""

    GIVE_MANDATE = "give_mandate"
    END_MANDATE = "end_mandate"
    ENTER_PERSON = "enter_person"
    ENTER_GROUP = "enter_group"
    PRINT_CARD = "print_card"
    REVOKE_CARD = "revoke_card"
    ANSWER_REQUEST = "answer_request"


class Role(StrEnum):
    """A mandate in a commune, for a period."""

    PRESIDENT = "president"
    OFFICER = "officer"
    FACILITATOR = "facilitator"
    PANEL = "panel"
    TREASURER = "treasurer"
    COUNCILLOR = "councillor"


class Tie(StrEnum):
    """How a person belongs to a place; several at once, each for a time."""

    LIVES = "lives"
    ROOTS = "roots"
    WORKS = "works"
    CARES = "cares"


class ShownAs(StrEnum):
    """The name a person shows in public."""

    FULL = "full"
    FIRST = "first"
    ANONYMOUS = "anonymous"


class CapacityKind(StrEnum):
    """In which capacity somebody acts."""

    NOBODY = "nobody"
    CLOCK = "clock"
    SELF = "self"
    GROUP = "group"
    MEMBER = "member"
    PRESIDENT = "president"
    OFFICER = "officer"
    FACILITATOR = "facilitator"
    PANEL = "panel"
    TREASURER = "treasurer"
    COUNCILLOR = "councillor"


class DataRequestKind(StrEnum):
    """What a person may ask about their data (law 09-08 art. 7-9)."""

    ERASE = "erase"
    CORRECT = "correct"
