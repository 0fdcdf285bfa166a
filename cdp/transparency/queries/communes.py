"""Communes and their rounds as the public sees them."""

from sqlalchemy.orm import Session

from cdp.communes import queries as communes
from cdp.communes.models import Commune
from cdp.kernel.clock import today
from cdp.proposals import queries as proposals
from cdp.proposals.queries import Filters
from cdp.rounds import queries as rounds
from cdp.rounds.queries import RoundCard
from cdp.transparency.sheets import CommuneSheet, PhaseSheet, RoundSheet, SectorSheet


def all_communes(db: Session) -> tuple[CommuneSheet, ...]:
    """The communes that use the tool, by name (one statement)."""
    return tuple(commune_sheet(commune) for commune in communes.opened(db))


def commune_sheet(commune: Commune) -> CommuneSheet:
    """A commune as everybody reads it."""
    return CommuneSheet(
        code=commune.code,
        slug=commune.slug,
        kind=commune.kind,
        name=commune.name,
        cercle=commune.cercle,
        population_2014=commune.population_2014,
        population_2024=commune.population_2024,
        summer_population=commune.summer_population,
        is_invented=commune.is_invented,
    )


def all_rounds(db: Session, commune_id: int) -> tuple[RoundSheet, ...]:
    """The rounds of a commune, the newest first; a commune has a handful of them."""
    return tuple(round_sheet(db, rounds.card(db, each)) for each in rounds.all_of(db, commune_id))


def round_sheet(db: Session, card: RoundCard) -> RoundSheet:
    """A round with its phases, sectors and how many proposals its board shows (one statement)."""
    return RoundSheet(
        first_year=card.first_year,
        last_year=card.last_year,
        title=card.title,
        phase=card.phase_on(today()),
        phases=tuple(PhaseSheet(window.phase, window.starts_on, window.ends_on) for window in card.windows),
        charter_version=card.charter_version,
        sectors=tuple(SectorSheet(sector.key, sector.name) for sector in card.charter.sectors),
        proposals=proposals.total(db, card.id, Filters(), proposals.facets(db, card.id)),
    )
