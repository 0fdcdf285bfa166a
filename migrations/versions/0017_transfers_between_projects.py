"""Money held for one project that goes to another: asked for, then entered.

Revises 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAMED = (
    ("commune_id", "commune"),
    ("project_id", "project"),
    ("line_id", "funding_line"),
    ("to_project_id", "project"),
    ("to_line_id", "funding_line"),
    ("asked_by_id", "person"),
    ("entry_id", "entry"),
)


def upgrade() -> None:
    """One table; no money went from project to project before."""
    op.create_table(
        "transfer",
        *(sa.Column(name, BIG, nullable=name == "entry_id") for name, _table in NAMED),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("decision", sa.String(120), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_transfer_amount_minor_is_positive")),
        sa.CheckConstraint("project_id <> to_project_id", name=op.f("ck_transfer_between_two_projects")),
        sa.CheckConstraint("(done_on IS NULL) = (entry_id IS NULL)", name=op.f("ck_transfer_done_with_an_entry")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_transfer_{column}"))
            for column, table in NAMED
        ),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_transfer_idempotency_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index("ix_transfer_project", "transfer", ["project_id", "id"])
    op.create_index("ix_transfer_to_project", "transfer", ["to_project_id", "id"])


def downgrade() -> None:
    """What the books say of a transfer stays in the books."""
    op.drop_table("transfer")
