"""Importing: the good rows of a file become submitted proposals in one transaction; the report tells every row."""

import hashlib
from collections import Counter
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import Refused
from cdp.people.actor import Actor
from cdp.proposals import queries
from cdp.proposals.models import ImportBatch, Proposal, ProposalPlace
from cdp.proposals.policy import MAY_IMPORT, OFFICE, Opening
from cdp.proposals.queries.imports import Outcome, Report, RowReport, import_key, preview
from cdp.proposals.rules.drafts import WritingStep
from cdp.proposals.rules.imports import Row, read
from cdp.proposals.services.counting import Key, add, keys_of
from cdp.proposals.services.submitting import enter
from cdp.proposals.states import Channel, ProposalState
from cdp.rounds.models import Round
from cdp.rounds.queries import RoundCard
from cdp.rounds.services import freeze
from cdp.store.audit import record


def import_rows(db: Session, actor: Actor, card: RoundCard, *, name: str, data: bytes) -> Report:
    """Take in the good rows of a file; bad ones are told by line and reason, ones that are there stay as they are.

    The same file a second time changes nothing and gives the same report. Raises ``rules.tables.Unreadable``.
    """
    actor.known()
    if not MAY_IMPORT(actor, Opening(card, today())):
        raise Refused("proposals.not_open" if actor.holds(card.commune_id, *OFFICE) else "errors.not_allowed")
    actor = actor.under_mandate(card.commune_id, *OFFICE)
    db.execute(select(Round.id).where(Round.id == card.id).with_for_update())
    sha256 = hashlib.sha256(data).hexdigest()
    if queries.batch_of(db, card.id, sha256) is not None:
        return preview(db, card, data)
    reading = read(data, queries.vocabulary(db, card))
    known = queries.imported(db, card.id, reading)
    rows: list[RowReport] = []
    change: Counter[Key] = Counter()
    for row, told in zip(reading.rows, queries.reports(card.id, reading, known), strict=True):
        if told.outcome is Outcome.GOOD:
            proposal = _take_in(db, actor, card, row)
            change.update(keys_of(proposal, row.draft.places))
            told = replace(told, outcome=Outcome.IMPORTED, number=proposal.number)
        rows.append(told)
    add(db, card.commune_id, card.id, dict(change))
    if change:
        freeze(db, actor, db.get_one(Round, card.id))
    _keep(db, actor, card, name=name, sha256=sha256, rows=rows)
    return Report(reading.heads, tuple(rows))


def _take_in(db: Session, actor: Actor, card: RoundCard, row: Row) -> Proposal:
    draft = row.draft
    proposal = Proposal(
        commune_id=card.commune_id,
        round_id=card.id,
        state=ProposalState.DRAFT,
        channel=Channel.IMPORT,
        author_id=actor.known(),
        entered_by_id=actor.known(),
        proposer_kind=row.kind,
        on_behalf_of=row.name,
        consent_noted_at=now() if row.name else None,
        title=draft.title,
        need=draft.need,
        sector=draft.sector,
        upkeep=draft.upkeep,
        step=WritingStep.CONFIRM,
        started_at=now(),
        edited_at=now(),
        idempotency_key=import_key(card.id, row),
        **vars(draft.people),
    )
    db.add(proposal)
    db.flush()
    db.add_all(
        ProposalPlace(commune_id=card.commune_id, proposal_id=proposal.id, locality_id=place)
        for place in sorted(draft.places)
    )
    enter(db, proposal)
    record(db, actor, "proposals.import", proposal, line=row.line)
    return proposal


def _keep(db: Session, actor: Actor, card: RoundCard, *, name: str, sha256: str, rows: list[RowReport]) -> None:
    batch = ImportBatch(
        commune_id=card.commune_id,
        round_id=card.id,
        sha256=sha256,
        name=name[-200:],
        rows=len(rows),
        report=[
            {"line": row.line, "outcome": row.outcome, "number": row.number, "reasons": [str(r) for r in row.reasons]}
            for row in rows
        ],
        imported_by_id=actor.known(),
        imported_at=now(),
    )
    db.add(batch)
    db.flush()
    record(db, actor, "proposals.import_file", batch, rows=len(rows), sha256=sha256)
