import io
import re

import pytest
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.people.states import Role
from cdp.proposals import services
from cdp.proposals.states import ProposalState
from cdp.rounds.models import Round
from cdp.rounds.states import Phase
from tests.browser_of_pages import Browser
from tests.factories import (
    make_commune,
    make_group,
    make_official,
    make_proposal,
    make_resident,
    make_round,
)

STEM = "/fr/tirsal"


def begin(browser: Browser) -> str:
    """Address of step 2 of a fresh draft."""
    return str(browser.post(f"{STEM}/2028/proposals/new", group_id="0").location)


def write_all(browser: Browser) -> str:
    """Address of the last step of a whole draft."""
    where = begin(browser)
    need = browser.post(where, go="next").location
    need_fields = {"title-fr": "Une passerelle", "need-fr": "L’oued coupe le chemin", "sector": "roads"}
    benefit = browser.post(need, go="next", **need_fields).location
    return str(browser.post(benefit, go="next", women="40").location)


def test_a_resident_proposes_in_five_steps_and_gets_a_receipt(browser: Browser, resident: Person) -> None:
    browser.sign_in(resident.id)
    confirm = write_all(browser)
    page = browser.get(confirm).text
    assert "Une passerelle" in page
    assert "09‑08" in page
    receipt = browser.follow(browser.post(confirm, agrees="y"))
    assert "TZ-2028-001" in receipt.text
    assert "data:image/svg+xml" in receipt.text
    assert "Une passerelle" in browser.get(f"{STEM}/2028/proposals").text


def test_the_box_must_be_ticked_and_nothing_is_submitted_without(browser: Browser, resident: Person) -> None:
    browser.sign_in(resident.id)
    confirm = write_all(browser)
    assert browser.post(confirm).status_code == 200
    assert "TZ-2028-001" not in browser.get(f"{STEM}/2028/proposals").text


def test_going_back_keeps_what_was_written_even_unfinished(browser: Browser, resident: Person) -> None:
    browser.sign_in(resident.id)
    need = browser.post(begin(browser), go="next").location
    back = browser.post(need, go="back", **{"title-fr": "Un puits"})
    assert back.location.endswith("/2")
    assert 'value="Un puits"' in browser.get(need).text


def test_what_is_missing_is_said_at_the_end_with_the_way_there(browser: Browser, resident: Person) -> None:
    browser.sign_in(resident.id)
    where = begin(browser)
    page = browser.get(where[:-1] + "5").text
    assert "Donnez-lui un titre." in page
    assert f'href="{where[:-1]}3"' in page
    assert 'name="agrees"' not in page


def test_the_same_form_sent_twice_begins_one_draft(browser: Browser, resident: Person) -> None:
    browser.sign_in(resident.id)
    page = browser.get(f"{STEM}/2028/proposals/new").text
    fields = dict(re.findall(r'name="(csrf_token|form_key)"[^>]*value="([^"]+)"', page)) | {"group_id": "0"}
    first, second = (browser.client.post(f"{STEM}/2028/proposals/new", data=fields).location for _ in range(2))
    assert first == second


def test_a_forged_form_changes_nothing(browser: Browser, resident: Person) -> None:
    browser.sign_in(resident.id)
    answer = browser.client.post(f"{STEM}/2028/proposals/new", data={"group_id": "0", "csrf_token": "forged"})
    assert answer.status_code == 400
    assert "rien n’a été modifié" in answer.text


def test_a_group_one_does_not_speak_for_cannot_be_chosen(
    browser: Browser, db: Session, commune: Commune, resident: Person
) -> None:
    theirs = make_group(db, commune)
    db.commit()
    browser.sign_in(resident.id)
    answer = browser.post(f"{STEM}/2028/proposals/new", group_id=str(theirs.id))
    assert answer.status_code == 200
    assert "passerelle" not in answer.text


def test_a_group_is_offered_to_its_members_and_shown_with_an_honest_label(
    browser: Browser, db: Session, commune: Commune, resident: Person
) -> None:
    group = make_group(db, commune, resident, name=Words(fr="Tighremt", ar="تيغرمت"))
    db.commit()
    browser.sign_in(resident.id)
    where = browser.post(f"{STEM}/2028/proposals/new", group_id=str(group.id)).location
    need = browser.post(where, go="next").location
    fields = {"title-fr": "Une salle", "need-fr": "Pour se réunir", "sector": "water"}
    benefit = browser.post(need, go="next", **fields).location
    confirm = browser.post(benefit, go="next", women="40").location
    browser.post(confirm, agrees="y")
    board = browser.get(f"{STEM}/2028/proposals").text
    assert "Tighremt" in board
    assert "groupe informel" in board


def test_nobody_is_asked_to_sign_in_and_comes_back(browser: Browser, round_: Round) -> None:
    answer = browser.get(f"{STEM}/2028/proposals/new", status=302)
    assert "next=" in answer.location


def test_a_stranger_to_the_commune_is_told_to_say_how_they_belong(browser: Browser, db: Session, round_: Round) -> None:
    stranger = make_resident(db, make_commune(db))
    db.commit()
    browser.sign_in(stranger.id)
    assert "ce qui vous lie" in browser.post(f"{STEM}/2028/proposals/new", group_id="0").text


def test_the_draft_of_another_and_the_address_of_another_commune_are_not_found(
    browser: Browser, db: Session, commune: Commune, resident: Person
) -> None:
    make_round(db, make_commune(db, slug="elsewhere"))
    neighbour = make_resident(db, commune)
    db.commit()
    browser.sign_in(resident.id)
    where = begin(browser)
    browser.get(where.replace("tirsal", "elsewhere"), status=404)
    browser.sign_in(neighbour.id)
    browser.get(where, status=404)


def test_a_day_after_the_phase_the_pages_say_so(browser: Browser, db: Session) -> None:
    late = make_commune(db, slug="late")
    make_round(db, late, phase=Phase.REVIEW)
    person = make_resident(db, late)
    db.commit()
    browser.sign_in(person.id)
    assert "ne reçoit pas de propositions" in browser.get("/fr/late/2028/proposals/new", status=403).text
    assert "/new" not in browser.get("/fr/late/2028/proposals").text


@pytest.mark.parametrize("number", ["-4", "99999999999", "douze"])
def test_negative_absurd_or_wordy_numbers_are_told_at_the_field(
    browser: Browser, resident: Person, number: str
) -> None:
    browser.sign_in(resident.id)
    benefit = begin(browser)[:-1] + "4"
    answer = browser.post(benefit, go="next", women=number)
    assert answer.status_code == 200
    assert "women-error" in answer.text


def test_twenty_megabytes_of_text_are_refused(browser: Browser, resident: Person) -> None:
    browser.sign_in(resident.id)
    need = begin(browser)[:-1] + "3"
    answer = browser.post(need, go="next", **{"title-fr": "x", "need-fr": "x" * 20_000_000, "sector": "roads"})
    assert answer.status_code == 413
    assert "trop lourd" in answer.text


def test_a_photo_is_kept_without_its_metadata_and_shown_once_public(
    browser: Browser, resident: Person, picture: bytes
) -> None:
    browser.sign_in(resident.id)
    confirm = write_all(browser)
    need = confirm[:-1] + "3"
    fields = {"title-fr": "Une passerelle", "need-fr": "L’oued", "sector": "roads"}
    browser.post(need, go="stay", file=(io.BytesIO(picture), "photo.jpg"), **fields)
    sha = re.findall(r"/files/([0-9a-f]{64})", browser.get(confirm).text)[0]
    mine = browser.get(f"{STEM}/files/{sha}")
    assert mine.mimetype == "image/webp"
    assert b"Secret camera" not in mine.data
    browser.sign_out()
    browser.get(f"{STEM}/files/{sha}", status=404)
    browser.sign_in(resident.id)
    browser.post(confirm, agrees="y")
    browser.sign_out()
    assert browser.get(f"{STEM}/files/{sha}").headers["Content-Security-Policy"].endswith("sandbox")
    assert sha in browser.get(f"{STEM}/proposals/TZ-2028-001").text


def test_a_file_that_is_not_what_it_says_is_refused_and_the_text_is_kept(browser: Browser, resident: Person) -> None:
    browser.sign_in(resident.id)
    need = begin(browser)[:-1] + "3"
    fields = {"title-fr": "Une passerelle", "need-fr": "L’oued", "sector": "roads"}
    answer = browser.post(need, go="next", file=(io.BytesIO(b"<html>virus</html>"), "photo.jpg"), **fields)
    assert answer.status_code == 200
    assert "ce fichier est autre chose" in answer.text
    assert 'value="Une passerelle"' in browser.get(need).text


def test_similar_ones_are_shown_while_writing(browser: Browser, db: Session, round_: Round, resident: Person) -> None:
    make_proposal(db, round_, sector="roads", title=Words(fr="Passerelle du collège"), number="TZ-2028-777")
    db.commit()
    browser.sign_in(resident.id)
    assert "TZ-2028-777" in browser.get(write_all(browser)).text


def test_a_neighbour_supports_once_and_takes_it_back(
    browser: Browser, db: Session, round_: Round, resident: Person
) -> None:
    proposal = make_proposal(db, round_, number="TZ-2028-050")
    db.commit()
    browser.sign_in(resident.id)
    address = f"{STEM}/proposals/TZ-2028-050"
    for _twice in range(2):
        browser.client.get(address)
        token = re.search(r'csrf_token"[^>]*value="([^"]+)"', browser.get(address).text)
        assert token
        browser.client.post(f"{address}/support", data={"csrf_token": token[1]})
    db.refresh(proposal)
    assert proposal.support_count == 1
    db.commit()
    browser.post(f"{address}/take-back", form_at=address)
    db.refresh(proposal)
    assert proposal.support_count == 0


def test_the_page_of_a_proposal_says_where_it_stands_and_falls_back_to_another_language(
    browser: Browser, db: Session, round_: Round
) -> None:
    make_proposal(db, round_, number="TZ-2028-050", title=Words(ar="بئر للدوار"), need=Words(ar="الماء بعيد"))
    db.commit()
    page = browser.get(f"{STEM}/proposals/TZ-2028-050").text
    assert 'lang="ar" dir="rtl"' in page
    assert "n’existe pas encore dans votre langue" in page
    browser.get("/fr/nowhere/proposals/TZ-2028-050", status=404)
    browser.get(f"{STEM}/proposals/TZ-2028-999", status=404)


def test_merged_and_withdrawn_ones_stay_readable_with_their_reason(
    browser: Browser, db: Session, round_: Round
) -> None:
    target = make_proposal(db, round_, number="TZ-2028-060")
    merged = make_proposal(db, round_, number="TZ-2028-061", state=ProposalState.ADMITTED)
    merged.state, merged.merged_into_id = ProposalState.MERGED, target.id
    make_proposal(
        db,
        round_,
        number="TZ-2028-062",
        state=ProposalState.WITHDRAWN,
        withdrawn_because=Words(fr="Le puits est réparé"),
    )
    db.commit()
    assert "TZ-2028-060" in browser.get(f"{STEM}/proposals/TZ-2028-061").text
    assert "TZ-2028-061" in browser.get(f"{STEM}/proposals/TZ-2028-060").text
    assert "Le puits est réparé" in browser.get(f"{STEM}/proposals/TZ-2028-062").text


def test_withdrawing_asks_for_the_reason(browser: Browser, db: Session, round_: Round, resident: Person) -> None:
    make_proposal(db, round_, number="TZ-2028-050", author_id=resident.id)
    db.commit()
    services.recount(db, round_.id, round_.commune_id)
    db.commit()
    browser.sign_in(resident.id)
    address = f"{STEM}/proposals/TZ-2028-050/withdraw"
    assert browser.post(address).status_code == 200
    shown = browser.follow(browser.post(address, **{"because-fr": "Déjà fait"}))
    assert "Déjà fait" in shown.text


def test_a_facilitator_writes_for_somebody_and_prints_a_slip(
    browser: Browser, db: Session, commune: Commune, round_: Round, resident: Person
) -> None:
    facilitator = make_official(db, commune, Role.FACILITATOR)
    db.commit()
    browser.sign_in(facilitator.id)
    address = f"{STEM}/2028/proposals/for-another"
    assert browser.post(address, name="Fadma Ouhssaine").status_code == 200, "without consent"
    where = browser.post(address, name="Fadma Ouhssaine", consents="y").location
    need = browser.post(where, go="next").location
    fields = {"title-fr": "Un puits", "need-fr": "Loin", "sector": "water"}
    benefit = browser.post(need, go="next", **fields).location
    confirm = browser.post(benefit, go="next", women="40").location
    slip = browser.follow(browser.post(confirm, agrees="y")).text
    assert "Fadma O." in slip
    browser.sign_in(resident.id)
    browser.get(address, status=403)


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_every_page_speaks_each_language(
    browser: Browser, db: Session, commune: Commune, round_: Round, resident: Person, lang: str
) -> None:
    make_official(db, commune, Role.FACILITATOR)
    proposal = make_proposal(db, round_, number="TZ-2028-050", author_id=resident.id)
    officer = make_official(db, commune)
    db.commit()
    browser.sign_in(resident.id)
    stem = f"/{lang}/tirsal"
    draft = begin(browser).replace("/fr/", f"/{lang}/")[:-1]
    addresses = [
        "/2028/proposals",
        "/2028/proposals?as=map",
        "/2028/proposals?q=puits&sector=water&order=recent",
        "/2028/proposals?q=nothing",
        "/2028/proposals/new",
        f"/proposals/{proposal.number}",
        f"/proposals/{proposal.number}/receipt",
        f"/proposals/{proposal.number}/withdraw",
        "/proposals/mine",
    ]
    for address in [*(stem + a for a in addresses), *(f"{draft}{step}" for step in range(1, 6))]:
        browser.get(address)
    browser.sign_in(officer.id)
    browser.get(f"{stem}/2028/proposals/import")
    browser.get(f"{stem}/2028/proposals/for-another")
