"""Promises: conditions with numbers, instalments, appointments, shares of a village, paper, secret givers.

Revises 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

APPEND_ONLY = ("promise_reading",)
TABLES = ("promise_reading", "still_meant", "promise_batch", "pledge_term", "instalment", "club_share", "appointment")


def upgrade() -> None:
    op.create_table('appointment',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pledge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('made_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=True),
    sa.Column('given_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('verified_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('missed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('idempotency_key', sa.String(length=80), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('(given_on IS NULL) = (given_by_id IS NULL)', name=op.f('ck_appointment_given_with_who')),
    sa.CheckConstraint('(verified_at IS NULL) = (verified_by_id IS NULL)', name=op.f('ck_appointment_verified_with_who')),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_appointment_amount_minor_is_positive')),
    sa.CheckConstraint('missed_at IS NULL OR given_on IS NULL', name=op.f('ck_appointment_missed_or_given')),
    sa.CheckConstraint('verified_at IS NULL OR given_on IS NOT NULL', name=op.f('ck_appointment_given_before_verified')),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_appointment_commune_id')),
    sa.ForeignKeyConstraint(['given_by_id'], ['person.id'], name=op.f('fk_appointment_given_by_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_appointment_made_by_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_appointment_pledge_id')),
    sa.ForeignKeyConstraint(['verified_by_id'], ['person.id'], name=op.f('fk_appointment_verified_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointment')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_appointment_idempotency_key'))
    )
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appointment_commune_id'), ['commune_id'], unique=False)
        batch_op.create_index('ix_appointment_pledge', ['pledge_id', 'day'], unique=False)

    op.create_table('club_share',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pledge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('added_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_club_share_amount_minor_is_positive')),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_club_share_added_by_id')),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_club_share_commune_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_club_share_pledge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_club_share'))
    )
    with op.batch_alter_table('club_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_club_share_commune_id'), ['commune_id'], unique=False)
        batch_op.create_index('ix_club_share_pledge', ['pledge_id', 'id'], unique=False)

    op.create_table('instalment',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pledge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_instalment_amount_minor_is_positive')),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_instalment_commune_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_instalment_pledge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_instalment')),
    sa.UniqueConstraint('pledge_id', 'due_on', name=op.f('uq_instalment_pledge_id_due_on'))
    )
    with op.batch_alter_table('instalment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_instalment_commune_id'), ['commune_id'], unique=False)

    op.create_table('pledge_term',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pledge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('village_joins', 'total_reached', 'club_gives', name='is_term_kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('at_least', sa.BigInteger(), nullable=True),
    sa.Column('give', sa.Integer(), nullable=True),
    sa.Column('each', sa.Integer(), nullable=True),
    sa.Column('group_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('locality_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(kind = 'club_gives') = (at_least IS NULL)", name=op.f('ck_pledge_term_number_unless_club_gives')),
    sa.CheckConstraint("(kind = 'club_gives') = (give IS NOT NULL)", name=op.f('ck_pledge_term_ratio_if_club_gives')),
    sa.CheckConstraint("(kind = 'club_gives') = (group_id IS NOT NULL)", name=op.f('ck_pledge_term_group_if_club_gives')),
    sa.CheckConstraint("(kind = 'village_joins') = (locality_id IS NOT NULL)", name=op.f('ck_pledge_term_place_if_village_joins')),
    sa.CheckConstraint('(give IS NULL) = (each IS NULL)', name=op.f('ck_pledge_term_ratio_has_two_parts')),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_pledge_term_commune_id')),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_pledge_term_group_id')),
    sa.ForeignKeyConstraint(['locality_id'], ['locality.id'], name=op.f('fk_pledge_term_locality_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_pledge_term_pledge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pledge_term')),
    sa.UniqueConstraint('pledge_id', name=op.f('uq_pledge_term_pledge_id'))
    )
    with op.batch_alter_table('pledge_term', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pledge_term_commune_id'), ['commune_id'], unique=False)

    op.create_table('promise_batch',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('group_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('keeper_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sheets', sa.Integer(), nullable=False),
    sa.Column('total_minor', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('lines', sa.Text(), nullable=True),
    sa.Column('pledge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('idempotency_key', sa.String(length=80), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('(settled_at IS NULL) = (lines IS NULL)', name=op.f('ck_promise_batch_settled_with_its_lines')),
    sa.CheckConstraint('(settled_at IS NULL) = (settled_by_id IS NULL)', name=op.f('ck_promise_batch_settled_with_who')),
    sa.CheckConstraint('sheets > 0', name=op.f('ck_promise_batch_sheets_is_positive')),
    sa.CheckConstraint('total_minor > 0', name=op.f('ck_promise_batch_total_minor_is_positive')),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_promise_batch_commune_id')),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_promise_batch_group_id')),
    sa.ForeignKeyConstraint(['keeper_id'], ['person.id'], name=op.f('fk_promise_batch_keeper_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_promise_batch_made_by_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_promise_batch_pledge_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_promise_batch_project_id')),
    sa.ForeignKeyConstraint(['settled_by_id'], ['person.id'], name=op.f('fk_promise_batch_settled_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise_batch')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_promise_batch_idempotency_key'))
    )
    with op.batch_alter_table('promise_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_promise_batch_commune_id'), ['commune_id'], unique=False)
        batch_op.create_index('ix_promise_batch_project', ['project_id', 'id'], unique=False)

    op.create_table('still_meant',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pledge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('membership_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_still_meant_commune_id')),
    sa.ForeignKeyConstraint(['membership_id'], ['membership.id'], name=op.f('fk_still_meant_membership_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_still_meant_pledge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_still_meant')),
    sa.UniqueConstraint('pledge_id', 'membership_id', name=op.f('uq_still_meant_pledge_id_membership_id'))
    )
    with op.batch_alter_table('still_meant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_still_meant_commune_id'), ['commune_id'], unique=False)

    op.create_table('promise_reading',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('lines', sa.Text(), nullable=False),
    sa.Column('read_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('turn IN (1, 2)', name=op.f('ck_promise_reading_two_readings')),
    sa.ForeignKeyConstraint(['batch_id'], ['promise_batch.id'], name=op.f('fk_promise_reading_batch_id')),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_promise_reading_commune_id')),
    sa.ForeignKeyConstraint(['read_by_id'], ['person.id'], name=op.f('fk_promise_reading_read_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise_reading')),
    sa.UniqueConstraint('batch_id', 'read_by_id', name=op.f('uq_promise_reading_batch_id_read_by_id')),
    sa.UniqueConstraint('batch_id', 'turn', name=op.f('uq_promise_reading_batch_id_turn'))
    )
    with op.batch_alter_table('promise_reading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_promise_reading_commune_id'), ['commune_id'], unique=False)
    op.add_column("pledge", sa.Column("is_secret", sa.Boolean(), nullable=False, server_default=sa.false()))
    guard()


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
    op.drop_column("pledge", "is_secret")
    for table in TABLES:
        op.drop_table(table)
