"""The board under load, and proposals that come as a file."""

import io

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import now
from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.proposals import services
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.rounds.models import Round
from tests.browser_of_pages import Browser
from tests.factories import (
    make_official,
    make_resident,
)

STEM = "/fr/tirsal"


def fill(db: Session, round_: Round, count: int) -> None:
    author = make_resident(db, db.get_one(Commune, round_.commune_id))
    db.flush()
    moment = now()
    db.bulk_insert_mappings(
        Proposal,  # type: ignore[arg-type]
        [
            {
                "commune_id": round_.commune_id,
                "round_id": round_.id,
                "number": f"X-{n}",
                "state": ProposalState.SUBMITTED,
                "author_id": author.id,
                "title": Words(fr=f"Une passerelle sur l’oued numéro {n}", ar=f"قنطرة {n}"),
                "need": Words(fr="Passer"),
                "sector": "roads" if n % 2 else "water",
                "support_count": 0,
                "search_text": f"zr{round_.id} passerelle oued numero {n}",
                "started_at": moment,
                "edited_at": moment,
                "submitted_at": moment,
            }
            for n in range(count)
        ],
    )
    services.recount(db, round_.id, round_.commune_id)


@pytest.mark.parametrize("count", [10, 10_000])
def test_the_board_takes_at_most_eight_statements_however_many_there_are(
    browser: Browser, db: Session, round_: Round, resident: Person, count: int
) -> None:
    fill(db, round_, count)
    db.commit()
    browser.sign_in(resident.id)
    for address in ("/2028/proposals", "/2028/proposals?q=passerelle&sector=roads", "/2028/proposals?as=map"):
        browser.get(STEM + address)
        statements: list[str] = []
        engine = browser.app.extensions["store"].engine

        def count_it(_c: object, _k: object, statement: str, *_rest: object, seen: list[str] = statements) -> None:
            if statement != "BEGIN":
                seen.append(statement)

        event.listen(engine, "before_cursor_execute", count_it)
        browser.get(STEM + address)
        event.remove(engine, "before_cursor_execute", count_it)
        assert len(statements) <= 8, "\n".join(statements)


def test_an_officer_looks_at_a_file_and_imports_its_good_rows(
    browser: Browser, db: Session, commune: Commune, round_: Round, resident: Person
) -> None:
    officer = make_official(db, commune)
    db.commit()
    browser.sign_in(officer.id)
    address = f"{STEM}/2028/proposals/import"
    data = "titre;besoin;domaine;femmes\nChâteau;Loin;water;3\n=1+1;Loin;water;3\n".encode("cp1252")
    look = browser.post(address, go="look", file=(io.BytesIO(data), "list.csv")).text
    assert "contient une formule" in look
    assert "TZ-2028-001" not in look
    assert "TZ-2028-001" in browser.post(address, go="import", file=(io.BytesIO(data), "list.csv")).text
    browser.sign_in(resident.id)
    browser.get(address, status=403)


def test_a_file_that_is_no_table_is_told_so(
    browser: Browser, db: Session, commune: Commune, round_: Round, picture: bytes
) -> None:
    officer = make_official(db, commune)
    db.commit()
    browser.sign_in(officer.id)
    answer = browser.post(f"{STEM}/2028/proposals/import", go="look", file=(io.BytesIO(picture), "list.csv"))
    assert "n’est pas un tableau" in answer.text


def test_a_full_board_weighs_little_even_unpacked(browser: Browser, db: Session, round_: Round) -> None:
    fill(db, round_, 60)
    db.commit()
    for lang in ("ar", "fr", "en"):
        assert len(browser.get(f"/{lang}/tirsal/2028/proposals").data) <= 14_000
