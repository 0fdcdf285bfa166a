"""Photos and papers of a proposal: judged by content, at most eight, the same one once."""

from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.kernel.words import Words
from cdp.people.actor import Actor
from cdp.proposals.models import Attachment, Proposal
from cdp.proposals.policy import POLICY
from cdp.proposals.services.cases import held, writing
from cdp.proposals.states import LIFE, AttachmentKind, Step
from cdp.store.audit import record
from cdp.store.files import Content, StoredFile, keep

MOST_FILES = 8


def attach(
    db: Session,
    actor: Actor,
    proposal: Proposal,
    *,
    folder: Path,
    name: str,
    content: Content,
    caption: Words | None = None,
) -> Attachment:
    """Add an examined file (``cdp.store.files.examine``) to a draft or returned proposal.

    The same bytes a second time change nothing. RuleBroken("proposals.too_many_files").
    """
    authorize(POLICY, Step.EDIT, actor, held(db, proposal))
    LIFE.next(proposal.state, Step.EDIT)
    stored = keep(db, folder, proposal.commune_id, name, content)
    same = db.scalar(
        select(Attachment)
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(Attachment.proposal_id == proposal.id, StoredFile.sha256 == stored.sha256)
    )
    if same is not None:
        db.delete(stored)
        db.flush()
        return same
    count = db.scalar(select(func.count()).select_from(Attachment).where(Attachment.proposal_id == proposal.id)) or 0
    if count >= MOST_FILES:
        raise RuleBroken("proposals.too_many_files", most=MOST_FILES)
    attachment = Attachment(
        commune_id=proposal.commune_id,
        proposal_id=proposal.id,
        file_id=stored.id,
        kind=AttachmentKind.PHOTO if content.width is not None else AttachmentKind.PAPER,
        caption=caption or Words(),
        added_by_id=actor.known(),
        added_at=now(),
    )
    db.add(attachment)
    record(db, writing(actor, proposal), "proposals.attach", proposal, sha256=stored.sha256)
    db.flush()
    return attachment


def detach(db: Session, actor: Actor, proposal: Proposal, attachment_id: int) -> None:
    """Take a file off a draft or returned proposal; NotFound for one of another proposal."""
    authorize(POLICY, Step.EDIT, actor, held(db, proposal))
    LIFE.next(proposal.state, Step.EDIT)
    attachment = db.get(Attachment, attachment_id)
    if attachment is None or attachment.proposal_id != proposal.id:
        raise NotFound
    stored = db.get_one(StoredFile, attachment.file_id)
    record(db, writing(actor, proposal), "proposals.detach", proposal, sha256=stored.sha256)
    db.delete(attachment)
    db.flush()
    db.delete(stored)
    db.flush()
