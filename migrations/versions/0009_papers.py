"""What a version of a plan is frozen with, and which one it brings up to date.

Revises 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns; versions frozen before keep no record."""
    op.add_column("plan_version", sa.Column("record", sa.Text(), nullable=True))
    op.add_column("plan_version", sa.Column("updates", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take them out again."""
    op.drop_column("plan_version", "updates")
    op.drop_column("plan_version", "record")
