"""Pages kept by what was read for them: every act shows at the next look, and no reader sees another's page."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdp.communes.models import Commune, Locality
from cdp.funding.queries import find_line
from cdp.funding.services import promises, treasury
from cdp.funding.services.promises import Promise
from cdp.funding.services.treasury import Payment, Signed
from cdp.kernel import clock
from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.people.states import Role, ShownAs
from cdp.programme.models import Project
from cdp.programme.states import ProjectState
from cdp.proposals import services
from cdp.proposals.models import Proposal, ProposalPlace
from cdp.proposals.services.counting import recount
from cdp.proposals.states import ProposalState
from cdp.rounds.models import Round
from cdp.rounds.states import Source
from cdp.teams import services as teams
from cdp.teams.queries import find_project
from cdp.teams.rules import Joining
from cdp.teams.services import Asking
from cdp.teams.states import Offer
from cdp.web import kept
from tests.browser_of_pages import Browser
from tests.factories import (
    actor_of,
    keep,
    make_commune,
    make_locality,
    make_official,
    make_person,
    make_project,
    make_proposal,
    make_resident,
    make_round,
)

BOARD, FRONT = "/fr/kept/2028/proposals", "/fr/kept/"
Act = Callable[[Session], Any]


@pytest.fixture
def proposal(db: Session, app: Flask) -> Proposal:
    """A proposal for one douar on the board of a commune with one project."""
    app.extensions.pop("kept_pages", None)
    commune = make_commune(db, slug="kept")
    round_ = make_round(db, commune)
    made = make_proposal(db, round_, title=Words(fr="Un puits"))
    place = make_locality(db, commune, name=Words(fr="Aska"))
    keep(db, ProposalPlace(commune_id=commune.id, proposal_id=made.id, locality_id=place.id))
    make_project(db, make_round(db, commune, first_year=2022, last_year=2027), state=ProjectState.WORKS)
    recount(db, round_.id, commune.id)
    commune.revision += 1
    db.commit()
    return made


def pages(app: Flask) -> int:
    """How many pages this worker keeps."""
    return len(app.extensions.get("kept_pages", ()))


def one(db: Session, model: Any, **by: Any) -> Any:
    """The one row of its kind."""
    return db.scalars(select(model).filter_by(**by)).one()


def project_of(db: Session) -> Project:
    return one(db, Project)  # type: ignore[no-any-return]


def proposal_of(db: Session) -> Proposal:
    return one(db, Proposal, title=Words(fr="Un puits"))  # type: ignore[no-any-return]


def commune_of(db: Session) -> Commune:
    return one(db, Commune, slug="kept")  # type: ignore[no-any-return]


def at_project(db: Session) -> str:
    return f"/fr/kept/projects/{project_of(db).number}"


def at_proposal(db: Session) -> str:
    return f"/fr/kept/proposals/{proposal_of(db).number}"


def support(db: Session) -> None:
    services.support(db, actor_of(db, make_resident(db, commune_of(db))), proposal_of(db))


def retitle(db: Session) -> None:
    db.execute(update(Proposal).values(title=Words(fr="Autre titre")))


def refuse(db: Session) -> None:
    proposal_of(db).state = ProposalState.REFUSED


def rename_author(db: Session) -> None:
    db.execute(update(Person).values(name="Zineb Changed", shown_as=ShownAs.FULL))


def rename_douar(db: Session) -> None:
    one(db, Locality).name = Words(fr="Douar renommé")
    commune_of(db).revision += 1


def rename_commune(db: Session) -> None:
    commune_of(db).name = Words(fr="Commune renommée")


def hand_in(db: Session) -> None:
    found = proposal_of(db)
    make_proposal(db, db.get_one(Round, found.round_id))
    recount(db, found.round_id, found.commune_id)


def finish(db: Session) -> None:
    project_of(db).state = ProjectState.DONE


def join(db: Session) -> None:
    ask(db)
    db.flush()
    project = project_of(db)
    given = Joining(Offer.SUM, date(2027, 9, 30), "", None, None, None, ShownAs.FULL, "Gand")
    who = make_person(db, name="Newly Joined")
    teams.join(db, actor_of(db, who), find_project(db, project.commune_id, project.number), given)


def ask(db: Session) -> None:
    project = project_of(db)
    officer = actor_of(db, make_official(db, commune_of(db)))
    found = find_project(db, project.commune_id, project.number)
    teams.ask(db, officer, found, Asking(Offer.HOURS, Words(fr="Une heure cherchée"), 12, None))


def sign(db: Session) -> None:
    treasurer = actor_of(db, make_official(db, commune_of(db), Role.TREASURER))
    signed = Signed(Source.PROVINCE, "Province X", 50_000_000, date(2027, 3, 3), "CONV-7/2027")
    treasury.sign(db, treasurer, project_of(db), signed, key="s")


def receive(db: Session) -> None:
    treasurer = actor_of(db, make_official(db, commune_of(db), Role.TREASURER))
    signed = Signed(Source.PROVINCE, "Province X", 50_000_000, date(2027, 3, 3), "CONV-8/2027")
    agreement = treasury.sign(db, treasurer, project_of(db), signed, key="t")
    line = find_line(db, commune_of(db).id, agreement.line_id)
    treasury.receive(db, treasurer, line, Payment(12_300_000, date(2027, 4, 2), "OV 12"), key="r")


def promise(db: Session) -> None:
    join(db)
    db.flush()
    given = Promise("MAD", 77_700, date(2027, 9, 30), ShownAs.FULL)
    promises.pledge(db, actor_of(db, one(db, Person, name="Newly Joined")), project_of(db), given, key="p")


SHOWN: list[tuple[Callable[[Session], str], Act, str]] = [
    (lambda _: BOARD, support, "1 soutien"),
    (lambda _: BOARD, retitle, "Autre titre"),
    (lambda _: BOARD, rename_author, "Zineb Changed"),
    (lambda _: BOARD, rename_douar, "Douar renommé"),
    (lambda _: BOARD, rename_commune, "Commune renommée"),
    (lambda _: BOARD, hand_in, "<bdi>2</bdi> propositions"),
    (at_proposal, support, "<bdi><bdi>1</bdi></bdi>"),
    (at_proposal, refuse, "Non admissible"),
    (at_proposal, rename_author, "Zineb Changed"),
    (at_project, finish, "achevé"),
    (at_project, retitle, "Autre titre"),
    (at_project, join, "Newly Joined"),
    (at_project, ask, "Une heure cherchée"),
    (at_project, sign, "CONV-7/2027"),
    (at_project, receive, "123\u202f000"),
    (at_project, promise, "777"),
    (at_project, rename_author, "Zineb Changed"),
    (lambda _: FRONT, receive, "123\u202f000"),
    (lambda _: FRONT, promise, "777"),
    (lambda _: FRONT, finish, "achevé"),
    (lambda _: FRONT, join, '1</bdi></bdi></p><p class="fact__text">personnes'),
    (lambda _: FRONT, rename_douar, "Douar renommé"),
    (lambda _: FRONT, rename_commune, "Commune renommée"),
]


@pytest.mark.parametrize(
    ("where", "act", "says"), SHOWN, ids=[f"{n}-{act.__name__}" for n, (_, act, _s) in enumerate(SHOWN)]
)
def test_an_act_shows_at_the_next_look(
    browser: Browser, db: Session, app: Flask, proposal: Proposal, where: Any, act: Act, says: str
) -> None:
    address = where(db)
    before = browser.get(address).text
    assert browser.get(address).text == before
    assert pages(app) == 1
    assert says not in before
    act(db)
    db.commit()
    assert says in browser.get(address).text


@pytest.mark.parametrize("where", [lambda _: BOARD, lambda _: FRONT, at_project])
def test_each_reader_sees_their_own_name_on_a_page_kept_once(
    browser: Browser, db: Session, app: Flask, proposal: Proposal, where: Any
) -> None:
    address, found = where(db), []
    people = [make_resident(db, commune_of(db), name=name) for name in ("Amina <b>One", "Brahim Two")]
    db.commit()
    for person in people:
        browser.sign_in(person.id)
        found.append(browser.get(address).text)
    assert "Amina &lt;b&gt;One" in found[0]
    assert "Brahim" not in found[0]
    assert "Brahim Two" in found[1]
    assert "Amina" not in found[1]
    assert pages(app) == 1
    browser.sign_out()
    nobody = browser.get(address).text
    assert "Amina" not in nobody
    assert "Brahim" not in nobody
    assert kept.NAME not in "".join([*found, nobody])


def test_a_desk_is_shown_to_who_holds_the_mandate_alone(browser: Browser, db: Session, proposal: Proposal) -> None:
    officer, resident = make_official(db, commune_of(db)), make_resident(db, commune_of(db))
    db.commit()
    has_desk = []
    for person in (officer, resident, officer):
        browser.sign_in(person.id)
        has_desk.append("/fr/kept/desk" in browser.get(BOARD).text)
    assert has_desk == [True, False, True]


def test_a_form_is_never_kept(browser: Browser, db: Session, app: Flask, proposal: Proposal) -> None:
    resident = make_resident(db, commune_of(db))
    db.commit()
    browser.sign_in(resident.id)
    assert 'name="csrf_token"' in browser.get(at_proposal(db)).text
    assert pages(app) == 0


def test_the_news_of_an_act_is_said_once_and_to_who_acted(browser: Browser, db: Session, proposal: Proposal) -> None:
    browser.get(BOARD)
    with browser.client.session_transaction() as session:
        session["_flashes"] = [("success", "Said to one")]
    assert "Said to one" in browser.get(BOARD).text
    assert "Said to one" not in browser.get(BOARD).text


def test_languages_and_questions_have_pages_of_their_own(browser: Browser, app: Flask, proposal: Proposal) -> None:
    addresses = [f"/{code}/kept/2028/proposals{ask}" for code in ("ar", "fr", "en") for ask in ("", "?order=recent")]
    assert len({browser.get(address).text for address in addresses}) == pages(app) == 6


def test_the_next_day_is_another_page(browser: Browser, app: Flask, proposal: Proposal) -> None:
    browser.get(FRONT)
    with clock.held_at(clock.now() + timedelta(days=1)):
        browser.get(FRONT)
    assert pages(app) == 2


def test_a_worker_keeps_few_of_them(browser: Browser, app: Flask, proposal: Proposal) -> None:
    for n in range(kept.KEPT + 5):
        browser.get(f"{FRONT}?n={n}")
    assert pages(app) == kept.KEPT


def test_a_nobody_who_reads_a_proposal_gets_no_cookie(browser: Browser, db: Session, proposal: Proposal) -> None:
    assert "Set-Cookie" not in browser.get(at_proposal(db)).headers
