"""What a plan takes for a project once its works are done is told apart from what the works cost.

Revises 0017.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column; plans of before tell all as cost of the works."""
    op.add_column("year_amount", sa.Column("is_running", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Without it."""
    op.drop_column("year_amount", "is_running")
