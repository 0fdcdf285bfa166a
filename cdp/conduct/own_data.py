"""What is held about one person in all stages, from where, in a form one can understand (law 09-08 art. 7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Table, func, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import now
from cdp.kernel.words import Words
from cdp.priorities.models import Ballot
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.tables import metadata
from cdp.teams.models import Membership
from cdp.teams.states import Offer

ABOUT = frozenset({"person_id", "author_id", "member_id", "taken_by_id"})
"""Columns that say a row is about a person; every other reference to one is an act for others."""

SECRETS = frozenset(
    {
        "password",
        "fs_uniquifier",
        "fs_webauthn_user_handle",
        "tf_totp_secret",
        "us_totp_secrets",
        "mf_recovery_codes",
        "code_hash",
        "token_hash",
        "join_code_hash",
        "credential_id",
        "public_key",
        "sign_count",
        "idempotency_key",
        "search_text",
        "mix",
    }
)
"""Never handed out, not even to their owner: who holds them could sign in."""


@dataclass(frozen=True)
class ProjectRow:
    """A project one is a member of, and its last day."""

    number: str
    title: Words
    slug: str
    offer: Offer
    since: date
    until: date


@dataclass(frozen=True)
class ProposalRow:
    """A proposal one wrote."""

    id: int
    number: str | None
    title: Words
    slug: str
    state: ProposalState
    year: int
    edited_at: datetime


def projects(db: Session, person_id: int, *, day: date) -> list[ProjectRow]:
    """Projects a person is a member of on a day or later, the next to end first."""
    last = func.coalesce(Membership.ended_on, Membership.until)
    rows = db.execute(
        select(Proposal.number, Proposal.title, Commune.slug, Membership.offer, Membership.since, last)
        .join(Proposal, Proposal.id == Membership.proposal_id)
        .join(Commune, Commune.id == Membership.commune_id)
        .where(Membership.person_id == person_id, last >= day)
        .order_by(last, Membership.id)
    )
    return [
        ProjectRow(number or "", title, slug, offer, since, until) for number, title, slug, offer, since, until in rows
    ]


def proposals(db: Session, person_id: int) -> list[ProposalRow]:
    """Proposals a person wrote, drafts included, the last edited first (at most fifty)."""
    round_ = metadata.tables["round"]
    rows = db.execute(
        select(
            Proposal.id,
            Proposal.number,
            Proposal.title,
            Commune.slug,
            Proposal.state,
            round_.c.first_year,
            Proposal.edited_at,
        )
        .join(Commune, Commune.id == Proposal.commune_id)
        .join(round_, round_.c.id == Proposal.round_id)
        .where(Proposal.author_id == person_id)
        .order_by(Proposal.edited_at.desc(), Proposal.id.desc())
        .limit(50)
    )
    return [ProposalRow(*row) for row in rows]


def everything(db: Session, person_id: int) -> dict[str, Any]:
    """All rows about a person, table by table, and how often they acted for others; plain values for JSON."""
    held: dict[str, Any] = {"person": _rows(db, metadata.tables["person"], metadata.tables["person"].c.id, person_id)}
    acted: dict[str, int] = {}
    for table, column in _references():
        if column.name in ABOUT:
            rows = _rows(db, table, column, person_id)
            if rows:
                held.setdefault(table.name, []).extend(rows)
        else:
            count = db.scalar(select(func.count()).select_from(table).where(column == person_id)) or 0
            if count:
                acted[f"{table.name}.{column.name}"] = count
    _name_ballots(db, held.get("roll_entry", []))
    return {"made_at": now().isoformat(timespec="seconds"), "held_about_you": held, "acts_for_others": acted}


def _name_ballots(db: Session, rows: list[dict[str, Any]]) -> None:
    """Say of each place on a roll which ballot it is of; ``taken`` says by which way, never what was voted or when."""
    if not rows:
        return
    asked = select(Ballot.id, Ballot.title).where(Ballot.id.in_([row["ballot_id"] for row in rows]))
    titles = {row.id: row.title for row in db.execute(asked)}
    for row in rows:
        row["ballot"] = plain(titles[row["ballot_id"]])


def _references() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column that points at a person, with or without a foreign key."""
    loose = {
        ("event", "person_id"),
        ("mandate", "given_by_id"),
        ("entry", "recorded_by_id"),
        ("person", "entered_by_id"),
    }
    for table in metadata.sorted_tables:
        for column in table.columns:
            points = any(key.target_fullname == "person.id" for key in column.foreign_keys)
            if points or (table.name, column.name) in loose:
                yield table, column


def _rows(db: Session, table: Table, column: Column[Any], person_id: int) -> list[dict[str, Any]]:
    shown = [c for c in table.columns if c.name not in SECRETS]
    order = table.c.id
    return [
        {name: plain(value) for name, value in row._mapping.items() if value not in (None, "", [], {})}
        for row in db.execute(select(*shown).where(column == person_id).order_by(order))
    ]


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Words):
        return dict(value)
    return value
