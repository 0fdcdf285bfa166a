"""A fresh, filled database of one engine, as its own commune with a project and many members."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from cdp.funding.services import payees
from cdp.funding.services.payees import Account
from cdp.funding.states import LegalBasis, PayeeKind
from cdp.kernel.clock import now, today
from cdp.people.states import Role, ShownAs
from cdp.programme.models import Project
from cdp.store.engine import Store
from cdp.store.migrations import upgrade
from cdp.teams.models import Membership
from cdp.teams.states import Offer
from tests.conftest import database_url, execute, postgres_url
from tests.factories import actor_of, make_commune, make_official, make_person, make_project, make_round


@contextmanager
def fresh(engine: str) -> Iterator[str]:
    """Address of an empty database at the newest version; gone at the end."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="cdp-faults-") as folder:
            url = f"sqlite:///{folder}/faults.sqlite3"
            _upgraded(url)
            yield url
        return
    server = postgres_url()
    execute(server, "DROP DATABASE IF EXISTS cdp_faults WITH (FORCE)")
    execute(server, "CREATE DATABASE cdp_faults")
    url = database_url(server, "cdp_faults")
    _upgraded(url)
    yield url
    execute(server, "DROP DATABASE cdp_faults WITH (FORCE)")


def _upgraded(url: str) -> None:
    store = Store(url)
    upgrade(store.engine)
    store.dispose()


@dataclass(frozen=True)
class Filled:
    """Numbers of what there is."""

    commune_id: int
    project_id: int
    number: str
    treasurer_id: int
    payee_id: int
    members: tuple[tuple[int, str], ...]
    """Each member's number, and the identifier they are signed in by."""


def fill(db: Session, *, members: int, cost_minor: int) -> Filled:
    """A commune with a project, its treasurer, an account and so many members abroad."""
    commune = make_commune(db, slug="faults")
    project: Project = make_project(db, make_round(db, commune), cost_minor=cost_minor)
    people = [make_person(db) for _ in range(members)]
    for person in people:
        db.add(
            Membership(
                commune_id=commune.id,
                proposal_id=project.proposal_id,
                person_id=person.id,
                offer=Offer.SUM,
                since=today() - timedelta(days=9),
                until=today() + timedelta(days=200),
                shown_as=ShownAs.FIRST,
                joined_at=now(),
            )
        )
    treasurer = make_official(db, commune, Role.TREASURER)
    given = Account(
        PayeeKind.ASSOCIATION, "Faults", "001810007800020110620318", "MAD", LegalBasis.CONVENTION, "C 1", today(),
        today(),
    )  # fmt: skip
    payee = payees.enter_account(db, actor_of(db, treasurer), commune, given, key="faults")
    db.commit()
    signed_in = tuple((person.id, person.fs_uniquifier) for person in people)
    return Filled(commune.id, project.id, project.number, treasurer.id, payee.id, signed_in)
