from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.conduct import duties
from cdp.jobs import due
from cdp.jobs.worker import AnotherWorker, only_one, queue, schedule
from cdp.kernel.clock import held_at, today
from cdp.notices.models import Notice
from cdp.proposals.states import ProposalState
from cdp.rounds import queries
from cdp.rounds.models import Round
from cdp.rounds.states import Phase
from cdp.store.engine import Store
from tests.factories import make_proposal, make_round

NOON = datetime(2027, 4, 12, 12)  # noqa: DTZ001 (huey asks in naive UTC)


def test_phases_of_all_rounds_are_entered_and_a_second_run_finds_nothing(store: Store, db: Session) -> None:
    numbers = [make_round(db).id, make_round(db, phase=Phase.REVIEW).id]
    db.commit()
    done = due.enter_phases(store)
    assert [str(each) for each in done] == [
        *(f"round {numbers[0]} entered {phase}, told: 0" for phase in list(Phase)[:3]),
        *(f"round {numbers[1]} entered {phase}, told: 0" for phase in list(Phase)[:4]),
    ]
    assert due.enter_phases(store) == []
    assert set(db.scalars(select(Round.entered).where(Round.id.in_(numbers)))) == {Phase.PROPOSALS, Phase.REVIEW}


def test_one_round_that_fails_stops_no_other(
    store: Store, db: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = make_round(db).id, make_round(db).id
    db.commit()
    real = due.conduct.advance

    def advance(db: Session, actor: object, round_: Round) -> object:
        if round_.id == broken:
            raise RuntimeError("a defect")
        return real(db, actor, round_)  # type: ignore[arg-type]

    monkeypatch.setattr(due.conduct, "advance", advance)
    done = due.enter_phases(store)
    assert str(done[0]) == f"round {broken} failed: 1"
    assert f"round {whole} entered" in str(done[-1])
    assert "could not be advanced" in caplog.text


def test_duties_run_each_in_its_own_transaction_and_tell_once(store: Store, db: Session) -> None:
    round_ = make_round(db)
    make_proposal(db, round_, state=ProposalState.DRAFT)
    db.commit()
    window = queries.card(db, round_).window_on(today())
    assert window
    assert window.ends_on
    db.commit()
    with held_at(window.ends_on - timedelta(days=1)):
        first, second = due.do_duties(store), due.do_duties(store)
    assert [done.what for done in first] == list(duties.DUTIES)
    assert dict(zip(duties.DUTIES, (d.count for d in first), strict=True))["drafts reminded"] == 1
    assert all(done.count == 0 for done in second)
    assert len(db.scalars(select(Notice)).all()) == 1


def test_a_duty_that_fails_stops_no_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_db: Session) -> int:
        raise RuntimeError("a defect")

    monkeypatch.setattr(due, "DUTIES", {"broken": fails, "whole": lambda _db: 3})
    assert [str(done) for done in due.do_duties(store)] == ["broken, failed: 1", "whole: 3"]


def test_there_is_one_worker_an_instance(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(AnotherWorker), only_one(tmp_path):
        pytest.fail("two workers")
    with only_one(tmp_path):
        pass


def test_what_is_scheduled_runs_with_signed_messages_and_reports_what_it_did(database: str, tmp_path: Path) -> None:
    huey = queue(database, tmp_path, "a secret that is long enough")
    said: list[str] = []
    schedule(
        huey, {"phases": (1, lambda: [due.Done("round 1 entered review, told", 2), due.Done("x", 0)])}, said.append
    )
    (task,) = huey.read_periodic(NOON)
    huey.enqueue(task)
    message = huey.dequeue()
    assert message is not None
    huey.execute(message)
    assert said == ["round 1 entered review, told: 2"]
    huey.storage.enqueue(b"forged:0000")
    with pytest.raises(ValueError, match="mismatch"):
        huey.dequeue()
    huey.storage.close()
