"""What institutions agree to in principle may wait for a village or a group, and holds until a day.

Revises 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "ck_partner_promise_kinds_of_institutions"
COUNTED = "ck_partner_promise_number_where_counted"
BEFORE = {
    KINDS: "kind IS NULL OR kind = 'total_reached'",
    COUNTED: "(at_least IS NOT NULL) = (condition = 'others_join' OR kind IS NOT NULL)",
}
AFTER = {
    KINDS: "kind IS NULL OR ((kind = 'village_joins') = (locality_id IS NOT NULL)"
    " AND (kind = 'club_gives') = (group_id IS NOT NULL AND give IS NOT NULL AND each IS NOT NULL))",
    COUNTED: "(at_least IS NOT NULL) = (condition = 'others_join' OR kind IN ('village_joins', 'total_reached'))",
}
NUMBERS = ("give", "each")
NAMED = (("group_id", "group"), ("locality_id", "locality"))


def upgrade() -> None:
    """Five columns, wider CHECKs."""
    for name in NUMBERS:
        op.add_column("partner_promise", sa.Column(name, sa.Integer(), nullable=True))
    for name, table in NAMED:
        _add_named(name, table)
    op.add_column("partner_promise", sa.Column("until", sa.Date(), nullable=True))
    _change(BEFORE, AFTER)


def downgrade() -> None:
    """As before; words that wait for a village or a group must be gone."""
    _change(AFTER, BEFORE)
    op.drop_column("partner_promise", "until")
    for name, _table in reversed(NAMED):
        if op.get_bind().dialect.name == "postgresql":
            op.drop_constraint(op.f(f"fk_partner_promise_{name}"), "partner_promise", type_="foreignkey")
        op.drop_column("partner_promise", name)
    for name in reversed(NUMBERS):
        op.drop_column("partner_promise", name)


def _add_named(name: str, table: str) -> None:
    """A column that points at another table; SQLite takes back a column only when nothing names it apart."""
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("partner_promise", sa.Column(name, sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"fk_partner_promise_{name}"), "partner_promise", table, [name], ["id"])
    else:
        op.execute(f'ALTER TABLE partner_promise ADD COLUMN {name} INTEGER REFERENCES "{table}" (id)')


def _change(before: dict[str, str], after: dict[str, str]) -> None:
    """Other conditions under the same names; SQLite rewrites the text of the table's definition, as in 0007."""
    if op.get_bind().dialect.name == "postgresql":
        for name, condition in after.items():
            op.drop_constraint(op.f(name), "partner_promise", type_="check")
            op.create_check_constraint(op.f(name), "partner_promise", condition)
        return
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    for name, condition in before.items():
        change = sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = 'partner_promise'"
        )
        op.execute(change.bindparams(before=condition, after=after[name]))
    op.execute(f"PRAGMA schema_version = {int(version) + 1}")
    op.execute("PRAGMA writable_schema = OFF")
