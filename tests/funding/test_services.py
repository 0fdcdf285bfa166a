from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.funding import queries
from cdp.funding.models import LedgerEntry, Pledge
from cdp.funding.queries import proof
from cdp.funding.queries.cards import promises_of
from cdp.funding.rules.chain import broken_links
from cdp.funding.rules.ledger import Op
from cdp.funding.services import promises, treasury
from cdp.funding.services.ledger import begin_at, lock
from cdp.funding.services.promises import Promise
from cdp.funding.services.treasury import Payment, Quote, Signed
from cdp.http.context import load_actor
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.people.actor import NOBODY, Actor
from cdp.people.models import Person
from cdp.people.states import GroupKind, GroupState, Role, ShownAs
from cdp.programme.models import Project
from cdp.programme.states import ProjectState
from cdp.rounds.states import Source
from cdp.store.engine import Store
from cdp.teams.models import Membership
from cdp.teams.states import Offer
from tests.factories import (
    actor_of,
    keep,
    make_commune,
    make_group,
    make_official,
    make_person,
    make_project,
    make_round,
)

UNTIL = date(2027, 9, 30)


@dataclass
class Scene:
    commune: Commune
    project: Project
    member: Actor
    treasurer: Actor
    officer: Actor


@pytest.fixture
def scene(db: Session) -> Scene:
    """A project, a member abroad until the end of September, the treasurer; one euro is 10.80 dirhams."""
    commune = make_commune(db)
    project = make_project(db, make_round(db, commune))
    person = make_person(db, name="Salma Benali")
    keep(
        db,
        Membership(
            commune_id=commune.id,
            proposal_id=project.proposal_id,
            person_id=person.id,
            offer=Offer.SUM,
            since=date(2027, 1, 1),
            until=UNTIL,
            shown_as=ShownAs.FIRST,
            joined_at=clock.now(),
        ),
    )
    treasurer = actor_of(db, make_official(db, commune, Role.TREASURER))
    treasury.enter_rate(db, treasurer, commune, Quote("EUR", "10,80", date(2027, 4, 1), "Bank Al-Maghrib"))
    officer = actor_of(db, make_official(db, commune, Role.OFFICER))
    return Scene(commune, project, actor_of(db, person), treasurer, officer)


def euros(cents: int = 50_000, **over: Any) -> Promise:
    return Promise(**{"unit": "EUR", "amount_minor": cents, "until": UNTIL, "shown_as": ShownAs.FIRST} | over)


def sheet(db: Session, scene: Scene) -> queries.MoneySheet:
    return queries.money_sheet(db, scene.project, today())


def test_five_hundred_euros_and_twelve_hours_are_promised_and_never_added_up(db: Session, scene: Scene) -> None:
    money = promises.pledge(db, scene.member, scene.project, euros(), key="a")
    promises.pledge(db, scene.member, scene.project, euros(12 * 60, unit="H"), key="b")
    assert money.capacity == f"member:{scene.project.proposal_id}:{UNTIL}"
    seen = sheet(db, scene)
    assert seen.pledged == Money(540_000)
    assert seen.sought == Money(186_200_000 - 540_000)
    assert (seen.hours_promised, seen.hours_done) == (720, 0)


def test_an_agreement_a_receipt_and_a_payment_move_through_the_books(db: Session, scene: Scene) -> None:
    signed = Signed(Source.PROVINCE, "Conseil provincial", 50_000_000, date(2027, 3, 3), "CONV-7/2027")
    treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
    (line,) = queries.lines_of(db, scene.project.id)
    assert sheet(db, scene).committed == Money(50_000_000)
    treasury.receive(db, scene.treasurer, line, Payment(25_000_000, date(2027, 4, 2), "OV 12"), key="r")
    treasury.spend(db, scene.treasurer, line, Payment(10_000_000, date(2027, 4, 9), "FAC 3, PV 1"), key="p")
    seen = sheet(db, scene)
    (row,) = seen.rows
    assert (seen.received, seen.committed, seen.spent) == (Money(25_000_000), Money(25_000_000), Money(10_000_000))
    assert seen.received + seen.committed + seen.pledged + seen.sought == seen.cost
    assert (row.source, row.party) == (Source.PROVINCE, "Conseil provincial")


def test_a_promise_that_is_kept_is_no_longer_open_whatever_the_rate_of_the_day(db: Session, scene: Scene) -> None:
    made = promises.pledge(db, scene.member, scene.project, euros(), key="a")
    quote = Quote("EUR", "10.95", date(2027, 4, 10), "Bank Al-Maghrib")
    treasury.enter_rate(db, scene.treasurer, scene.commune, quote)
    (line,) = queries.lines_of(db, scene.project.id)
    paid = Payment(50_000, date(2027, 4, 11), "Releve 4", unit="EUR")
    treasury.receive_promise(db, scene.treasurer, line, made, payment=paid, key="r")
    seen = sheet(db, scene)
    assert (seen.pledged, seen.received) == (Money(0), Money(547_500))
    (card,) = promises_of(db, today(), made.person_id)
    assert (card.open_minor, card.kept_minor) == (0, 50_000)


def test_hours_are_given_only_when_a_second_person_says_so(db: Session, scene: Scene) -> None:
    made = promises.pledge(db, scene.member, scene.project, euros(720, unit="H"), key="h")
    (line,) = queries.lines_of(db, scene.project.id)
    with pytest.raises(Refused):
        treasury.deliver_hours(db, scene.member, line, made, payment=Payment(60, today(), "note", unit="H"), key="d")
    treasury.deliver_hours(
        db, scene.officer, line, made, payment=Payment(300, today(), "Note de calcul relue", unit="H"), key="d"
    )
    assert (sheet(db, scene).hours_promised, sheet(db, scene).hours_done) == (420, 300)
    with pytest.raises(RuleBroken, match="not_enough_pledged"):
        treasury.deliver_hours(db, scene.officer, line, made, payment=Payment(900, today(), "Trop", unit="H"), key="e")


def test_withdrawing_needs_no_reason_and_leaves_what_was_given(db: Session, scene: Scene) -> None:
    made = promises.pledge(db, scene.member, scene.project, euros(), key="a")
    (line,) = queries.lines_of(db, scene.project.id)
    paid = Payment(20_000, today(), "Releve", unit="EUR")
    treasury.receive_promise(db, scene.treasurer, line, made, payment=paid, key="r")
    promises.withdraw(db, scene.member, made)
    seen = sheet(db, scene)
    assert (seen.pledged, seen.received) == (Money(0), Money(216_000))
    with pytest.raises(RuleBroken, match="nothing_to_withdraw"):
        promises.withdraw(db, scene.member, made)


def test_a_promise_past_its_day_no_longer_counts_but_late_money_does(db: Session, scene: Scene) -> None:
    made = promises.pledge(db, scene.member, scene.project, euros(), key="a")
    (line,) = queries.lines_of(db, scene.project.id)
    with clock.held_at(UNTIL + timedelta(days=1)):
        assert sheet(db, scene).pledged == Money(0)
        quote = Quote("EUR", "10.8", today(), "Bank Al-Maghrib")
        treasury.enter_rate(db, scene.treasurer, scene.commune, quote)
        paid = Payment(50_000, today(), "Releve 10", unit="EUR")
        treasury.receive_promise(db, scene.treasurer, line, made, payment=paid, key="late")
        assert sheet(db, scene).received == Money(540_000)


def test_the_same_form_twice_counts_once_and_with_other_contents_is_refused(db: Session, scene: Scene) -> None:
    first = promises.pledge(db, scene.member, scene.project, euros(), key="a")
    assert promises.pledge(db, scene.member, scene.project, euros(), key="a") is first
    with pytest.raises(Conflict):
        promises.pledge(db, scene.member, scene.project, euros(99_900), key="a")
    signed = Signed(Source.INDH, "", 40_000_000, date(2027, 3, 3), "C1")
    once = treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
    assert treasury.sign(db, scene.treasurer, scene.project, signed, key="s").id == once.id
    assert db.scalar(select(func.count()).select_from(LedgerEntry)) == 2


def test_a_wrong_entry_is_taken_back_by_its_opposite_once(db: Session, scene: Scene) -> None:
    signed = Signed(Source.INDH, "", 40_000_000, date(2027, 3, 3), "C1")
    treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
    entry = db.scalars(select(LedgerEntry).where(LedgerEntry.op == Op.SIGN)).one()
    with pytest.raises(RuleBroken, match="reason_missing"):
        treasury.reverse(db, scene.treasurer, scene.project, entry, " ")
    treasury.reverse(db, scene.treasurer, scene.project, entry, "Signed for another project")
    assert sheet(db, scene).committed == Money(0)
    with pytest.raises(RuleBroken, match="already_reversed"):
        treasury.reverse(db, scene.treasurer, scene.project, entry, "Again")
    taken = db.scalars(select(LedgerEntry).where(LedgerEntry.reverses == entry.sequence)).one()
    with pytest.raises(RuleBroken, match="reversal_of_reversal"):
        treasury.reverse(db, scene.treasurer, scene.project, taken, "Back")


def test_the_chain_holds_and_a_tampered_byte_is_named(db: Session, scene: Scene) -> None:
    made = promises.pledge(db, scene.member, scene.project, euros(), key="a")
    hours = promises.pledge(db, scene.member, scene.project, euros(720, unit="H"), key="b")
    line = queries.find_line(db, scene.commune.id, made.line_id)
    gave = Payment(60, today(), "Seen", unit="H")
    treasury.deliver_hours(db, scene.officer, line, hours, payment=gave, key="d")
    db.commit()
    assert proof.prove(db, scene.commune.id, today()).broken == ()
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text("UPDATE entry SET amount_minor = 1"))
    db.rollback()
    row = db.scalars(select(LedgerEntry).order_by(LedgerEntry.sequence)).first()
    assert row is not None
    row.amount_minor += 1
    with db.no_autoflush:
        entries = [queries.as_entry(e) for e in db.scalars(select(LedgerEntry).order_by(LedgerEntry.sequence))]
    assert [(b.seq, b.what) for b in broken_links(entries)] == [(1, "content")]


def test_a_receipt_needs_its_paper_a_commitment_and_a_day_that_has_come(db: Session, scene: Scene) -> None:
    signed = Signed(Source.INDH, "", 40_000_000, date(2027, 3, 3), "C1")
    treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
    (line,) = queries.lines_of(db, scene.project.id)
    for payment, key in (
        (Payment(100, today(), " "), "evidence_missing"),
        (Payment(40_000_001, today(), "OV"), "not_enough_committed"),
        (Payment(0, today(), "OV"), "amount_not_positive"),
        (Payment(-5, today(), "OV"), "amount_not_positive"),
        (Payment(100, today() + timedelta(days=1), "OV"), "day_in_the_future"),
        (Payment(100, today(), "OV", unit="USD"), "no_rate"),
    ):
        with pytest.raises(RuleBroken, match=key):
            treasury.receive(db, scene.treasurer, line, payment, key=f"r{key}")
    with pytest.raises(RuleBroken, match="not_enough_held"):
        treasury.spend(db, scene.treasurer, line, Payment(1, today(), "FAC"), key="p")
    assert db.scalar(select(func.count()).select_from(LedgerEntry)) == 1


def test_who_may_promise_and_who_may_enter(db: Session, scene: Scene) -> None:
    stranger = actor_of(db, make_person(db))
    elsewhere = actor_of(db, make_official(db, make_commune(db), Role.TREASURER))
    for who in (stranger, NOBODY, scene.officer, elsewhere):
        with pytest.raises(Refused):
            promises.pledge(db, who, scene.project, euros(), key="x")
    signed = Signed(Source.INDH, "", 40_000_000, date(2027, 3, 3), "C1")
    for who in (stranger, NOBODY, scene.officer, scene.member, elsewhere):
        with pytest.raises(Refused):
            treasury.sign(db, who, scene.project, signed, key="y")
    with clock.held_at(UNTIL + timedelta(days=1)):
        late = load_actor(db, scene.member.known())
        with pytest.raises(Refused):
            promises.pledge(db, late, scene.project, euros(until=today()), key="z")
    assert db.scalar(select(func.count()).select_from(Pledge)) == 0


def test_a_group_promises_through_those_who_may_act_for_it(db: Session, scene: Scene) -> None:
    speaker = make_person(db)
    group = make_group(db, scene.commune, speaker)
    promise = euros(3_120_000, unit="MAD", group_id=group.id)
    made = promises.pledge(db, actor_of(db, speaker), scene.project, promise, key="g")
    assert (made.group_id, made.capacity) == (group.id, f"group:{group.id}")
    with pytest.raises(Refused, match="not_in_group"):
        promises.pledge(db, scene.member, scene.project, promise, key="g2")


def test_a_group_of_another_commune_promises_nothing_here_even_through_a_member_of_the_team(
    db: Session, scene: Scene
) -> None:
    elsewhere = make_commune(db)
    speaker = db.get(Person, scene.member.known())
    assert speaker is not None
    group = make_group(db, elsewhere, speaker)
    promise = euros(group_id=group.id)
    with pytest.raises(Refused, match="group_of_elsewhere"):
        promises.pledge(db, actor_of(db, speaker), scene.project, promise, key="g")
    stranger = make_person(db)
    group = make_group(db, elsewhere, stranger)
    with pytest.raises(Refused, match="not_allowed"):
        promises.pledge(db, actor_of(db, stranger), scene.project, euros(group_id=group.id), key="h")
    assert db.scalar(select(func.count()).select_from(Pledge)) == 0


def test_an_association_of_elsewhere_promises_only_while_its_speaker_is_in_the_team(db: Session, scene: Scene) -> None:
    elsewhere = make_commune(db)
    speaker, outside = db.get(Person, scene.member.known()), make_person(db)
    assert speaker is not None
    group = make_group(db, elsewhere, speaker, outside, kind=GroupKind.DIASPORA_ASSOCIATION)
    promise = euros(group_id=group.id, until=date(2027, 12, 31))
    with pytest.raises(Refused, match="not_allowed"):
        promises.pledge(db, actor_of(db, outside), scene.project, promise, key="o")
    made = promises.pledge(db, actor_of(db, speaker), scene.project, promise, key="g")
    assert (made.group_id, made.capacity) == (group.id, f"group:{group.id}")
    with clock.held_at(UNTIL + timedelta(days=1)), pytest.raises(Refused, match="not_allowed"):
        promises.pledge(db, load_actor(db, speaker.id), scene.project, promise, key="late")


@pytest.mark.parametrize("state", [GroupState.ENTERED, GroupState.CLOSED])
def test_a_group_that_does_not_stand_promises_nothing(db: Session, scene: Scene, state: GroupState) -> None:
    speaker = make_person(db)
    group = make_group(db, scene.commune, speaker, state=state)
    with pytest.raises(Refused, match="not_allowed"):
        promises.pledge(db, actor_of(db, speaker), scene.project, euros(group_id=group.id), key="g")


def test_an_association_abroad_is_part_of_the_diaspora(db: Session, scene: Scene) -> None:
    speaker = make_person(db)
    group = make_group(db, scene.commune, speaker, kind=GroupKind.DIASPORA_ASSOCIATION)
    promises.pledge(db, actor_of(db, speaker), scene.project, euros(group_id=group.id), key="g")
    assert [row.source for row in sheet(db, scene).rows] == [Source.DIASPORA]


def test_a_finished_project_takes_no_more_promises(db: Session, scene: Scene) -> None:
    scene.project.state = ProjectState.DONE
    with pytest.raises(Refused):
        promises.pledge(db, scene.member, scene.project, euros(), key="a")


@pytest.mark.parametrize(
    ("quote", "key"),
    [
        (Quote("EUR", "abc", date(2027, 4, 1), "x"), "not_an_amount"),
        (Quote("EUR", "0", date(2027, 4, 1), "x"), "rate_not_likely"),
        (Quote("MAD", "1", date(2027, 4, 1), "x"), "rate_not_likely"),
        (Quote("XXX", "1", date(2027, 4, 1), "x"), "rate_not_likely"),
        (Quote("EUR", "10.8", date(2027, 4, 13), "x"), "day_in_the_future"),
        (Quote("EUR", "10.8", date(2027, 4, 2), " "), "rate_without_source"),
    ],
)
def test_a_rate_is_entered_with_day_and_source_or_not_at_all(db: Session, scene: Scene, quote: Quote, key: str) -> None:
    with pytest.raises(RuleBroken, match=key):
        treasury.enter_rate(db, scene.treasurer, scene.commune, quote)
    with pytest.raises(Refused):
        treasury.enter_rate(db, scene.officer, scene.commune, quote)


def test_an_act_that_begins_at_a_project_holds_the_books_with_it(store: Store) -> None:
    """To hold them again asks the database nothing; another commune's project is not found."""
    with store.begin() as db:
        commune, other = make_commune(db, slug="held").id, make_commune(db, slug="other").id
        number = str(make_project(db, make_round(db, db.get_one(Commune, commune))).number)
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    with store.writer() as db:
        project = begin_at(db, commune, number)
        lock(db, commune)
        assert (project.number, len(seen)) == (number, 1)
        assert ("FOR NO KEY UPDATE OF commune" in seen[0]) is (store.engine.dialect.name == "postgresql")
        with pytest.raises(NotFound):
            begin_at(db, other, number)
    event.remove(store.engine, "before_cursor_execute", note)
