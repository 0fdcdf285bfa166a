"""What the files of open money are made of, read once: the commune, its projects, the moves of their money."""

from sqlalchemy.orm import Session

from cdp.communes import queries as territory
from cdp.exports.standards import Dossier
from cdp.kernel.clock import now
from cdp.kernel.errors import NotFound
from cdp.transparency.queries import communes, projects
from cdp.transparency.queries.moves import moves


def gather(db: Session, slug: str, *, address: str = "") -> Dossier:
    """Everything an export says of a commune; NotFound for none of that name."""
    commune = territory.find(db, slug)
    number = commune.id
    found = tuple(projects.every(db, number))
    if not found:
        raise NotFound("funding.nothing_to_export")
    return Dossier(
        commune=communes.commune_sheet(commune),
        projects=found,
        moves=tuple(moves(db, number)),
        made_at=now(),
        address=address,
        sectors={s.key: s.name for each in communes.all_rounds(db, number) for s in each.sectors},
    )
