"""The reads of priorities: a member's sheets, who may not mark what, the ranking and where people changed it."""

from cdp.priorities.queries.panel import (
    Desk,
    OwnSheet,
    SheetRow,
    case_of,
    desk,
    members,
    next_sheet,
    own_sheet,
    progress,
    shut_out,
)
from cdp.priorities.queries.ranking import Ranking, RankRow, ranking

__all__ = [
    "Desk",
    "OwnSheet",
    "RankRow",
    "Ranking",
    "SheetRow",
    "case_of",
    "desk",
    "members",
    "next_sheet",
    "own_sheet",
    "progress",
    "ranking",
    "shut_out",
]
