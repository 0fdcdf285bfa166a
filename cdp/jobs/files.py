"""Bytes without a row leave the disk: what was taken off, refused, or written by an act that was never kept."""

from pathlib import Path

from flask import current_app

from cdp.conduct.unused_files import LEFT_ALONE
from cdp.jobs.due import Done
from cdp.kernel.clock import now
from cdp.store import files
from cdp.store.engine import Store


def sweep(store: Store) -> list[Done]:
    """Sweep the folder of this instance; only bytes that lay there untouched for a day."""
    return [sweep_folder(store, current_app.config["SETTINGS"].instance / "files")]


def sweep_folder(store: Store, folder: Path) -> Done:
    """Sweep a folder of files; says how many left."""
    with store.reader() as db:
        return Done("files swept", files.sweep(db, folder, before=now() - LEFT_ALONE))
