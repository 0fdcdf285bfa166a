"""The reads of proposals: one found, the board, counts, what is alike, what belongs to one."""

from cdp.proposals.queries.board import BoardRow, Filters, Order, board, facets, map_points, total
from cdp.proposals.queries.board import asker as shown_asker
from cdp.proposals.queries.counts import miscounted, miscounted_supports, true_counts
from cdp.proposals.queries.files import attachments, is_file_shown
from cdp.proposals.queries.imports import (
    Outcome,
    Report,
    RowReport,
    batch_of,
    imported,
    person_by_email,
    preview,
    reports,
    vocabulary,
)
from cdp.proposals.queries.likeness import similar
from cdp.proposals.queries.one import (
    Act,
    draft_of,
    find,
    find_draft,
    groups_to_speak_for,
    history,
    mine,
    people_without_email,
    place_ids,
    places_of,
    receipt_of,
    sources,
    supports_it,
    text_to_search,
)

__all__ = [
    "Act",
    "BoardRow",
    "Filters",
    "Order",
    "Outcome",
    "Report",
    "RowReport",
    "attachments",
    "batch_of",
    "board",
    "draft_of",
    "facets",
    "find",
    "find_draft",
    "groups_to_speak_for",
    "history",
    "imported",
    "is_file_shown",
    "map_points",
    "mine",
    "miscounted",
    "miscounted_supports",
    "people_without_email",
    "person_by_email",
    "place_ids",
    "places_of",
    "preview",
    "receipt_of",
    "reports",
    "shown_asker",
    "similar",
    "sources",
    "supports_it",
    "text_to_search",
    "total",
    "true_counts",
    "vocabulary",
]
