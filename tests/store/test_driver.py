"""What is handed to the driver gives, refuses and tells the same as SQLAlchemy does, on both engines."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, event, func, insert, literal, select
from sqlalchemy.exc import IntegrityError, ProgrammingError

from cdp.communes.models import Commune
from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.people.states import ShownAs
from cdp.store.base import table_of
from cdp.store.driver import DriverStatement
from cdp.store.engine import Store
from cdp.store.ready import Deed, Ready, at_hand, connection
from tests.factories import make_commune, make_person


@pytest.fixture
def seen(store: Store) -> Iterator[list[str]]:
    """What the engine tells who listens."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield said
    event.remove(store.engine, "before_cursor_execute", note)


def of_persons() -> Ready:
    """Persons shown in one of two fixed ways, with a value of each kind of column."""
    ways = Person.shown_as.in_((ShownAs.FIRST, ShownAs.FULL))
    columns = (
        Person.id,
        Person.name,
        Person.shown_as,
        Person.create_datetime,
        Person.active,
        literal(7).label("seven"),
    )
    return Ready(lambda: select(*columns).where(ways, Person.id == bindparam("person")))


def test_rows_are_those_of_sqlalchemy(store: Store) -> None:
    with store.begin() as db:
        person = make_person(db).id
    ready = of_persons()
    with store.reader() as db:
        row = ready.first(db, person=person)
        told = db.execute(
            select(Person.id, Person.name, Person.shown_as, Person.create_datetime, Person.active, literal(7)).where(
                Person.id == person
            )
        ).one()
        assert tuple(row) == tuple(told)
        assert (row.seven, row.active, row.create_datetime.tzinfo) == (7, True, UTC)
        assert ready.first(db, person=person + 1) is None


def test_a_list_that_is_fixed_is_kept(store: Store) -> None:
    with store.begin() as db:
        hidden = make_person(db)
        hidden.shown_as = ShownAs.ANONYMOUS
        db.flush()
        assert of_persons().rows(db, person=hidden.id) == []


def test_a_value_that_is_worked_out_is_worked_out_each_time(store: Store) -> None:
    said = iter(("one", "two", "three"))
    ready = Ready(lambda: select(func.lower(bindparam("word", callable_=lambda: next(said)))))
    with store.reader() as db:
        assert [ready.first(db)[0], ready.first(db)[0], ready.first(db, word="GIVEN")[0]] == ["one", "two", "given"]


def test_columns_of_one_name_keep_their_places(store: Store) -> None:
    with store.begin() as db:
        commune, person = make_commune(db).id, make_person(db).id
        ready = Ready(lambda: select(Commune.id, Person.id).where(Commune.id == bindparam("commune")))
        assert (commune, person) in {tuple(row) for row in ready.rows(db, commune=commune)}


def test_a_value_that_lacks_is_an_error(store: Store) -> None:
    with store.reader() as db, pytest.raises(KeyError):
        of_persons().first(db)


def test_columns_that_python_fills_are_filled(store: Store) -> None:
    with store.begin() as db:
        person = Deed(
            lambda _dialect: insert(table_of(Person)).returning(table_of(Person).c.id, table_of(Person).c.active)
        )
        row = person.rows(db, {"name": "Amal", "fs_uniquifier": "amal", "language": "ar", "shown_as": ShownAs.FULL})[0]
        assert row.id
        assert row.active is True


def test_an_error_of_the_driver_is_sqlalchemys(store: Store) -> None:
    with store.begin() as db:
        commune = make_commune(db, slug="one")
        kept = {column.name: getattr(commune, column.name) for column in table_of(Commune).c if column.name != "id"}
        again = Deed(lambda _dialect: insert(table_of(Commune)).returning(table_of(Commune).c.id))
        with pytest.raises(IntegrityError), db.begin_nested():
            again.rows(db, kept)
        assert again.rows(db, kept | {"slug": "two", "code": "99.999"})[0].id != commune.id


def test_a_statement_the_database_refuses_says_so(store: Store) -> None:
    with store.reader() as db, pytest.raises((ProgrammingError, Exception), match="no_such_function"):
        Ready(lambda: select(func.no_such_function(bindparam("a")))).first(db, a="x")


def test_who_listens_hears_of_every_statement(store: Store, seen: list[str]) -> None:
    with store.begin() as db:
        person = make_person(db).id
        seen.clear()
        assert of_persons().first(db, person=person).id == person
    assert [said for said in seen if "FROM person" in said.replace("\n", "")]


def test_rows_touched_are_counted(store: Store) -> None:
    table = table_of(Commune)
    with store.begin() as db:
        commune = make_commune(db)
        renamed = Deed(lambda _dialect: table.update().where(table.c.slug == bindparam("of")).values(population_2014=5))
        assert renamed.run(db, {"of": commune.slug}) == 1
        assert renamed.run(db, {"of": "none"}) == 0


def test_words_and_moments_go_in_and_come_out(store: Store) -> None:
    at = datetime(2027, 3, 12, 9, 30, tzinfo=UTC)
    ready = Ready(
        lambda: select(
            literal(Words(ar="ماء"), type_=table_of(Commune).c.name.type),
            bindparam("at", type_=table_of(Person).c.create_datetime.type),
        )
    )
    with store.reader() as db:
        assert tuple(ready.first(db, at=at)) == (Words(ar="ماء"), at)


def test_a_list_of_values_passes_through_sqlalchemy(store: Store) -> None:
    with store.begin() as db:
        ids = [make_commune(db).id for _ in range(2)]
        statement = select(Commune.id).where(Commune.id.in_(bindparam("ids", expanding=True))).order_by(Commune.id)
        asked = DriverStatement(lambda: statement, connection(db).dialect)
        assert [row.id for row in asked.run(at_hand(db), {"ids": ids})[0]] == ids
