"""What partners bear of a project, by year where their convention says so.

Revises 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("partner_share") as table:
        table.add_column(sa.Column("by_year", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("partner_share") as table:
        table.drop_column("by_year")
