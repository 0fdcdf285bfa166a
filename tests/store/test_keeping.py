"""What a worker keeps of a commune: never of a change that may still be undone, again once it is committed."""

from sqlalchemy.orm import Session

from cdp.store.keeping import Keep, note_change


def test_nothing_is_kept_of_a_change_until_it_is_committed(db: Session) -> None:
    keep, made = Keep[int](), []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    assert [keep.of(db, 1, 7, make), keep.of(db, 1, 7, make)] == [0, 0]
    note_change(db, 1)
    assert [keep.of(db, 1, 8, make), keep.of(db, 1, 8, make)] == [1, 2], "each is made anew"
    with db.begin_nested():
        pass
    assert keep.of(db, 1, 8, make) == 3, "a part that ends is not the whole"
    db.commit()
    assert [keep.of(db, 1, 8, make), keep.of(db, 1, 8, make)] == [4, 4]
    db.connection()
    note_change(db, 1)
    db.rollback()
    assert keep.of(db, 1, 8, make) == 4, "what was undone never was"
