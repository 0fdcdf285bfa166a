import io
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.errors import Refused
from cdp.kernel.words import Words
from cdp.proposals import queries, services
from cdp.proposals.models import Proposal
from cdp.proposals.queries import Outcome
from cdp.proposals.rules.imports import Vocabulary, read
from cdp.proposals.rules.tables import Unreadable
from cdp.rounds.queries import RoundCard, card
from cdp.rounds.states import Phase, ProposerKind
from tests.factories import (
    actor_of,
    make_commune,
    make_locality,
    make_official,
    make_resident,
    make_round,
)

VOCABULARY = Vocabulary(
    {"water": "water", "eau": "water", "الماء": "water"}, {"aska": 1, "d7": 1, "imzi": 2}, frozenset(ProposerKind)
)
HEAD = "titre;besoin;domaine;douars;femmes;nom;accord"
GOOD = "Château d’eau;L’eau s’arrête à midi;Eau;Aska, Imzi;120;Fadma Aït;oui"


def rows(text: str, encoding: str = "utf-8") -> list[tuple[int, list[str]]]:
    found = read(text.encode(encoding), VOCABULARY).rows
    return [(row.line, [str(problem) for problem in row.problems]) for row in found]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_is_read_in_the_encodings_offices_use(encoding: str) -> None:
    [row] = read(f"{HEAD}\n{GOOD}\n".encode(encoding), VOCABULARY).rows
    assert row.problems == ()
    assert row.draft.title == Words(fr="Château d’eau")
    assert row.draft.places == {1, 2}
    assert row.draft.people.women == 120


def test_arabic_heads_in_the_arabic_encoding_of_windows() -> None:
    text = "العنوان;الحاجة;المجال;النساء\nبئر;الماء بعيد;الماء;١٢\n".replace("١٢", "12")
    [row] = read(text.encode("cp1256"), VOCABULARY).rows
    assert row.problems == ()
    assert row.draft.title == Words(ar="بئر")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_of_the_three_separators(delimiter: str) -> None:
    assert rows(
        delimiter.join(("title", "need", "sector", "men")) + "\n" + delimiter.join("abc") + f"{delimiter}5"
    ) == [(2, ["proposals.import_unknown_sector", "proposals.sector_missing"])]


def test_a_text_may_have_one_column_a_language() -> None:
    [row] = read("titre_ar;titre_fr;besoin;domaine;femmes\nبئر;Puits;Loin;eau;3".encode(), VOCABULARY).rows
    assert row.draft.title == Words(ar="بئر", fr="Puits")


def test_every_bad_row_is_told_by_its_line_and_every_reason() -> None:
    text = "\n".join(
        (
            HEAD,
            GOOD,
            "",
            ";;guerre;Nulle part;-3;Fadma;",
            '=HYPERLINK("x");besoin;eau;;beaucoup;;',
            'Un titre;"un besoin\nsur deux lignes";eau;;12;;;;surplus',
            "Dernier;besoin;eau;;1;;",
        )
    )
    assert rows(text) == [
        (2, []),
        (
            4,
            [
                "proposals.import_unknown_sector",
                "proposals.import_unknown_place",
                "proposals.title_missing",
                "proposals.need_missing",
                "proposals.sector_missing",
                "proposals.number_negative",
                "proposals.import_no_consent",
            ],
        ),
        (5, ["proposals.import_formula", "proposals.import_not_a_number", "proposals.nobody_benefits"]),
        (6, ["proposals.import_too_many_cells"]),
        (8, []),
    ]


@given(st.lists(st.lists(st.text("ab =;1-", max_size=5), min_size=1, max_size=4), max_size=12))
def test_no_row_with_text_is_ever_lost(table: list[list[str]]) -> None:
    lines = [",".join('"' + cell + '"' for cell in cells) for cells in table]
    found = read("\n".join(["title,need,sector,women", *lines]).encode(), VOCABULARY).rows
    assert len(found) == sum(any(cell.strip() for cell in cells) for cells in table)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "files.empty"),
        (b"PK\x03\x04 broken", "proposals.import_not_a_table"),
        (b"\x00\x01\x02\x03", "proposals.import_not_a_table"),
        (b"titre;domaine\nx;eau", "proposals.import_column_missing"),
        (b"title,need,sector\n" + b"a,b,c\n" * 2001, "proposals.import_too_many_rows"),
        (b"just one line of prose", "proposals.import_not_a_table"),
    ],
)
def test_what_is_no_table_of_proposals_is_refused_whole(data: bytes, key: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data, VOCABULARY)
    assert refused.value.message.key == key


def workbook(*lines: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for number, cells in enumerate(lines):
        for column, cell in enumerate(cells):
            sheet.write(number, column, cell)
    book.close()
    return out.getvalue()


def test_a_workbook_is_read_and_its_formulas_are_refused() -> None:
    data = workbook(
        ("titre", "besoin", "domaine", "femmes"), ("Puits", "Loin", "eau", 12), ("Piste", "Loin", "eau", "=6*7")
    )
    one, two = read(data, VOCABULARY).rows
    assert (one.problems, one.draft.people.women) == ((), 12)
    assert (two.line, str(two.problems[0])) == (3, "proposals.import_formula")


@pytest.fixture
def here(db: Session) -> RoundCard:
    commune = make_commune(db, slug="tirsal")
    make_locality(db, commune, name=Words(fr="Aska"))
    return card(db, make_round(db, commune))


FILE = f"{HEAD}\nPuits;Loin;water;Aska;120;Fadma Aït;oui\nPiste;;roads;;;;\nPont;Loin;roads;;5;;\n".encode()


def officer(db: Session, here: RoundCard):  # type: ignore[no-untyped-def]
    return actor_of(db, make_official(db, db.get_one(Commune, here.commune_id), email="officer@example.org"))


def test_good_rows_become_submitted_proposals_and_bad_ones_stay_told(db: Session, here: RoundCard) -> None:
    report = services.import_rows(db, officer(db, here), here, name="list.csv", data=FILE)
    assert [(row.line, row.outcome, row.number) for row in report.rows] == [
        (2, Outcome.IMPORTED, "TZ-2028-001"),
        (3, Outcome.BAD, None),
        (4, Outcome.IMPORTED, "TZ-2028-002"),
    ]
    assert queries.facets(db, here.id)["state"] == {"submitted": 2}
    assert queries.miscounted(db) == []
    shown = {row.number: row.person_name for row in queries.board(db, here.id, queries.Filters()).rows}
    assert shown == {"TZ-2028-001": "Fadma A.", "TZ-2028-002": ""}, "an officer who types is not who asks"


def test_the_same_file_twice_and_a_mended_one_change_nothing_twice(db: Session, here: RoundCard) -> None:
    actor = officer(db, here)
    services.import_rows(db, actor, here, name="list.csv", data=FILE)
    again = services.import_rows(db, actor, here, name="list.csv", data=FILE)
    assert [row.outcome for row in again.rows] == [Outcome.KNOWN, Outcome.BAD, Outcome.KNOWN]
    mended = FILE.replace(b"Piste;;roads;;", b"Piste;Boue;roads;;9")
    third = services.import_rows(db, actor, here, name="list2.csv", data=mended)
    assert [row.outcome for row in third.rows] == [Outcome.KNOWN, Outcome.IMPORTED, Outcome.KNOWN]
    assert db.scalar(select(func.count()).select_from(Proposal)) == 3


def test_the_dry_run_tells_the_same_and_writes_nothing(db: Session, here: RoundCard) -> None:
    report = queries.preview(db, here, FILE)
    assert [row.outcome for row in report.rows] == [Outcome.GOOD, Outcome.BAD, Outcome.GOOD]
    assert db.scalar(select(func.count()).select_from(Proposal)) == 0


def test_only_an_officer_of_this_commune_imports_and_only_in_time(db: Session, here: RoundCard) -> None:
    commune = db.get_one(Commune, here.commune_id)
    for person in (make_resident(db, commune), make_official(db, make_commune(db))):
        with pytest.raises(Refused):
            services.import_rows(db, actor_of(db, person), here, name="x.csv", data=FILE)
    late = make_round(db, make_commune(db), phase=Phase.REVIEW)
    with pytest.raises(Refused, match=r"proposals\.not_open"):
        services.import_rows(db, officer(db, card(db, late)), card(db, late), name="x.csv", data=FILE)


def test_the_terminal_looks_and_imports(
    db: Session, here: RoundCard, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cdp.cli.proposals import proposals
    from cdp.config import settings

    officer(db, here)
    db.commit()
    monkeypatch.setenv("CDP_DATABASE_URL", database)
    monkeypatch.setenv("CDP_INSTANCE", str(tmp_path))
    settings.cache_clear()
    file = tmp_path / "list.csv"
    file.write_bytes(FILE)
    where = [str(file), "--commune", "tirsal", "--round", "2028"]
    runner = CliRunner()
    dry = runner.invoke(proposals, ["import", *where, "--dry-run"])
    assert (dry.exit_code, dry.output.splitlines()[-1]) == (1, "3 rows: 2 good, 1 bad")
    assert "line 3: bad: Piste: Say what is needed." in dry.output
    assert runner.invoke(proposals, ["import", *where]).exit_code == 2, "in whose name?"
    real = runner.invoke(proposals, ["import", *where, "--by", "officer@example.org"])
    assert real.output.splitlines()[-1] == "3 rows: 1 bad, 2 imported"
    unknown = runner.invoke(proposals, ["import", str(file), "--commune", "nowhere", "--round", "2028", "--dry-run"])
    assert unknown.exit_code == 2
    settings.cache_clear()
