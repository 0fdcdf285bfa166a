"""The application keeps its own description: machines ask what it says may be asked, and read the answers by it."""

from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.schemas import OpenApiSchema
from sqlalchemy.orm import Session

from cdp.kernel import clock
from tests.conftest import TODAY
from tests.factories import make_commune, make_locality, make_project, make_proposal, make_round

PLAIN = {"Accept-Encoding": "identity"}

FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)


@pytest.fixture
def described(app: Flask, db: Session) -> Iterator[OpenApiSchema]:
    commune = make_commune(db, slug="a")
    make_locality(db, commune)
    round_ = make_round(db, commune)
    make_proposal(db, round_, number="A")
    make_project(db, round_, proposal={"number": "B"})
    db.commit()
    with clock.held_at(TODAY):
        yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


ASKED: dict[str, dict[str, object]] = {
    "": {},
    "/rounds": {},
    "/groups": {},
    "/rounds/{year}/proposals": {"year": 2028},
    "/proposals/{number}": {"number": "A"},
    "/projects": {},
    "/projects/{number}": {"number": "B"},
    "/money": {},
}


@pytest.mark.parametrize("path", ["/api/v1/communes", *("/api/v1/communes/{slug}" + path for path in ASKED)])
def test_every_answer_is_as_described(described: OpenApiSchema, path: str) -> None:
    @FEW
    @given(case=described[path]["GET"].as_strategy())
    def holds(case: schemathesis.Case) -> None:
        with clock.held_at(TODAY):
            case.call_and_validate(headers=PLAIN)

    holds()


@pytest.mark.parametrize("path", ASKED)
def test_what_exists_is_answered_as_described(described: OpenApiSchema, path: str) -> None:
    operation = described["/api/v1/communes/{slug}" + path]["GET"]
    answer = operation.Case(path_parameters={"slug": "a"} | ASKED[path]).call_and_validate(headers=PLAIN)
    assert answer.status_code == 200
