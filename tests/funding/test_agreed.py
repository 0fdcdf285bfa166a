"""Institutions agree in principle, on a condition; theirs and people's are solved together, until they sign."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import PartnerPromise
from cdp.funding.queries.conditions import agreed_with, conditions
from cdp.funding.rules.terms import Term
from cdp.funding.services import agreed, promises, treasury
from cdp.funding.services.agreed import NO_TERM, InPrinciple
from cdp.funding.services.treasury import Signed
from cdp.funding.states import ConditionKind, TermKind
from cdp.jobs.books import prove
from cdp.kernel.clock import held_at, today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.people.actor import CLOCK
from cdp.rounds.states import Source
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_group, make_locality, make_person
from tests.funding.money_scene import Scene, join, make_scene, pledged, promise

SIGNS = Term(ConditionKind.COMMUNE_SIGNS)


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


def province(term: Term = SIGNS, amount: int = 9_000_000, **over: Any) -> InPrinciple:
    given = {"source": Source.PROVINCE, "party": "Conseil provincial", "words": "Letter 12"} | over
    return InPrinciple(amount_minor=amount, term=term, **given)


def agree(db: Session, scene: Scene, given: InPrinciple, key: str = "a") -> PartnerPromise:
    return agreed.agree(db, scene.treasurer, scene.project, given, key=key)


def standing(db: Session, scene: Scene) -> dict[str, bool]:
    return {said.source: said.holds for said in agreed_with(db, scene.project.id, today())}


def test_a_province_waits_for_the_commune_and_both_are_shown_as_promised(db: Session, scene: Scene) -> None:
    agree(db, scene, province())
    assert standing(db, scene) == {"province": False}
    assert queries.money_sheet(db, scene.project, today()).pledged == Money(9_000_000)
    treasury.sign(db, scene.treasurer, scene.project, Signed(Source.OWN, "", 100, today(), "DEL 4"), key="s")
    assert standing(db, scene) == {"province": True}
    assert prove(db, scene.commune.id, today()).broken == ()


def test_an_institution_and_a_person_who_wait_for_each_other_hold_together(db: Session, scene: Scene) -> None:
    whole = Term(TermKind.TOTAL_REACHED, at_least=1_000_000)
    word = agree(db, scene, province(whole, 900_000, source=Source.OWN, party=""))
    assert standing(db, scene) == {"own": False}
    made = pledged(db, scene, unit="MAD", amount=100_000, condition=ConditionKind.COMMUNE_SIGNS)
    held = conditions(db, scene.project.id, today())
    assert held.fires == {made.id: 100_000, -word.id: 900_000}
    assert prove(db, scene.commune.id, today()).broken == ()


def test_an_institution_waits_for_as_many_people_as_it_says_and_is_none_of_them(db: Session, scene: Scene) -> None:
    agree(db, scene, province(Term(ConditionKind.OTHERS_JOIN, 2)))
    pledged(db, scene, unit="MAD", amount=100_000)
    (said,) = agreed_with(db, scene.project.id, today())
    assert (said.holds, said.lacks) == (False, 1)
    second = make_person(db)
    join(db, scene.project, second)
    promises.pledge(db, actor_of(db, second), scene.project, promise(1_000, "MAD"), key="second")
    assert standing(db, scene) == {"province": True}
    assert prove(db, scene.commune.id, today()).broken == ()


def test_an_institution_is_no_person_where_people_are_counted(db: Session, scene: Scene) -> None:
    agree(db, scene, province(Term(ConditionKind.OTHERS_JOIN, 1)))
    pledged(db, scene, unit="MAD", amount=100_000, condition=ConditionKind.OTHERS_JOIN, condition_count=1)
    assert conditions(db, scene.project.id, today()).fires == {}


def test_a_region_gives_one_for_two_of_a_club_and_waits_for_a_village_like_people_do(db: Session, scene: Scene) -> None:
    club, village = make_group(db, scene.commune), make_locality(db, scene.commune)
    word = agree(db, scene, province(Term(TermKind.CLUB_GIVES, give=1, each=2, group_id=club.id), 60_000))
    waits = Term(TermKind.VILLAGE_JOINS, 1, locality_id=village.id)
    agree(db, scene, province(waits, 10_000, source=Source.REGION, party=""), key="b")
    made = pledged(db, scene, unit="MAD", amount=100_000)
    assert conditions(db, scene.project.id, today()).fires == {made.id: 100_000}
    made.group_id = club.id
    club.locality_id = village.id
    db.flush()
    held = conditions(db, scene.project.id, today())
    assert held.fires[-word.id] == 50_000
    assert standing(db, scene) == {"province": True, "region": True}
    assert prove(db, scene.commune.id, today()).of("L7") == []


def test_places_and_groups_of_elsewhere_are_no_condition(db: Session, scene: Scene) -> None:
    for term in (Term(TermKind.VILLAGE_JOINS, 2, locality_id=9**9), Term(TermKind.CLUB_GIVES, None, 1, 2, 9**9)):
        with pytest.raises(NotFound):
            agree(db, scene, province(term))


def test_the_word_of_an_institution_ends_with_its_last_day(db: Session, scene: Scene) -> None:
    agree(db, scene, province(NO_TERM, until=today()))
    assert agreed.end_past(db, CLOCK, today()) == 0
    with held_at(today() + timedelta(days=1)):
        assert agreed_with(db, scene.project.id, today()) == []
        assert agreed.end_past(db, CLOCK, today()) == 1
        assert agreed.end_past(db, CLOCK, today()) == 0
        assert queries.money_sheet(db, scene.project, today()).pledged == Money(0)
        assert prove(db, scene.commune.id, today()).broken == ()
        agree(db, scene, province(), key="again")


def test_a_signature_ends_what_was_agreed_and_so_does_taking_back(db: Session, scene: Scene) -> None:
    agree(db, scene, province())
    signed = Signed(Source.PROVINCE, "Conseil provincial", 8_000_000, today(), "CONV-1")
    treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
    sheet = queries.money_sheet(db, scene.project, today())
    assert (sheet.pledged, sheet.committed) == (Money(0), Money(8_000_000))
    again = agree(db, scene, province(amount=500_000), key="b")
    agreed.take_back(db, scene.treasurer, again, "The budget fell")
    with pytest.raises(RuleBroken, match="nothing_to_withdraw"):
        agreed.take_back(db, scene.treasurer, again, "The budget fell")
    assert standing(db, scene) == {}
    assert prove(db, scene.commune.id, today()).broken == ()


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (province(amount=0), "amount_not_positive"),
        (province(words=" "), "paper_of_agreement_missing"),
        (province(Term(TermKind.VILLAGE_JOINS, 2)), "place_of_condition_missing"),
        (province(Term(TermKind.CLUB_GIVES, give=1, each=2)), "club_of_condition_missing"),
        (province(until=date(2027, 4, 11)), "until_in_the_past"),
        (province(Term(TermKind.TOTAL_REACHED)), "total_of_condition_missing"),
        (province(source=Source.OWN), "commune_waits_for_itself"),
    ],
)
def test_what_makes_no_sense_is_refused(db: Session, scene: Scene, given: InPrinciple, key: str) -> None:
    with pytest.raises(RuleBroken, match=key):
        agree(db, scene, given)


def test_twice_is_once_one_is_open_on_a_line_and_only_the_treasurer_enters(db: Session, scene: Scene) -> None:
    first = agree(db, scene, province())
    assert agree(db, scene, province()).id == first.id
    with pytest.raises(Conflict):
        agree(db, scene, province(amount=5))
    with pytest.raises(RuleBroken, match="agreed_before"):
        agree(db, scene, province(), key="b")
    for act in _acts(db, scene, first):
        with pytest.raises(Refused):
            act()


def _acts(db: Session, scene: Scene, made: PartnerPromise) -> list[Callable[[], Any]]:
    others = (scene.officer, scene.member, scene.president)
    return [
        *(lambda who=who: agreed.agree(db, who, scene.project, province(), key="c") for who in others),
        *(lambda who=who: agreed.take_back(db, who, made, "x") for who in others),
    ]


LANGUAGES = {"fr": "Accords de principe", "ar": "موافقات مبدئية", "en": "Agreed in principle"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_reads_what_an_institution_agreed_to_and_on_which_condition(
    browser: Browser, db: Session, scene: Scene, language: str
) -> None:
    db.commit()
    browser.sign_in(scene.treasurer.known())
    number = scene.project.number
    form = {"source": "province", "party": "Conseil provincial", "amount": "90 000", "condition": "commune_signs"}
    browser.follow(browser.post(f"/{language}/tirsal/treasury/projects/{number}/agreed", **form, words="Lettre 12"))
    page = browser.get(f"/{language}/tirsal/treasury/projects/{number}").text
    assert "Conseil provincial" in page
    browser.sign_out()
    page = browser.get(f"/{language}/tirsal/projects/{number}").text
    assert LANGUAGES[language] in page
    assert "Conseil provincial" in page
    browser.sign_in(scene.treasurer.known())
    made = agreed_with(db, scene.project.id, today())[0]
    address = f"/{language}/tirsal/treasury/agreed/{-made.pledge}"
    db.rollback()
    browser.follow(browser.post(address, reason="Budget"))
    assert agreed_with(db, scene.project.id, today()) == []
