"""A commune's own share rules; why a project's rule changed; reminders of parts; paper with its currency and scan.

Revises 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """One table and a few columns; what was entered before has none of them."""
    op.create_table(
        "share_rule",
        sa.Column("commune_id", BIG, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("kept_by_id", BIG, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_share_rule_days_in_order")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_share_rule_commune_id")),
        sa.ForeignKeyConstraint(["kept_by_id"], ["person.id"], name=op.f("fk_share_rule_kept_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_rule")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_share_rule_idempotency_key")),
    )
    op.create_index("ix_share_rule_commune", "share_rule", ["commune_id", "key", "since"])
    _guard("share_rule")
    op.add_column("project_rule", sa.Column("reason", sa.String(200), nullable=False, server_default=""))
    op.add_column("reminder", sa.Column("due_on", sa.Date(), nullable=True))
    with op.batch_alter_table("promise_batch") as table:
        table.add_column(sa.Column("unit", sa.String(3), nullable=False, server_default="MAD"))
        table.add_column(sa.Column("without_scan", sa.String(200), nullable=False, server_default=""))
        table.add_column(sa.Column("file_id", BIG, nullable=True))
        table.create_foreign_key(op.f("fk_promise_batch_file_id"), "stored_file", ["file_id"], ["id"])


def downgrade() -> None:
    """Take them out again."""
    with op.batch_alter_table("promise_batch") as table:
        table.drop_constraint(op.f("fk_promise_batch_file_id"), type_="foreignkey")
        table.drop_column("file_id")
        table.drop_column("without_scan")
        table.drop_column("unit")
    op.drop_column("reminder", "due_on")
    op.drop_column("project_rule", "reason")
    op.drop_index("ix_share_rule_commune", table_name="share_rule")
    op.drop_table("share_rule")


def _guard(table: str) -> None:
    """Rows that are never changed nor taken out."""
    for verb in ("UPDATE", "DELETE"):
        name = f"{table}_refuses_{verb.lower()}"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION cdp_refuse()")
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
