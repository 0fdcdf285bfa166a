"""Each rule of the books that looks at promises and plans can fail: what was tampered with is named."""

from datetime import date

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import Instalment, PledgeTerm, Reminder
from cdp.funding.queries import proof_of_promises
from cdp.funding.rules.promises import regular
from cdp.funding.rules.terms import Term
from cdp.funding.services import payees, promises
from cdp.funding.services.payees import Calling
from cdp.funding.states import TermKind
from cdp.jobs.books import prove
from cdp.kernel.clock import today
from cdp.kernel.words import Words
from cdp.people.states import ShownAs
from cdp.transparency.queries import names
from tests.factories import actor_of, make_group, make_person, make_resident
from tests.funding.money_scene import Scene, make_scene, past_the_guards, pledged, promise
from tests.funding.test_statement_services import account


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


def broken(db: Session, scene: Scene) -> set[str]:
    return {each.name for each in prove(db, scene.commune.id, today()).broken}


def called(db: Session, scene: Scene, term: Term) -> int:
    """A promise under a condition that holds, called; its number."""
    made = pledged(db, scene, unit="MAD", amount=30_000, term=term)
    payee = payees.enter_account(db, scene.treasurer, scene.commune, account(), key="a")
    found = queries.find_pledge(db, scene.commune.id, made.id)
    payees.call(db, scene.treasurer, found, Calling(payee, date(2027, 6, 1)), key="c")
    assert broken(db, scene) == set()
    return made.id


def test_l7_a_call_before_its_condition_held_is_named(db: Session, scene: Scene) -> None:
    called(db, scene, Term(TermKind.TOTAL_REACHED, at_least=30_000))
    db.execute(update(PledgeTerm).values(at_least=30_001))
    assert broken(db, scene) == {"L7"}


def test_l7_a_solver_that_drops_one_too_many_is_named(
    db: Session, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledged(db, scene, unit="MAD", amount=30_000, term=Term(TermKind.TOTAL_REACHED, at_least=30_000))
    monkeypatch.setattr(proof_of_promises, "slowly", lambda *_: {})
    assert broken(db, scene) == {"L7"}


def test_l8_a_ratio_that_was_called_beyond_what_the_group_promised_is_named(db: Session, scene: Scene) -> None:
    speaker = make_person(db)
    club = make_group(db, scene.commune, speaker, make_resident(db, scene.commune))
    word = promise(60_000, "MAD", group_id=club.id)
    promises.pledge(db, actor_of(db, speaker), scene.project, word, key="club")
    called(db, scene, Term(TermKind.CLUB_GIVES, give=1, each=2, group_id=club.id))
    db.execute(update(PledgeTerm).values(each=3))
    assert "L8" in broken(db, scene)


def test_l18_instalments_that_do_not_sum_are_named(db: Session, scene: Scene) -> None:
    pledged(db, scene, unit="MAD", amount=30_000, instalments=regular(30_000, 3, first=today(), months=1))
    assert broken(db, scene) == set()
    db.execute(update(Instalment).values(amount_minor=Instalment.amount_minor + 1))
    assert broken(db, scene) == {"L18"}


def test_l15_reminders_too_near_to_each_other_are_named(db: Session, scene: Scene) -> None:
    made = pledged(db, scene)
    for day in (date(2027, 4, 1), date(2027, 4, 2)):
        db.add(Reminder(commune_id=scene.commune.id, pledge_id=made.id, day=day))
    db.flush()
    assert broken(db, scene) == {"L15"}


def test_l17_a_secret_giver_who_is_named_is_named_as_a_fault(
    db: Session, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledged(db, scene, is_secret=True, shown_as=ShownAs.FULL)
    assert broken(db, scene) == set()
    monkeypatch.setattr("cdp.funding.queries.dossier._name", lambda name, *_: Words(fr=name))
    assert list(names.unnamed_who_show(db, scene.commune.id, today()))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("UPDATE entry SET pledge_id = NULL WHERE sequence = 1", "L3"),
        ("UPDATE entry SET dirhams_minor = dirhams_minor + 900 WHERE sequence = 1", "L10"),
        ("UPDATE entry SET unit = 'H' WHERE sequence = 1", "L11"),
        ("UPDATE entry SET op = 'receive', evidence = NULL WHERE sequence = 1", "L14"),
        ("UPDATE entry SET op = 'spend', evidence = 'F 1' WHERE sequence = 1", "L9"),
    ],
)
def test_rows_changed_past_the_guards_are_named(db: Session, scene: Scene, change: str, name: str) -> None:
    pledged(db, scene)
    db.commit()
    past_the_guards(db, change)
    assert name in broken(db, scene)
    assert db.scalar(text("SELECT count(*) FROM entry")) == 1
