"""Pairwise ballots, a declared mix of panel and ballot, bonds between the projects of a ballot.

Revises 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = ("approval", "knapsack", "points", "scores", "ranking", "choose_one", "hands")
RULES = ("greedy", "greedy-per-cost", "borda", "phragmen", "equal-shares")
MORE_KINDS = (*KINDS, "pairs")
MORE_RULES = (*RULES, "copeland", "mixed")
IS_PART = "panel_part BETWEEN 1 AND 99"


def listed(values: tuple[str, ...]) -> str:
    """Values as a CHECK names them."""
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def widen(kinds: tuple[tuple[str, ...], tuple[str, ...]], rules: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    """Let the CHECKs of kind and rule name other values.

    SQLite rewrites the text of the table's definition (sqlite.org/lang_altertable.html, section 7, allows it where
    no row changes): the table is read by others and guarded by triggers, and need not be copied.
    """
    if op.get_bind().dialect.name == "postgresql":
        for column, name, (_, after) in (("kind", "is_ballot_kind", kinds), ("rule", "is_counting_rule", rules)):
            op.drop_constraint(op.f(f"ck_ballot_{name}"), "ballot", type_="check")
            op.create_check_constraint(op.f(f"ck_ballot_{name}"), "ballot", f"{column} IN {listed(after)}")
        return
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    for before, after in (kinds, rules):
        change = sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'ballot'"
        )
        op.execute(change.bindparams(before=listed(before), after=listed(after)))
    op.execute(f"PRAGMA schema_version = {int(version) + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def upgrade() -> None:
    """Wider CHECKs and two columns."""
    widen((KINDS, MORE_KINDS), (RULES, MORE_RULES))
    op.add_column("ballot", sa.Column("bonds", sa.Text(), nullable=False, server_default="{}"))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("ballot", "bonds", server_default=None)
        op.add_column("ballot", sa.Column("panel_part", sa.Integer(), nullable=True))
        op.create_check_constraint(op.f("ck_ballot_panel_part_is_a_part"), "ballot", IS_PART)
    else:
        op.execute(
            f"ALTER TABLE ballot ADD COLUMN panel_part INTEGER CONSTRAINT ck_ballot_panel_part_is_a_part CHECK ({IS_PART})"
        )


def downgrade() -> None:
    """As before; ballots of the new kinds must be gone."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_ballot_panel_part_is_a_part"), "ballot", type_="check")
    op.drop_column("ballot", "panel_part")
    op.drop_column("ballot", "bonds")
    widen((MORE_KINDS, KINDS), (MORE_RULES, RULES))
