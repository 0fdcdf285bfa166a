"""Scenarios, the path on paper, the diagnosis, the documents of a plan.

Revises 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


PAPERS_APPEND_ONLY = ("step_day", "paper_scan")


def papers_guard() -> None:
    """Refuse UPDATE and DELETE of days and scans once noted."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in PAPERS_APPEND_ONLY:
        body = (
            "EXECUTE FUNCTION cdp_refuse()"
            if postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW {body}")


def papers_unguard() -> None:
    """Take the guards away again."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in PAPERS_APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER {table}_refuses_{verb.lower()}" + (f" ON {table}" if postgresql else ""))


def papers_up() -> None:
    """The path on paper, the meetings and the diagnosis."""
    op.create_table(
        "legal_rule",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("article", sa.String(length=120), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("is_checked", sa.Boolean(name="is_checked_is_bool"), nullable=False),
        sa.Column("checked_by", sa.String(length=120), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("edited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "NOT is_checked OR (checked_by <> '' AND checked_on IS NOT NULL)",
            name=op.f("ck_legal_rule_checked_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_legal_rule_commune_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_legal_rule_edited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_rule")),
        sa.UniqueConstraint("commune_id", "key", name=op.f("uq_legal_rule_commune_id_key")),
    )
    op.create_table(
        "indicator_value",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value_milli", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_indicator_value_commune_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_indicator_value_entered_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_indicator_value_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_value")),
    )
    with op.batch_alter_table("indicator_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_value_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_indicator_value_round", ["round_id", "key"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opening",
                "workshop",
                "consultation",
                "equity_body",
                "commission",
                "session",
                name="is_meeting_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("begins_at", sa.String(length=5), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("locality_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("chaired_by", sa.String(length=120), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.Column("called_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("present >= 0", name=op.f("ck_meeting_present_is_not_negative")),
        sa.ForeignKeyConstraint(["called_by_id"], ["person.id"], name=op.f("fk_meeting_called_by_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_meeting_commune_id")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_meeting_locality_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_meeting_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_meeting_idempotency_key")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_meeting_round", ["round_id", "held_on"], unique=False)

    op.create_table(
        "official_paper",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "convocation",
                "attendance",
                "minutes",
                "decision",
                "posting",
                "commission_file",
                "deliberation",
                "project_sheets",
                "yearly_report",
                name="is_paper_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("step_key", sa.String(length=60), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("occurrence >= 0", name=op.f("ck_official_paper_occurrence_is_not_negative")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_official_paper_commune_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_official_paper_made_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_official_paper_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_paper")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_official_paper_idempotency_key")),
    )
    with op.batch_alter_table("official_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_official_paper_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_official_paper_round", ["round_id", "step_key"], unique=False)

    op.create_table(
        "step_day",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("noted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("occurrence > 0", name=op.f("ck_step_day_occurrence_is_positive")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_step_day_commune_id")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name=op.f("fk_step_day_noted_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_step_day_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_day")),
    )
    with op.batch_alter_table("step_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_step_day_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_step_day_round", ["round_id", "key"], unique=False)

    op.create_table(
        "attendance_count",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "facet",
            sa.Enum(
                "sex", "age", "place", "group", name="is_present_by", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_attendance_count_count_is_not_negative")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_attendance_count_commune_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_count_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_count")),
        sa.UniqueConstraint("meeting_id", "facet", "value", name=op.f("uq_attendance_count_meeting_id_facet_value")),
    )
    with op.batch_alter_table("attendance_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_count_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "paper_scan",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("kept_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_paper_scan_commune_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_paper_scan_file_id")),
        sa.ForeignKeyConstraint(["kept_by_id"], ["person.id"], name=op.f("fk_paper_scan_kept_by_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["official_paper.id"], name=op.f("fk_paper_scan_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_scan")),
        sa.UniqueConstraint("paper_id", "file_id", name=op.f("uq_paper_scan_paper_id_file_id")),
    )
    with op.batch_alter_table("paper_scan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_scan_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_scan_file_id"), ["file_id"], unique=False)

    op.create_table(
        "saying",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "need",
                "strength",
                "weakness",
                "opportunity",
                "threat",
                "opinion",
                "vision",
                name="is_saying_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("locality_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_saying_commune_id")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_saying_locality_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_saying_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saying")),
    )
    with op.batch_alter_table("saying", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saying_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_saying_meeting", ["meeting_id", "position"], unique=False)


def papers_down() -> None:
    """Take them out again."""
    with op.batch_alter_table("saying", schema=None) as batch_op:
        batch_op.drop_index("ix_saying_meeting")
        batch_op.drop_index(batch_op.f("ix_saying_commune_id"))

    op.drop_table("saying")
    with op.batch_alter_table("paper_scan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_scan_file_id"))
        batch_op.drop_index(batch_op.f("ix_paper_scan_commune_id"))

    op.drop_table("paper_scan")
    with op.batch_alter_table("attendance_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_count_commune_id"))

    op.drop_table("attendance_count")
    with op.batch_alter_table("step_day", schema=None) as batch_op:
        batch_op.drop_index("ix_step_day_round")
        batch_op.drop_index(batch_op.f("ix_step_day_commune_id"))

    op.drop_table("step_day")
    with op.batch_alter_table("official_paper", schema=None) as batch_op:
        batch_op.drop_index("ix_official_paper_round")
        batch_op.drop_index(batch_op.f("ix_official_paper_commune_id"))

    op.drop_table("official_paper")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_round")
        batch_op.drop_index(batch_op.f("ix_meeting_commune_id"))

    op.drop_table("meeting")
    with op.batch_alter_table("indicator_value", schema=None) as batch_op:
        batch_op.drop_index("ix_indicator_value_round")
        batch_op.drop_index(batch_op.f("ix_indicator_value_commune_id"))

    op.drop_table("indicator_value")
    op.drop_table("legal_rule")


def fit_up() -> None:
    """Conditions, searches for the best programme, scenarios; what a version was made from."""
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("instance", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("value", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("bound", sa.BigInteger(), nullable=True))
    op.create_table(
        "plan_terms",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_plan_terms_commune_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_plan_terms_round_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_plan_terms_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_terms")),
        sa.UniqueConstraint("round_id", name=op.f("uq_plan_terms_round_id")),
    )
    with op.batch_alter_table("plan_terms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_terms_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "project_terms",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_project_terms_commune_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_project_terms_proposal_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_project_terms_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_terms")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_project_terms_proposal_id")),
    )
    with op.batch_alter_table("project_terms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_terms_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "fit_run",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Enum("waiting", "running", "cancelling", "done", "cancelled", "failed", "taken", name="is_run_state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_fit_run_seconds_is_positive")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_fit_run_commune_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_fit_run_round_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_fit_run_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fit_run")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_fit_run_idempotency_key")),
    )
    with op.batch_alter_table("fit_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fit_run_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_fit_run_round", ["round_id", "id"], unique=False)

    op.create_table(
        "scenario",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_scenario_commune_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_scenario_round_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_scenario_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_scenario_idempotency_key")),
    )
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scenario_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_scenario_round", ["round_id", "id"], unique=False)


def fit_down() -> None:
    """Take them out again."""
    for table in ("scenario", "fit_run", "project_terms", "plan_terms"):
        op.drop_table(table)
    for column in ("bound", "value", "instance"):
        op.drop_column("plan_version", column)


def upgrade() -> None:
    """All of them."""
    fit_up()
    papers_up()
    papers_guard()


def downgrade() -> None:
    """None of them."""
    papers_unguard()
    papers_down()
    fit_down()
