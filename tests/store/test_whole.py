"""Whole rows past the mapper are the mapper's own objects: the same values, the same identity, written when changed."""

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune, Locality
from cdp.kernel.words import Words
from cdp.store.engine import Store
from cdp.store.ready import Whole, connection, write
from tests.factories import make_commune, make_locality

ONE = Whole(Commune, lambda asked: asked.where(Commune.slug == bindparam("slug")))


def held(thing: object) -> dict[str, object]:
    """The columns of an object."""
    return {name: value for name, value in vars(thing).items() if name[0] != "_"}


def test_a_whole_row_is_what_the_mapper_gives(store: Store) -> None:
    with store.begin() as db:
        make_commune(db, slug="one", name=Words(fr="Une", ar="واحدة"))
    with store.reader() as db, store.reader() as other:
        found, mapped = ONE.first(db, slug="one"), other.scalar(select(Commune).where(Commune.slug == "one"))
        assert found is not None
        assert held(found) == held(mapped)
        assert inspect(found).persistent
        assert not inspect(found).modified
        assert ONE.first(db, slug="none") is None


def test_an_object_the_session_knows_stays_itself_with_what_it_has_not_written(store: Store) -> None:
    with store.reader() as db:
        assert ONE.first(db, slug="none") is None
    with store.begin() as db:
        made = make_commune(db, slug="one")
        made.name = Words(fr="Autre")
        assert ONE.first(db, slug="one") is made
        assert made.name == Words(fr="Autre")


def test_what_is_changed_on_it_is_written(store: Store) -> None:
    with store.begin() as db:
        make_commune(db, slug="one")
    with store.begin() as db:
        found = ONE.first(db, slug="one")
        assert found is not None
        found.name = Words(fr="Nouvelle")
    with store.reader() as db:
        assert db.scalar(select(Commune.name)) == Words(fr="Nouvelle")


def test_after_a_rollback_it_is_read_anew(store: Store) -> None:
    with store.begin() as db:
        make_commune(db, slug="one", name=Words(fr="Une"))
    with store.writer() as db:
        found = ONE.first(db, slug="one")
        assert found is not None
        found.name = Words(fr="Jamais")
        db.flush()
        db.rollback()
        assert ONE.first(db, slug="one") is found
        assert found.name == Words(fr="Une")


def test_an_outer_join_that_finds_nothing_gives_none(store: Store) -> None:
    def asked(statement: object) -> object:
        return statement.select_from(Commune).outerjoin(Locality, Locality.commune_id == Commune.id)  # type: ignore[attr-defined]

    both = Whole(Commune, asked, Locality)
    with store.begin() as db:
        commune = make_commune(db)
        assert both.together(db) == (commune, None)
        place = make_locality(db, commune)
        assert both.together(db) == (commune, place)


def test_a_written_row_is_an_object_of_the_session(store: Store) -> None:
    with store.begin() as db:
        like = held(make_locality(db, make_commune(db), code="A")) | {"code": "B"}
        like.pop("id")
        made = write(db, Locality, **like)
        assert inspect(made).persistent
        assert db.get(Locality, made.id) is made
        made.population = 7
    with store.reader() as db:
        assert db.scalar(select(Locality.population).where(Locality.code == "B")) == 7


def test_the_connection_at_hand_is_that_of_the_running_transaction(store: Store) -> None:
    def number(db: Session) -> int:
        return int(connection(db).scalar(select(1)) or 0)

    with store.writer() as db:
        assert number(db) == 1
        db.commit()
        assert number(db) == 1
        db.rollback()
        assert number(db) == 1
