"""Reads of a project's rules: which partner waits for what, what a sponsor added; from received money, in order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from cdp.funding.models import FundingLine, LedgerEntry, MoneyRule, PartnerPromise, Pledge, PledgeTerm, ProjectRule
from cdp.funding.rules.ledger import Op
from cdp.funding.rules.match_funding import Gift, Matched, MatchRule, Sponsor, brings, matches
from cdp.funding.rules.sheet import HERE, MoneySheet
from cdp.funding.rules.unlocking import Came, InForce, Partner, unlocking
from cdp.funding.states import ConditionKind, OverFunding, RuleKind
from cdp.kernel.clock import day_of
from cdp.programme.models import Project
from cdp.programme.queries.share_rules import register
from cdp.programme.rules.share_rules import RuleSet, rule_set
from cdp.rounds.states import Source
from cdp.store.ready import Ready

ONE_GIFT = 100_000
"""Centimes of the gift by which a sponsor's rule is told: "1,000 dirhams more bring ..."."""


@dataclass(frozen=True)
class Held:
    """A rule of a project as it was chosen."""

    kind: RuleKind
    since: date
    reason: str
    data: Mapping[str, Any]
    name: str

    @property
    def after(self) -> int:
        """The last entry of the books when it was chosen."""
        return int(self.data.get("after", -1))


@dataclass(frozen=True)
class Added:
    """What a sponsor's rule added so far, what is left of its pool, what the next thousand dirhams would bring."""

    sponsor: Sponsor
    so_far: int
    left: int
    next_gift: int


@dataclass(frozen=True)
class Sharing:
    """A project's share rule and sponsor in force on a day, and what comes next of each."""

    rule: RuleSet | None = None
    cost: int = 0
    reason: str = ""
    since: date | None = None
    partners: tuple[Partner, ...] = ()
    added: Added | None = None

    def __bool__(self) -> bool:
        return self.rule is not None or self.added is not None


NONE = Sharing()

_held_ready = Ready(
    lambda: (
        select(
            MoneyRule.over_funding,
            ProjectRule.kind,
            ProjectRule.since,
            ProjectRule.reason,
            ProjectRule.data,
            ProjectRule.name,
            _has_conditions(),
        )
        .select_from(Project)
        .outerjoin(MoneyRule, MoneyRule.project_id == Project.id)
        .outerjoin(ProjectRule, ProjectRule.project_id == Project.id)
        .where(Project.id == bindparam("project_id"))
        .order_by(ProjectRule.id)
    )
)


def _has_conditions() -> Any:
    """Whether a promise of the project, of a person, a group or an institution, stands under a condition."""
    term = exists().where(PledgeTerm.pledge_id == Pledge.id)
    of_people = exists().where(Pledge.project_id == Project.id, or_(Pledge.condition != ConditionKind.NONE, term))
    return or_(exists().where(PartnerPromise.project_id == Project.id), of_people)


@dataclass(frozen=True)
class Told:
    """What becomes of too much, the rules in the order they were chosen, whether conditions were set."""

    over_funding: OverFunding | None
    rules: list[Held]
    has_conditions: bool


def told(db: Session, project_id: int) -> Told:
    """What was settled for the money of a project, in one statement."""
    rows = _held_ready.rows(db, project_id=project_id)
    return Told(rows[0][0], [Held(*row[1:-1]) for row in rows if row[1] is not None], bool(rows[0][-1]))


def held(db: Session, project_id: int) -> list[Held]:
    """The rules of a project in the order they were chosen."""
    return told(db, project_id).rules


def rule_of(one: Held) -> RuleSet | None:
    """The share rule as it was chosen; None where it ended the one before."""
    return replace(rule_set(one.data["key"], one.data), since=one.since) if "key" in one.data else None


def sharing(db: Session, project_id: int, day: date, money: MoneySheet, *, rules: Sequence[Held]) -> Sharing:
    """What the rules of a project say on a day; no statement where it has none."""
    if not rules:
        return NONE
    rows = _came(db, project_id)
    shares = [each for each in rules if each.kind is RuleKind.SHARE]
    steps = [InForce(each.since, rule_of(each), each.data.get("cost_minor", 0), each.after) for each in shares]
    now = next((each for each in reversed(shares) if each.since <= day), None)
    rule = rule_of(now) if now is not None else None
    came = (Came(row.day, row.source, row.amount, row.seq) for row in rows)
    return Sharing(
        rule=rule,
        cost=now.data.get("cost_minor", 0) if now is not None else 0,
        reason=now.reason if now is not None else "",
        since=now.since if now is not None else None,
        partners=tuple(unlocking(steps, came, day, expected=_expected(money))),
        added=_added([each for each in rules if each.kind is RuleKind.MATCH], rows, day),
    )


def _expected(money: MoneySheet) -> dict[str, int]:
    """What each source is to bring in all: planned, or signed and received if that is more."""
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in money.rows:
        found[row.source.value][0] += row.planned.minor
        found[row.source.value][1] += (row.committed + row.received).minor
    return {source: max(both) for source, both in found.items()}


@dataclass(frozen=True)
class _Row:
    """An entry that brought or took money, in the order of the books."""

    seq: int
    day: date
    source: str
    amount: int
    giver: str
    reverses: int | None
    is_gift: bool


def _came(db: Session, project_id: int) -> list[_Row]:
    entry = LedgerEntry
    asked = (
        select(
            entry.sequence, entry.recorded_at, entry.op, entry.reverses, FundingLine.source,
            func.coalesce(entry.dirhams_minor, 0).label("amount"), Pledge.person_id, Pledge.group_id, entry.line_id,
        )
        .join(FundingLine, FundingLine.id == entry.line_id)
        .outerjoin(Pledge, Pledge.id == entry.pledge_id)
        .where(entry.project_id == project_id, entry.op.in_(list(HERE)))
        .order_by(entry.sequence)
    )  # fmt: skip
    return [_row(row) for row in db.execute(asked)]


def _row(row: Any) -> _Row:
    sign = HERE[row.op] * (1 if row.reverses is None else -1)
    giver = f"person:{row.person_id}" if row.person_id else f"line:{row.line_id}"
    giver = f"group:{row.group_id}" if row.group_id else giver
    return _Row(
        row.sequence,
        day_of(row.recorded_at),
        row.source.value,
        sign * int(row.amount),
        giver,
        row.reverses,
        row.op not in PASSED_ON,
    )


PASSED_ON = {Op.TRANSFER_IN, Op.TRANSFER_OUT}
"""Money from another project was given once, and matched there."""
GIVEN = {op for op, sign in HERE.items() if sign > 0}


def _gifts(rows: Iterable[_Row], sponsor: Sponsor) -> list[Gift]:
    """The gifts a sponsor's rule looks at: what others brought, and what of it was taken back."""
    return [
        Gift(
            row.seq,
            0,
            row.giver,
            abs(row.amount),
            row.day,
            row.source,
            diaspora=row.source == Source.DIASPORA.value,
            reverses=row.reverses,
        )
        for row in rows
        if row.is_gift and row.source != sponsor.source and (row.amount > 0 or row.reverses is not None)
    ]


def lines_of(rules: Iterable[Held], rows: Iterable[_Row], day: date) -> list[tuple[Sponsor, list[Matched]]]:
    """By sponsor's rule in its order, what each gift brought while it was in force; later rules change nothing."""
    steps = [each for each in rules if each.since <= day]
    own: list[list[_Row]] = [[] for _ in steps]
    place, where = -1, {}
    for row in rows:
        while place + 1 < len(steps) and steps[place + 1].since <= row.day and steps[place + 1].after < row.seq:
            place += 1
        where[row.seq] = place
        if (mine := where.get(row.reverses or row.seq, place)) >= 0:
            own[mine].append(row)
    given = [(sponsor_of(each.data), mine) for each, mine in zip(steps, own, strict=True) if "source" in each.data]
    return [(sponsor, matches(sponsor.rule, _gifts(mine, sponsor))) for sponsor, mine in given]


def rule_on(db: Session, project_id: int, day: date) -> RuleSet | None:
    """The share rule of a project in force on a day."""
    found = [each for each in held(db, project_id) if each.kind is RuleKind.SHARE and each.since <= day]
    return rule_of(found[-1]) if found else None


def added_by(db: Session, project_id: int, day: date) -> list[tuple[Sponsor, int]]:
    """What each rule of a sponsor added while it was in force, in the order they were chosen."""
    rules = [each for each in held(db, project_id) if each.kind is RuleKind.MATCH]
    found = lines_of(rules, _came(db, project_id), day) if rules else []
    return [(given, sum(line.amount for line in lines)) for given, lines in found]


def _added(rules: list[Held], rows: list[_Row], day: date) -> Added | None:
    now = next((each for each in reversed(rules) if each.since <= day), None)
    if now is None or "source" not in now.data:
        return None
    given, lines = lines_of(rules, rows, day)[-1]
    so_far = sum(line.amount for line in lines)
    source = next(iter(given.rule.sources), Source.DIASPORA.value)
    more = Gift(1 << 62, 0, "new", ONE_GIFT, day, source, diaspora=source == Source.DIASPORA.value)
    mine = [row for row in rows if now.since <= row.day and now.after < row.seq]
    left = given.rule.pool - so_far
    return Added(given, so_far, left, brings(given.rule, _gifts(mine, given), more))


def match_data(given: Sponsor) -> dict[str, Any]:
    """A sponsor's rule as the data of its row."""
    rule = given.rule
    return {
        "source": given.source,
        "party": given.party,
        "give": rule.give,
        "each": rule.each,
        "pool": rule.pool,
        "per_gift": rule.per_gift,
        "per_giver": rule.per_giver,
        "sources": sorted(rule.sources),
        "least_givers": rule.least_givers,
        "least_diaspora": rule.least_diaspora,
        "until": rule.until.isoformat() if rule.until else None,
    }


def sponsor_of(data: Mapping[str, Any]) -> Sponsor:
    """A sponsor's rule read from the data of its row."""
    numbers = {name: data[name] for name in ("give", "each", "pool", "per_gift", "per_giver")}
    gate = {name: data[name] for name in ("least_givers", "least_diaspora")}
    until = date.fromisoformat(data["until"]) if data["until"] else None
    rule = MatchRule(**numbers, **gate, sources=frozenset(data["sources"]), until=until)
    return Sponsor(data["source"], data["party"], rule)


def in_register(db: Session, commune_id: int, rule: RuleSet, day: date) -> bool:
    """Whether a rule stands in the commune's register, as it is, on a day."""
    numbers = (rule.key, rule.shares, rule.least_total, rule.most_total)
    known = [each for each in register(db, commune_id) if each.holds_on(day)]
    return any((each.key, each.shares, each.least_total, each.most_total) == numbers for each in known)
