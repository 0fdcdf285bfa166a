"""Partners of a commune are named once, in up to three languages; what stands in shares and books stays as it is.

Revises 0018.
"""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ARABIC = re.compile("[\u0600-\u06ff]")


def upgrade() -> None:
    """One table, filled with the names that were written so far, each in the language of its letters."""
    partner = op.create_table(
        "partner",
        sa.Column("commune_id", BIG, nullable=False),
        sa.Column("party", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_partner_commune_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("commune_id", "party", name=op.f("uq_partner_commune_id_party")),
    )
    written = "SELECT commune_id, party FROM {} WHERE party <> ''"
    found = op.get_bind().execute(
        sa.text(f"{written.format('partner_share')} UNION {written.format('funding_line')} ORDER BY 1, 2")  # noqa: S608
    )
    rows = [{"commune_id": commune, "party": party, "name": _named(party)} for commune, party in found]
    if rows:
        op.bulk_insert(partner, rows)


def downgrade() -> None:
    """Without it: each partner keeps the name it was first written with."""
    op.drop_table("partner")


def _named(party: str) -> str:
    return json.dumps({"ar" if ARABIC.search(party) else "fr": party}, ensure_ascii=False)
