"""Two tabs at the same moment: one of them votes, the other is told that it came too late."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.errors import Trouble
from cdp.priorities.models import Ballot
from cdp.priorities.rules.secret_codes import new_secret
from cdp.priorities.services import casting
from cdp.store.engine import Store
from tests.priorities.ballots import Scene, make_ballot, make_voter, print_codes
from tests.priorities.test_ballots import contents

Cast = Callable[[Session, Ballot, list[str]], object]


def by_account(db: Session, scene: Scene) -> Cast:
    voter = make_voter(db, scene)
    return lambda own, ballot, chosen: casting.cast_by_account(own, voter, ballot, chosen, secret=new_secret())


def by_code(db: Session, scene: Scene) -> Cast:
    code = print_codes(db, scene)[0]
    return lambda own, ballot, chosen: casting.cast_by_code(own, ballot, chosen, code=code)


@pytest.mark.parametrize("way", [by_account, by_code])
def test_two_tabs_at_the_same_moment_count_once(
    db: Session, store: Store, way: Callable[[Session, Scene], Cast]
) -> None:
    scene = make_ballot(db)
    cast, number, day = way(db, scene), scene.ballot.id, today()
    db.commit()
    together, ends = Barrier(2), []

    def tab(chosen: list[str]) -> None:
        with clock.held_at(day):
            together.wait(10)
            try:
                store.attempt(lambda own: cast(own, own.get_one(Ballot, number), chosen))
                ends.append(chosen)
            except Trouble as trouble:
                ends.append(trouble.message.key)

    tabs = [Thread(target=tab, args=(chosen,)) for chosen in (scene.numbers[:1], scene.numbers[1:])]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join(20)
    (won,) = (end for end in ends if isinstance(end, list))
    (told,) = (end for end in ends if isinstance(end, str))
    assert told in {"priorities.already_voted", "errors.sent_before", "priorities.code_used"}
    assert contents(db) == [won]
