"""Reads of conditions: on what the promises of a project wait, which of them hold together, what is still missing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from cdp.communes.models import Locality
from cdp.funding.models import ClubShare, FundingLine, PartnerPromise, Pledge, PledgeTerm, PromiseBatch
from cdp.funding.queries import flows
from cdp.funding.rules.conditions import Need, missing
from cdp.funding.rules.ledger import Op, Purse
from cdp.funding.rules.sheet import COMMITTED, HERE, PLEDGED, open_dirhams
from cdp.funding.rules.standing import Flow
from cdp.funding.rules.terms import Given, Kind, Term, outcome, question
from cdp.funding.states import ConditionKind
from cdp.kernel.words import Words
from cdp.people.models import Belonging, Group
from cdp.programme.models import Project
from cdp.store.ready import Ready


@dataclass(frozen=True)
class Stated:
    """A condition as it is said: its kind and numbers, the group or place it names, and how it stands.

    ``lacks``: people or centimes that are still missing; 0 when it holds or lacks something else.
    """

    pledge: int
    kind: Kind
    at_least: int | None
    give: int | None
    each: int | None
    group: Words
    place: Words
    holds: bool
    lacks: int = 0
    source: str = ""
    party: str = ""
    amount_minor: int = 0
    """Of an institution alone: where its money comes from, its name, and what it would bring."""


@dataclass(frozen=True)
class Conditions:
    """The conditions of a project's promises; ``fires``: centimes of each promise that holds with the others."""

    stated: Mapping[int, Stated]
    given: Mapping[int, Given]
    fires: Mapping[int, int]

    def waits(self, pledge: int) -> bool:
        """Whether a promise is open and its condition does not hold yet."""
        return pledge in self.stated and self.given[pledge].is_open and pledge not in self.fires

    def callable_share(self, pledge: int) -> tuple[int, int]:
        """How much of what is open may be called, as a fraction: all of it, or what a ratio gives so far."""
        given = self.given.get(pledge)
        if given is None or pledge not in self.stated:
            return 1, 1
        if pledge not in self.fires:
            return 0, 1
        if self.stated[pledge].give is None:
            return 1, 1
        whole = given.open_minor + given.firm_minor
        return max(0, self.fires[pledge] - given.firm_minor), max(1, whole - given.firm_minor)


NONE = Conditions({}, {}, {})


def conditions(db: Session, project_id: int, day: date) -> Conditions:
    """The conditions of the promises of a project on a day; one statement where nobody stated any."""
    stated = _stated(db, project_id)
    return _solved(db, project_id, stated, day) if stated else NONE


def in_public(db: Session, project_id: int, day: date) -> tuple[tuple[Stated, int], ...]:
    """The conditions under which open promises stand, each with how many promises: no names, no amounts of anybody."""
    held = conditions(db, project_id, day)
    sentences: dict[Stated, int] = {}
    for number, said in held.stated.items():
        if held.given[number].is_open:
            key = replace(said, pledge=0)
            sentences[key] = sentences.get(key, 0) + 1
    return tuple(sentences.items())


def agreed_with(db: Session, project_id: int, day: date) -> list[Stated]:
    """What institutions have agreed to and not signed, each with its condition; numbers below zero are theirs."""
    held = conditions(db, project_id, day)
    return [said for number, said in held.stated.items() if number < 0 and held.given[number].is_open]


def of_proposal(db: Session, proposal_id: int, day: date) -> tuple[tuple[Stated, int], ...]:
    """The same of people alone, for the team of a proposal; none before it is a project."""
    project_id = db.scalar(select(Project.id).where(Project.proposal_id == proposal_id))
    found = () if project_id is None else in_public(db, project_id, day)
    return tuple((said, count) for said, count in found if not said.source)


_named_clubs, _named_places = aliased(Group), aliased(Locality)
_said = (PledgeTerm.kind, PledgeTerm.at_least, PledgeTerm.give, PledgeTerm.each)
_stated_rows = Ready(
    lambda: (
        select(
            Pledge.id,
            Pledge.condition,
            Pledge.condition_count,
            _named_clubs.name,
            _named_places.name,
            *_said,
            PledgeTerm.group_id,
            PledgeTerm.locality_id,
            literal("").label("party"),
            Pledge.id.label("place"),
        )
        .outerjoin(PledgeTerm, PledgeTerm.pledge_id == Pledge.id)
        .outerjoin(_named_clubs, _named_clubs.id == PledgeTerm.group_id)
        .outerjoin(_named_places, _named_places.id == PledgeTerm.locality_id)
        .where(
            Pledge.project_id == bindparam("project_id"),
            or_(Pledge.condition != ConditionKind.NONE, PledgeTerm.id.is_not(None)),
        )
        .union_all(_of_institutions())
        .order_by("place")
    )
)


def _of_institutions() -> Any:
    """The same of institutions, whose numbers are below zero: in the solver they stand beside people."""
    made, place, group = PartnerPromise, aliased(Locality), aliased(Group)
    return (
        select(
            -made.id,
            made.condition,
            made.at_least,
            group.name,
            place.name,
            made.kind,
            made.at_least,
            made.give,
            made.each,
            made.group_id,
            made.locality_id,
            FundingLine.party,
            (-made.id).label("place"),
        )
        .join(FundingLine, FundingLine.id == made.line_id)
        .outerjoin(group, group.id == made.group_id)
        .outerjoin(place, place.id == made.locality_id)
        .where(made.project_id == bindparam("project_id"))
    )


Said = dict[int, tuple[Term, Words, Words, str]]


def _stated(db: Session, project_id: int) -> Said:
    """Promise -> its condition, with the names it says; institutions below zero, with theirs."""
    return {
        number: (
            Term(plain, at_least=count) if more[0] is None else Term(*more),
            group or Words(),
            where or Words(),
            party,
        )
        for number, plain, count, group, where, *more, party, _place in _stated_rows.rows(db, project_id=project_id)
    }


def _solved(db: Session, project_id: int, stated: Said, day: date) -> Conditions:
    terms = {number: each[0] for number, each in stated.items()}
    given, signed = givens(db, project_id, day, terms)
    found = outcome(given, signed)
    by_id = {each.pledge: each for each in given}
    waiting = {each.pledge: each for each in question(given, signed)[0]}
    said = {}
    for number, (term, group, place, party) in stated.items():
        if number not in by_id:
            continue
        own = by_id[number]
        holds = number in found.fires or not own.is_open
        lack = _lack(missing(waiting[number], found)) if number in waiting and not holds else 0
        plain = Stated(number, term.kind, term.at_least, term.give, term.each, group, place, holds=holds, lacks=lack)
        if number < 0:
            plain = replace(plain, source=own.source, party=party, amount_minor=own.open_minor)
        said[number] = plain
    return Conditions(said, by_id, found.fires)


def _lack(needs: Iterable[Need]) -> int:
    """What is missing, where a number says it."""
    return next((need.at_least for need in needs if need.kind in {"people", "total"}), 0)


def givens(
    db: Session, project_id: int, day: date, terms: Mapping[int, Term], sums: Mapping[Purse, Any] | None = None
) -> tuple[list[Given], dict[str, int]]:
    """The promises of a project as conditions see them, and the money signed by source; what expired is not open."""
    sums = flows(db, [project_id])[project_id] if sums is None else sums
    lines = dict(
        db.execute(select(FundingLine.id, FundingLine.source).where(FundingLine.project_id == project_id)).all()
    )
    rows = db.execute(
        select(Pledge.id, Pledge.person_id, Pledge.group_id, Pledge.until, Group.locality_id, heads())
        .outerjoin(Group, Group.id == Pledge.group_id)
        .where(Pledge.project_id == project_id)
    ).all()
    places = _places(db, {row.person_id for row in rows}, terms.values(), day)
    purses = {purse.pledge: (purse, ops) for purse, ops in sums.items() if purse.pledge is not None}
    found = []
    for row in rows:
        if row.id in purses:
            purse, ops = purses[row.id]
            about = (lines[purse.line or 0].value, terms.get(row.id, Term()), places)
            found.append(_given(row, ops, about, is_past=row.until < day))
    signed: defaultdict[str, int] = defaultdict(int)
    promised = {}
    for purse, ops in sums.items():
        if purse.pledge is None and purse.line is not None:
            signed[lines[purse.line].value] += _firm(ops)
            promised[purse.line] = open_dirhams(ops, PLEDGED)
    found += _of_partners(db, project_id, terms, promised, lines=lines, day=day)
    return found, dict(signed)


def _of_partners(
    db: Session,
    project_id: int,
    terms: Mapping[int, Term],
    promised: Mapping[int, int],
    *,
    lines: Mapping[int, Any],
    day: date,
) -> list[Given]:
    """What institutions have agreed to and not signed: on each line the last promise, as far as it stands open."""
    made = PartnerPromise
    asked = select(made.id, made.line_id, made.until).where(made.project_id == project_id).order_by(made.id)
    rows = db.execute(asked).all() if any(promised.values()) else []
    last = {line: (number, until) for number, line, until in rows}
    return [
        Given(
            pledge=-number,
            giver=f"line:{line}",
            source=lines[line].value,
            open_minor=promised[line],
            firm_minor=0,
            term=terms.get(-number, Term()),
            is_person=False,
        )
        for line, (number, until) in last.items()
        if promised.get(line, 0) > 0 and (until is None or until >= day)
    ]


def _given(
    row: Any, ops: Mapping[Op, Flow], about: tuple[str, Term, Mapping[int, frozenset[int]]], *, is_past: bool
) -> Given:
    source, term, places = about
    still = 0 if is_past else sum(sign * ops[op].amount_minor for op, sign in PLEDGED.items() if op in ops)
    own = places.get(row.person_id, frozenset())
    return Given(
        pledge=row.id,
        giver=f"group:{row.group_id}" if row.group_id is not None else f"person:{row.person_id}",
        source=source,
        open_minor=open_dirhams(ops, PLEDGED) if still > 0 else 0,
        firm_minor=_firm(ops),
        is_open=still > 0,
        group_id=row.group_id,
        places=own if row.group_id is None else frozenset(filter(None, [row.locality_id])),
        term=term,
        heads=max(1, row.heads),
    )


def heads() -> Any:
    """How many people signed the paper of a promise; 0 where there is none: a list its giver wrote proves nobody."""
    asked = select(func.count(ClubShare.id)).join(PromiseBatch, PromiseBatch.pledge_id == ClubShare.pledge_id)
    asked = asked.where(ClubShare.pledge_id == Pledge.id)
    return asked.correlate(Pledge).scalar_subquery().label("heads")


def _firm(ops: Mapping[Op, Flow]) -> int:
    """Centimes that were called or signed, or are here."""
    here = sum(sign * ops[op].mad_minor for op, sign in HERE.items() if op in ops)
    return max(0, here + open_dirhams(ops, COMMITTED))


def _places(db: Session, people: Collection[int], terms: Iterable[Term], day: date) -> dict[int, frozenset[int]]:
    """Person -> places they have a tie to, among those that conditions name."""
    named = {term.locality_id for term in terms if term.locality_id is not None}
    if not named:
        return {}
    rows = db.execute(
        select(Belonging.person_id, Belonging.locality_id).where(
            Belonging.person_id.in_(people),
            Belonging.locality_id.in_(named),
            Belonging.since <= day,
            or_(Belonging.until.is_(None), Belonging.until >= day),
        )
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for person, place in rows:
        found[person].add(place or 0)
    return {person: frozenset(own) for person, own in found.items()}


def terms_of(db: Session, project_id: int) -> dict[int, Term]:
    """Promise -> its condition, for those under one."""
    return {number: each[0] for number, each in _stated(db, project_id).items()}
