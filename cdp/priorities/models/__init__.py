"""Tables of priorities: the panel; ballots with their rules, their roll, their votes and their paper."""

from cdp.priorities.models.ballots import Ballot, BallotClose, BallotKey, BallotProject, Tally
from cdp.priorities.models.panel import Interest, Mark, MarkSheet, RankDecision
from cdp.priorities.models.paper import BatchFile, PaperBatch, PaperEntry
from cdp.priorities.models.urn import CodeBatch, RollEntry, TurnoutCount, Vote, VotingCode

__all__ = [
    "Ballot",
    "BallotClose",
    "BallotKey",
    "BallotProject",
    "BatchFile",
    "CodeBatch",
    "Interest",
    "Mark",
    "MarkSheet",
    "PaperBatch",
    "PaperEntry",
    "RankDecision",
    "RollEntry",
    "Tally",
    "TurnoutCount",
    "Vote",
    "VotingCode",
]
