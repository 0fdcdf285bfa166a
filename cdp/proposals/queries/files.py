"""Photos and papers of proposals, and who may open them."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cdp.kernel.words import Words
from cdp.people.actor import Actor
from cdp.proposals.models import Attachment, Proposal
from cdp.proposals.policy import WRITERS_FOR_OTHERS
from cdp.proposals.states import AttachmentKind
from cdp.store.files import StoredFile
from cdp.store.ready import Ready


@dataclass(frozen=True)
class FileRow:
    """A file of a proposal; ``size`` in bytes."""

    id: int
    kind: AttachmentKind
    caption: Words
    sha256: str
    name: str
    size: int
    width: int | None
    height: int | None


_attachments = Ready(
    lambda: (
        select(
            Attachment.id,
            Attachment.kind,
            Attachment.caption,
            StoredFile.sha256,
            StoredFile.name,
            StoredFile.size,
            StoredFile.width,
            StoredFile.height,
        )
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(Attachment.proposal_id == bindparam("proposal_id"))
        .order_by(Attachment.id)
    )
)


def attachments(db: Session, proposal_id: int) -> list[FileRow]:
    """The files of a proposal in the order they came."""
    return [FileRow(*row) for row in _attachments.rows(db, proposal_id=proposal_id)]


def is_file_shown(db: Session, actor: Actor, commune_id: int, sha256: str) -> bool:
    """Whether a proposal shows this file: to everybody once it is public, before to those who write it."""
    rows = db.execute(
        select(Proposal.submitted_at, Proposal.author_id, Proposal.group_id)
        .join(Attachment, Attachment.proposal_id == Proposal.id)
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(StoredFile.commune_id == commune_id, StoredFile.sha256 == sha256)
    )
    return any(
        submitted_at is not None
        or (actor.person_id is not None and actor.person_id == author_id)
        or group_id in actor.groups
        or actor.holds(commune_id, *WRITERS_FOR_OTHERS)
        for submitted_at, author_id, group_id in rows
    )
