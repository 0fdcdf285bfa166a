"""Conditions of several words, instalments, changes: kept with the promise, solved together, worked out each day."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import Instalment, LedgerEntry
from cdp.funding.queries.cards import promises_of
from cdp.funding.queries.conditions import conditions, in_public
from cdp.funding.rules.promises import regular
from cdp.funding.rules.terms import Given, Term, outcome, question, slowly, term_problem
from cdp.funding.services import changing, payees, promises, treasury
from cdp.funding.services.payees import Calling
from cdp.funding.services.treasury import Payment, Signed
from cdp.funding.states import ConditionKind, PledgeStatus, TermKind
from cdp.jobs.books import prove
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Refused, RuleBroken
from cdp.people.models import Belonging
from cdp.people.states import Tie
from cdp.rounds.states import Source
from tests.factories import actor_of, keep, make_commune, make_group, make_locality, make_person, make_resident
from tests.funding.money_scene import UNTIL, Scene, join, make_scene, pledged, promise
from tests.funding.test_statement_services import account


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


def status_of(db: Session, pledge: Any) -> PledgeStatus:
    return next(card.status for card in promises_of(db, today(), pledge.person_id) if card.id == pledge.id)


def call(db: Session, scene: Scene, pledge: Any, key: str = "c") -> Any:
    payee = payees.enter_account(db, scene.treasurer, scene.commune, account(), key="a")
    found = queries.find_pledge(db, scene.commune.id, pledge.id)
    return payees.call(db, scene.treasurer, found, Calling(payee, date(2027, 6, 1)), key=key)


def test_a_promise_waits_until_the_commune_signs_and_is_not_called_before(db: Session, scene: Scene) -> None:
    made = pledged(db, scene, unit="MAD", condition=ConditionKind.COMMUNE_SIGNS)
    assert status_of(db, made) is PledgeStatus.WAITING
    with pytest.raises(RuleBroken, match="condition_not_met"):
        call(db, scene, made)
    signed = Signed(Source.OWN, "", 1_000_000, date(2027, 3, 3), "DEL 4")
    treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
    assert status_of(db, made) is PledgeStatus.PROMISED
    call(db, scene, made)
    assert status_of(db, made) is PledgeStatus.CALLED
    assert prove(db, scene.commune.id, today()).broken == ()


def test_ten_of_a_village_are_people_with_a_tie_to_it_each_counted_once(db: Session, scene: Scene) -> None:
    place = make_locality(db, scene.commune)
    term = Term(TermKind.VILLAGE_JOINS, at_least=2, locality_id=place.id)
    first = pledged(db, scene, "1", unit="MAD", term=term)
    assert (status_of(db, first), conditions(db, scene.project.id, today()).stated[first.id].lacks) == (
        PledgeStatus.WAITING,
        2,
    )
    for who in (scene.person, make_person(db, name="Idir")):
        tie = Belonging(commune_id=scene.commune.id, person_id=who.id, locality_id=place.id, tie=Tie.ROOTS)
        tie.since = date(2026, 1, 1)
        keep(db, tie)
    pledged(db, scene, "again", unit="H", amount=600)
    assert status_of(db, first) is PledgeStatus.WAITING
    other = db.get_one(type(scene.person), tie.person_id)
    join(db, scene.project, other)
    promises.pledge(db, actor_of(db, other), scene.project, promise(600, "H", term=term), key="2")
    assert status_of(db, first) is PledgeStatus.PROMISED


def test_one_for_each_two_of_the_club_is_called_as_far_as_the_club_has_given_its_word(
    db: Session, scene: Scene
) -> None:
    speaker = make_person(db, name="Fadma")
    club = make_group(db, scene.commune, speaker, make_resident(db, scene.commune))
    giver = pledged(
        db, scene, unit="MAD", amount=30_000, term=Term(TermKind.CLUB_GIVES, give=1, each=2, group_id=club.id)
    )
    assert status_of(db, giver) is PledgeStatus.WAITING
    word = promise(20_000, "MAD", group_id=club.id)
    promises.pledge(db, actor_of(db, speaker), scene.project, word, key="club")
    assert call(db, scene, giver).amount_minor == 10_000
    with pytest.raises(RuleBroken, match=r"condition_not_met|nothing_to_call"):
        call(db, scene, giver, key="c2")
    promises.pledge(db, actor_of(db, speaker), scene.project, promise(70_000, "MAD", group_id=club.id), key="club 2")
    assert call(db, scene, giver, key="c3").amount_minor == 20_000
    assert prove(db, scene.commune.id, today()).broken == ()


def test_two_who_wait_for_the_same_total_hold_together_and_the_public_reads_no_names(db: Session, scene: Scene) -> None:
    term = Term(TermKind.TOTAL_REACHED, at_least=100_000)
    pledged(db, scene, "1", unit="MAD", amount=60_000, term=term)
    ((said, count),) = in_public(db, scene.project.id, today())
    assert (said.kind, said.holds, said.lacks, count) == (TermKind.TOTAL_REACHED, False, 100_000, 1)
    pledged(db, scene, "2", unit="MAD", amount=40_000, term=term)
    ((said, count),) = in_public(db, scene.project.id, today())
    assert (said.holds, count) == (True, 2)


def test_a_condition_names_places_and_groups_of_the_same_commune_alone(db: Session, scene: Scene) -> None:
    elsewhere = make_commune(db, slug="elsewhere")
    place, club = make_locality(db, elsewhere), make_group(db, elsewhere, make_person(db))
    for term in (
        Term(TermKind.VILLAGE_JOINS, at_least=2, locality_id=place.id),
        Term(TermKind.CLUB_GIVES, give=1, each=1, group_id=club.id),
    ):
        with pytest.raises(NotFound):
            pledged(db, scene, str(term.kind), unit="MAD", term=term)


@pytest.mark.parametrize(
    "term",
    [
        Term(TermKind.VILLAGE_JOINS, at_least=2),
        Term(TermKind.VILLAGE_JOINS, at_least=0, locality_id=1),
        Term(TermKind.TOTAL_REACHED),
        Term(TermKind.CLUB_GIVES, give=1, each=2),
        Term(TermKind.CLUB_GIVES, give=0, each=2, group_id=1),
        Term(TermKind.CLUB_GIVES, give=1, each=101, group_id=1),
    ],
)
def test_a_condition_that_is_no_plain_sentence_is_refused(term: Term) -> None:
    assert term_problem(term, is_cash=True)
    assert term_problem(Term(TermKind.CLUB_GIVES, give=1, each=2, group_id=1), is_cash=False)


terms = st.one_of(
    st.just(Term()),
    st.builds(lambda n: Term(ConditionKind.OTHERS_JOIN, at_least=n), st.integers(1, 4)),
    st.builds(lambda n: Term(TermKind.VILLAGE_JOINS, at_least=n, locality_id=1), st.integers(1, 4)),
    st.builds(lambda n: Term(TermKind.TOTAL_REACHED, at_least=n), st.integers(1, 300)),
    st.builds(
        lambda p, q, g: Term(TermKind.CLUB_GIVES, give=p, each=q, group_id=g),
        *(st.integers(1, 3), st.integers(1, 3), st.integers(1, 2)),
    ),
)
givens = st.lists(
    st.builds(
        lambda giver, amount, firm, group, near, term, heads: Given(
            0,
            *(f"person:{giver}", "diaspora", amount, firm, amount > 0, group, frozenset({1} if near else ()), term),
            heads=heads,
        ),
        *(st.integers(1, 4), st.integers(0, 90), st.integers(0, 20), st.sampled_from([None, 1, 2]), st.booleans()),
        *(terms, st.integers(1, 3)),
    ),
    max_size=6,
).map(lambda each: [Given(i, *(getattr(g, n) for n in Given.__slots__[1:])) for i, g in enumerate(each)])


@given(givens, st.integers(0, 200))
def test_what_holds_is_the_same_reckoned_slowly_and_in_any_order(each: list[Given], signed: int) -> None:
    fires = outcome(each, {"own": signed}).fires
    assert fires == slowly(*question(each, {"own": signed}))
    assert fires == outcome(reversed(each), {"own": signed}).fires


def test_instalments_are_paid_in_their_order_and_each_says_how_it_stands(db: Session, scene: Scene) -> None:
    parts = regular(30_000, 3, first=date(2027, 5, 31), months=1)
    assert [day for day, _ in parts] == [date(2027, 5, 31), date(2027, 6, 30), date(2027, 7, 31)]
    made = pledged(db, scene, unit="MAD", amount=30_000, instalments=parts)
    line = queries.find_line(db, scene.commune.id, made.line_id)
    payment = Payment(15_000, today(), "Releve 4")
    treasury.receive_promise(db, scene.treasurer, line, made, payment=payment, key="r")
    with clock.held_at(date(2027, 7, 1)):
        (card,) = promises_of(db, today(), made.person_id)
        statuses = [part.status(today()) for part in card.parts]
    assert statuses == [PledgeStatus.FULFILLED, PledgeStatus.OVERDUE, PledgeStatus.PROMISED]
    with pytest.raises(RuleBroken, match="do_not_sum"):
        pledged(db, scene, "x", unit="MAD", amount=30_001, instalments=parts)
    with pytest.raises(RuleBroken, match="instalment_days"):
        pledged(db, scene, "y", unit="MAD", amount=30_000, instalments=parts, until=date(2027, 6, 30))


def test_a_change_keeps_what_came_and_fits_the_instalments_to_it(db: Session, scene: Scene) -> None:
    made = pledged(
        db, scene, unit="MAD", amount=30_000, instalments=regular(30_000, 3, first=date(2027, 5, 1), months=1)
    )
    line = queries.find_line(db, scene.commune.id, made.line_id)
    treasury.receive_promise(db, scene.treasurer, line, made, payment=Payment(10_000, today(), "R 4"), key="r")
    for to in (50_000, 16_000, 50_000, 16_000):
        changing.change_promise(db, scene.member, made, to, until=UNTIL)
        amounts = db.scalars(select(Instalment.amount_minor).order_by(Instalment.due_on)).all()
        assert (sum(amounts), amounts[0], len(amounts)) == (to, 10_000, 3)
    with pytest.raises(RuleBroken, match="already_called"):
        changing.change_promise(db, scene.member, made, 9_999, until=UNTIL)
    with pytest.raises(Refused):
        changing.change_promise(db, scene.treasurer, made, 20_000, until=UNTIL)
    assert prove(db, scene.commune.id, today()).broken == ()


def test_withdrawn_raised_and_withdrawn_again_lapses_each_time(db: Session, scene: Scene) -> None:
    made = pledged(db, scene, unit="MAD", amount=10_000)
    for _ in range(2):
        promises.withdraw(db, scene.member, made)
        assert status_of(db, made) is PledgeStatus.WITHDRAWN
        changing.change_promise(db, scene.member, made, 10_000, until=UNTIL)
        assert status_of(db, made) is PledgeStatus.PROMISED
    assert len(db.scalars(select(LedgerEntry.id)).all()) == 5


def test_late_money_revives_a_promise_that_had_expired(db: Session, scene: Scene) -> None:
    made = pledged(db, scene, unit="MAD", amount=10_000)
    with clock.held_at(UNTIL + timedelta(days=40)):
        assert status_of(db, made) is PledgeStatus.EXPIRED
        line = queries.find_line(db, scene.commune.id, made.line_id)
        payment = Payment(10_000, today(), "Releve 9")
        treasury.receive_promise(db, scene.treasurer, line, made, payment=payment, key="late")
        assert status_of(db, made) is PledgeStatus.FULFILLED
        assert prove(db, scene.commune.id, today()).broken == ()
