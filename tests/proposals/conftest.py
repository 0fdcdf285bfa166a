"""A round in its phase of proposals and somebody who lives there."""

import pytest
from sqlalchemy.orm import Session

from cdp.people.actor import Actor
from cdp.rounds.models import Round
from cdp.rounds.queries import RoundCard, card
from tests.factories import (
    actor_of,
    make_resident,
    make_round,
)
from tests.proposals.drafts import commune_of


@pytest.fixture
def round_(db: Session) -> Round:
    return make_round(db)


@pytest.fixture
def here(db: Session, round_: Round) -> RoundCard:
    return card(db, round_)


@pytest.fixture
def resident(db: Session, round_: Round) -> Actor:
    return actor_of(db, make_resident(db, commune_of(db, round_)))
