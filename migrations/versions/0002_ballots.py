"""Ballots, their roll, their votes and their paper.

Revises 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("ballot_close", "paper_entry")
FROZEN = {"ballot_project": "frozen_at", "ballot": "opened_at", "paper_batch": "settled_at", "tally": "published_at"}
IS_OPEN = "EXISTS (SELECT 1 FROM ballot WHERE ballot.id = NEW.ballot_id AND ballot.opened_at IS NOT NULL)"


def guard() -> None:
    """Refuse UPDATE and DELETE: always, or once a column is filled; and a new project on an open ballot."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, column in (dict.fromkeys(APPEND_ONLY, "") | FROZEN).items():
        when = f"WHEN (OLD.{column} IS NOT NULL) " if column else ""
        said = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        body = "EXECUTE FUNCTION cdp_refuse()" if postgresql else said
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_refuses_{verb.lower()}"
            op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when}{body}")
    if postgresql:
        op.execute(
            "CREATE FUNCTION cdp_ballot_is_frozen() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {IS_OPEN} THEN RAISE EXCEPTION 'ballot is append-only'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER ballot_project_refuses_insert BEFORE INSERT ON ballot_project"
            " FOR EACH ROW EXECUTE FUNCTION cdp_ballot_is_frozen()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER ballot_project_refuses_insert BEFORE INSERT ON ballot_project FOR EACH ROW WHEN {IS_OPEN}"
            " BEGIN SELECT RAISE(ABORT, 'ballot is append-only'); END"
        )


def unguard() -> None:
    """Take the guards away again."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    names = [(table, verb) for table in (*APPEND_ONLY, *FROZEN) for verb in ("update", "delete")]
    for table, verb in (*names, ("ballot_project", "insert")):
        op.execute(f"DROP TRIGGER {table}_refuses_{verb}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION cdp_ballot_is_frozen()")


def upgrade() -> None:
    """Make the tables, then guard them."""
    op.create_table(
        "ballot",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "approval",
                "knapsack",
                "points",
                "scores",
                "ranking",
                "choose_one",
                "hands",
                name="is_ballot_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "rule",
            sa.Enum(
                "greedy",
                "greedy-per-cost",
                "borda",
                "phragmen",
                "equal-shares",
                name="is_counting_rule",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "worth",
            sa.Enum("cost", "count", name="is_worth", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "filling",
            sa.Enum(
                "none", "add1", "add1-greedy", name="is_filling", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "ties",
            sa.Enum("name", "lot", name="is_tie_rule", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("seed", sa.String(length=120), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("purse", sa.Integer(), nullable=True),
        sa.Column("budget_minor", sa.BigInteger(), nullable=False),
        sa.Column("minimum_votes", sa.Integer(), nullable=False),
        sa.Column("ceilings", sa.Text(), nullable=False),
        sa.Column("admits", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("ties <> 'lot' OR seed <> ''", name=op.f("ck_ballot_a_lot_has_a_seed")),
        sa.CheckConstraint("(opened_at IS NULL) = (opened_by_id IS NULL)", name=op.f("ck_ballot_opened_by_somebody")),
        sa.CheckConstraint("budget_minor > 0", name=op.f("ck_ballot_budget_minor_is_positive")),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_ballot_days_in_order")),
        sa.CheckConstraint("minimum_votes >= 0", name=op.f("ck_ballot_minimum_votes_is_not_negative")),
        sa.CheckConstraint("most > 0", name=op.f("ck_ballot_most_is_positive")),
        sa.CheckConstraint("purse > 0", name=op.f("ck_ballot_purse_is_positive")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_ballot_commune_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_ballot_made_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_ballot_opened_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ballot_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_ballot_idempotency_key")),
    )
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.create_index("ix_ballot_commune_id", ["commune_id"], unique=False)
        batch_op.create_index("ix_ballot_round", ["round_id", "id"], unique=False)

    op.create_table(
        "ballot_close",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ballot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipts", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_close_ballot_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_ballot_close_closed_by_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_ballot_close_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_close")),
        sa.UniqueConstraint("ballot_id", name=op.f("uq_ballot_close_ballot_id")),
    )
    with op.batch_alter_table("ballot_close", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_close_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "ballot_key",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ballot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_key_ballot_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_ballot_key_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_key")),
        sa.UniqueConstraint("ballot_id", name=op.f("uq_ballot_key_ballot_id")),
    )
    with op.batch_alter_table("ballot_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_key_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "code_batch",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ballot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("locality_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_test", sa.Boolean(name="is_test_is_bool"), nullable=False),
        sa.Column("void_because", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_code_batch_ballot_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_code_batch_commune_id")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_code_batch_locality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_batch")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_code_batch_idempotency_key")),
    )
    with op.batch_alter_table("code_batch", schema=None) as batch_op:
        batch_op.create_index("ix_code_batch_ballot", ["ballot_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_code_batch_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "paper_batch",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ballot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("locality_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("in_box", sa.Integer(), nullable=False),
        sa.Column("women", sa.Integer(), nullable=False),
        sa.Column("men", sa.Integer(), nullable=False),
        sa.Column("youth", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=True),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (lines IS NULL)", name=op.f("ck_paper_batch_settled_with_its_lines")
        ),
        sa.CheckConstraint("in_box <= issued", name=op.f("ck_paper_batch_no_more_than_were_issued")),
        sa.CheckConstraint("in_box >= 0", name=op.f("ck_paper_batch_in_box_is_not_negative")),
        sa.CheckConstraint("issued >= 0", name=op.f("ck_paper_batch_issued_is_not_negative")),
        sa.CheckConstraint("men >= 0", name=op.f("ck_paper_batch_men_is_not_negative")),
        sa.CheckConstraint("women >= 0", name=op.f("ck_paper_batch_women_is_not_negative")),
        sa.CheckConstraint("youth >= 0", name=op.f("ck_paper_batch_youth_is_not_negative")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_paper_batch_ballot_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_paper_batch_commune_id")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_paper_batch_locality_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_paper_batch_made_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_paper_batch_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_paper_batch_idempotency_key")),
    )
    with op.batch_alter_table("paper_batch", schema=None) as batch_op:
        batch_op.create_index("ix_paper_batch_ballot", ["ballot_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_batch_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "roll_entry",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ballot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "resident",
                "group",
                "temporary",
                name="is_roll_source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sort_key", sa.String(length=120), nullable=False),
        sa.Column("locality_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "taken",
            sa.Enum(
                "account",
                "code",
                "station",
                "paper",
                "hands",
                name="is_vote_channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("struck_because", sa.Text(), nullable=False),
        sa.Column("mix", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("struck_because = '' OR taken IS NULL", name=op.f("ck_roll_entry_who_has_voted_stays")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_roll_entry_ballot_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_roll_entry_commune_id")),
        sa.ForeignKeyConstraint(["locality_id"], ["locality.id"], name=op.f("fk_roll_entry_locality_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roll_entry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_entry")),
        sa.UniqueConstraint("ballot_id", "person_id", name=op.f("uq_roll_entry_ballot_id_person_id")),
    )
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roll_entry_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_roll_entry_mix", ["ballot_id", "mix"], unique=False)
        batch_op.create_index("ix_roll_entry_name", ["ballot_id", "sort_key", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_entry_person_id"), ["person_id"], unique=False)

    op.create_table(
        "tally",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ballot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule_version", sa.String(length=20), nullable=False),
        sa.Column("pabulib", sa.Text(), nullable=False),
        sa.Column("pabulib_sha256", sa.String(length=64), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("command", sa.String(length=400), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("turnout", sa.Text(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("counted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by_id IS NULL)", name=op.f("ck_tally_published_by_somebody")
        ),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_tally_ballot_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_tally_commune_id")),
        sa.ForeignKeyConstraint(["counted_by_id"], ["person.id"], name=op.f("fk_tally_counted_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_tally_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
        sa.UniqueConstraint("ballot_id", name=op.f("uq_tally_ballot_id")),
    )
    with op.batch_alter_table("tally", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tally_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "turnout_count",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ballot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "facet",
            sa.Enum(
                "channel", "kind", "age", "place", name="is_turnout_facet", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_turnout_count_count_is_not_negative")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_turnout_count_ballot_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_turnout_count_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turnout_count")),
        sa.UniqueConstraint(
            "ballot_id", "facet", "value", "part", name=op.f("uq_turnout_count_ballot_id_facet_value_part")
        ),
    )
    with op.batch_alter_table("turnout_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_turnout_count_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "vote",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ballot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("locator", sa.String(length=64), nullable=True),
        sa.Column("receipt_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_vote_ballot_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_vote_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("ballot_id", "locator", name=op.f("uq_vote_ballot_id_locator")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index("ix_vote_ballot", ["ballot_id", "id"], unique=False)

    op.create_table(
        "ballot_project",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ballot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("territory", sa.String(length=20), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("proposer", sa.String(length=40), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_language", sa.String(length=2), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(standing = 'offered') = (reason = '')", name=op.f("ck_ballot_project_a_decision_has_a_reason")
        ),
        sa.CheckConstraint(
            "standing IN ('offered', 'pinned', 'excluded')", name=op.f("ck_ballot_project_standing_is_known")
        ),
        sa.CheckConstraint("cost_minor > 0", name=op.f("ck_ballot_project_cost_minor_is_positive")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_project_ballot_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_ballot_project_commune_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_ballot_project_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_project")),
        sa.UniqueConstraint("ballot_id", "place", name=op.f("uq_ballot_project_ballot_id_place")),
        sa.UniqueConstraint("ballot_id", "proposal_id", name=op.f("uq_ballot_project_ballot_id_proposal_id")),
    )
    with op.batch_alter_table("ballot_project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_project_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballot_project_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "batch_file",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_batch_file_added_by_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f("fk_batch_file_batch_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_batch_file_commune_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_batch_file_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_file")),
        sa.UniqueConstraint("batch_id", "file_id", name=op.f("uq_batch_file_batch_id_file_id")),
    )
    with op.batch_alter_table("batch_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_file_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "paper_entry",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("turn IN (1, 2)", name=op.f("ck_paper_entry_two_readings")),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_entry_batch_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_paper_entry_commune_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_paper_entry_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_entry")),
        sa.UniqueConstraint("batch_id", "entered_by_id", name=op.f("uq_paper_entry_batch_id_entered_by_id")),
        sa.UniqueConstraint("batch_id", "turn", name=op.f("uq_paper_entry_batch_id_turn")),
    )
    with op.batch_alter_table("paper_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_entry_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "voting_code",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ballot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("is_used", sa.Boolean(name="is_used_is_bool"), nullable=False),
        sa.Column("is_void", sa.Boolean(name="is_void_is_bool"), nullable=False),
        sa.Column("mix", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_voting_code_ballot_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["code_batch.id"], name=op.f("fk_voting_code_batch_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_voting_code_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voting_code")),
        sa.UniqueConstraint("ballot_id", "code_hash", name=op.f("uq_voting_code_ballot_id_code_hash")),
    )
    with op.batch_alter_table("voting_code", schema=None) as batch_op:
        batch_op.create_index("ix_voting_code_batch", ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voting_code_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_voting_code_mix", ["ballot_id", "mix"], unique=False)
    guard()


def downgrade() -> None:
    """Take everything away."""
    unguard()
    with op.batch_alter_table("voting_code", schema=None) as batch_op:
        batch_op.drop_index("ix_voting_code_mix")
        batch_op.drop_index(batch_op.f("ix_voting_code_commune_id"))
        batch_op.drop_index("ix_voting_code_batch")

    op.drop_table("voting_code")
    with op.batch_alter_table("paper_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_entry_commune_id"))

    op.drop_table("paper_entry")
    with op.batch_alter_table("batch_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_file_commune_id"))

    op.drop_table("batch_file")
    with op.batch_alter_table("ballot_project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_project_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_ballot_project_commune_id"))

    op.drop_table("ballot_project")
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_index("ix_vote_ballot")

    op.drop_table("vote")
    with op.batch_alter_table("turnout_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_turnout_count_commune_id"))

    op.drop_table("turnout_count")
    with op.batch_alter_table("tally", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tally_commune_id"))

    op.drop_table("tally")
    with op.batch_alter_table("roll_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roll_entry_person_id"))
        batch_op.drop_index("ix_roll_entry_name")
        batch_op.drop_index("ix_roll_entry_mix")
        batch_op.drop_index(batch_op.f("ix_roll_entry_commune_id"))

    op.drop_table("roll_entry")
    with op.batch_alter_table("paper_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_batch_commune_id"))
        batch_op.drop_index("ix_paper_batch_ballot")

    op.drop_table("paper_batch")
    with op.batch_alter_table("code_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_code_batch_commune_id"))
        batch_op.drop_index("ix_code_batch_ballot")

    op.drop_table("code_batch")
    with op.batch_alter_table("ballot_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_key_commune_id"))

    op.drop_table("ballot_key")
    with op.batch_alter_table("ballot_close", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_close_commune_id"))

    op.drop_table("ballot_close")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_index("ix_ballot_round")
        batch_op.drop_index("ix_ballot_commune_id")

    op.drop_table("ballot")
