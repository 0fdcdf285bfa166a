"""Files nobody shows any more: taken off a proposal, of a report that was taken back, of a draft that is gone."""

from datetime import timedelta

from sqlalchemy import delete, exists
from sqlalchemy.orm import Session

from cdp.kernel.clock import now
from cdp.store.files import StoredFile
from cdp.tables import metadata

LEFT_ALONE = timedelta(hours=24)
"""A file younger than this may belong to an act that is still under way."""


def let_go(db: Session) -> int:
    """Take out the rows of files that no table of any stage points at (daily duty); the sweep takes the bytes.

    A refused proposal, a merged one and a withdrawn one that was public keep their files: they stay readable.
    """
    pointing = [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == "stored_file.id" for key in column.foreign_keys)
    ]
    unused = [~exists().where(column == StoredFile.id) for column in pointing]
    gone = delete(StoredFile).where(StoredFile.stored_at < now() - LEFT_ALONE, *unused)
    return int(db.execute(gone.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
