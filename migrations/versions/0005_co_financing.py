"""Statements of banks, payees, conditions, spending, receipts; the nightly checks of the books.

Revises 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = ("books_check",)


def upgrade() -> None:
    op.create_table(
        "books_check",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        ident(),
        sa.CheckConstraint("entries >= 0", name=op.f("ck_books_check_entries_is_not_negative")),
        sa.CheckConstraint("found >= 0", name=op.f("ck_books_check_found_is_not_negative")),
        foreign("books_check", "commune_id", "commune"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books_check")),
        sa.UniqueConstraint("commune_id", "day", name=op.f("uq_books_check_commune_id_day")),
    )
    guard()


def ident() -> sa.Column:
    """The number of a row."""
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A column that points at another table's number."""
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def guard() -> None:
    """Refuse UPDATE and DELETE on what is only added to."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        body = (
            "EXECUTE FUNCTION cdp_refuse()"
            if postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW {body}")


def downgrade() -> None:
    for table in APPEND_ONLY:
        op.drop_table(table)
