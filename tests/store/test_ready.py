"""Statements made once give the same as statements made anew, on both engines and in sessions that write."""

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import aliased

from cdp.communes.models import Commune
from cdp.kernel.words import Words
from cdp.people.models import Group, Person
from cdp.proposals.models import Proposal, ProposalPlace
from cdp.store.base import table_of
from cdp.store.engine import Store
from cdp.store.ready import Deed, Ready, Whole, unmapped
from tests.factories import make_commune, make_person


def by_slug() -> Ready:
    """A statement of a commune's name."""
    return Ready(lambda: select(Commune.name).where(Commune.slug == bindparam("slug")))


def test_it_is_made_once_and_asked_for_many_things(store: Store) -> None:
    made: list[int] = []

    def build() -> object:
        made.append(1)
        return select(Commune.id).where(Commune.id.in_(bindparam("ids", expanding=True))).order_by(Commune.id)

    ready = Ready(build)
    with store.begin() as db:
        ids = [make_commune(db).id for _ in range(3)]
    with store.reader() as db:
        assert [row.id for row in ready.rows(db, ids=ids)] == ids
        assert [row.id for row in ready.rows(db, ids=ids[:1])] == ids[:1]
        assert ready.rows(db, ids=[]) == []
    assert made == [1]


def test_values_come_back_as_the_tables_mean_them(store: Store) -> None:
    with store.begin() as db:
        make_commune(db, slug="one", name=Words(fr="Une", ar="واحدة"))
    with store.reader() as db:
        row = by_slug().first(db, slug="one")
        assert row is not None
        assert row.name == Words(fr="Une", ar="واحدة")
        assert by_slug().first(db, slug="none") is None


def test_what_a_session_has_not_written_yet_is_seen(store: Store) -> None:
    with store.begin() as db:
        make_commune(db, slug="two").name = Words(fr="Deux")
        row = by_slug().first(db, slug="two")
        assert row is not None
        assert row.name == Words(fr="Deux")


def test_without_its_objects_a_select_is_the_same_statement() -> None:
    into = aliased(Proposal)
    chosen = select(ProposalPlace.proposal_id).where(ProposalPlace.locality_id == bindparam("place"))
    statement = (
        select(Proposal.id, into.number, Group.name, func.count())
        .join(Group, Group.id == Proposal.group_id)
        .outerjoin(into, into.id == Proposal.merged_into_id)
        .where(Proposal.id.in_(chosen))
        .group_by(Proposal.id, into.number, Group.name)
    )
    assert str(unmapped(statement)) == str(statement)


def test_a_deed_is_built_once_and_done_for_one_or_for_many(store: Store) -> None:
    made: list[str] = []

    def build(dialect: str) -> object:
        made.append(dialect)
        table = table_of(Commune)
        return update(table).where(table.c.id == bindparam("number")).values(population_2014=bindparam("people"))

    deed = Deed(build)
    with store.begin() as db:
        ids = [make_commune(db).id for _ in range(3)]
        assert deed.run(db, {"number": ids[0], "people": 1}) == 1
        assert deed.run(db, {"number": -1, "people": 2}) == 0
        deed.each(db, [{"number": number, "people": 3} for number in ids[1:]])
    with store.reader() as db:
        found = db.execute(select(Commune.population_2014).order_by(Commune.id)).scalars().all()
    assert list(found) == [1, 3, 3]
    assert made == [store.engine.dialect.name] * 2, "once to be done for one, once for many"


def test_a_list_of_an_object_read_past_the_mapper_tells_of_a_change_within(store: Store) -> None:
    whole = Whole(Person, lambda asked: asked.where(Person.name == bindparam("name")))
    with store.begin() as db:
        make_person(db, name="Itto").mf_recovery_codes = ["one", "two"]
    with store.begin() as db:
        found = whole.first(db, name="Itto")
        assert found is not None
        found.mf_recovery_codes.pop(0)
    with store.reader() as db:
        assert db.scalars(select(Person.mf_recovery_codes).where(Person.name == "Itto")).one() == ["two"]
