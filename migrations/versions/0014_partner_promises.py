"""What institutions have agreed to in principle, on a condition or on none.

Revises 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLAIN = ("none", "commune_signs", "others_join")
TERMS = ("village_joins", "total_reached", "club_gives")


def upgrade() -> None:
    """One table; nothing was agreed to this way before."""
    op.create_table(
        "partner_promise",
        sa.Column("commune_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("line_id", BIG, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        _one_of("condition", "condition_kind", PLAIN, nullable=False),
        _one_of("kind", "term_kind", TERMS, nullable=True),
        sa.Column("at_least", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("entered_by_id", BIG, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_partner_promise_amount_minor_is_positive")),
        sa.CheckConstraint(
            "kind IS NULL OR kind = 'total_reached'", name=op.f("ck_partner_promise_kinds_of_institutions")
        ),
        sa.CheckConstraint(
            "(at_least IS NOT NULL) = (condition = 'others_join' OR kind IS NOT NULL)",
            name=op.f("ck_partner_promise_number_where_counted"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_partner_promise_{column}"))
            for column, table in (
                ("commune_id", "commune"),
                ("project_id", "project"),
                ("line_id", "funding_line"),
                ("entered_by_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_promise")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_partner_promise_idempotency_key")),
    )
    op.create_index("ix_partner_promise_commune_id", "partner_promise", ["commune_id"])
    op.create_index("ix_partner_promise_project", "partner_promise", ["project_id", "id"])
    for verb in ("UPDATE", "DELETE"):
        _guard("partner_promise", verb)


def downgrade() -> None:
    """Take it out again."""
    op.drop_index("ix_partner_promise_project", table_name="partner_promise")
    op.drop_index("ix_partner_promise_commune_id", table_name="partner_promise")
    op.drop_table("partner_promise")


def _one_of(name: str, kind: str, values: tuple[str, ...], *, nullable: bool) -> sa.Column[str]:
    check = op.f(f"ck_partner_promise_is_{kind}")
    return sa.Column(
        name, sa.Enum(*values, name=check, native_enum=False, create_constraint=True, length=40), nullable=nullable
    )


def _guard(table: str, verb: str) -> None:
    name = f"{table}_refuses_{verb.lower()}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION cdp_refuse()")
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
