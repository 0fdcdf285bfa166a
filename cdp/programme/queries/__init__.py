"""The reads of the plan: what the draft is made from, the plan as frozen sheets, the projects."""

from cdp.programme.queries.drafting import (
    candidates,
    concerned,
    decisions,
    document,
    draft_version,
    has_line,
    last_state,
    price_years,
    shares,
)
from cdp.programme.queries.projects import ProjectCard, ProjectFilters, board, find_project, state_counts
from cdp.programme.queries.sheets import PlanRow, PlanSheet, sheet
from cdp.programme.queries.versions import ActRow, Difference, VersionRow, differences, find_version, versions

__all__ = [
    "ActRow",
    "Difference",
    "PlanRow",
    "PlanSheet",
    "ProjectCard",
    "ProjectFilters",
    "VersionRow",
    "board",
    "candidates",
    "concerned",
    "decisions",
    "differences",
    "document",
    "draft_version",
    "find_project",
    "find_version",
    "has_line",
    "last_state",
    "price_years",
    "shares",
    "sheet",
    "state_counts",
    "versions",
]
