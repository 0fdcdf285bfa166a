"""Photos of the projects of a ballot, for the sheet of paper."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.priorities.models import BallotProject
from cdp.proposals.models import Attachment
from cdp.proposals.states import AttachmentKind
from cdp.store.files import StoredFile


def photos(db: Session, ballot_id: int) -> dict[str, str]:
    """The hash of the first photo of each project by its number; of those without one nothing (one statement)."""
    rows = db.execute(
        select(BallotProject.number, StoredFile.sha256)
        .join(Attachment, Attachment.proposal_id == BallotProject.proposal_id)
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(
            BallotProject.ballot_id == ballot_id,
            Attachment.kind == AttachmentKind.PHOTO,
            StoredFile.kind.startswith("image/"),
        )
        .order_by(Attachment.id.desc())
    )
    return {row.number: row.sha256 for row in rows}
