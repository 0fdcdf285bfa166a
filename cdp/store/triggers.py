"""Append-only by the database itself: triggers against UPDATE and DELETE, the same on both engines."""

APPEND_ONLY = (
    "event",
    "entry",
    "phase_decision",
    "council_act",
    "conclusion",
    "rank_decision",
    "step_day",
    "paper_scan",
    "books_check",
    "ballot_close",
    "paper_entry",
    "bank_statement",
    "statement_line",
    "reminder",
    "promise_reading",
    "agreement_version",
    "agreement_instalment",
    "partner_step",
    "project_rule",
    "share_rule",
    "partner_promise",
)
"""Tables whose rows are never changed nor taken out."""

FROZEN = dict.fromkeys(("charter", "plan_version", "plan_line", "year_amount", "ballot_project"), "frozen_at") | {
    "ballot": "opened_at",
    "paper_batch": "settled_at",
    "tally": "published_at",
}
"""Tables whose rows are never changed nor taken out once this column is filled."""


def guards(dialect: str) -> list[str]:
    """SQL statements that put the guards on every table of :data:`APPEND_ONLY` and :data:`FROZEN`."""
    statements = []
    if dialect == "postgresql":
        statements.append(
            "CREATE OR REPLACE FUNCTION cdp_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    tables = dict.fromkeys(APPEND_ONLY, "") | FROZEN
    for table, column in tables.items():
        for verb in ("UPDATE", "DELETE"):
            statements.append(_guard(dialect, table, verb, column=column))
    return statements


def _guard(dialect: str, table: str, verb: str, *, column: str) -> str:
    name = f"{table}_refuses_{verb.lower()}"
    when = f"WHEN (OLD.{column} IS NOT NULL) " if column else ""
    if dialect == "postgresql":
        return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when}EXECUTE FUNCTION cdp_refuse()"
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when}"
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )
