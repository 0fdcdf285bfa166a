"""The versions of a round's plan, the acts on them, and what changed between two."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from cdp.kernel.errors import NotFound
from cdp.people.models import Person
from cdp.people.queries import said_name, shown_name
from cdp.programme.models import CouncilAct, PlanVersion
from cdp.programme.states import ActKind, VersionState, version_state
from cdp.store.ready import Ready


@dataclass(frozen=True)
class ActRow:
    """An act on a version as anyone reads it."""

    kind: ActKind
    on: date
    votes_for: int | None
    votes_against: int | None
    abstentions: int | None
    reference: str
    reason: str
    by: str

    @property
    def is_silence(self) -> bool:
        """Whether a visa is one by silence: it came without a letter."""
        return self.kind is ActKind.VISA and not self.reference


@dataclass(frozen=True)
class VersionRow:
    """A version with its acts in their order; ``state`` is worked out from them."""

    id: int
    number: int
    charter_version: int
    made_at: datetime
    frozen_at: datetime | None
    data_hash: str
    acts: tuple[ActRow, ...]
    value: int | None = None
    bound: int | None = None
    """Priority value, and what no programme is worth more than where that was proven."""
    updates: int | None = None
    """Number of the version it brings up to date, for the reason in ``note``."""
    note: str = ""
    has_record: bool = False
    """Whether all that its document prints was frozen with it."""

    @property
    def state(self) -> VersionState:
        """Where it stands."""
        return version_state([act.kind for act in self.acts], self.updates)

    @property
    def is_visaed(self) -> bool:
        """Whether the governor gave it the visa."""
        return self.act(ActKind.VISA) is not None

    def act(self, *kinds: ActKind) -> ActRow | None:
        """The act of one of these kinds, if there is one."""
        return next((act for act in self.acts if act.kind in kinds), None)

    @property
    def vote(self) -> ActRow | None:
        """The council's vote."""
        return self.act(ActKind.ADOPT, ActKind.REJECT)


_acts = Ready(
    lambda: (
        select(
            CouncilAct.version_id,
            CouncilAct.kind,
            CouncilAct.on,
            CouncilAct.votes_for,
            CouncilAct.votes_against,
            CouncilAct.abstentions,
            CouncilAct.reference,
            CouncilAct.reason,
            said_name(),
            Person.shown_as,
        )
        .join(Person, Person.id == CouncilAct.recorded_by_id)
        .join(PlanVersion, PlanVersion.id == CouncilAct.version_id)
        .where(PlanVersion.round_id == bindparam("round_id"))
        .order_by(CouncilAct.id)
    )
)

_versions = Ready(
    lambda: (
        select(
            PlanVersion.id,
            PlanVersion.number,
            PlanVersion.charter_version,
            PlanVersion.made_at,
            PlanVersion.frozen_at,
            PlanVersion.data_hash,
            PlanVersion.value,
            PlanVersion.bound,
            PlanVersion.updates,
            PlanVersion.note,
            PlanVersion.record.is_not(None).label("has_record"),
        )
        .where(PlanVersion.round_id == bindparam("round_id"))
        .order_by(PlanVersion.number.desc())
    )
)


def versions(db: Session, round_id: int) -> tuple[VersionRow, ...]:
    """All versions of a round's plan, the newest first (two statements)."""
    acts: dict[int, list[ActRow]] = {}
    for version_id, *act, name, shown_as in _acts.rows(db, round_id=round_id):
        acts.setdefault(version_id, []).append(ActRow(*(*act, shown_name(name, shown_as))))
    return tuple(
        VersionRow(*(*version[:6], tuple(acts.get(version[0], ())), *version[6:]))
        for version in _versions.rows(db, round_id=round_id)
    )


def in_force(versions: Iterable[VersionRow]) -> VersionRow | None:
    """The version that holds: the newest with a visa, else the newest adopted, else the newest (newest come first).

    An update that the council adopted does not hold before it has its own visa.
    """
    known = list(versions)
    visaed = (each for each in known if each.is_visaed)
    adopted = (each for each in known if each.state is VersionState.ADOPTED)
    return next((each for found in (visaed, adopted, known) for each in found), None)


def find_version(db: Session, round_id: int, number: int) -> PlanVersion:
    """A version of a round's plan by its number; NotFound else."""
    found = db.scalar(select(PlanVersion).where(PlanVersion.round_id == round_id, PlanVersion.number == number))
    if found is None:
        raise NotFound("programme.no_such_version", number=number)
    return found


def last_act_at(db: Session, version_id: int) -> datetime | None:
    """The moment the last act on a version was written down."""
    return db.scalar(select(func.max(CouncilAct.recorded_at)).where(CouncilAct.version_id == version_id))
