from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.conduct import data_wishes, own_data
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken
from cdp.notices.models import Notice
from cdp.people.actor import NOBODY
from cdp.people.models import DataRequest, Mandate, Person, SignInCard
from cdp.people.rules import PersonDraft, Profile
from cdp.people.services import cards, data_requests, mandates, persons
from cdp.people.services.mandates import Term
from cdp.people.states import DataRequestKind, Role, ShownAs, Tie
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from tests.factories import (
    actor_of,
    make_commune,
    make_group,
    make_locality,
    make_official,
    make_person,
    make_proposal,
    make_resident,
    make_round,
)

FATIMA = PersonDraft("Fatima  Aït", "ar", None)


def test_a_person_is_entered_once_with_consent_noted(db: Session) -> None:
    commune = make_commune(db)
    actor = actor_of(db, make_official(db, commune, Role.FACILITATOR))
    person = persons.enter(db, actor, commune.id, FATIMA, key="k")
    assert (person.name, person.email, person.consent_noted_at) == ("Fatima Aït", None, clock.now())
    assert persons.enter(db, actor, commune.id, FATIMA, key="k").id == person.id
    with pytest.raises(Conflict):
        persons.enter(db, actor, commune.id, PersonDraft("Another", "ar", None), key="k")


def test_only_who_meets_people_here_enters_them(db: Session) -> None:
    commune, other = make_commune(db), make_commune(db)
    for actor in (
        NOBODY,
        actor_of(db, make_resident(db, commune)),
        actor_of(db, make_official(db, other, Role.FACILITATOR)),
        actor_of(db, make_official(db, commune, Role.PANEL)),
    ):
        with pytest.raises(Refused):
            persons.enter(db, actor, commune.id, FATIMA, key="k")
    draft, officer = PersonDraft("Fatima", "ar", make_locality(db, other).id), actor_of(db, make_official(db, commune))
    with pytest.raises(NotFound):
        persons.enter(db, officer, commune.id, draft, key="k")


def test_a_card_opens_until_it_is_revoked_and_a_new_one_revokes_the_old(db: Session) -> None:
    commune = make_commune(db)
    actor = actor_of(db, make_official(db, commune, Role.FACILITATOR))
    person = make_resident(db, commune, email=None)
    first = cards.print_card(db, actor, commune.id, person.id)
    assert cards.open_with(db, first.lower()[:5] + "-" + first[5:]).id == person.id
    second = cards.print_card(db, actor, commune.id, person.id)
    assert cards.open_with(db, first) is None
    assert cards.open_with(db, second).id == person.id
    cards.revoke(db, actor, commune.id, person.id)
    assert cards.open_with(db, second) is None
    assert not db.scalar(select(SignInCard).where(SignInCard.code_hash.in_([first, second])))


def test_a_code_that_cannot_be_one_opens_nothing(db: Session) -> None:
    for code in ("", "x", "AAAAA-AAAAA-AAAAA", "%" * 500):
        assert cards.open_with(db, code) is None


def test_no_card_for_who_has_an_email_a_mandate_or_lives_elsewhere(db: Session) -> None:
    commune, other = make_commune(db), make_commune(db)
    facilitator = make_official(db, commune, Role.FACILITATOR)
    actor = actor_of(db, facilitator)
    with pytest.raises(RuleBroken, match="without_email"):
        cards.print_card(db, actor, commune.id, make_resident(db, commune).id)
    with pytest.raises(NotFound):
        cards.print_card(db, actor, commune.id, make_resident(db, other, email=None).id)
    panel = make_resident(db, commune, email=None)
    boss = actor_of(db, make_official(db, commune))
    mandates.give(db, boss, commune.id, person_id=panel.id, term=Term(Role.PANEL, today()))
    with pytest.raises(RuleBroken, match="no_card_for_mandate"):
        cards.print_card(db, actor, commune.id, panel.id)
    person = make_resident(db, commune, email=None)
    for who in (make_resident(db, commune), make_official(db, other)):
        with pytest.raises(Refused):
            cards.print_card(db, actor_of(db, who), commune.id, person.id)
        with pytest.raises(Refused):
            cards.revoke(db, actor_of(db, who), commune.id, person.id)


def test_a_mandate_holds_from_its_first_day_to_its_last(db: Session) -> None:
    commune, person = make_commune(db), make_person(db)
    boss = actor_of(db, make_official(db, commune))
    term = Term(Role.TREASURER, today(), today() + timedelta(days=10))
    mandates.give(db, boss, commune.id, person_id=person.id, term=term)
    for days, holds in ((-1, False), (0, True), (10, True), (11, False)):
        with clock.held_at(today() + timedelta(days=days)):
            assert actor_of(db, person).holds(commune.id, Role.TREASURER) is holds


def test_a_mandate_is_given_by_the_office_to_somebody_else_once(db: Session) -> None:
    commune, other = make_commune(db), make_commune(db)
    officer = make_official(db, commune)
    term = Term(Role.PANEL, today())
    with pytest.raises(RuleBroken, match="not_to_oneself"):
        mandates.give(db, actor_of(db, officer), commune.id, person_id=officer.id, term=term)
    person = make_person(db)
    for who in (person, make_official(db, other), make_official(db, commune, Role.FACILITATOR)):
        with pytest.raises(Refused):
            mandates.give(db, actor_of(db, who), commune.id, person_id=person.id, term=term)
    mandates.give(db, actor_of(db, officer), commune.id, person_id=person.id, term=term)
    with pytest.raises(RuleBroken, match="mandate_holds"):
        mandates.give(db, actor_of(db, officer), commune.id, person_id=person.id, term=term)


def test_the_last_officer_cannot_leave_the_desk_empty(db: Session) -> None:
    commune = make_commune(db)
    officer = make_official(db, commune)
    actor = actor_of(db, officer)
    mandate = db.scalars(select(Mandate).where(Mandate.person_id == officer.id)).one()
    with pytest.raises(RuleBroken, match="last_officer"):
        mandates.end(db, actor, mandate, last_day=today())
    mandates.give(db, actor, commune.id, person_id=make_person(db).id, term=Term(Role.OFFICER, today()))
    mandates.end(db, actor, mandate, last_day=today())
    with clock.held_at(today() + timedelta(days=1)):
        assert not actor_of(db, officer).mandates
        with pytest.raises(Refused):
            mandates.end(db, actor_of(db, officer), mandate, last_day=today())


def test_ties_are_plural_dated_and_ones_own(db: Session) -> None:
    commune, other = make_commune(db), make_commune(db)
    person = make_person(db)
    actor = actor_of(db, person)
    lives = persons.tie(db, actor, commune.id, kind=Tie.LIVES, locality_id=None, since=today())
    persons.tie(db, actor, other.id, kind=Tie.ROOTS, locality_id=None, since=today())
    assert persons.tie(db, actor, commune.id, kind=Tie.LIVES, locality_id=None, since=today()).id == lives.id
    assert actor_of(db, person).ties == {(commune.id, Tie.LIVES), (other.id, Tie.ROOTS)}
    with pytest.raises(RuleBroken, match="since_in_future"):
        persons.tie(db, actor, commune.id, kind=Tie.CARES, locality_id=None, since=today() + timedelta(days=1))
    with pytest.raises(NotFound):
        persons.untie(db, actor_of(db, make_person(db)), lives.id)
    with clock.held_at(today() + timedelta(days=30)):
        persons.untie(db, actor_of(db, person), lives.id)
        assert actor_of(db, person).ties == {(other.id, Tie.ROOTS)}


def test_what_one_says_of_oneself_is_ones_own(db: Session) -> None:
    person = make_person(db)
    profile = Profile("New  Name", "", ShownAs.ANONYMOUS, "en", "Lyon", wants_news=True)
    persons.describe(db, actor_of(db, person), profile)
    assert (person.name, person.language, person.wants_news) == ("New Name", "en", True)
    with pytest.raises(Refused):
        persons.describe(db, NOBODY, profile)
    with pytest.raises(RuleBroken):
        persons.describe(db, actor_of(db, person), Profile(" ", "", ShownAs.FULL, "en", "", wants_news=False))


def wish(db: Session, commune, person: Person, kind: DataRequestKind = DataRequestKind.ERASE) -> DataRequest:
    return data_requests.ask(db, actor_of(db, person), commune.id, kind=kind, text="my name is wrong")


def test_a_wish_about_data_is_due_in_ten_full_days_and_asked_once(db: Session) -> None:
    commune = make_commune(db)
    person = make_resident(db, commune)
    asked = wish(db, commune, person, DataRequestKind.CORRECT)
    assert asked.due_on == today() + timedelta(days=10)
    assert wish(db, commune, person, DataRequestKind.CORRECT).id == asked.id
    with pytest.raises(Refused):
        data_requests.ask(db, NOBODY, commune.id, kind=DataRequestKind.ERASE, text="")
    with pytest.raises(RuleBroken):
        data_requests.ask(db, actor_of(db, person), commune.id, kind=DataRequestKind.CORRECT, text=" ")


def test_the_office_answers_once_and_the_person_is_told(db: Session) -> None:
    commune, other = make_commune(db), make_commune(db)
    person = make_resident(db, commune)
    asked = wish(db, commune, person, DataRequestKind.CORRECT)
    for who in (person, make_official(db, other), make_official(db, commune, Role.FACILITATOR)):
        with pytest.raises(Refused):
            data_wishes.answer(db, actor_of(db, who), asked, text="done")
    officer = actor_of(db, make_official(db, commune))
    with pytest.raises(RuleBroken):
        data_wishes.answer(db, officer, asked, text=" ")
    data_wishes.answer(db, officer, asked, text="Corrected.")
    assert db.scalar(select(Notice.kind).where(Notice.person_id == person.id)) == "data_answered"
    with pytest.raises(RuleBroken, match="answered_before"):
        data_wishes.answer(db, officer, asked, text="again")


def test_an_erased_person_leaves_what_they_did_and_nothing_that_names_them(db: Session) -> None:
    commune = make_commune(db)
    round_ = make_round(db, commune)
    person = make_resident(db, commune, name="Zineb Amrani", city="Lyon", phone="+33600000000")
    make_group(db, commune, person, make_resident(db, commune))
    make_proposal(db, round_, author_id=person.id)
    make_proposal(db, round_, author_id=person.id, state=ProposalState.DRAFT)
    asked = wish(db, commune, person)
    data_wishes.erase(db, actor_of(db, make_official(db, commune)), asked)
    db.expire_all()
    emptied = db.get(Person, person.id)
    assert (emptied.name, emptied.email, emptied.city, emptied.phone, emptied.active) == ("", None, "", "", False)
    states = db.scalars(select(Proposal.state).where(Proposal.author_id == person.id)).all()
    assert states == [ProposalState.SUBMITTED]
    held = str(own_data.everything(db, person.id))
    assert "Zineb" not in held
    assert "Lyon" not in held
    actor = actor_of(db, emptied)
    assert (actor.groups, actor.ties, actor.mandates) == (frozenset(), frozenset(), frozenset())


def test_erasing_is_refused_for_others_and_while_a_mandate_holds(db: Session) -> None:
    commune, other = make_commune(db), make_commune(db)
    officer = actor_of(db, make_official(db, commune))
    holder = make_official(db, commune, Role.TREASURER)
    with pytest.raises(RuleBroken, match="erase_after_mandate"):
        data_wishes.erase(db, officer, wish(db, commune, holder))
    person = make_resident(db, commune)
    with pytest.raises(RuleBroken, match="not_an_erasure"):
        data_wishes.erase(db, officer, wish(db, commune, person, DataRequestKind.CORRECT))
    asked = wish(db, commune, person)
    for who in (person, make_official(db, other), make_official(db, commune, Role.FACILITATOR)):
        with pytest.raises(Refused):
            data_wishes.erase(db, actor_of(db, who), asked)
    assert person.name


def test_what_is_held_comes_without_secrets_and_without_others(db: Session) -> None:
    commune = make_commune(db)
    officer = make_official(db, commune, password="the hash", tf_totp_secret="the secret")
    person = make_resident(db, commune, name="Somebody Else")
    data_wishes.answer(db, actor_of(db, officer), wish(db, commune, person, DataRequestKind.CORRECT), text="done")
    held = own_data.everything(db, officer.id)
    assert held["held_about_you"]["person"][0]["name"] == officer.name
    assert held["held_about_you"]["mandate"][0]["role"] == "officer"
    assert held["acts_for_others"]["data_request.answered_by_id"] == 1
    for word in ("the hash", "the secret", "Somebody Else", officer.fs_uniquifier):
        assert word not in str(held)
