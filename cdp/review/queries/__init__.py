"""The reads of the review: the list of what waits, one file, its public part, costs for a list."""

from cdp.review.queries.costs import Estimate, LineRow, costs, last_estimate
from cdp.review.queries.files import (
    ConclusionRow,
    FindingRow,
    PublicFile,
    acting_members,
    case_of,
    public_file,
    standing,
    standing_of,
)
from cdp.review.queries.worklist import Row, counts, neighbours, worklist

__all__ = [
    "ConclusionRow",
    "Estimate",
    "FindingRow",
    "LineRow",
    "PublicFile",
    "Row",
    "acting_members",
    "case_of",
    "costs",
    "counts",
    "last_estimate",
    "neighbours",
    "public_file",
    "standing",
    "standing_of",
    "worklist",
]
