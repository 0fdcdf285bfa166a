import re

from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.__main__ import main
from cdp.people.models import Mandate, Person
from cdp.people.states import Role
from tests.factories import make_commune


def invite(monkeypatch, database: str, tmp_path, *more: str):
    from cdp.config import settings

    settings.cache_clear()
    monkeypatch.setenv("CDP_DATABASE_URL", database)
    monkeypatch.setenv("CDP_INSTANCE", str(tmp_path))
    given = ["people", "invite", "--commune", "tirsal", "--role", "officer", "--email", "Boss@example.org"]
    try:
        return CliRunner().invoke(main, [*given, *more])
    finally:
        settings.cache_clear()


def test_the_first_officer_is_invited_and_inviting_again_changes_nothing(
    monkeypatch, database: str, tmp_path, db: Session
) -> None:
    make_commune(db, slug="tirsal")
    db.commit()
    for _ in range(2):
        result = invite(monkeypatch, database, tmp_path, "--name", "Amina Boss")
        assert result.exit_code == 0, result.output
        assert re.search(r"http://\S+/ar/account/reset/\S+", result.output)
    person = db.scalars(select(Person)).one()
    assert (person.email, person.name) == ("boss@example.org", "Amina Boss")
    assert person.confirmed_at is not None
    assert db.scalars(select(Mandate.role)).all() == [Role.OFFICER]


def test_an_unknown_commune_is_told_so(monkeypatch, database: str, tmp_path) -> None:
    result = invite(monkeypatch, database, tmp_path)
    assert result.exit_code != 0
    assert "Traceback" not in result.output
