"""Pages of ballots: set up, booth by account, by code and at the station, paper, publication; in three languages."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.priorities.models import Ballot, BallotProject, RollEntry, Vote
from cdp.priorities.services import roll
from cdp.priorities.states import BallotKind, CountingRule
from tests.browser_of_pages import Browser
from tests.priorities.ballots import Scene, make_ballot, make_voter, print_codes

LANGUAGES = ("ar", "fr", "en")


def at(scene: Scene, rest: str = "", language: str = "fr") -> str:
    return f"/{language}/{scene.commune.slug}/ballots/{scene.ballot.id}/{rest}"


def secret_in(page: str) -> str:
    found = re.search(r'name="secret" value="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


def votes(db: Session) -> list[object]:
    db.rollback()
    return sorted(db.scalars(select(Vote.content)))  # type: ignore[type-var]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_stands_in_every_language(browser: Browser, db: Session, language: str) -> None:
    scene = make_ballot(db)
    roll.enrol_names(db, scene.officer, scene.ballot, ["Fadma Id Said"])
    db.commit()
    entry = db.scalars(select(RollEntry.id)).one()
    for rest in ("", "booth", "code", "change", "receipt"):
        browser.get(at(scene, rest, language))
    browser.get(f"/{language}/{scene.commune.slug}/ballots/of/2028/")
    browser.sign_in(scene.officer.known())
    for rest in ("desk", "roll", "codes", "paper", "station?q=fadma", f"station/{entry}", f"roll/{entry}/strike"):
        browser.get(at(scene, rest, language))
    browser.get(f"/{language}/{scene.commune.slug}/ballots/new/2028")


def test_a_voter_chooses_looks_confirms_and_takes_a_receipt(browser: Browser, db: Session) -> None:
    scene = make_ballot(db, kind=BallotKind.KNAPSACK)
    voter = make_voter(db, scene)
    db.commit()
    browser.sign_in(voter.known())
    page = browser.post(at(scene, "booth"), step="choose", choice=scene.numbers[:2])
    assert "270" in page.text
    assert re.search(r"data-beyond>", page.text)
    review = browser.post(at(scene, "booth"), step="review", choice=scene.numbers[:2])
    secret = secret_in(review.text)
    cast = {"step": "cast", "choice": scene.numbers[:2], "secret": secret, "kind": "women", "age": "older"}
    answer = browser.post(at(scene, "booth"), **cast)
    receipt = browser.follow(answer)
    assert secret[:5] in receipt.text
    assert secret[:5] not in browser.get(at(scene, "receipt")).text
    assert votes(db) == [scene.numbers[:2]]
    again = browser.client.post(at(scene, "booth"), data=cast)
    assert again.status_code in {302, 400}
    assert len(votes(db)) == 1
    assert "data-booth" not in browser.get(at(scene, "booth")).text
    changed = browser.post(at(scene, "change"), code=secret)
    assert "data-booth" in changed.text
    browser.post(at(scene, "change"), code=secret, step="cast", choice=scene.numbers[2:])
    assert votes(db) == [scene.numbers[2:]]


def test_more_than_the_purse_is_sent_back_with_its_reason(browser: Browser, db: Session) -> None:
    scene = make_ballot(db, kind=BallotKind.KNAPSACK)
    voter = make_voter(db, scene)
    db.commit()
    browser.sign_in(voter.known())
    answer = browser.post(at(scene, "booth"), step="review", choice=scene.numbers)
    assert answer.status_code == 422
    assert "bourse" in answer.text


def test_a_printed_code_votes_without_an_account(browser: Browser, db: Session) -> None:
    scene = make_ballot(db)
    code = print_codes(db, scene)[0]
    db.commit()
    assert browser.post(at(scene, "code"), code="AAAAA").status_code == 422
    assert "data-booth" in browser.post(at(scene, "code"), code=code).text
    review = browser.post(at(scene, "code"), code=code, step="review", choice=scene.numbers[:1])
    assert scene.numbers[0] in review.text
    cast = {"code": code, "step": "cast", "choice": scene.numbers[:1]}
    browser.follow(browser.post(at(scene, "code"), **cast))
    assert browser.post(at(scene, "code"), code=code).status_code == 422
    refused = browser.post(at(scene, "code"), code=code, step="cast", choice=scene.numbers[1:])
    assert refused.status_code == 422
    assert votes(db) == [scene.numbers[:1]]


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        (BallotKind.POINTS, ("3", "", "2"), {0: 3, 2: 2}),
        (BallotKind.SCORES, ("5", "0", "1"), {0: 5, 2: 1}),
        (BallotKind.RANKING, ("2", "1", ""), [1, 0]),
    ],
)
def test_points_scores_and_ranks_are_sent_as_numbers(
    browser: Browser, db: Session, kind: BallotKind, sent: tuple[str, ...], kept: object
) -> None:
    scene = make_ballot(db, kind=kind, purse=5)
    code = print_codes(db, scene)[0]
    db.commit()
    fields = {f"p-{number}": value for number, value in zip(scene.numbers, sent, strict=True)}
    browser.post(at(scene, "code"), code=code, step="review", **fields)
    browser.post(at(scene, "code"), code=code, step="cast", **fields)
    wanted = (
        {scene.numbers[place]: points for place, points in kept.items()}
        if isinstance(kept, dict)
        else [scene.numbers[place] for place in kept]  # type: ignore[attr-defined]
    )
    assert db.scalars(select(Vote.content)).all() == [wanted]


def test_the_station_takes_one_voter_after_the_other(browser: Browser, db: Session) -> None:
    scene = make_ballot(db)
    roll.enrol_names(db, scene.officer, scene.ballot, ["Fadma Id Said", "Lahcen"])
    db.commit()
    entry = db.scalars(select(RollEntry.id).where(RollEntry.name == "Lahcen")).one()
    browser.sign_in(scene.facilitator.known())
    assert "Lahcen" in browser.get(at(scene, "station?q=lahc")).text
    review = browser.post(at(scene, f"station/{entry}"), step="review", choice=scene.numbers[:1])
    sent = {"step": "cast", "choice": scene.numbers[:1], "secret": secret_in(review.text)}
    receipt = browser.follow(browser.post(at(scene, f"station/{entry}"), **sent))
    assert "station" in receipt.text
    assert browser.get(at(scene, f"station/{entry}"), status=302)
    assert votes(db) == [scene.numbers[:1]]


def test_the_office_prepares_opens_closes_counts_and_publishes(browser: Browser, db: Session) -> None:
    scene = make_ballot(db, is_open=False)
    browser.sign_in(scene.officer.known())
    home = f"/fr/{scene.commune.slug}/ballots"
    answer = browser.post(
        f"{home}/new/2028",
        **{
            "title-fr": "Deuxième vote",
            "question-fr": "Lesquels ?",
            "opens_on": today().isoformat(),
            "closes_on": today().isoformat(),
            "budget": "800 000",
            "kind": "approval",
            "rule": "greedy",
            "worth": "cost",
            "filling": "none",
            "ties": "lot",
            "seed": "4 4 2",
            "admits": "resident",
            "ceiling-sector-water": "700 000",
        },
    )
    desk = answer.location
    browser.follow(answer)
    made = db.scalars(select(Ballot).order_by(Ballot.id.desc())).first()
    assert made is not None
    assert made.ceilings == [{"by": "sector", "name": "water", "amount": 70_000_000}]
    here = f"{home}/{made.id}"
    number = db.scalars(select(BallotProject.number).where(BallotProject.ballot_id == made.id)).first()
    assert browser.post(f"{here}/projects/{number}", standing="excluded", reason="").status_code == 422
    browser.post(f"{here}/projects/{number}", standing="excluded", reason="Déjà financé", language="fr")
    browser.post(f"{here}/act/open", form_at=desk)
    browser.post(f"{here}/codes", label_="Ouzrou", size="2", locality_id="0")
    with clock.held_at(today() + timedelta(days=1)):
        for step in ("close", "count", "publish"):
            browser.sign_in(scene.officer.known())
            browser.follow(browser.post(f"{here}/act/{step}", form_at=desk))
        browser.sign_out()
        assert "ballots.pb" in browser.get(f"{here}/").text
        for what in ("ballots.pb", "ballots.csv", "result.json", "trace.json", "receipts.txt"):
            browser.get(f"{here}/files/{what}")
        browser.get(f"{here}/files/other.txt", status=404)


def test_paper_is_read_by_two_and_settled_on_the_page(browser: Browser, db: Session) -> None:
    scene = make_ballot(db)
    browser.sign_in(scene.officer.known())
    answer = browser.post(at(scene, "paper"), label_="Tirsal", issued="3", in_box="2", locality_id="0")
    page = answer.location
    browser.follow(answer)
    assert "2" in browser.post(f"{page}/read", form_at=page, lines="1").text
    browser.post(f"{page}/read", form_at=page, lines="1\n2")
    browser.sign_in(scene.facilitator.known())
    browser.post(f"{page}/read", form_at=page, lines="1\nx")
    browser.sign_in(scene.officer.known())
    assert "line-2" in browser.get(page).text
    browser.follow(browser.post(f"{page}/settle", form_at=page, **{"line-2": "1"}))
    assert "line-2" not in browser.get(page).text


def test_the_files_are_not_there_before_the_publication(browser: Browser, db: Session) -> None:
    scene = make_ballot(db, rule=CountingRule.PHRAGMEN)
    browser.get(at(scene, "files/ballots.pb"), status=404)
