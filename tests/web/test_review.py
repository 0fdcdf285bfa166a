import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import now, today
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.people.states import Role
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.review import queries, services
from cdp.review.models import Conclusion
from cdp.review.rules import Decision, EstimateDraft, Line
from cdp.review.services import Found
from cdp.review.states import Answer, CostKind, Verdict
from cdp.rounds.models import Round
from cdp.rounds.states import Phase
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_commune, make_official, make_proposal, make_resident, make_round

LANGUAGES = ("ar", "fr", "en")
LINE = {
    "lines-0-kind": "works",
    "lines-0-label-fr": "Forage",
    "lines-0-quantity": "120,5",
    "lines-0-unit": "ml",
    "lines-0-price": "1 500",
    "price_year": "2027",
}


@pytest.fixture
def round_(db: Session) -> Round:
    return make_round(db, make_commune(db, slug="tirsal"), phase=Phase.REVIEW)


def officer(db: Session, browser: Browser, round_: Round) -> int:
    person = make_official(db, db.get_one(Commune, round_.commune_id))
    db.commit()
    browser.sign_in(person.id)
    return person.id


def state_of(db: Session, proposal: Proposal) -> ProposalState:
    db.rollback()
    return db.scalars(select(Proposal.state).where(Proposal.id == proposal.id)).one()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_desk_teaches_in_each_language(browser: Browser, db: Session, round_: Round, language: str) -> None:
    officer(db, browser, round_)
    for state in ("office", "author", "nobody", "anything"):
        assert 'class="empty"' in browser.get(f"/{language}/tirsal/review/?state={state}").text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", [s for s in ProposalState if s not in (ProposalState.DRAFT, ProposalState.MERGED)])
def test_a_file_of_every_state_opens_in_each_language(
    browser: Browser, db: Session, round_: Round, state: ProposalState, language: str
) -> None:
    proposal = make_proposal(db, round_, state=state)
    make_proposal(db, round_)
    officer(db, browser, round_)
    page = browser.get(f"/{language}/tirsal/review/{proposal.number}").text
    assert proposal.title.in_(language)[0] in page
    assert not re.search(r"(ProposalState|Answer|Verdict|CostKind|CapacityKind)\.[a-z]", page)


def test_only_the_office_opens_the_desk(browser: Browser, db: Session, round_: Round) -> None:
    commune = db.get_one(Commune, round_.commune_id)
    proposal = make_proposal(db, round_)
    others = [
        make_resident(db, commune),
        make_official(db, make_commune(db)),
        *(make_official(db, commune, role) for role in (Role.PANEL, Role.TREASURER, Role.FACILITATOR)),
    ]
    db.commit()
    for address in ("/fr/tirsal/review/", f"/fr/tirsal/review/{proposal.number}"):
        assert "login" in browser.get(address, status=302).location
    for person in others:
        browser.sign_in(person.id)
        browser.get("/fr/tirsal/review/", status=403)
        browser.get(f"/fr/tirsal/review/{proposal.number}", status=403)


def test_a_file_of_another_commune_is_not_found_at_this_address(browser: Browser, db: Session, round_: Round) -> None:
    elsewhere = make_proposal(db, make_round(db, make_commune(db, slug="far"), phase=Phase.REVIEW))
    officer(db, browser, round_)
    browser.get(f"/fr/tirsal/review/{elsewhere.number}", status=404)
    browser.get(f"/fr/far/review/{elsewhere.number}", status=403)


def test_one_file_after_the_other_from_the_checklist_to_the_conclusion(
    browser: Browser, db: Session, round_: Round
) -> None:
    proposal = make_proposal(db, round_, submitted_at=now() - timedelta(days=3))
    waiting = make_proposal(db, round_)
    officer(db, browser, round_)
    here = f"/ar/tirsal/review/{proposal.number}"
    answers = {"answer-competence": "yes", "answer-upkeep": "yes", "note-upkeep": "الجمعية"}
    browser.follow(browser.post(f"{here}/findings", form_at=here, **answers))
    page = browser.follow(browser.post(f"{here}/estimate", form_at=here, do="keep", **LINE))
    assert "180 750" in page.text.replace("\u202f", " ")
    sent = {"verdict": "admit", "reason": "حاجة يومية.", "reason_language": "ar"}
    answer = browser.post(f"{here}/conclusion", form_at=here, **sent)
    assert answer.location.endswith(f"/review/{waiting.number}")
    browser.follow(answer)
    assert state_of(db, proposal) is ProposalState.ADMITTED
    assert queries.costs(db, [proposal.id]) == {proposal.id: Money(18_075_000)}
    assert "حاجة يومية." in browser.get(here).text


def test_a_line_is_added_without_script_and_nothing_written_is_lost(
    browser: Browser, db: Session, round_: Round
) -> None:
    proposal = make_proposal(db, round_)
    officer(db, browser, round_)
    here = f"/fr/tirsal/review/{proposal.number}"
    page = browser.post(f"{here}/estimate", form_at=here, do="add", **LINE)
    assert page.status_code == 200
    assert 'value="Forage"' in page.text
    assert 'name="lines-1-price"' in page.text
    assert queries.last_estimate(db, proposal.id) is None


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"lines-0-price": "-5"}, "négatif"),
        ({"lines-0-quantity": "beaucoup"}, "quantité"),
        ({"lines-0-label-fr": ""}, "Dites ce que paie cette ligne"),
        ({"lines-0-quantity": "999999999", "lines-0-price": "999 999 999"}, "Vérifiez les zéros"),
        ({"lines-0-kind": "running"}, "fonctionnement"),
        ({"price_year": "1066"}, "1066"),
    ],
)
def test_a_wrong_cost_is_told_and_changes_nothing(
    browser: Browser, db: Session, round_: Round, over: dict[str, str], sentence: str
) -> None:
    proposal = make_proposal(db, round_)
    officer(db, browser, round_)
    here = f"/fr/tirsal/review/{proposal.number}"
    page = browser.post(f"{here}/estimate", form_at=here, do="keep", **LINE | over)
    assert page.status_code == 422
    assert sentence in page.text
    assert queries.last_estimate(db, proposal.id) is None


def test_without_a_reason_or_with_open_points_nothing_is_concluded(
    browser: Browser, db: Session, round_: Round
) -> None:
    proposal = make_proposal(db, round_)
    officer(db, browser, round_)
    here = f"/fr/tirsal/review/{proposal.number}"
    for sent in ({"verdict": "refuse", "reason": " "}, {"verdict": "admit", "reason": "Oui."}):
        page = browser.post(f"{here}/conclusion", form_at=here, reason_language="fr", **sent)
        assert page.status_code == 422
        assert "à corriger" in page.text
    assert state_of(db, proposal) is ProposalState.SUBMITTED


def test_a_file_is_given_back_with_its_points_and_day(browser: Browser, db: Session, round_: Round) -> None:
    proposal = make_proposal(db, round_)
    officer(db, browser, round_)
    here = f"/fr/tirsal/review/{proposal.number}"
    browser.post(f"{here}/findings", form_at=here, **{"answer-upkeep": "no"})
    day = today() + timedelta(days=7)
    sent = {"verdict": "return", "points": "upkeep", "correct_until": day.isoformat(), "reason_language": "fr"}
    answer = browser.post(f"{here}/conclusion", form_at=here, reason="Qui entretiendra ?", **sent)
    assert answer.location.endswith("/fr/tirsal/review/")
    assert "Renvoyée pour correction" in browser.get(here).text
    assert proposal.number
    assert proposal.number in browser.get("/fr/tirsal/review/?state=author").text


def test_a_merge_finds_the_other_by_its_number(browser: Browser, db: Session, round_: Round) -> None:
    proposal, other = make_proposal(db, round_), make_proposal(db, round_, title=Words(fr="Le puits du haut"))
    officer(db, browser, round_)
    here = f"/fr/tirsal/review/{proposal.number}"
    assert "Le puits du haut" in browser.get(f"{here}?into={other.number}").text
    sent = {"merge_reason": "Même lieu.", "merge_language": "fr"}
    page = browser.post(f"{here}/merge", form_at=here, into="TZ-2028-999999", **sent)
    assert page.status_code == 422
    browser.follow(browser.post(f"{here}/merge", form_at=here, into=str(other.number), **sent))
    assert state_of(db, proposal) is ProposalState.MERGED
    page = browser.get(here)
    assert "Même lieu." in page.text
    browser.follow(browser.post(f"{here}/reopen", form_at=here, reopen_reason="Erreur de lieu.", reopen_language="fr"))
    assert state_of(db, proposal) is ProposalState.SUBMITTED


def test_the_public_part_is_readable_by_itself(browser: Browser, db: Session, round_: Round) -> None:
    proposal = make_proposal(db, round_)
    actor = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id), name="Fatima Ouali"))
    services.find(db, actor, proposal, [Found("competence", Answer.NO, "Un ministère seul.")])
    line = Line(CostKind.RUNNING, Words(fr="Gardien"), 12_000, "mois", 100_000)
    works = Line(CostKind.WORKS, Words(fr="Forage"), 1_000, "u", 5_000_000)
    services.estimate(db, actor, proposal, EstimateDraft((works, line), 2027))
    services.conclude(db, actor, proposal, Decision(Verdict.REFUSE, "Hors <compétence>.", "fr"))
    db.commit()
    file = queries.public_file(db, proposal.id)
    with browser.app.test_request_context("/fr/tirsal/"):
        from flask import render_template_string

        text = render_template_string(
            '{% from "review/_public.html" import public_file with context %}{{ public_file(file) }}', file=file
        )
    assert "Hors &lt;compétence&gt;." in text
    assert "Fatima O." in text
    assert "12 000" in text.replace("\u202f", " ")
    assert db.scalar(select(Conclusion.capacity)) == f"officer:{round_.commune_id}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_proposal_shows_its_cost_and_every_conclusion(
    browser: Browser, db: Session, round_: Round, language: str
) -> None:
    proposal = make_proposal(db, round_)
    actor = actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id), name="Fatima Ouali"))
    works = Line(CostKind.WORKS, Words(fr="Forage"), 1_500, "ml", 5_000_000)
    services.estimate(db, actor, proposal, EstimateDraft((works,), 2027))
    services.conclude(db, actor, proposal, Decision(Verdict.REFUSE, "Un ministère seul peut le faire.", "fr"))
    db.commit()
    page = browser.get(f"/{language}/tirsal/proposals/{proposal.number}").text
    assert "Un ministère seul peut le faire." in page
    assert "Fatima O." in page
    assert "75 000" in page.replace("\u202f", " ")
