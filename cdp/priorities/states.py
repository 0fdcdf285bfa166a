"""Kinds of declared interests, what is done about marks and the order; ballots, their life, their classes."""

from enum import StrEnum

from cdp.kernel.machine import Machine


class InterestKind(StrEnum):
    """Why a panel member does not mark a proposal; no further detail is asked."""

    AUTHOR = "author"
    FAMILY = "family"
    MEMBER = "member"
    MONEY = "money"
    OTHER = "other"


class PanelStep(StrEnum):
    """What a panel member does with a proposal, and what the office does with the order."""

    DECLARE = "declare"
    MARK = "mark"
    HAND_IN = "hand_in"
    TAKE_BACK = "take_back"
    SET_PLACE = "set_place"


class BallotKind(StrEnum):
    """What a voter does on a ballot."""

    APPROVAL = "approval"
    KNAPSACK = "knapsack"
    POINTS = "points"
    SCORES = "scores"
    RANKING = "ranking"
    CHOOSE_ONE = "choose_one"
    HANDS = "hands"
    PAIRS = "pairs"


class CountingRule(StrEnum):
    """By which rule votes become a choice of projects (``rules.voting.register``)."""

    GREEDY = "greedy"
    GREEDY_PER_COST = "greedy-per-cost"
    BORDA = "borda"
    PHRAGMEN = "phragmen"
    EQUAL_SHARES = "equal-shares"
    COPELAND = "copeland"
    MIXED = "mixed"


class Worth(StrEnum):
    """What a chosen project is worth to who voted for it, in equal shares."""

    COST = "cost"
    COUNT = "count"


class Filling(StrEnum):
    """How equal shares goes on when voters can buy nothing more."""

    NONE = "none"
    ADD1 = "add1"
    ADD1_GREEDY = "add1-greedy"


class TieRule(StrEnum):
    """What settles a tie: the smaller number, or a lot drawn from the published seed."""

    NAME = "name"
    LOT = "lot"


class BallotState(StrEnum):
    """How far a ballot is; worked out from what was done, never stored."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    PUBLISHED = "published"


class BallotStep(StrEnum):
    """What is done with a ballot."""

    EDIT = "edit"
    KEEP_ROLL = "keep_roll"
    PRINT_CODES = "print_codes"
    OPEN = "open"
    TICK = "tick"
    ENTER_PAPER = "enter_paper"
    SETTLE = "settle"
    CLOSE = "close"
    COUNT = "count"
    PUBLISH = "publish"


B, T = BallotState, BallotStep

BALLOT_LIFE = Machine(
    B.DRAFT,
    {
        (B.DRAFT, T.EDIT): B.DRAFT,
        (B.DRAFT, T.KEEP_ROLL): B.DRAFT,
        (B.DRAFT, T.PRINT_CODES): B.DRAFT,
        (B.DRAFT, T.OPEN): B.OPEN,
        (B.OPEN, T.KEEP_ROLL): B.OPEN,
        (B.OPEN, T.PRINT_CODES): B.OPEN,
        (B.OPEN, T.TICK): B.OPEN,
        (B.OPEN, T.ENTER_PAPER): B.OPEN,
        (B.OPEN, T.SETTLE): B.OPEN,
        (B.OPEN, T.CLOSE): B.CLOSED,
        (B.CLOSED, T.ENTER_PAPER): B.CLOSED,
        (B.CLOSED, T.SETTLE): B.CLOSED,
        (B.CLOSED, T.COUNT): B.COUNTED,
        (B.COUNTED, T.COUNT): B.COUNTED,
        (B.COUNTED, T.PUBLISH): B.PUBLISHED,
    },
)


class RollSource(StrEnum):
    """Why somebody is on the roll; where they come from, or with which papers, is never asked."""

    RESIDENT = "resident"
    GROUP = "group"
    TEMPORARY = "temporary"


class Bond(StrEnum):
    """What ties two projects of a ballot: they shut one another out, or the first needs the second."""

    INCOMPATIBLE = "incompatible"
    NEEDS = "needs"


class VoteChannel(StrEnum):
    """By which way a vote came; kept on the roll and in the turnout, never with the vote."""

    ACCOUNT = "account"
    CODE = "code"
    STATION = "station"
    PAPER = "paper"
    HANDS = "hands"


class VoterKind(StrEnum):
    """Who voted, in coarse classes and only if they like to say; youth are told apart in a village count."""

    WOMEN = "women"
    MEN = "men"
    YOUTH = "youth"
    UNSAID = "unsaid"


class AgeClass(StrEnum):
    """How old who voted is, in coarse classes and only if they like to say."""

    YOUNG = "young"
    MIDDLE = "middle"
    OLDER = "older"
    UNSAID = "unsaid"


class TurnoutFacet(StrEnum):
    """By what the turnout is counted."""

    CHANNEL = "channel"
    KIND = "kind"
    AGE = "age"
    PLACE = "place"


class Flaw(StrEnum):
    """Why a sheet of paper is not counted."""

    UNREADABLE = "unreadable"
    SIGNED = "signed"
    NOT_OURS = "not_ours"
    UNKNOWN_PROJECT = "unknown_project"
    EXCLUDED_PROJECT = "excluded_project"
    NAMED_TWICE = "named_twice"
    TOO_MANY = "too_many"
    OVER_PURSE = "over_purse"
    OFF_SCALE = "off_scale"
