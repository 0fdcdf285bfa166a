"""The money of a commune added up by the database is the money that its books give, line by line."""

import itertools
import random
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from cdp.funding.models import FundingLine, LedgerEntry, Pledge
from cdp.funding.queries.open_accounts import open_accounts
from cdp.funding.queries.sums import LARGEST, CommuneSums, commune_sums
from cdp.funding.rules.ledger import Op
from cdp.kernel.clock import now
from cdp.people.states import ShownAs
from cdp.programme.models import Project
from cdp.programme.states import ProjectState
from cdp.rounds.states import Source
from tests.factories import keep, make_commune, make_person, make_project, make_round

DAY = date(2027, 4, 12)

UNITS = (("MAD", 100), ("EUR", 1087), ("H", 0), ("USD", 993), ("item", 0))
"""Units with what one minor unit is worth in hundredths of a dirham's cent; hours and things are worth nothing."""


def write(db: Session, project: Project, source: random.Random, count: int, *, largest: int = 10_000_000) -> None:
    """Entries of all kinds on some lines and promises of a project, some of them taken back again."""
    lines = [keep(db, _line(project, each)).id for each in (Source.OWN, Source.DIASPORA)]
    person = make_person(db).id
    numbers = itertools.count(project.id * 10_000)
    for n in range(count):
        unit, worth = source.choice(UNITS)
        line, amount = source.choice(lines), source.randrange(1, largest)
        pledge = (
            keep(db, _pledge(project, line, person, f"{project.id}-{n}", unit)).id if source.random() < 0.7 else None
        )
        dirhams = amount * worth // 100
        for op in [*source.sample(list(Op), 4), Op.PLEDGE if pledge else Op.SIGN]:
            part = amount if op in (Op.PLEDGE, Op.SIGN) else source.randrange(1, amount + 1)
            values: dict[str, Any] = {
                "commune_id": project.commune_id,
                "project_id": project.id,
                "line_id": line,
                "pledge_id": pledge,
            }
            values |= {"unit": unit, "amount_minor": part, "dirhams_minor": dirhams * part // amount if worth else None}
            values |= {"op": op, "effective_on": DAY, "recorded_at": now(), "previous_hash": "", "hash": ""}
            first = next(numbers)
            db.execute(insert(LedgerEntry).values(**values, sequence=first, key=f"k{first}"))
            if source.random() < 0.2:
                again = next(numbers)
                db.execute(insert(LedgerEntry).values(**values, sequence=again, key=f"k{again}", reverses=first))


def _of(project: Project, line: int) -> dict[str, Any]:
    return {"commune_id": project.commune_id, "project_id": project.id, "line_id": line}


def _line(project: Project, source: Source) -> FundingLine:
    return FundingLine(commune_id=project.commune_id, project_id=project.id, source=source, planned_minor=0)


def _pledge(project: Project, line: int, person: int, key: str, unit: str) -> Pledge:
    return Pledge(
        commune_id=project.commune_id, project_id=project.id, line_id=line, person_id=person, capacity="self",
        reference=key, unit=unit, amount_minor=100, shown_as=ShownAs.FIRST, pledged_at=now(), idempotency_key=key,
        until=DAY + timedelta(days=len(key) % 3 - 1),
    )  # fmt: skip


def by_the_books(db: Session, commune_id: int) -> CommuneSums:
    """The same, read entry by entry."""
    found = open_accounts(db, commune_id, DAY)
    whole = found.whole
    return CommuneSums(found.cost, whole.received, whole.committed, whole.pledged, whole.sought)


@pytest.mark.parametrize("seed", range(6))
def test_the_sums_are_those_of_the_books(db: Session, seed: int) -> None:
    source = random.Random(seed)
    commune = make_commune(db)
    round_ = make_round(db, commune)
    for size in range(4):
        project = make_project(db, round_, cost_minor=1000 ** (size + 1))
        write(db, project, source, 6)
    dropped = make_project(db, round_, state=ProjectState.DROPPED, dropped_reason="No ground")
    write(db, dropped, source, 2)
    write(db, make_project(db, make_round(db, make_commune(db))), source, 3)
    found = commune_sums(db, commune.id, DAY)
    assert found == by_the_books(db, commune.id)
    assert found is not None
    assert found.received
    assert found.sought


def test_a_commune_without_projects_has_no_money(db: Session) -> None:
    assert commune_sums(db, make_commune(db).id, DAY) == CommuneSums(0, 0, 0, 0, 0)


def test_a_purse_too_large_for_the_database_is_left_to_the_books(db: Session) -> None:
    project = make_project(db, make_round(db, make_commune(db)))
    line = keep(db, _line(project, Source.REGION)).id
    for sequence, op, amount in ((1, Op.SIGN, LARGEST * 3), (2, Op.RECEIVE, LARGEST)):
        values: dict[str, Any] = {
            "commune_id": project.commune_id,
            "project_id": project.id,
            "line_id": line,
            "unit": "EUR",
        }
        values |= {"op": op, "amount_minor": amount, "dirhams_minor": amount * 11, "effective_on": DAY}
        values |= {"recorded_at": now(), "previous_hash": "", "hash": "", "sequence": sequence, "key": str(sequence)}
        db.execute(insert(LedgerEntry).values(**values))
    assert commune_sums(db, project.commune_id, DAY) is None
    assert by_the_books(db, project.commune_id).committed == LARGEST * 22


def test_a_new_entry_counts_at_once(db: Session) -> None:
    project = make_project(db, make_round(db, make_commune(db)), cost_minor=1000)
    before = commune_sums(db, project.commune_id, DAY)
    assert before == CommuneSums(1000, 0, 0, 0, 1000)
    line = keep(db, _line(project, Source.OWN)).id
    values: dict[str, Any] = {
        "commune_id": project.commune_id,
        "project_id": project.id,
        "line_id": line,
        "unit": "MAD",
    }
    values |= {"op": Op.SIGN, "amount_minor": 400, "dirhams_minor": 400, "effective_on": DAY, "recorded_at": now()}
    db.execute(insert(LedgerEntry).values(**values, previous_hash="", hash="", sequence=1, key="1"))
    assert commune_sums(db, project.commune_id, DAY) == CommuneSums(1000, 0, 400, 0, 600)
