"""Net sums of the books by purse and operation, added up by the database as each entry is written; its indexes.

Revises 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPERATIONS = (
    "pledge", "lapse", "commit", "sign", "decommit", "write_off", "receive", "receive_early", "gift", "unknown",
    "allocate", "identify", "give_back", "fee", "charge", "spend", "pay_direct", "deliver", "refund", "transfer_out",
    "transfer_in", "convert_out", "convert_in",
)  # fmt: skip
KEY = ("project_id", "line_id", "pledge_id", "unit", "op", "commune_id")
COLUMNS = ("commune_id", "project_id", "line_id", "pledge_id", "unit", "op", "amount_minor", "dirhams_minor")
PARTLY = (
    ("ix_entry_pledge", ["pledge_id", "op"], "pledge_id"),
    ("ix_entry_statement_line", ["commune_id", "statement_line"], "statement_line"),
)


def upgrade() -> None:
    """A table, its sums so far, and the trigger that carries them on."""
    op.create_table(
        "entry_sum",
        sa.Column("commune_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("line_id", BIG, nullable=False),
        sa.Column("pledge_id", BIG, nullable=False),
        sa.Column("unit", sa.String(4), nullable=False),
        sa.Column(
            "op",
            sa.Enum(
                *OPERATIONS, name=op.f("ck_entry_sum_is_op"), native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("dirhams_minor", sa.BigInteger(), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_entry_sum_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_sum")),
        sa.UniqueConstraint(*KEY, name=op.f("uq_entry_sum_purse")),
    )
    op.create_index("ix_entry_sum_commune", "entry_sum", ["commune_id", "project_id"])
    op.execute(_so_far())
    op.drop_index("ix_entry_project", table_name="entry")
    op.create_index("ix_entry_project", "entry", ["project_id", "sequence", "op"])
    for name, columns, given in PARTLY:
        where = sa.text(f"{given} IS NOT NULL")
        op.create_index(name, "entry", columns, sqlite_where=where, postgresql_where=where)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION cdp_add_up() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {_add_up()}; RETURN NULL; END $$"
        )
        op.execute("CREATE TRIGGER entry_adds_up AFTER INSERT ON entry FOR EACH ROW EXECUTE FUNCTION cdp_add_up()")
    else:
        op.execute(f"CREATE TRIGGER entry_adds_up AFTER INSERT ON entry FOR EACH ROW BEGIN {_add_up()}; END")


def downgrade() -> None:
    """Without the sums: they are in the entries."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER entry_adds_up ON entry")
        op.execute("DROP FUNCTION cdp_add_up()")
    else:
        op.execute("DROP TRIGGER entry_adds_up")
    for name, _columns, _given in PARTLY:
        op.drop_index(name, table_name="entry")
    op.drop_index("ix_entry_project", table_name="entry")
    op.create_index("ix_entry_project", "entry", ["project_id", "line_id", "pledge_id", "unit", "op"])
    op.drop_index("ix_entry_sum_commune", table_name="entry_sum")
    op.drop_table("entry_sum")


def _so_far() -> str:
    """The sums of the entries there are."""
    sign = "CASE WHEN reverses IS NULL THEN 1 ELSE -1 END"
    keys = "commune_id, COALESCE(project_id, 0), COALESCE(line_id, 0), COALESCE(pledge_id, 0), unit, op"
    return (
        f"INSERT INTO entry_sum ({', '.join(COLUMNS)}) SELECT {keys}, SUM({sign} * amount_minor), "
        f"SUM({sign} * COALESCE(dirhams_minor, 0)) FROM entry GROUP BY {keys}"
    )


def _add_up() -> str:
    """One entry into its sum; what takes an entry back counts against it."""
    sign = "CASE WHEN NEW.reverses IS NULL THEN 1 ELSE -1 END"
    return (
        f"INSERT INTO entry_sum ({', '.join(COLUMNS)}) VALUES (NEW.commune_id, COALESCE(NEW.project_id, 0), "
        "COALESCE(NEW.line_id, 0), COALESCE(NEW.pledge_id, 0), NEW.unit, NEW.op, "
        f"({sign}) * NEW.amount_minor, ({sign}) * COALESCE(NEW.dirhams_minor, 0)) "
        f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET "
        "amount_minor = entry_sum.amount_minor + excluded.amount_minor, "
        "dirhams_minor = entry_sum.dirhams_minor + excluded.dirhams_minor"
    )
