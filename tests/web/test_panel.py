import re
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.people.states import Role
from cdp.priorities import queries, services
from cdp.priorities.models import Interest, RankDecision
from cdp.priorities.rules.sheets import SheetDraft
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.rounds.models import Round
from cdp.rounds.states import Phase
from tests.browser_of_pages import Browser
from tests.factories import (
    actor_of,
    charter_rules,
    make_commune,
    make_official,
    make_proposal,
    make_resident,
    make_round,
)

LANGUAGES = ("ar", "fr", "en")
RAW = re.compile(r"(ProposalState|InterestKind|CapacityKind|SheetState)\.[a-z]|priorities\.[a-z]")
WHOLE = {"mark-need": "4", "mark-reach": "2", "reason": "Le besoin est quotidien.", "reason_language": "fr"}


@pytest.fixture
def round_(db: Session) -> Round:
    return make_round(db, make_commune(db, slug="tirsal"), phase=Phase.PRIORITIES)


def member(db: Session, round_: Round, role: Role = Role.PANEL, **over: str) -> Person:
    person = make_official(db, db.get_one(Commune, round_.commune_id), role, **over)
    db.commit()
    return person


def admitted(db: Session, round_: Round, **over: int) -> Proposal:
    return make_proposal(db, round_, state=ProposalState.ADMITTED, **over)


def own_marks(db: Session, proposal: Proposal, person: Person) -> dict[str, int]:
    db.rollback()
    return dict(queries.own_sheet(db, proposal.id, person.id).draft.marks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_and_a_sheet_open_in_each_language(
    browser: Browser, db: Session, round_: Round, language: str
) -> None:
    person = member(db, round_)
    browser.sign_in(person.id)
    assert 'class="empty"' in browser.get(f"/{language}/tirsal/panel/").text
    proposal, own = admitted(db, round_), admitted(db, round_, author_id=person.id)
    waiting = make_proposal(db, round_)
    db.commit()
    assert str(proposal.number) in browser.get(f"/{language}/tirsal/panel/").text
    for each in (proposal, own, waiting):
        page = browser.get(f"/{language}/tirsal/panel/{each.number}").text
        assert ('name="mark-need"' in page) is (each is proposal)
        assert not RAW.search(page)


def test_each_mark_stands_with_its_words_and_the_weights_are_public_before_anything_is_asked(
    browser: Browser, db: Session
) -> None:
    said = {mark: Words(fr=f"Sens de la note {mark}") for mark in range(6)}
    need, reach = charter_rules().criteria
    rules = charter_rules(criteria=(replace(need, anchors=said), reach))
    round_ = make_round(db, make_commune(db, slug="tirsal"), phase=Phase.PRIORITIES, rules=rules)
    db.commit()
    public = browser.get("/fr/tirsal/rounds/2028/rules").text
    assert re.search(r"Besoin.{0,80}3", public, re.S)
    assert all(words["fr"] in public for words in said.values())
    person, proposal = member(db, round_), admitted(db, round_)
    db.commit()
    browser.sign_in(person.id)
    page = browser.get(f"/fr/tirsal/panel/{proposal.number}").text
    for mark in range(6):
        label = re.search(rf'for="mark-need-{mark}">(.*?)</label>', page, re.S)
        assert label
        assert f"Sens de la note {mark}" in label[1]
        assert "Sens" not in re.search(rf'for="mark-reach-{mark}">(.*?)</label>', page, re.S)[1]  # type: ignore[index]


def test_the_spread_is_drawn_and_who_is_far_from_the_others_is_said(
    browser: Browser, db: Session, round_: Round
) -> None:
    proposal, members = admitted(db, round_), [member(db, round_) for _ in range(5)]
    for person, mark in zip(members, (4, 4, 4, 4, 0), strict=True):
        draft = SheetDraft({"need": mark, "reach": mark}, "Un motif de trois mots.", "fr")
        services.hand_in(db, actor_of(db, person), proposal, draft)
    page = browser_page(browser, db, "fr")
    assert 'class="rank__range"' in page
    assert "de 0 à 4" in re.sub(r"<[^>]+>", "", page)
    assert "1 loin des autres" in re.sub(r"<[^>]+>", "", page)


def test_only_the_panel_of_this_commune_opens_the_desk(browser: Browser, db: Session, round_: Round) -> None:
    proposal = admitted(db, round_)
    commune = db.get_one(Commune, round_.commune_id)
    others = [
        make_resident(db, commune),
        make_official(db, make_commune(db), Role.PANEL),
        member(db, round_, Role.OFFICER),
    ]
    db.commit()
    addresses = ("/fr/tirsal/panel/", f"/fr/tirsal/panel/{proposal.number}")
    for address in addresses:
        assert "login" in browser.get(address, status=302).location
        for person in others:
            browser.sign_in(person.id)
            browser.get(address, status=403)
        browser.sign_out()


def test_a_sheet_is_kept_then_handed_in_and_leads_to_the_next(browser: Browser, db: Session, round_: Round) -> None:
    person, _other = member(db, round_), member(db, round_)
    one, two = sorted((admitted(db, round_) for _ in range(2)), key=lambda p: str(p.number))
    db.commit()
    browser.sign_in(person.id)
    here = f"/ar/tirsal/panel/{one.number}"
    browser.follow(browser.post(f"{here}/sheet", form_at=here, do="keep", reason_language="ar", **{"mark-need": "4"}))
    assert own_marks(db, one, person) == {"need": 4}
    page = browser.post(f"{here}/sheet", form_at=here, do="hand_in", **WHOLE | {"reason": "Bien"})
    assert page.status_code == 422
    assert own_marks(db, one, person) == {"need": 4}
    answer = browser.post(f"{here}/sheet", form_at=here, do="hand_in", **WHOLE)
    assert answer.location.endswith(str(two.number))
    assert own_marks(db, one, person) == {"need": 4, "reach": 2}
    assert 'name="mark-need"' not in browser.get(here).text
    browser.follow(browser.post(f"{here}/take-back", form_at=here))
    assert 'name="mark-need"' in browser.get(here).text


def test_a_declared_interest_closes_the_sheet(browser: Browser, db: Session, round_: Round) -> None:
    person, proposal = member(db, round_), admitted(db, round_)
    db.commit()
    browser.sign_in(person.id)
    here = f"/fr/tirsal/panel/{proposal.number}"
    assert browser.post(f"{here}/interest", form_at=here).status_code == 422
    browser.follow(browser.post(f"{here}/interest", form_at=here, kind="family"))
    assert db.scalars(select(Interest.member_id)).all() == [person.id]
    assert 'name="mark-need"' not in browser.get(here).text


def test_nobody_reads_the_marks_of_others_before_all_are_in(browser: Browser, db: Session, round_: Round) -> None:
    first, second, proposal = member(db, round_), member(db, round_), admitted(db, round_)
    services.hand_in(
        db, actor_of(db, first), proposal, SheetDraft({"need": 4, "reach": 2}, "Phrase à cacher ici.", "fr")
    )
    db.commit()
    browser.sign_in(second.id)
    addresses = ("/fr/tirsal/2028/ranking/", "/fr/tirsal/2028/marks.csv", f"/fr/tirsal/panel/{proposal.number}")
    for address in addresses:
        assert "Phrase à cacher" not in browser.get(address).text
    assert browser.get("/fr/tirsal/2028/marks.csv").text.count("\n") == 1
    services.hand_in(db, actor_of(db, second), proposal, SheetDraft({"need": 0, "reach": 0}, "Rien ne presse.", "fr"))
    db.commit()
    browser.sign_out()
    assert "Phrase à cacher" in browser.get("/fr/tirsal/2028/ranking/").text
    browser.sign_in(second.id)
    assert "1 sur 1" in browser.get("/fr/tirsal/panel/").text
    browser.sign_out()
    assert f"{proposal.number},1,need,Besoin,3,4" in browser.get("/fr/tirsal/2028/marks.csv").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ranking_is_public_with_its_count_and_with_what_people_decided(
    browser: Browser, db: Session, round_: Round, language: str
) -> None:
    assert 'class="empty"' in browser_page(browser, db, language)
    person, low, high = member(db, round_), admitted(db, round_), admitted(db, round_)
    for proposal, marks in ((low, {"need": 1, "reach": 1}), (high, {"need": 5, "reach": 4})):
        services.hand_in(db, actor_of(db, person), proposal, SheetDraft(marks, "Un motif de trois mots.", "fr"))
    officer = member(db, round_, Role.OFFICER)
    browser.sign_in(officer.id)
    here = f"/{language}/tirsal/2028/ranking/{low.number}"
    page = browser.post(here, where="place", position="9", reason="La crue.", reason_language="fr")
    assert page.status_code == 200
    assert db.scalars(select(RankDecision)).all() == []
    db.rollback()
    browser.follow(
        browser.post(here, where="place", position="1", reason="La crue a coupé la piste.", reason_language="fr")
    )
    browser.sign_out()
    page_text = browser_page(browser, db, language)
    assert page_text.index(str(low.number)) < page_text.index(str(high.number))
    assert "La crue a coupé la piste." in page_text
    assert "Person N" in page_text
    assert not RAW.search(page_text)


def browser_page(browser: Browser, db: Session, language: str) -> str:
    db.commit()
    return browser.get(f"/{language}/tirsal/2028/ranking/").text


def test_a_place_is_set_by_the_office_alone(browser: Browser, db: Session, round_: Round) -> None:
    proposal, person = admitted(db, round_), member(db, round_)
    here = f"/fr/tirsal/2028/ranking/{proposal.number}"
    db.commit()
    assert "login" in browser.get(here, status=302).location
    browser.sign_in(person.id)
    browser.get(here, status=403)
    browser.sign_in(member(db, round_, Role.OFFICER).id)
    assert "<form method" not in browser.get(here).text.split("<main")[1]
    browser.get("/fr/tirsal/2028/ranking/TZ-2028-99999", status=404)
