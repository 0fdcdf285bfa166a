from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.cli.communes import localities_of, reference
from cdp.communes import queries, services
from cdp.communes.models import Commune, Locality, Province, Region
from cdp.communes.rules import plain, read_localities, slug
from cdp.communes.services import Opening
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.people.actor import CLOCK
from tests.factories import make_commune

SEEDS = Path(__file__).parents[2] / "seeds" / "demo"


def test_the_reference_holds_all_communes_once_however_often_it_is_loaded(db: Session) -> None:
    areas, rows = reference()
    for expected in (1503, 0):
        services.take_areas(db, areas)
        assert services.take_communes(db, rows) == expected
    counted = [db.scalar(select(func.count()).select_from(table)) for table in (Region, Province, Commune)]
    assert counted == [12, 83, 1503]
    slugs = db.scalars(select(Commune.slug)).all()
    assert len(set(slugs)) == 1503
    with pytest.raises(NotFound):
        queries.find(db, slugs[0])


def test_a_commune_opens_its_office(db: Session) -> None:
    commune = make_commune(db, opened_on=None)
    with pytest.raises(NotFound):
        queries.find(db, commune.slug)
    services.open_office(db, CLOCK, commune, Opening("tzo", 17))
    assert queries.find(db, commune.slug).letters == "TZO"


@pytest.mark.parametrize("letters", ["", "A", "ABCDEFG", "تز", "A1"])
def test_letters_are_latin_and_few(db: Session, letters: str) -> None:
    with pytest.raises(RuleBroken, match="letters"):
        services.open_office(db, CLOCK, make_commune(db), Opening(letters))


def test_douars_are_taken_once_and_brought_up_to_date(db: Session) -> None:
    commune, other = make_commune(db), make_commune(db)
    rows, bad = localities_of((SEEDS / "localities.csv").read_bytes())
    assert (len(rows), bad) == (40, [])
    assert services.take_localities(db, CLOCK, commune, rows) == (40, 0)
    assert services.take_localities(db, CLOCK, commune, rows) == (0, 40)
    assert services.take_localities(db, CLOCK, other, rows) == (40, 0)
    assert db.scalar(select(func.count()).select_from(Locality).where(Locality.commune_id == commune.id)) == 40
    places = queries.places(db, commune.id)
    assert [place.name for place in places] == sorted((p.name for p in places), key=lambda n: plain(n["fr"]))


def test_bad_lines_are_told_by_line_and_reason() -> None:
    good = {"douar_code": "1", "name_ar": "تيرسال", "population_2024": "287"}
    rows, bad = read_localities(
        [
            good,
            good,
            {"douar_code": "", "name_ar": "x"},
            {"douar_code": "2", "name_ar": " "},
            {"douar_code": "3", "name_ar": "x", "population_2024": "=1+1"},
            {"douar_code": "4", "name_ar": "x", "households_2024": "-5"},
        ]
    )
    assert len(rows) == 1
    assert [(line.line, line.key.split(".")[1]) for line in bad] == [
        (3, "code_twice"),
        (4, "code_missing"),
        (5, "name_missing"),
        (6, "not_a_number"),
        (7, "not_a_number"),
    ]


def test_a_file_in_cp1252_with_semicolons_is_read() -> None:
    rows, bad = localities_of("code;name_fr;population_2024\n7;Aït Oudrar;120\n".encode("cp1252"))
    assert not bad
    assert rows[0].name["fr"] == "Aït Oudrar"


@given(st.text(max_size=60))
def test_folding_a_name_twice_changes_nothing_more(name: str) -> None:
    assert plain(plain(name)) == plain(name)
    assert slug(name) == slug(slug(name))


def test_names_are_folded_as_people_search_them() -> None:
    assert plain("Aït Oudrar") == "ait oudrar"
    assert plain("أَيت أودرار") == plain("ايت اودرار")
    assert slug("Tizi n'Ouzgar") == "tizi-n-ouzgar"
