"""L17 on the real rows: nobody who promised without a name is named where the public reads."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from cdp.funding.models import Pledge
from cdp.funding.queries.dossier import dossier
from cdp.people.models import Person
from cdp.people.states import ShownAs
from cdp.programme.models import Project
from cdp.proposals.models import Proposal


def unnamed_who_show(db: Session, commune_id: int, day: date) -> Iterable[str]:
    """Projects whose public givers name somebody who chose to stay unnamed and promised nothing under a name."""
    hidden = _people(db, commune_id, or_(Pledge.shown_as == ShownAs.ANONYMOUS, Pledge.is_secret))
    shown = _people(db, commune_id, and_(Pledge.shown_as != ShownAs.ANONYMOUS, Pledge.is_secret.is_(False)))
    projects = db.scalars(select(Project).where(Project.commune_id == commune_id, Project.id.in_(list(hidden))))
    for project in projects.all():
        named = {text for giver in dossier(db, project, day).givers.named for text in giver.name.values()}
        for name in hidden[project.id] - shown.get(project.id, set()):
            if name in named:
                yield f"project {project.number}: a giver who stays unnamed is named"


def _people(db: Session, commune_id: int, how: object) -> dict[int, set[str]]:
    rows = db.execute(
        select(Pledge.project_id, Person.name, Person.name_ar)
        .join(Person, Person.id == Pledge.person_id)
        .join(Project, Project.id == Pledge.project_id)
        .join(Proposal, Proposal.id == Project.proposal_id)
        .where(Pledge.commune_id == commune_id, Pledge.group_id.is_(None), how)  # type: ignore[arg-type]
    )
    found: dict[int, set[str]] = {}
    for project_id, *names in rows:
        found.setdefault(project_id, set()).update(filter(None, names))
    return found
