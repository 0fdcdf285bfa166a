"""What proposals keep of a person who asked to be erased."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cdp.people.actor import Actor
from cdp.people.models import Person
from cdp.people.services.forgetting import commissioned
from cdp.proposals.models import Attachment, Proposal, ProposalPlace
from cdp.proposals.states import ProposalState
from cdp.store.files import StoredFile


def forget(db: Session, actor: Actor, person: Person) -> None:
    """Let go of what only the person has to do with.

    Goes: own drafts never handed in, with their files; the name a facilitator noted on what was entered for them.
    Stays: what was handed in, with its number, words and files, asked by "a person"; a group's drafts; each support,
    as one of the number.
    """
    commissioned(db, actor, person)
    drafts = select(Proposal.id).where(
        Proposal.author_id == person.id, Proposal.state == ProposalState.DRAFT, Proposal.group_id.is_(None)
    )
    drop(db, list(db.scalars(drafts)))
    named = (Proposal.author_id == person.id, Proposal.entered_by_id != person.id, Proposal.on_behalf_of != "")
    db.execute(update(Proposal).where(*named).values(on_behalf_of="", consent_noted_at=None))
    db.flush()


def drop(db: Session, drafts: list[int]) -> None:
    """Delete drafts by number, with their places and files' rows; the bytes follow with the daily sweep."""
    if not drafts:
        return
    files = list(db.scalars(select(Attachment.file_id).where(Attachment.proposal_id.in_(drafts))))
    db.execute(delete(Attachment).where(Attachment.proposal_id.in_(drafts)))
    db.execute(delete(StoredFile).where(StoredFile.id.in_(files), StoredFile.id.not_in(select(Attachment.file_id))))
    db.execute(delete(ProposalPlace).where(ProposalPlace.proposal_id.in_(drafts)))
    db.execute(delete(Proposal).where(Proposal.id.in_(drafts)))
