"""What the books must show of promises and plans: conditions solved rightly (L7), ratios within their bounds (L8),
instalments that sum (L18), sources of the adopted plan that sum to the cost (L20)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cdp.funding.models import FundingLine, Instalment, LedgerEntry, Pledge, PledgeTerm, ProjectRule
from cdp.funding.queries import flows, planned, shares
from cdp.funding.queries.conditions import givens, heads, terms_of
from cdp.funding.rules.conditions import ALL, Need
from cdp.funding.rules.ledger import Op
from cdp.funding.rules.sheet import open_dirhams
from cdp.funding.rules.terms import EVERYBODY, needs_of, outcome, question, ratio_of, slowly, village
from cdp.funding.rules.units import IN_KIND
from cdp.funding.states import ConditionKind, RuleKind
from cdp.kernel.clock import day_of
from cdp.people.models import Belonging, Group
from cdp.programme.models import CouncilAct, PlanLine, PlanVersion, Project, YearAmount
from cdp.programme.rules.share_rules import share_problems
from cdp.programme.states import ActKind, LineVerdict

MOST_SOLVED = 400
"""Promises of a project that are solved a second time, slowly; of larger ones only the calls are looked at."""

Measures = Mapping[tuple[str, str], int]


def conditions_hold(db: Session, commune_id: int, day: date, _audit: Any) -> Iterable[str]:
    """L7: the solver's set is the one a slow reckoning finds, and nothing was called before its condition held."""
    for project_id in _under_conditions(db, commune_id):
        terms = terms_of(db, project_id)
        promises, signed = givens(db, project_id, day, terms)
        if len(promises) <= MOST_SOLVED and outcome(promises, signed).fires != slowly(*question(promises, signed)):
            yield f"project {project_id}: promises that hold together are not the largest set"
        for pledge, seq, have in _called(db, project_id, set(terms)):
            if not all(_reaches(have, need) for need in needs_of(terms[pledge])):
                yield f"pledge {pledge}: called at entry {seq} before its condition held"


def ratios_hold(db: Session, commune_id: int, _day: date, _audit: Any) -> Iterable[str]:
    """L8: of "so much for each that a group gives" never more was called than the group's word allows."""
    for project_id in _under_conditions(db, commune_id):
        terms = {number: term for number, term in terms_of(db, project_id).items() if ratio_of(term)}
        if not terms:
            continue
        own = {purse.pledge: ops for purse, ops in flows(db, [project_id])[project_id].items()}
        words = _words_of_groups(db, project_id)
        for number, term in terms.items():
            called = open_dirhams(own.get(number, {}), {Op.COMMIT: 1})
            most = words.get(term.group_id, 0) * (term.give or 0) // (term.each or 1)
            if called > most + 1:
                yield f"pledge {number}: {called} called, {most} is what its ratio gives"


def caps_hold(db: Session, commune_id: int, day: date, audit: Any) -> Iterable[str]:
    """L8: no ratio and no sponsor goes beyond its cap, and no rule of a project reaches back before it was chosen."""
    yield from ratios_hold(db, commune_id, day, audit)
    asked = select(ProjectRule).where(ProjectRule.commune_id == commune_id).order_by(ProjectRule.id)
    last: dict[tuple[int, RuleKind], date] = {}
    sponsored = set()
    for row in db.scalars(asked):
        before = last.get((row.project_id, row.kind), row.since)
        if row.since < day_of(row.chosen_at) or row.since < before:
            yield f"project {row.project_id}: rule {row.id} reaches back before it was chosen"
        last[row.project_id, row.kind] = row.since
        sponsored |= {row.project_id} if row.kind is RuleKind.MATCH else set()
    for project_id in sorted(sponsored):
        for given, added in shares.added_by(db, project_id, day):
            if not 0 <= added <= given.rule.pool:
                yield f"project {project_id}: {given.name} adds {added}, its pool is {given.rule.pool}"


def instalments_sum(db: Session, commune_id: int, _day: date, _audit: Any) -> Iterable[str]:
    """L18: the instalments of a promise sum to it."""
    rows = db.execute(
        select(Pledge.id, Pledge.amount_minor, func.sum(Instalment.amount_minor))
        .join(Instalment, Instalment.pledge_id == Pledge.id)
        .where(Pledge.commune_id == commune_id)
        .group_by(Pledge.id, Pledge.amount_minor)
    )
    for number, amount, parts in rows:
        if int(parts) != amount:
            yield f"pledge {number}: its instalments sum to {parts}, not to {amount}"


def plans_sum(db: Session, commune_id: int, _day: date, _audit: Any) -> Iterable[str]:
    """L20: in every adopted plan the sources of a project sum to the cost of its works."""
    summed = func.coalesce(func.sum(YearAmount.amount_minor), 0)
    rows = db.execute(
        select(PlanLine.id, PlanLine.cost_minor, summed)
        .join(PlanVersion, PlanVersion.id == PlanLine.version_id)
        .join(CouncilAct, CouncilAct.version_id == PlanVersion.id)
        .outerjoin(YearAmount, (YearAmount.line_id == PlanLine.id) & YearAmount.is_running.is_(False))
        .where(
            PlanVersion.commune_id == commune_id,
            CouncilAct.kind == ActKind.ADOPT,
            PlanLine.verdict == LineVerdict.IN,
        )
        .group_by(PlanLine.id, PlanLine.cost_minor)
        .having(summed != PlanLine.cost_minor)
    )
    for line, cost, paid in rows:
        yield f"plan line {line}: sources sum to {paid}, the cost is {cost}"


def rules_are_kept(db: Session, commune_id: int, day: date, audit: Any) -> Iterable[str]:
    """L20: adopted plans sum, and where a project has a share rule in force, its plan keeps the shares."""
    yield from plans_sum(db, commune_id, day, audit)
    rows = db.execute(
        select(Project.id, Project.cost_minor)
        .where(Project.commune_id == commune_id, Project.id.in_(select(ProjectRule.project_id)))
        .order_by(Project.id)
    ).all()
    plans = planned(db, [row.id for row in rows])
    for project_id, cost in rows:
        rule, own = shares.rule_on(db, project_id, day), plans.get(project_id)
        if rule is None or not own:
            continue
        for each in share_problems(rule, {source.value: amount for source, amount in own.items()}, cost):
            if each.why != "funding.plan_does_not_sum":
                yield f"project {project_id}: {'+'.join(each.sources)} {each.why} by {each.by}"


def _under_conditions(db: Session, commune_id: int) -> list[int]:
    """Projects that have a promise under a condition."""
    asked = (
        select(Pledge.project_id)
        .outerjoin(PledgeTerm, PledgeTerm.pledge_id == Pledge.id)
        .where(Pledge.commune_id == commune_id)
        .where(or_(Pledge.condition != ConditionKind.NONE, PledgeTerm.id.is_not(None)))
    )
    return list(db.scalars(asked.distinct()))


def _reaches(have: Measures, need: Need) -> bool:
    return have.get((need.kind, need.name), 0) >= need.at_least


def _called(db: Session, project_id: int, pledges: Iterable[int]) -> Iterable[tuple[int, int, Measures]]:
    """Each call of money under a condition that stands: the promise, its entry, and all that had been said before.

    What was said is never taken off again: who withdraws after a call does not make it wrong. What a line of the bank
    commits (money that came of itself, less a fee) was never called.
    """
    entry = LedgerEntry
    taken_back = set(db.scalars(select(entry.reverses).where(entry.project_id == project_id)))
    people = _people(db, project_id)
    lines = db.execute(select(FundingLine.id, FundingLine.source).where(FundingLine.project_id == project_id))
    sources = {number: source.value for number, source in lines}
    have: defaultdict[tuple[str, str], int] = defaultdict(int)
    seen: defaultdict[str, int] = defaultdict(int)
    rows = db.execute(
        select(
            *(entry.op, entry.sequence, entry.reverses, entry.line_id, entry.pledge_id, entry.unit),
            *(entry.dirhams_minor, entry.statement_line),
        )
        .where(entry.project_id == project_id)
        .order_by(entry.sequence)
        .execution_options(yield_per=2000)
    )
    for row in rows:
        if row.op is Op.COMMIT and row.pledge_id in pledges and row.unit not in IN_KIND:
            if row.reverses is None and row.statement_line is None and row.sequence not in taken_back:
                yield row.pledge_id, row.sequence, have
        elif row.reverses is None and _is_said(row.op):
            have[ALL] += row.dirhams_minor or 0
            have["source", sources.get(row.line_id, "")] += row.dirhams_minor or 0
            giver, groups, count = people.get(row.pledge_id, ("", (), 0))
            for name in groups:
                have["people", name] += max(0, count - seen[giver])
            seen[giver] = max(seen[giver], count)


def _is_said(op: Op) -> bool:
    """Whether an operation brings something new from the world."""
    return op in {Op.PLEDGE, Op.SIGN, Op.GIFT, Op.TRANSFER_IN, Op.ALLOCATE}


def _people(db: Session, project_id: int) -> dict[int | None, tuple[str, tuple[str, ...], int]]:
    """Promise -> its giver, as whom the giver counts (everybody, each place they ever had a tie to), for how many."""
    rows = db.execute(
        select(Pledge.id, Pledge.person_id, Pledge.group_id, Group.locality_id, heads())
        .outerjoin(Group, Group.id == Pledge.group_id)
        .where(Pledge.project_id == project_id)
    ).all()
    ties: defaultdict[int, set[str]] = defaultdict(set)
    wanted = {row.person_id for row in rows}
    asked = select(Belonging.person_id, Belonging.locality_id).where(Belonging.person_id.in_(wanted))
    for person, place in db.execute(asked.where(Belonging.locality_id.is_not(None))):
        ties[person].add(village(place))
    found: dict[int | None, tuple[str, tuple[str, ...], int]] = {}
    for row in rows:
        if row.group_id is None:
            found[row.id] = (f"person:{row.person_id}", (EVERYBODY, *sorted(ties[row.person_id])), 1)
        else:
            found[row.id] = (f"group:{row.group_id}", (EVERYBODY, village(row.locality_id)), max(1, row.heads))
    return found


def _words_of_groups(db: Session, project_id: int) -> dict[int | None, int]:
    """Group -> centimes it ever promised to a project; what it took back later counts still."""
    rows = db.execute(
        select(Pledge.group_id, func.sum(LedgerEntry.dirhams_minor))
        .join(Pledge, Pledge.id == LedgerEntry.pledge_id)
        .where(
            LedgerEntry.project_id == project_id,
            LedgerEntry.op == Op.PLEDGE,
            LedgerEntry.reverses.is_(None),
            Pledge.group_id.is_not(None),
        )
        .group_by(Pledge.group_id)
    )
    return {group: int(amount or 0) for group, amount in rows}


QUESTIONS = {"L7": conditions_hold, "L8": caps_hold, "L18": instalments_sum, "L20": rules_are_kept}
"""Asked after the entries were read, by the invariant each proves."""
