"""What a worker keeps of a commune between requests: known by the commune's revision, so never out of date."""

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import Pool

Value = TypeVar("Value")

CHANGED = "communes changed in this session"
"""Under this name a session notes what it changed itself: that is not committed, so nothing is kept of it."""


class Keep(Generic[Value]):
    """One value a commune and database; another worker's change is seen by the revision, which is always asked."""

    def __init__(self, most: int = 200) -> None:
        self._most = most
        self._kept: WeakKeyDictionary[Pool, dict[int, tuple[int, Value]]] = WeakKeyDictionary()

    def of(self, db: Session, commune_id: int, revision: int, make: Callable[[], Value]) -> Value:
        """The value of a commune at this revision, made anew when it is not the one that is kept."""
        if commune_id in db.info.get(CHANGED, ()):
            return make()
        kept = self._kept.setdefault(db.get_bind().engine.pool, {})
        known = kept.get(commune_id)
        if known is not None and known[0] == revision:
            return known[1]
        value = make()
        while len(kept) >= self._most:
            kept.pop(next(iter(kept)), None)
        kept[commune_id] = (revision, value)
        return value


def note_change(db: Session, commune_id: int) -> None:
    """From now on this session keeps nothing of that commune, nor takes what is kept: its change may be undone."""
    db.info.setdefault(CHANGED, set()).add(commune_id)


@event.listens_for(Session, "after_transaction_end")
def _nothing_hangs(db: Session, transaction: SessionTransaction) -> None:
    """With the whole transaction its changes are committed or gone: what is kept by revision may be taken again."""
    if transaction.parent is None:
        db.info.pop(CHANGED, None)
