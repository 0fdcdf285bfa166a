"""Receipts, money given back, amendments, visas and instalments of agreements, rules of shares and match funding.

Revises 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

APPEND_ONLY = ("agreement_version", "agreement_instalment", "partner_step", "project_rule")

TABLES = ("project_rule", "partner_step", "agreement_instalment", "agreement_version", "refund", "receipt")


def upgrade() -> None:
    op.create_table(
        "receipt",
        point("commune_id"),
        point("payee_id"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        point("entry_id"),
        point("issued_by_id"),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        point("cancelled_by_id", nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(200), nullable=False),
        point("id"),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancel_reason = '')", name=op.f("ck_receipt_cancelled_with_a_reason")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_receipt_number_is_positive")),
        foreign("receipt", "commune_id", "commune"),
        foreign("receipt", "payee_id", "payee_account"),
        foreign("receipt", "entry_id", "entry"),
        foreign("receipt", "issued_by_id", "person"),
        foreign("receipt", "cancelled_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("payee_id", "year", "number", name=op.f("uq_receipt_payee_id_year_number")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_receipt_entry_id")),
    )
    op.create_index("ix_receipt_commune", "receipt", ["commune_id", "year"])
    op.create_table(
        "refund",
        point("commune_id"),
        point("project_id"),
        point("line_id"),
        point("pledge_id", nullable=True),
        sa.Column("unit", sa.String(4), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        point("asked_by_id"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        point("entry_id", nullable=True),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        point("id"),
        sa.CheckConstraint("(paid_on IS NULL) = (entry_id IS NULL)", name=op.f("ck_refund_paid_with_an_entry")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refund_amount_minor_is_positive")),
        foreign("refund", "commune_id", "commune"),
        foreign("refund", "project_id", "project"),
        foreign("refund", "line_id", "funding_line"),
        foreign("refund", "pledge_id", "pledge"),
        foreign("refund", "asked_by_id", "person"),
        foreign("refund", "entry_id", "entry"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_refund_idempotency_key")),
    )
    op.create_index("ix_refund_project", "refund", ["project_id", "id"])
    agreements()
    rules()
    guard()


def agreements() -> None:
    """What becomes of an agreement after it was signed."""
    op.create_table(
        "agreement_version",
        point("commune_id"),
        point("agreement_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        point("entered_by_id"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        point("id"),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_agreement_version_amount_minor_is_not_negative")),
        foreign("agreement_version", "commune_id", "commune"),
        foreign("agreement_version", "agreement_id", "agreement"),
        foreign("agreement_version", "entered_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_version")),
        sa.UniqueConstraint("agreement_id", "version", name=op.f("uq_agreement_version_agreement_id_version")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_agreement_version_idempotency_key")),
    )
    op.create_index("ix_agreement_version_commune_id", "agreement_version", ["commune_id"])
    op.create_table(
        "agreement_instalment",
        point("commune_id"),
        point("agreement_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        point("id"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_agreement_instalment_amount_minor_is_positive")),
        foreign("agreement_instalment", "commune_id", "commune"),
        foreign("agreement_instalment", "agreement_id", "agreement"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_instalment")),
        sa.UniqueConstraint(
            "agreement_id", "version", "due_on", name=op.f("uq_agreement_instalment_agreement_id_version_due_on")
        ),
    )
    op.create_index("ix_agreement_instalment_commune_id", "agreement_instalment", ["commune_id"])
    op.create_table(
        "partner_step",
        point("commune_id"),
        point("agreement_id"),
        one_of("act", "is_partner_act", "visa", "default", "resumed"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        point("entered_by_id"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        point("id"),
        foreign("partner_step", "commune_id", "commune"),
        foreign("partner_step", "agreement_id", "agreement"),
        foreign("partner_step", "entered_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_step")),
    )
    op.create_index("ix_partner_step_agreement_id", "partner_step", ["agreement_id"])
    op.create_index("ix_partner_step_commune_id", "partner_step", ["commune_id"])


def rules() -> None:
    """Rules of shares and of match funding, dated."""
    op.create_table(
        "project_rule",
        point("commune_id"),
        point("project_id"),
        one_of("kind", "is_rule_kind", "share", "match"),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        point("chosen_by_id"),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        point("id"),
        foreign("project_rule", "commune_id", "commune"),
        foreign("project_rule", "project_id", "project"),
        foreign("project_rule", "chosen_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_rule")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_project_rule_idempotency_key")),
    )
    op.create_index("ix_project_rule_commune_id", "project_rule", ["commune_id"])
    op.create_index("ix_project_rule_project", "project_rule", ["project_id", "kind", "since"])


def point(name: str, *, nullable: bool = False) -> sa.Column:
    """A number of a row."""
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def one_of(name: str, constraint: str, *values: str) -> sa.Column:
    """One of a few words."""
    kind = sa.Enum(*values, name=constraint, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=False)


def foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A column that points at another table's number."""
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def guard() -> None:
    """Refuse UPDATE and DELETE on what is only added to."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        body = (
            "EXECUTE FUNCTION cdp_refuse()"
            if postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW {body}")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
