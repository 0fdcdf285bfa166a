"""Search on both engines, kept by the database itself: FTS5 with triggers, or a GIN index over tsvector.

What is searched is ``proposal.search_text``: folded words with blanks between them. The migration writes
the same statements down; the tables and indexes named here are no part of the metadata.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, column, func, literal_column, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session

SEARCH = {
    "sqlite": (
        "CREATE VIRTUAL TABLE proposal_search USING fts5(search_text, content='proposal', content_rowid='id',"
        " tokenize='unicode61 remove_diacritics 0', detail=none, columnsize=0, prefix='3 4')",
        "CREATE TRIGGER proposal_search_insert AFTER INSERT ON proposal WHEN NEW.search_text <> '' BEGIN"
        " INSERT INTO proposal_search(rowid, search_text) VALUES (NEW.id, NEW.search_text); END",
        "CREATE TRIGGER proposal_search_delete AFTER DELETE ON proposal WHEN OLD.search_text <> '' BEGIN"
        " INSERT INTO proposal_search(proposal_search, rowid, search_text)"
        " VALUES ('delete', OLD.id, OLD.search_text); END",
        "CREATE TRIGGER proposal_search_update AFTER UPDATE OF search_text ON proposal"
        " WHEN OLD.search_text <> NEW.search_text BEGIN"
        " INSERT INTO proposal_search(proposal_search, rowid, search_text)"
        " SELECT 'delete', OLD.id, OLD.search_text WHERE OLD.search_text <> '';"
        " INSERT INTO proposal_search(rowid, search_text)"
        " SELECT NEW.id, NEW.search_text WHERE NEW.search_text <> ''; END",
    ),
    "postgresql": ("CREATE INDEX ix_proposal_search ON proposal USING gin (to_tsvector('simple', search_text))",),
}
"""Statements that make the search, by engine."""

UNSEARCH = {
    "sqlite": (
        "DROP TRIGGER proposal_search_update",
        "DROP TRIGGER proposal_search_delete",
        "DROP TRIGGER proposal_search_insert",
        "DROP TABLE proposal_search",
    ),
    "postgresql": ("DROP INDEX ix_proposal_search",),
}
"""Statements that take it away again."""


def is_of_search(name: str | None) -> bool:
    """Whether a table or index of the database belongs to the search and not to the metadata."""
    return (name or "").startswith(("proposal_search", "ix_proposal_search"))


def matching(
    db: Session,
    ids: InstrumentedAttribute[int],
    text: InstrumentedAttribute[str],
    *,
    within: str,
    words: Sequence[Sequence[str]],
) -> ColumnElement[bool]:
    """That a proposal has the word ``within`` and, for each of ``words``, one with one of its beginnings (folded)."""
    if not within.isalnum() or any(not beginning.isalnum() for word in words for beginning in word):
        raise ValueError("a search takes folded words of letters and digits")
    if db.get_bind().dialect.name == "postgresql":
        wanted = " & ".join([within, *("(" + " | ".join(f"{b}:*" for b in word) + ")" for word in words)])
        return func.to_tsvector(literal_column("'simple'"), text).op("@@")(
            func.to_tsquery(literal_column("'simple'"), wanted)
        )
    wanted = " AND ".join([f'"{within}"', *("(" + " OR ".join(f'"{b}"*' for b in word) + ")" for word in words)])
    search = table("proposal_search", column("rowid"), column("proposal_search"))
    return ids.in_(select(search.c.rowid).where(search.c.proposal_search.op("MATCH")(wanted)))
