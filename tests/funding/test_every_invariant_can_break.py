"""Each of L1 to L23 once broken on purpose, past every guard of the database: the check names that very rule."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import LedgerEntry, Reminder, StatementLine
from cdp.funding.queries import proof
from cdp.funding.rules.named import INVARIANTS
from cdp.funding.rules.promises import regular
from cdp.funding.rules.terms import Term
from cdp.funding.services import payees, placing, promises, shares, statements, treasury
from cdp.funding.services.payees import Calling
from cdp.funding.services.placing import Part
from cdp.funding.services.statements import Brought
from cdp.funding.services.treasury import Payment, Signed
from cdp.funding.states import TermKind
from cdp.jobs.books import prove
from cdp.kernel.clock import now, today
from cdp.people.states import ShownAs
from cdp.programme.models import CouncilAct, PlanLine, PlanVersion, YearAmount
from cdp.programme.queries import share_rules
from cdp.programme.states import ActKind, LineVerdict
from cdp.rounds.states import Source
from tests.factories import actor_of, keep, make_group, make_person, make_resident
from tests.funding.money_scene import Scene, join, make_scene, pledged, promise
from tests.funding.test_statement_services import account

STATEMENT = b"Date;Libelle;Montant;Devise\n05/04/2027;VIR A;300,00;MAD\n06/04/2027;VIR B;50,00;MAD\n"


@pytest.fixture
def scene(db: Session) -> Scene:
    """Books with a bit of everything: conditions, parts, a statement, an agreement, hours, a secret giver, a plan."""
    made = make_scene(db)
    adopted(db, made)
    shares.choose_shares(
        db, made.treasurer, made.project, share_rules.on(db, made.commune.id, today())["dar_1_3"],
        since=today(), reason="", key="rule",
    )  # fmt: skip
    agreement(db, made)
    called(db, made)
    ratio(db, made)
    pledged(db, made, key="hours", unit="H", amount=720)
    secret = join_secretly(db, made)
    promises.pledge(db, secret, made.project, promise(is_secret=True, shown_as=ShownAs.FULL), key="secret")
    db.commit()
    return made


def adopted(db: Session, scene: Scene) -> None:
    """The plan that carries the project: the commune, the State and the diaspora pay it."""
    project, maker = scene.project, scene.officer.known()
    base = {"commune_id": scene.commune.id}
    version = PlanVersion(**base, round_id=project.round_id, number=1, charter_version=1, made_by_id=maker)
    version.made_at = version.frozen_at = now()
    keep(db, version)
    line = PlanLine(**base, version_id=version.id, proposal_id=project.proposal_id, rank=1, mean="4")
    line.cost_minor, line.verdict, line.start_year, line.frozen_at = project.cost_minor, LineVerdict.IN, 2028, now()
    keep(db, line)
    half = project.cost_minor // 2
    for source, amount in ((Source.MINISTRY, half), (Source.OWN, half - 30_000_000), (Source.DIASPORA, 30_000_000)):
        year = YearAmount(**base, line_id=line.id, year=2028, source=source, amount_minor=amount)
        year.frozen_at = now()
        keep(db, year)
    act = CouncilAct(**base, version_id=version.id, kind=ActKind.ADOPT, on=today(), recorded_by_id=maker)
    act.votes_for, act.votes_against, act.abstentions, act.recorded_at = 9, 0, 0, now()
    keep(db, act)


def agreement(db: Session, scene: Scene) -> None:
    """A province that signed, paid a part and whose money was spent in part; a payment that was taken back."""
    signed = Signed(Source.PROVINCE, "Conseil provincial", 50_000_000, date(2027, 3, 3), "CONV-7/2027")
    treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
    line = next(row for row in queries.lines_of(db, scene.project.id) if row.source is Source.PROVINCE)
    treasury.receive(db, scene.treasurer, line, Payment(25_000_000, date(2027, 4, 2), "OV 12"), key="r")
    treasury.spend(db, scene.treasurer, line, Payment(10_000_000, date(2027, 4, 9), "FAC 3, PV 1"), key="p")
    wrong = treasury.spend(db, scene.treasurer, line, Payment(400, date(2027, 4, 9), "FAC 4, PV 2"), key="w")
    treasury.reverse(db, scene.treasurer, scene.project, wrong, "Twice")


def called(db: Session, scene: Scene) -> None:
    """A promise in parts under a condition that holds, called, paid by a line; another line placed late."""
    parts = regular(35_000, 2, first=today(), months=1)
    term = Term(TermKind.TOTAL_REACHED, at_least=30_000)
    made = pledged(db, scene, unit="MAD", amount=35_000, term=term, instalments=parts)
    payee = payees.enter_account(db, scene.treasurer, scene.commune, account(), key="a")
    found = queries.find_pledge(db, scene.commune.id, made.id)
    payees.call(db, scene.treasurer, found, Calling(payee, date(2027, 6, 1)), key="c")
    statements.bring(db, scene.treasurer, payee, Brought("x.csv", STATEMENT))
    first, second = db.query(StatementLine).order_by(StatementLine.id)
    placing.place(db, scene.treasurer, first, [Part(30_000, made.id)], key="1")
    placing.place(db, scene.treasurer, second, [], key="2")
    placing.place(db, scene.treasurer, second, [Part(5_000, made.id)], key="3")
    db.add(Reminder(commune_id=scene.commune.id, pledge_id=made.id, day=today(), due_on=date(2027, 6, 1)))
    db.flush()


def ratio(db: Session, scene: Scene) -> None:
    """One for each two that a group gives, called."""
    speaker = make_person(db)
    club = make_group(db, scene.commune, speaker, make_resident(db, scene.commune))
    promises.pledge(db, actor_of(db, speaker), scene.project, promise(60_000, "MAD", group_id=club.id), key="club")
    term = Term(TermKind.CLUB_GIVES, give=1, each=2, group_id=club.id)
    made = pledged(db, scene, key="ratio", unit="MAD", amount=30_000, term=term)
    found = queries.find_pledge(db, scene.commune.id, made.id)
    payee = queries.banking.accounts(db, scene.commune.id)[0]
    payees.call(db, scene.treasurer, found, Calling(payee, date(2027, 6, 1)), key="cr")


def join_secretly(db: Session, scene: Scene) -> Any:
    giver = make_person(db, name="Zahra Unseen")
    join(db, scene.project, giver)
    return actor_of(db, giver)


OF_THE_BANK = "op = 'receive' AND statement_line IS NOT NULL AND linked IS NULL"
A_SPENDING = "op = 'spend' AND amount_minor > 400"
A_REMINDER = (
    "INSERT INTO reminder (id, commune_id, pledge_id, day, due_on) "
    "SELECT id + 1000, commune_id, pledge_id, '2027-04-20', due_on FROM reminder"
)
DAMAGE = {
    "L1": "UPDATE entry SET linked = NULL WHERE op = 'receive' AND linked IS NOT NULL",
    "L2": f"UPDATE entry SET amount_minor = 90000000, dirhams_minor = 90000000 WHERE {A_SPENDING}",
    "L3": "UPDATE entry SET evidence = 'OV 13' WHERE op = 'receive' AND evidence = 'OV 12'",
    "L5": "UPDATE entry SET amount_minor = 399, dirhams_minor = 399 WHERE reverses IS NOT NULL",
    "L6": f"UPDATE entry SET amount_minor = 90000000, dirhams_minor = 90000000 WHERE {A_SPENDING}",
    "L7": "UPDATE pledge_term SET at_least = 2000000000 WHERE kind = 'total_reached'",
    "L8": "UPDATE pledge_term SET each = 9 WHERE kind = 'club_gives'",
    "L9": "UPDATE entry SET amount_minor = 1, dirhams_minor = 1 WHERE op = 'sign'",
    "L10": f"UPDATE entry SET dirhams_minor = dirhams_minor + 900 WHERE {OF_THE_BANK}",
    "L11": f"UPDATE entry SET unit = 'H' WHERE {OF_THE_BANK}",
    "L12": "UPDATE statement_line SET amount_minor = 29999 WHERE amount_minor = 30000",
    "L13": "UPDATE statement_line SET amount_minor = 30001 WHERE amount_minor = 30000",
    "L14": "UPDATE entry SET evidence = NULL WHERE evidence = 'OV 12'",
    "L15": A_REMINDER,
    "L17": "UPDATE pledge SET shown_as = 'full' WHERE is_secret",
    "L18": "UPDATE instalment SET amount_minor = amount_minor + 1",
    "L19": "ALTER TABLE pledge ADD COLUMN status VARCHAR(20)",
    "L20": "UPDATE year_amount SET amount_minor = amount_minor - 1 WHERE source = 'own'",
    "L21": f"UPDATE entry SET line_id = NULL WHERE {OF_THE_BANK}",
    "L22": "UPDATE entry SET second_by_id = recorded_by_id WHERE op = 'spend'",
    "L23": (
        "UPDATE entry SET line_id = (SELECT id FROM funding_line WHERE source = 'association') "
        "WHERE op = 'spend' AND amount_minor > 400"
    ),
}
"""What somebody with the database's own keys does, by the rule that it breaks."""

MORE = {
    "L10": "UPDATE entry_sum SET dirhams_minor = dirhams_minor + 1 WHERE op = 'receive'",
    "L8": "UPDATE project_rule SET since = '2027-01-01'",
    "L20": "UPDATE year_amount SET source = 'region' WHERE source = 'diaspora'",
}


def unguarded(db: Session) -> None:
    """Take the guards of the database away until the transaction is rolled back."""
    if db.get_bind().dialect.name == "sqlite":
        for name in db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            db.execute(text(f"DROP TRIGGER {name}"))
    else:
        db.execute(text("SET LOCAL session_replication_role = replica"))


def named(db: Session, commune_id: int, damage: str) -> set[str]:
    """The rules the check names after a damage, which is undone."""
    unguarded(db)
    db.execute(text(damage))
    found = {each.name for each in prove(db, commune_id, today()).broken}
    db.rollback()
    return found


def test_what_is_tampered_with_is_named_by_its_rule_and_whole_books_by_none(db: Session, scene: Scene) -> None:
    commune_id = scene.commune.id
    assert prove(db, commune_id, today()).broken == ()
    db.rollback()
    silent = {name: damage for name, damage in DAMAGE.items() if name not in named(db, commune_id, damage)}
    silent |= {name: damage for name, damage in MORE.items() if name not in named(db, commune_id, damage)}
    assert silent == {}
    assert prove(db, commune_id, today()).broken == ()


def test_a_key_that_is_used_twice_is_named(db: Session, scene: Scene) -> None:
    """L4: the database refuses it by a unique column, so the column's uniqueness is taken away first."""
    commune_id = scene.commune.id
    unguarded(db)
    if db.get_bind().dialect.name == "sqlite":
        kept = ", ".join(column["name"] for column in inspect(db.connection()).get_columns("entry"))
        db.execute(text(f"CREATE TABLE bare AS SELECT {kept} FROM entry"))
        db.execute(text("UPDATE bare SET key = (SELECT key FROM bare WHERE sequence = 1) WHERE sequence = 2"))
        db.execute(text("ALTER TABLE entry RENAME TO guarded"))
        db.execute(text("ALTER TABLE bare RENAME TO entry"))
    else:
        db.execute(text("ALTER TABLE entry DROP CONSTRAINT uq_entry_key"))
        db.execute(text("UPDATE entry SET key = (SELECT key FROM entry WHERE sequence = 1) WHERE sequence = 2"))
    assert "L4" in {each.name for each in prove(db, commune_id, today()).broken}
    db.rollback()


def test_a_reader_that_counts_expired_promises_is_named(
    db: Session, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """L16 is worked out from the day alone: no row can break it, only who reads."""
    own = proof.sheet
    monkeypatch.setattr(proof, "sheet", lambda *given, places, expired: own(*given, places=places))
    assert {each.name for each in prove(db, scene.commune.id, date(2028, 1, 1)).broken} == {"L16"}


def test_every_rule_has_its_damage() -> None:
    assert set(DAMAGE) | {"L4", "L16"} == set(INVARIANTS)


def test_entries_of_another_commune_are_none_of_this_check(db: Session, scene: Scene) -> None:
    other = make_scene(db, slug="elsewhere")
    pledged(db, other, key="e")
    db.commit()
    assert db.query(LedgerEntry).filter_by(commune_id=other.commune.id).count() == 1
    unguarded(db)
    db.execute(text(f"UPDATE entry SET evidence = 'x' WHERE commune_id = {other.commune.id}"))
    assert prove(db, scene.commune.id, today()).broken == ()
    db.rollback()
