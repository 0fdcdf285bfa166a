"""Searches for the best programme of a scenario.

Revises 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column; searches made before are the plan's own."""
    with op.batch_alter_table("fit_run") as table:
        table.add_column(sa.Column("scenario_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        table.create_foreign_key(op.f("fk_fit_run_scenario_id"), "scenario", ["scenario_id"], ["id"])


def downgrade() -> None:
    """Take it out again, with the searches of scenarios: they would pass for the plan's own."""
    op.execute("DELETE FROM fit_run WHERE scenario_id IS NOT NULL")
    with op.batch_alter_table("fit_run") as table:
        table.drop_constraint(op.f("fk_fit_run_scenario_id"), type_="foreignkey")
        table.drop_column("scenario_id")
