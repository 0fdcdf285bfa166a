"""Bytes leave the disk with what they belonged to."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.conduct import unused_files
from cdp.conduct.duties import DUTIES
from cdp.jobs import files as job
from cdp.kernel import clock
from cdp.kernel.clock import now
from cdp.kernel.words import Words
from cdp.proposals.models import Attachment, Proposal
from cdp.proposals.services import files as attaching
from cdp.proposals.services import forgetting
from cdp.proposals.states import ProposalState
from cdp.store.files import Content, StoredFile, keep
from tests.factories import actor_of, make_person, make_proposal, make_round

LATER = timedelta(days=2)


@pytest.fixture
def folder(app: Flask) -> Path:
    """Where the files of the test's instance lie."""
    return Path(app.config["SETTINGS"].instance) / "files"


def on_disk(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def daily(app: Flask, db: Session) -> None:
    """The day after tomorrow: the duties of the day and the sweep, with files as old as they would be."""
    db.commit()
    for path in (Path(app.config["SETTINGS"].instance) / "files").rglob("*"):
        os.utime(path, (now().timestamp(), now().timestamp()))
    with clock.held_at(clock.today() + LATER), app.app_context():
        app.extensions["store"].attempt(DUTIES["unused files let go"])
        job.sweep(app.extensions["store"])


def draft_with(db: Session, folder: Path, *names: str) -> Proposal:
    proposal = make_proposal(db, state=ProposalState.DRAFT, author_id=make_person(db).id)
    for name in names:
        attached(db, folder, proposal, name)
    return proposal


def attached(db: Session, folder: Path, proposal: Proposal, name: str) -> Attachment:
    author = actor_of(db, proposal_author(db, proposal))
    content = Content("image/webp", name.encode(), 1, 1)
    return attaching.attach(db, author, proposal, folder=folder, name=name, content=content, caption=Words())


def proposal_author(db: Session, proposal: Proposal) -> object:
    from cdp.people.models import Person

    return db.get_one(Person, proposal.author_id)


def test_the_bytes_of_a_file_taken_off_leave_and_the_others_stay(app: Flask, db: Session, folder: Path) -> None:
    proposal = draft_with(db, folder, "well", "road")
    first = db.scalars(select(Attachment).order_by(Attachment.id)).first()
    assert first is not None
    attaching.detach(db, actor_of(db, proposal_author(db, proposal)), proposal, first.id)
    daily(app, db)
    [left] = db.scalars(select(StoredFile.sha256))
    assert on_disk(folder) == 1
    assert (folder / left[:2] / left).read_bytes() == b"road"


def test_the_bytes_of_a_forgotten_draft_leave(app: Flask, db: Session, folder: Path) -> None:
    proposal = draft_with(db, folder, "well")
    forgetting.drop(db, [proposal.id])
    daily(app, db)
    assert on_disk(folder) == 0


def test_what_was_written_for_an_act_that_failed_leaves(app: Flask, db: Session, folder: Path) -> None:
    commune_id = make_round(db).commune_id
    db.commit()
    keep(db, folder, commune_id, "refused.webp", Content("image/webp", b"refused"))
    db.rollback()
    daily(app, db)
    assert on_disk(folder) == 0


def test_a_file_shown_by_another_commune_stays_on_the_disk(app: Flask, db: Session, folder: Path) -> None:
    here, elsewhere = draft_with(db, folder, "well"), draft_with(db, folder, "well")
    forgetting.drop(db, [here.id])
    daily(app, db)
    assert db.scalar(select(Attachment.proposal_id)) == elsewhere.id
    assert on_disk(folder) == 1


def test_a_row_nothing_points_at_goes_after_a_day_and_not_before(app: Flask, db: Session, folder: Path) -> None:
    commune_id = make_round(db).commune_id
    keep(db, folder, commune_id, "report.webp", Content("image/webp", b"report"))
    shown = draft_with(db, folder, "well")
    assert unused_files.let_go(db) == 0
    daily(app, db)
    names = db.scalars(select(StoredFile.name)).all()
    assert list(names) == ["well"]
    assert db.scalars(select(Attachment.proposal_id)).all() == [shown.id]
    assert on_disk(folder) == 1


def test_an_upload_under_way_is_left_alone_even_where_the_bytes_are_old(app: Flask, db: Session, folder: Path) -> None:
    commune_id = make_round(db).commune_id
    db.commit()
    content = Content("image/webp", b"again")
    keep(db, folder, commune_id, "again.webp", content)
    db.rollback()
    [path] = [each for each in folder.rglob("*") if each.is_file()]
    os.utime(path, (0, 0))
    keep(db, folder, commune_id, "again.webp", content)
    with app.app_context():
        assert job.sweep_folder(app.extensions["store"], folder).count == 0
    assert on_disk(folder) == 1
