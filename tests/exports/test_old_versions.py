"""What was frozen stays: the exports of a version come out to the letter, whatever people change afterwards."""

import hashlib
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdp.communes.models import Commune, Locality
from cdp.conduct.checks import plans
from cdp.kernel import clock
from cdp.kernel.clock import now, today
from cdp.kernel.words import Words
from cdp.meetings import services as meetings
from cdp.meetings.models import Meeting
from cdp.meetings.rules import Figure
from cdp.meetings.services import Account, Call, Said
from cdp.meetings.states import Indicator, MeetingKind, PresentBy, SayingKind
from cdp.papers import services as papers
from cdp.papers.reference import calendar
from cdp.people.actor import Actor
from cdp.people.models import Group
from cdp.programme import queries, services
from cdp.programme.models import Partner, PartnerShare
from cdp.programme.rules.votes import Vote
from cdp.proposals.models import Proposal, ProposalPlace
from cdp.review.models import CostEstimate, CostLine
from cdp.review.states import CostKind
from cdp.rounds import queries as rounds
from cdp.rounds.models import Charter, Round
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import Phase, Source, Sureness
from tests.browser_of_pages import Browser
from tests.factories import charter_rules, keep, make_commune, make_locality
from tests.programme.rounds import in_phase_of, make_programming

FILES = ("plan.pdf", "plan.xlsx", "plan.json", "projects.csv", "partners.csv", "places.csv", "not_kept.csv")
OTHER = Words(fr="Tout autre chose", ar="شيء آخر تماما", en="Something else")


def meet(db: Session, officer: Actor, card: RoundCard, said: Words, *, key: str) -> None:
    made = meetings.call(db, officer, card, Call(MeetingKind.WORKSHOP, said, today()), key=key)
    counts = {(PresentBy.SEX, "women"): 18, (PresentBy.SEX, "men"): 12}
    texts = tuple(Said(kind, said) for kind in (SayingKind.NEED, SayingKind.STRENGTH, SayingKind.VISION))
    meetings.write_up(db, officer, card, made, Account(30, counts, texts))


@pytest.fixture
def scene(db: Session) -> Iterator[tuple[Round, Actor]]:
    """A plan adopted with everything a document prints, and its officer, in the days of the council."""
    commune = make_commune(db, slug="tirsal")
    round_, (first, *_rest), officer = make_programming(db, 400_000, 90_000_000, commune=commune)
    place, base = make_locality(db, commune), {"commune_id": commune.id, "proposal_id": first.id}
    keep(db, ProposalPlace(**base, locality_id=place.id))
    keep(db, Partner(commune_id=commune.id, party="INDH", name=Words(fr="Comité INDH", ar="لجنة المبادرة")))
    keep(db, PartnerShare(**base, source=Source.INDH, party="INDH", amount_minor=1, sureness=Sureness.PROMISED))
    card = rounds.card(db, round_)
    meet(db, officer, card, Words(fr="De l’eau l’été", ar="الماء صيفا"), key="before")
    meetings.enter_figure(db, officer, card, Figure(Indicator.SEWER, 700, "Enquête", 2026))
    version = services.draft_plan(db, officer, round_)
    services.submit(db, officer, version)
    with in_phase_of(Phase.COUNCIL):
        services.adopt(db, officer, version, Vote(today(), 10, 2, 1))
        db.commit()
        yield round_, officer


def change_everything(db: Session, round_: Round, officer: Actor) -> None:
    """Each thing a document prints is another one on the next day."""
    with clock.held_at(today() + timedelta(days=1)):
        _change(db, round_, officer)


def _change(db: Session, round_: Round, officer: Actor) -> None:
    commune = db.get_one(Commune, round_.commune_id)
    card = rounds.card(db, round_)
    db.execute(update(Proposal).values(title=OTHER, need=OTHER, upkeep=OTHER, sector="roads", support_count=99))
    db.execute(update(Proposal).values(women=7, men=7, youth=7, households=7, summer_peak=7))
    db.execute(update(Locality).values(name=OTHER, fraction=OTHER, x=1.0, y=1.0))
    db.execute(update(Group).values(name=OTHER))
    db.execute(update(Meeting).values(title=OTHER, place=OTHER, present=3))
    db.execute(update(PartnerShare).values(amount_minor=99, party="Autre"))
    db.execute(update(Partner).values(name=OTHER))
    commune.name, commune.council_size, commune.population_2024 = OTHER, 99, 99
    make_locality(db, commune)
    meet(db, officer, card, OTHER, key="after")
    meetings.enter_figure(db, officer, card, Figure(Indicator.SEWER, 900, "Autre enquête", 2027))
    papers.note_day(db, officer, card, "diagnosis", today(), calendar=calendar())
    for number in db.scalars(select(Proposal.id)).all():
        _estimate(db, round_, number, officer)
    made = {"commune_id": commune.id, "round_id": round_.id, "made_by_id": officer.known(), "made_at": now()}
    rules = charter_rules(envelopes=card.charter.envelopes[:1], sectors=card.charter.sectors[:1])
    keep(db, Charter(**made, version=2, rules=rules.plain(), reason="Autre charte"))
    commune.revision += 1
    db.commit()


def _estimate(db: Session, round_: Round, proposal_id: int, officer: Actor) -> None:
    base = {"commune_id": round_.commune_id}
    made = keep(
        db,
        CostEstimate(
            **base,
            proposal_id=proposal_id,
            version=9,
            price_year=2030,
            total_minor=1_000,
            estimated_by_id=officer.known(),
            capacity="officer",
            estimated_at=now(),
        ),
    )
    line = {"position": 0, "kind": CostKind.WORKS, "label": OTHER, "quantity_milli": 1000, "unit": "u"}
    keep(db, CostLine(**base, estimate_id=made.id, price_minor=1_000, **line))


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_old_exports_come_out_to_the_letter_whatever_was_changed_since(
    db: Session, browser: Browser, scene: tuple[Round, Actor], language: str
) -> None:
    def all_files() -> dict[str, bytes]:
        return {name: browser.get(f"/{language}/tirsal/2028/plan/1/{name}").data for name in FILES}

    before = all_files()
    change_everything(db, *scene)
    with clock.held_at(today() + timedelta(days=9)):
        after = all_files()
    assert [name for name in FILES if before[name] != after[name]] == []
    assert OTHER["fr"].encode() not in after["plan.json"]


def test_the_plans_page_of_an_old_version_keeps_its_words_too(
    db: Session, browser: Browser, scene: tuple[Round, Actor]
) -> None:
    change_everything(db, *scene)
    page = browser.get("/en/tirsal/2028/plan/?version=1").text
    table = page[page.index("<tbody") : page.index("</tbody>")]
    assert "TIR-" in table or "/proposals/" in table
    assert "Something else" not in table


def test_the_frozen_file_gives_the_hash_that_the_document_prints(
    db: Session, browser: Browser, scene: tuple[Round, Actor]
) -> None:
    change_everything(db, *scene)
    (row,) = queries.versions(db, scene[0].id)
    file = browser.get("/fr/tirsal/2028/plan/1/frozen.json").data
    assert hashlib.sha256(file).hexdigest() == row.data_hash
    assert list(plans(db)) == []
    assert b"chaired" not in file


def test_a_draft_shows_what_is_said_today(db: Session, browser: Browser) -> None:
    commune = make_commune(db, slug="tirsal")
    round_, _, officer = make_programming(db, 400_000, commune=commune)
    services.draft_plan(db, officer, round_)
    db.execute(update(Proposal).values(title=OTHER))
    db.commit()
    browser.sign_in(officer.known())
    assert OTHER["fr"] in browser.get("/fr/tirsal/2028/plan/1/plan.json").text
    browser.get("/fr/tirsal/2028/plan/1/frozen.json", status=404)


def test_a_partner_is_printed_in_the_reader_s_language_and_in_its_own_in_records_of_before(
    db: Session, browser: Browser, scene: tuple[Round, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    arabic, french = (f"/{language}/tirsal/2028/plan/1/partners.csv" for language in ("ar", "fr"))
    assert "لجنة المبادرة" in browser.get(arabic).text
    assert "Comité INDH" in browser.get(french).text
    known = queries.record

    def of_before(*given: Any) -> Any:
        record = deepcopy(known(*given))
        for asked in record["proposals"].values():
            for share in asked["shares"]:
                del share["name"]
        return record

    monkeypatch.setattr(queries, "record", of_before)
    assert ",INDH," in browser.get(arabic).text
