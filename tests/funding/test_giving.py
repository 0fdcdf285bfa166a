"""Hours and goods are agreed for a day, said to be given, seen by a second person; what is secret stays so."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import LedgerEntry
from cdp.funding.queries.cards import promises_of
from cdp.funding.services import changing, endings, giving
from cdp.funding.services.giving import Agreed
from cdp.funding.states import PledgeStatus
from cdp.jobs.books import prove
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.notices.models import Notice
from cdp.teams import services as teams
from cdp.teams.models import Membership
from tests.factories import actor_of, make_person
from tests.funding.money_scene import UNTIL, Scene, make_scene, pledged


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


def goods(db: Session, scene: Scene, amount: int = 40) -> Any:
    made = pledged(db, scene, "g", unit="item", amount=amount, note="Sacs de ciment")
    return queries.find_pledge(db, scene.commune.id, made.id)


def test_goods_are_promised_in_pieces_with_words_and_never_stand_in_cash(db: Session, scene: Scene) -> None:
    with pytest.raises(RuleBroken, match="goods_without_words"):
        pledged(db, scene, "x", unit="item", amount=4)
    pledge = goods(db, scene)
    day = giving.agree(db, scene.member, pledge, Agreed(today(), 40, "Souk"), key="d")
    giving.say_given(db, scene.member, day)
    giving.verify(db, scene.officer, day, "seen in the store")
    giving.verify(db, scene.treasurer, day, "twice is once")
    sheet = queries.money_sheet(db, scene.project, today())
    assert (sheet.received, sheet.pledged, sheet.committed, sheet.spent) == (Money(0),) * 4
    (card,) = promises_of(db, today(), pledge.person_id)
    assert card.status is PledgeStatus.FULFILLED
    assert len(db.scalars(select(LedgerEntry.id)).all()) == 3
    assert prove(db, scene.commune.id, today()).broken == ()


def test_who_gave_or_said_so_is_never_the_second_person(db: Session, scene: Scene) -> None:
    pledge = goods(db, scene)
    day = giving.agree(db, scene.member, pledge, Agreed(today(), 10), key="d")
    with pytest.raises(RuleBroken, match="not_said"):
        giving.verify(db, scene.officer, day, "x")
    giving.say_given(db, scene.officer, day)
    with pytest.raises(RuleBroken, match="second_person"):
        giving.verify(db, scene.officer, day, "x")
    with pytest.raises(Refused):
        giving.verify(db, scene.member, day, "x")
    giving.verify(db, scene.treasurer, day, "x")


def test_never_more_is_agreed_than_promised_and_a_missed_day_opens_it_again(db: Session, scene: Scene) -> None:
    pledge = goods(db, scene)
    day = giving.agree(db, scene.member, pledge, Agreed(today() + timedelta(days=3), 30), key="d")
    assert giving.agree(db, scene.member, pledge, Agreed(today() + timedelta(days=3), 30), key="d") is day
    with pytest.raises(Conflict):
        giving.agree(db, scene.member, pledge, Agreed(today(), 30), key="d")
    with pytest.raises(RuleBroken, match="not_enough_pledged"):
        giving.agree(db, scene.officer, pledge, Agreed(today(), 11), key="e")
    with pytest.raises(RuleBroken, match="is_to_come"):
        giving.say_given(db, scene.member, day)
    giving.miss(db, scene.officer, day)
    giving.agree(db, scene.officer, pledge, Agreed(today(), 40), key="f")
    with pytest.raises(RuleBroken, match="was_missed"):
        giving.say_given(db, scene.member, day)


def test_strangers_and_money_are_refused(db: Session, scene: Scene) -> None:
    pledge = goods(db, scene)
    with pytest.raises(Refused):
        giving.agree(db, actor_of(db, make_person(db)), pledge, Agreed(today(), 1), key="d")
    cash = queries.find_pledge(db, scene.commune.id, pledged(db, scene, "m", unit="MAD").id)
    with pytest.raises(RuleBroken, match="not_delivered"):
        giving.agree(db, scene.member, cash, Agreed(today(), 1), key="e")


def test_when_a_membership_ends_what_was_given_stays_and_what_is_open_is_asked_about_once(
    db: Session, scene: Scene
) -> None:
    pledge = goods(db, scene)
    day = giving.agree(db, scene.member, pledge, Agreed(today(), 10), key="d")
    giving.say_given(db, scene.member, day)
    giving.verify(db, scene.officer, day, "seen")
    teams.leave(db, scene.member, db.scalars(select(Membership)).one())
    assert endings.ask(db, today()) == 0
    with clock.held_at(today() + timedelta(days=1)):
        assert (endings.ask(db, today()), endings.ask(db, today())) == (1, 0)
        (card,) = promises_of(db, today(), pledge.person_id)
        assert (card.ended_on, card.kept_minor, card.open_minor) == (today() - timedelta(days=1), 10, 30)
        for _ in range(2):
            changing.still_mean(db, scene.member, pledge)
        (card,) = promises_of(db, today(), pledge.person_id)
        assert (card.ended_on, card.meant_on, card.status) == (None, today(), PledgeStatus.PART_RECEIVED)
        with pytest.raises(Refused):
            changing.still_mean(db, scene.officer, pledge)
    assert len(db.scalars(select(Notice).where(Notice.kind == "promise_asked")).all()) == 1
    with clock.held_at(UNTIL + timedelta(days=1)):
        (card,) = promises_of(db, today(), pledge.person_id)
        assert card.kept_minor == 10
