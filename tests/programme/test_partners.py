"""A partner is one, whatever language its name is typed in; named once, it is read in the reader's language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.conduct.checks import plans
from cdp.funding.queries import shares as held
from cdp.funding.rules.match_funding import MatchRule, Sponsor
from cdp.funding.services import shares as rules_of_projects
from cdp.funding.services import treasury
from cdp.funding.services.treasury import Signed
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Refused, RuleBroken
from cdp.kernel.words import Words
from cdp.programme import queries, services
from cdp.programme.models import Partner, PartnerShare
from cdp.programme.rules.partners import LONGEST, Names, meant, name_problem, written
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.rounds.states import Source
from cdp.store.engine import Store
from cdp.store.migrations import downgrade, upgrade
from tests.factories import actor_of, make_commune, make_official
from tests.funding.money_scene import make_scene
from tests.programme.plans import indh
from tests.programme.rounds import make_programming

COUNCIL = Words(fr="Conseil provincial", ar="المجلس الإقليمي", en="Provincial council")
KNOWN = Names({"Conseil provincial": COUNCIL, "ONG Eau": Words(fr="ONG Eau", ar="منظمة الماء")})


TYPED = ("Conseil provincial", "conseil  PROVINCIAL ", "المجلس الاقليمي", "provincial council")


@pytest.mark.parametrize("typed", TYPED)
def test_a_name_in_any_language_means_the_same_partner(typed: str) -> None:
    assert meant(typed, KNOWN) == "Conseil provincial"


@pytest.mark.parametrize(("typed", "party"), [("", ""), ("  ", ""), (" Agence  de l’eau ", "Agence de l’eau")])
def test_a_name_nobody_bears_is_kept_as_it_was_typed(typed: str, party: str) -> None:
    assert meant(typed, KNOWN) == party


@given(st.text(max_size=2 * LONGEST))
def test_meaning_a_partner_twice_means_the_same_one_and_fits_its_column(typed: str) -> None:
    party = meant(typed, KNOWN)
    assert meant(party, KNOWN) == party
    assert len(party) <= LONGEST


@pytest.mark.parametrize(("party", "language"), [("وكالة الحوض المائي", "ar"), ("Agence", "fr"), ("مجلس INDH", "ar")])
def test_a_name_nobody_translated_is_of_the_language_of_its_letters(party: str, language: str) -> None:
    assert written(party) == Words({language: party})
    assert KNOWN[party] == Words({language: party})


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (Words(), "partner_without_name"),
        (Words(fr="x" * (LONGEST + 1)), "partner_name_long"),
        (Words(fr="Conseil", en="ONG  eau"), "partner_name_taken"),
    ],
)
def test_a_name_that_says_nothing_or_means_another_partner_is_refused(name: Words, why: str) -> None:
    problem = name_problem("Conseil provincial", name, KNOWN)
    assert problem is not None
    assert problem.key == f"programme.{why}"
    assert name_problem("Conseil provincial", COUNCIL, KNOWN) is None


def test_a_partner_named_in_arabic_is_the_same_in_shares_agreements_and_sponsors_rules(db: Session) -> None:
    scene = make_scene(db)
    signed = Signed(Source.PROVINCE, "Conseil provincial", 90_000_00, today(), "C-1")
    line = treasury.sign(db, scene.treasurer, scene.project, signed, key="one").line_id
    services.name_partner(db, scene.treasurer, scene.commune, "Conseil provincial", COUNCIL)
    again = Signed(Source.PROVINCE, " المجلس الإقليمي", 10_000_00, today(), "C-2")
    assert treasury.sign(db, scene.treasurer, scene.project, again, key="two").line_id == line
    sponsor = Sponsor("province", "provincial council", MatchRule(1, 1, 5_000_00))
    rules_of_projects.choose_match(
        db, scene.treasurer, scene.project, sponsor, since=today(), reason="Convention", key="m"
    )
    (row,) = [each for each in held.held(db, scene.project.id) if each.kind == "match"]
    assert held.sponsor_of(row.data).party == "Conseil provincial"
    assert db.scalar(select(func.count()).select_from(Partner)) == 1


def recorded(db: Session, round_: Round) -> list[dict[str, object]]:
    """The shares of a round's newest version as its record keeps them."""
    card = rounds.card(db, round_)
    found = queries.record(db, card, queries.versions(db, round_.id)[0].id)["proposals"].values()
    return [share for asked in found for share in asked["shares"]]


def test_the_same_partner_twice_under_two_names_is_refused_and_its_names_stand_in_the_record(db: Session) -> None:
    round_, (first, *_), officer = make_programming(db, 900_000)
    commune = db.get_one(Commune, round_.commune_id)
    services.draft_plan(db, officer, round_)
    services.set_shares(db, officer, first, [indh(100, party="Comité provincial")])
    assert db.scalars(select(Partner.name)).one() == Words(fr="Comité provincial")
    name = Words(fr="Comité provincial", ar="اللجنة الإقليمية")
    services.name_partner(db, officer, commune, "Comité provincial", name)
    both = [indh(100, party="اللجنة الإقليمية"), indh(200, party="comite provincial")]
    with pytest.raises(RuleBroken, match=r"share_twice$"):
        services.set_shares(db, officer, first, both)
    services.set_shares(db, officer, first, both[:1])
    assert db.scalars(select(PartnerShare.party)).all() == ["Comité provincial"]
    assert [share["name"] for share in recorded(db, round_)] == [dict(name)]


def test_what_was_frozen_keeps_the_names_it_had(db: Session) -> None:
    round_, (first, *_), officer = make_programming(db, 900_000)
    services.set_shares(db, officer, first, [indh(100, party="Comité provincial")])
    version = services.draft_plan(db, officer, round_)
    services.submit(db, officer, version)
    commune = db.get_one(Commune, round_.commune_id)
    services.name_partner(db, officer, commune, "Comité provincial", Words(ar="اللجنة الإقليمية"))
    assert [share["name"] for share in recorded(db, round_)] == [{"fr": "Comité provincial"}]
    assert list(plans(db)) == []


def test_only_the_treasury_names_the_partners_of_its_own_commune(db: Session) -> None:
    scene, other = make_scene(db), make_commune(db, slug="ayt-nowhere")
    services.party_of(db, scene.commune.id, "Agence")
    for actor in (scene.member, scene.president, actor_of(db, make_official(db, other))):
        with pytest.raises(Refused):
            services.name_partner(db, actor, scene.commune, "Agence", Words(en="Agency"))
    services.party_of(db, other.id, "Elsewhere")
    with pytest.raises(NotFound):
        services.name_partner(db, scene.officer, scene.commune, "Elsewhere", Words(en="Agency"))
    with pytest.raises(RuleBroken, match=r"partner_without_name$"):
        services.name_partner(db, scene.officer, scene.commune, "Agence", Words())
    assert queries.partner_names(db, scene.commune.id) == {"Agence": Words(fr="Agence")}


def test_names_of_before_go_to_the_language_of_their_letters_and_stay_when_the_table_goes(
    db: Session, store: Store
) -> None:
    _, (first, *_), officer = make_programming(db, 900_000)
    services.set_shares(db, officer, first, [indh(1, party="Comité"), indh(2, party="اللجنة"), indh(3)])
    db.commit()
    db.close()
    downgrade(store.engine, "0018")
    upgrade(store.engine)
    assert sorted(db.scalars(select(PartnerShare.party))) == ["", "Comité", "اللجنة"]
    assert {dict(name).popitem() for name in db.scalars(select(Partner.name))} == {("fr", "Comité"), ("ar", "اللجنة")}
