"""Projects of a ballot that shut one another out, or need one another: set by the office before the opening."""

from sqlalchemy.orm import Session

from cdp.kernel.errors import NotFound, RuleBroken
from cdp.people.actor import Actor
from cdp.priorities.models import Ballot
from cdp.priorities.queries import ballots as queries
from cdp.priorities.rules import bonds as rules
from cdp.priorities.services.ballots import enter
from cdp.priorities.states import BallotStep, Bond
from cdp.store.audit import record


def tie(db: Session, actor: Actor, ballot: Ballot, kind: Bond, *, one: str, other: str) -> None:
    """Tie two projects; the same once more changes nothing. NotFound for a project that is not on the ballot.

    RuleBroken: "priorities.bond_with_itself", "priorities.bond_in_a_circle", "priorities.bond_against_bond".
    """
    actor = enter(db, actor, ballot, BallotStep.EDIT)
    found = rules.bonds(ballot.bonds)
    if not {one, other} <= {offer.number for offer in queries.offers(db, ballot.id)}:
        raise NotFound
    if problem := rules.bond_problem(found, kind, one, other):
        raise RuleBroken(problem)
    _keep(db, actor, ballot, rules.tied(found, kind, one, other), act="priorities.tie_projects")


def untie(db: Session, actor: Actor, ballot: Ballot, kind: Bond, *, one: str, other: str) -> None:
    """Take a bond away; one that is not there changes nothing."""
    actor = enter(db, actor, ballot, BallotStep.EDIT)
    left = rules.untied(rules.bonds(ballot.bonds), kind, one, other)
    _keep(db, actor, ballot, left, act="priorities.untie_projects")


def _keep(db: Session, actor: Actor, ballot: Ballot, wanted: rules.Bonds, *, act: str) -> None:
    if wanted == rules.bonds(ballot.bonds):
        return
    ballot.bonds = rules.plain(wanted)
    ballot.version += 1
    db.flush()
    record(db, actor, act, ballot, version=ballot.version, bonds=ballot.bonds)
