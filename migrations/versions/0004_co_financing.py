"""Statements of banks, payees, conditions, spending, receipts; the nightly checks of the books.

Revises 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("books_check", "bank_statement", "statement_line", "reminder",)

TABLES = ("reminder", "expense", "money_rule", "payment_call", "set_aside", "statement_line", "bank_statement", "saved_map", "payee_account", "books_check",)


def upgrade() -> None:
    op.create_table(
        "books_check",
        sa.Column("commune_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        ident(),
        sa.CheckConstraint("entries >= 0", name=op.f("ck_books_check_entries_is_not_negative")),
        sa.CheckConstraint("found >= 0", name=op.f("ck_books_check_found_is_not_negative")),
        foreign("books_check", "commune_id", "commune"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books_check")),
        sa.UniqueConstraint("commune_id", "day", name=op.f("uq_books_check_commune_id_day")),
    )
    op.create_table('payee_account',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('public_accountant', 'association', 'foreign_association', name='is_payee_kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('holder', sa.String(length=70), nullable=False),
    sa.Column('holder_ar', sa.String(length=120), nullable=False),
    sa.Column('number', sa.String(length=34), nullable=False),
    sa.Column('bic', sa.String(length=11), nullable=False),
    sa.Column('bank', sa.String(length=80), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('basis', sa.Enum('deliberation', 'convention', 'authorisation', 'statutes', name='is_legal_basis', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('basis_reference', sa.String(length=120), nullable=False),
    sa.Column('basis_on', sa.Date(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('channels', sa.Text(), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('entered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('closing_reason', sa.String(length=200), nullable=False),
    sa.Column('idempotency_key', sa.String(length=80), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(closed_on IS NULL) = (closing_reason = '')", name=op.f('ck_payee_account_closed_with_a_reason')),
    sa.CheckConstraint('valid_until IS NULL OR valid_until >= valid_from', name=op.f('ck_payee_account_days_in_order')),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_payee_account_commune_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_payee_account_entered_by_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_payee_account_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payee_account')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_payee_account_idempotency_key'))
    )
    with op.batch_alter_table('payee_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payee_account_commune_id'), ['commune_id'], unique=False)

    op.create_table('saved_map',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('columns', sa.Text(), nullable=False),
    sa.Column('saved_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_saved_map_commune_id')),
    sa.ForeignKeyConstraint(['saved_by_id'], ['person.id'], name=op.f('fk_saved_map_saved_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_map')),
    sa.UniqueConstraint('commune_id', 'name', name=op.f('uq_saved_map_commune_id_name'))
    )
    op.create_table('bank_statement',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('payee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file_hash', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('format', sa.String(length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('opening_minor', sa.BigInteger(), nullable=True),
    sa.Column('closing_minor', sa.BigInteger(), nullable=True),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('new_lines', sa.Integer(), nullable=False),
    sa.Column('warnings', sa.Text(), nullable=False),
    sa.Column('imported_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_bank_statement_commune_id')),
    sa.ForeignKeyConstraint(['imported_by_id'], ['person.id'], name=op.f('fk_bank_statement_imported_by_id')),
    sa.ForeignKeyConstraint(['payee_id'], ['payee_account.id'], name=op.f('fk_bank_statement_payee_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_statement')),
    sa.UniqueConstraint('payee_id', 'file_hash', 'position', name=op.f('uq_bank_statement_payee_id_file_hash_position'))
    )
    with op.batch_alter_table('bank_statement', schema=None) as batch_op:
        batch_op.create_index('ix_bank_statement_payee', ['payee_id', 'until'], unique=False)

    op.create_table('statement_line',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('payee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('statement_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('fingerprint', sa.String(length=80), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('booked', sa.Date(), nullable=True),
    sa.Column('value_date', sa.Date(), nullable=True),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('references', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('end_to_end', sa.String(length=140), nullable=True),
    sa.Column('bank_reference', sa.String(length=140), nullable=True),
    sa.Column('party', sa.String(length=200), nullable=True),
    sa.Column('party_account', sa.String(length=80), nullable=True),
    sa.Column('is_reversal', sa.Boolean(name='is_reversal_is_bool'), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('amount_minor <> 0', name=op.f('ck_statement_line_amount_is_not_zero')),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_statement_line_commune_id')),
    sa.ForeignKeyConstraint(['payee_id'], ['payee_account.id'], name=op.f('fk_statement_line_payee_id')),
    sa.ForeignKeyConstraint(['statement_id'], ['bank_statement.id'], name=op.f('fk_statement_line_statement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_line')),
    sa.UniqueConstraint('payee_id', 'fingerprint', name=op.f('uq_statement_line_payee_id_fingerprint'))
    )
    with op.batch_alter_table('statement_line', schema=None) as batch_op:
        batch_op.create_index('ix_statement_line_commune', ['commune_id', 'booked', 'id'], unique=False)

    op.create_table('set_aside',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_set_aside_by_id')),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_set_aside_commune_id')),
    sa.ForeignKeyConstraint(['line_id'], ['statement_line.id'], name=op.f('fk_set_aside_line_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_set_aside')),
    sa.UniqueConstraint('line_id', name=op.f('uq_set_aside_line_id'))
    )
    op.create_table('payment_call',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pledge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('payee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('called_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('idempotency_key', sa.String(length=80), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_payment_call_amount_minor_is_positive')),
    sa.ForeignKeyConstraint(['called_by_id'], ['person.id'], name=op.f('fk_payment_call_called_by_id')),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_payment_call_commune_id')),
    sa.ForeignKeyConstraint(['payee_id'], ['payee_account.id'], name=op.f('fk_payment_call_payee_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_payment_call_pledge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_call')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_payment_call_idempotency_key'))
    )
    with op.batch_alter_table('payment_call', schema=None) as batch_op:
        batch_op.create_index('ix_payment_call_pledge', ['pledge_id', 'due_on'], unique=False)
    op.create_table('money_rule',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('over_funding', sa.Enum('stop', 'reserve', 'accept', name='is_over_funding', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('chosen_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['chosen_by_id'], ['person.id'], name=op.f('fk_money_rule_chosen_by_id')),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_money_rule_commune_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_money_rule_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_money_rule')),
    sa.UniqueConstraint('project_id', name=op.f('uq_money_rule_project_id'))
    )
    with op.batch_alter_table('money_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_money_rule_commune_id'), ['commune_id'], unique=False)
    op.create_table('expense',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('supplier', sa.String(length=120), nullable=False),
    sa.Column('purpose', sa.String(length=200), nullable=False),
    sa.Column('invoice', sa.String(length=80), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('is_direct', sa.Boolean(name='is_direct_is_bool'), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('engaged_on', sa.Date(), nullable=False),
    sa.Column('engaged_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('engaged_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reception', sa.String(length=80), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('done_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('mandate', sa.String(length=80), nullable=False),
    sa.Column('mandated_on', sa.Date(), nullable=True),
    sa.Column('mandated_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('idempotency_key', sa.String(length=80), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('(done_on IS NULL) = (done_by_id IS NULL)', name=op.f('ck_expense_done_with_who')),
    sa.CheckConstraint('(mandated_on IS NULL) = (mandated_by_id IS NULL)', name=op.f('ck_expense_mandated_with_who')),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_expense_amount_minor_is_positive')),
    sa.CheckConstraint('mandated_on IS NULL OR done_on IS NOT NULL', name=op.f('ck_expense_done_before_mandated')),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_expense_commune_id')),
    sa.ForeignKeyConstraint(['done_by_id'], ['person.id'], name=op.f('fk_expense_done_by_id')),
    sa.ForeignKeyConstraint(['engaged_by_id'], ['person.id'], name=op.f('fk_expense_engaged_by_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_expense_file_id')),
    sa.ForeignKeyConstraint(['line_id'], ['funding_line.id'], name=op.f('fk_expense_line_id')),
    sa.ForeignKeyConstraint(['mandated_by_id'], ['person.id'], name=op.f('fk_expense_mandated_by_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_expense_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expense')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_expense_idempotency_key'))
    )
    with op.batch_alter_table('expense', schema=None) as batch_op:
        batch_op.create_index('ix_expense_project', ['project_id', 'id'], unique=False)
    op.create_table('reminder',
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pledge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['commune.id'], name=op.f('fk_reminder_commune_id')),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_reminder_pledge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('pledge_id', 'day', name=op.f('uq_reminder_pledge_id_day'))
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_commune_id'), ['commune_id'], unique=False)
    guard()


def ident() -> sa.Column:
    """The number of a row."""
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


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
