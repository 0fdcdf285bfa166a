"""A commune with a round open for proposals, as most pages want it; a module may make its own."""

import io

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.rounds.models import Round
from tests.factories import make_commune, make_locality, make_resident, make_round


@pytest.fixture
def commune(db: Session) -> Commune:
    return make_commune(db, slug="tirsal")


@pytest.fixture
def round_(db: Session, commune: Commune) -> Round:
    made = make_round(db, commune)
    db.commit()
    return made


@pytest.fixture
def resident(db: Session, commune: Commune, round_: Round) -> Person:
    person = make_resident(db, commune)
    make_locality(db, commune, name=Words(fr="Aska", ar="أسكا"))
    commune.revision += 1
    db.commit()
    return person


@pytest.fixture
def picture() -> bytes:
    """A photograph as a telephone makes it, with the maker's name inside."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    Image.new("RGB", (40, 30), "green").save(out, "JPEG", exif=exif)
    return out.getvalue()
