"""The plan as one frozen value: projects over years and sources, totals against the envelopes, what was left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.people.models import Group
from cdp.programme.models import PlanLine, PlanVersion, YearAmount
from cdp.programme.queries.versions import VersionRow
from cdp.programme.rules import keeping
from cdp.programme.rules.keeping import Remedies
from cdp.programme.states import LineVerdict, Pin
from cdp.proposals.models import Proposal, ProposalPlace
from cdp.rounds.queries import RoundCard, charter_at
from cdp.rounds.rules.charter import Envelope, read
from cdp.rounds.states import ProposerKind, Source
from cdp.store.ready import Ready

Key = TypeVar("Key")


@dataclass(frozen=True)
class PlanRow:
    """A line of the plan: centimes by (year, source); ``places`` empty means the whole commune.

    ``message``: why it is out, or why it does not start earlier; ``remedies``: what would let it in.
    """

    id: int
    number: str
    title: Words
    sector: str
    asker: Words | None
    proposer_kind: ProposerKind
    rank: int
    cost: Money
    is_in: bool
    start_year: int | None
    amounts: Mapping[tuple[int, Source], int]
    message: Message | None
    remedies: Remedies
    pin: Pin
    pin_year: int | None
    pin_reason: str
    places: tuple[Words, ...]
    fractions: tuple[Words, ...]

    @property
    def programmed(self) -> int:
        """Centimes of all years and sources: what the works cost by then, and what the plan bears to run them."""
        return sum(self.amounts.values())

    def in_year(self, year: int) -> int:
        """Centimes of a year, from all sources."""
        return sum(amount for (of, _), amount in self.amounts.items() if of == year)

    def from_source(self, source: Source) -> int:
        """Centimes of a source, in all years."""
        return sum(amount for (_, of), amount in self.amounts.items() if of is source)


@dataclass(frozen=True)
class Total:
    """Centimes programmed, those of them taken of envelopes, and these envelopes (None: there is none)."""

    programmed: int
    taken: int
    available: int | None


@dataclass(frozen=True)
class PlanSheet:
    """A version of the plan with all that is read from it."""

    version: VersionRow
    years: tuple[int, ...]
    rows: tuple[PlanRow, ...]
    left_out: tuple[PlanRow, ...]
    envelopes: tuple[Envelope, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Sources that pay or have an envelope, in the order of the list of sources."""
        used = {source for row in self.rows for (_, source) in row.amounts} | {e.source for e in self.envelopes}
        return tuple(source for source in Source if source in used)

    @property
    def total(self) -> int:
        """Centimes programmed in all."""
        return sum(row.programmed for row in self.rows)

    def cell(self, year: int, source: Source) -> Total:
        """A year of a source against its envelope."""
        return self._total((year,), (source,))

    def year(self, year: int) -> Total:
        """A year against its envelopes."""
        return self._total((year,), self.sources)

    def source(self, source: Source) -> Total:
        """A source over all years against its envelopes."""
        return self._total(self.years, (source,))

    def all_years(self) -> Total:
        """The whole plan against all envelopes."""
        return self._total(self.years, self.sources)

    def _total(self, years: tuple[int, ...], sources: tuple[Source, ...]) -> Total:
        """Sources without any envelope give to their projects alone: what they give is taken of none."""
        limited = {e.source for e in self.envelopes}
        amounts = [
            (source, amount)
            for row in self.rows
            for (year, source), amount in row.amounts.items()
            if year in years and source in sources
        ]
        given = [e.amount.minor for e in self.envelopes if e.year in years and e.source in sources]
        return Total(
            programmed=sum(amount for _, amount in amounts),
            taken=sum(amount for source, amount in amounts if source in limited),
            available=sum(given) if limited & set(sources) else None,
        )

    def by_sector(self) -> dict[str, int]:
        """Centimes by sector, most first."""
        return _summed((row.sector, row.programmed) for row in self.rows)

    def by_fraction(self) -> dict[Words | None, int]:
        """Centimes by fraction, most first; a project of several counts in equal parts; None: the whole commune."""
        return _summed(part for row in self.rows for part in equal_parts(row.fractions, row.programmed))

    def by_place(self) -> dict[Words | None, int]:
        """Centimes by douar, most first; a project of several counts in equal parts; None: the whole commune."""
        return _summed(part for row in self.rows for part in equal_parts(row.places, row.programmed))


CENTIMES = 100
"""Of a dirham."""


def equal_parts(places: tuple[Words, ...], amount: int) -> list[tuple[Words | None, int]]:
    """An amount in equal parts of whole dirhams; the first ones bear the odd dirhams, the very first the centimes."""
    if not places:
        return [(None, amount)]
    dirhams, centimes = divmod(amount, CENTIMES)
    share, odd = divmod(dirhams, len(places))
    return [
        (place, (share + (position < odd)) * CENTIMES + (0 if position else centimes))
        for position, place in enumerate(places)
    ]


def _summed(parts: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    sums: dict[Key, int] = {}
    for key, amount in parts:
        sums[key] = sums.get(key, 0) + amount
    return dict(sorted(sums.items(), key=lambda item: (-item[1], str(item[0]))))


def sheet(db: Session, card: RoundCard, version: VersionRow, *, record: Mapping[str, Any] | None = None) -> PlanSheet:
    """A version of the plan with its rows in the order of the ranking (three statements).

    A frozen version speaks the words of its ``record`` (loaded when it is not given), whatever people changed since.
    Its envelopes are those of the charter it was drafted under, whatever the charter says by now (one statement more
    for an earlier charter).
    """
    if record is None and version.has_record:
        record = record_of(db, version.id)
    amounts = _amounts(db, version.id)
    places = _places(db, version.id) if record is None else {}
    rows = [
        _row(line, amounts=amounts.get(line.line_id, {}), places=places.get(line.id, []))
        for line in _lines.rows(db, version_id=version.id)
    ]
    if record is not None:
        rows = [_as_recorded(row, record["proposals"][row.number]) for row in rows]
    charter = charter_at(db, card, version.charter_version) if record is None else read(record["charter"])
    return PlanSheet(
        version=version,
        years=tuple(range(card.first_year, card.last_year + 1)),
        rows=tuple(row for row in rows if row.is_in),
        left_out=tuple(row for row in rows if not row.is_in),
        envelopes=charter.envelopes,
    )


def record_of(db: Session, version_id: int) -> dict[str, Any] | None:
    """What a version was frozen with; None for a draft, and for one frozen before records were kept."""
    found: dict[str, Any] | None = db.scalar(select(PlanVersion.record).where(PlanVersion.id == version_id))
    return found


def _as_recorded(row: PlanRow, said: Mapping[str, Any]) -> PlanRow:
    return replace(
        row,
        title=Words(said["title"]),
        sector=said["sector"],
        asker=None if said["asker"] is None else Words(said["asker"]),
        proposer_kind=ProposerKind(said["kind"]),
        places=tuple(Words(place["name"]) for place in said["places"]),
        fractions=_distinct(Words(place["fraction"]) for place in said["places"]),
    )


_lines = Ready(
    lambda: (
        select(
            PlanLine.id.label("line_id"),
            PlanLine.rank,
            PlanLine.cost_minor,
            PlanLine.verdict,
            PlanLine.start_year,
            PlanLine.reason,
            PlanLine.reason_values,
            PlanLine.pin,
            PlanLine.pin_year,
            PlanLine.pin_reason,
            Proposal.id,
            Proposal.number,
            Proposal.title,
            Proposal.sector,
            Proposal.proposer_kind,
            Group.name.label("asker"),
        )
        .join(Proposal, Proposal.id == PlanLine.proposal_id)
        .outerjoin(Group, Group.id == Proposal.group_id)
        .where(PlanLine.version_id == bindparam("version_id"))
        .order_by(PlanLine.rank, PlanLine.id)
    )
)


_words = Ready(
    lambda: (
        select(Proposal.title, Group.name)
        .join(PlanLine, PlanLine.proposal_id == Proposal.id)
        .outerjoin(Group, Group.id == Proposal.group_id)
        .where(PlanLine.version_id == bindparam("version_id"))
        .order_by(PlanLine.id)
    )
)


def words_of(db: Session, version_id: int) -> tuple[tuple[Words, Words | None], ...]:
    """What a version frozen without a record does not hold, and people may still change: titles, and who asks."""
    return tuple((title, asker) for title, asker in _words.rows(db, version_id=version_id))


def _row(line: Any, *, amounts: Mapping[tuple[int, Source], int], places: list[tuple[Words, Words]]) -> PlanRow:
    document = line.reason_values or {}
    return PlanRow(
        id=line.id,
        number=line.number or "",
        title=line.title,
        sector=line.sector,
        asker=line.asker,
        proposer_kind=line.proposer_kind,
        rank=line.rank,
        cost=Money(line.cost_minor),
        is_in=line.verdict is LineVerdict.IN,
        start_year=line.start_year,
        amounts=amounts,
        message=keeping.message(line.reason, document),
        remedies=keeping.remedies(document),
        pin=line.pin,
        pin_year=line.pin_year,
        pin_reason=line.pin_reason,
        places=tuple(name for name, _ in places),
        fractions=_distinct(fraction for _, fraction in places),
    )


def _distinct(words: Iterable[Words]) -> tuple[Words, ...]:
    found: list[Words] = []
    for each in words:
        if each not in found:
            found.append(each)
    return tuple(found)


_amounts_ready = Ready(
    lambda: (
        select(YearAmount.line_id, YearAmount.year, YearAmount.source, YearAmount.amount_minor)
        .join(PlanLine, PlanLine.id == YearAmount.line_id)
        .where(PlanLine.version_id == bindparam("version_id"))
        .order_by(YearAmount.id)
    )
)


def _amounts(db: Session, version_id: int) -> dict[int, dict[tuple[int, Source], int]]:
    found: dict[int, dict[tuple[int, Source], int]] = {}
    for line_id, year, source, amount in _amounts_ready.rows(db, version_id=version_id):
        found.setdefault(line_id, {})[year, source] = amount
    return found


_places_ready = Ready(
    lambda: (
        select(ProposalPlace.proposal_id, Locality.name, Locality.fraction)
        .join(Locality, Locality.id == ProposalPlace.locality_id)
        .join(PlanLine, PlanLine.proposal_id == ProposalPlace.proposal_id)
        .where(PlanLine.version_id == bindparam("version_id"))
        .order_by(Locality.sort_key, Locality.id)
    )
)


def _places(db: Session, version_id: int) -> dict[int, list[tuple[Words, Words]]]:
    found: dict[int, list[tuple[Words, Words]]] = {}
    for proposal_id, name, fraction in _places_ready.rows(db, version_id=version_id):
        found.setdefault(proposal_id, []).append((name, fraction))
    return found
