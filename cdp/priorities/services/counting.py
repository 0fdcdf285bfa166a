"""The count and its publication. Loads numpy: pages import this module only when they count."""

import hashlib
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import day_of, now, today
from cdp.kernel.errors import RuleBroken
from cdp.kernel.words import Words
from cdp.people.actor import Actor
from cdp.priorities.models import Ballot, PaperBatch, Tally, Vote
from cdp.priorities.queries import ballots as queries
from cdp.priorities.queries.ballots import BallotCard
from cdp.priorities.queries.ranking import ranking
from cdp.priorities.queries.turnout import counted
from cdp.priorities.rules.counting import Published, election_of, pairs_of, panel_for, published
from cdp.priorities.rules.paper import Line, read_line
from cdp.priorities.rules.voting.results import VERSION
from cdp.priorities.services.ballots import enter
from cdp.priorities.states import BallotKind, BallotStep, TurnoutFacet
from cdp.rounds import queries as rounds
from cdp.store.audit import record


def count(db: Session, actor: Actor, ballot: Ballot) -> Tally:
    """Count all votes, of screen and paper together; may be done again until it is published.

    RuleBroken: "priorities.batches_open" while a batch of paper is not settled; "priorities.panel_not_open" when a
    mix was declared and the marks of one of the projects are not open yet.
    """
    actor = enter(db, actor, ballot, BallotStep.COUNT)
    open_batches = db.scalar(
        select(func.count())
        .select_from(PaperBatch)
        .where(PaperBatch.ballot_id == ballot.id, PaperBatch.settled_at.is_(None))
    )
    if open_batches:
        raise RuleBroken("priorities.batches_open", number=open_batches)
    card = queries.card_of(db, ballot)
    batches = list(_batches(db, ballot))
    found = _count(db, card, [line for _, lines in batches for line in lines])
    db.execute(delete(Tally).where(Tally.ballot_id == ballot.id))
    turnout = counted(db, ballot.id)
    tally = Tally(
        commune_id=ballot.commune_id,
        ballot_id=ballot.id,
        rule_version=VERSION,
        pabulib=found.pabulib.decode(),
        pabulib_sha256=hashlib.sha256(found.pabulib).hexdigest(),
        result=found.result,
        command=found.command,
        trace={**found.trace, "beside": found.beside().kept()},
        turnout={facet.value: dict(values) for facet, values in turnout.items()},
        refused=list(_refused(batches)),
        voters=sum(turnout[TurnoutFacet.CHANNEL].values()),
        counted_by_id=actor.known(),
        counted_at=now(),
    )
    db.add(tally)
    db.flush()
    record(db, actor, "priorities.count_ballot", tally, sha256=tally.pabulib_sha256, voters=tally.voters)
    return tally


def _count(db: Session, card: BallotCard, lines: list[Line]) -> Published:
    votes = db.scalars(select(Vote.content).where(Vote.ballot_id == card.id).order_by(Vote.id)).all()
    commune = db.get_one(Commune, card.commune_id)
    election = election_of(card.sheet, votes, lines)
    meta = {
        "description": one_line(card.title),
        "country": "Morocco",
        "unit": one_line(commune.name),
        "currency": card.sheet.budget.currency,
        "date_begin": card.draft.opens_on.isoformat(),
        "date_end": card.draft.closes_on.isoformat(),
        "cdp_ballot": str(card.id),
        "cdp_ballot_version": str(card.version),
        "cdp_closed_on": day_of(card.closed_at).isoformat() if card.closed_at else "",
    }
    names = {offer.number: one_line(offer.title) for offer in card.sheet.offers}
    pairs = pairs_of(votes, lines) if card.sheet.kind is BallotKind.PAIRS else ()
    panel = panel_for(card.draft, _means(db, card))
    return published(card.draft, card.sheet, election, meta=meta, names=names, pairs=pairs, panel=panel)


def _means(db: Session, card: BallotCard) -> dict[str, Fraction]:
    """What the panel's open marks come to for the projects of a declared mix, from 0 to 1; no sheet is nothing."""
    if card.draft.panel_part is None:
        return {}
    found = ranking(db, rounds.card_of(db, card.commune_id, card.round_id), today())
    means = {row.number: row.score.normalised or Fraction(0) for row in found.rows}
    if missing := [offer.number for offer in card.sheet.offers if offer.number not in means]:
        raise RuleBroken("priorities.panel_not_open", project=missing[0])
    return {offer.number: means[offer.number] for offer in card.sheet.offers}


def one_line(words: Words) -> str:
    """Words for a file that has no languages: French, else the nearest, in one line."""
    return " ".join(words.in_("fr")[0].split())


def publish(db: Session, actor: Actor, ballot: Ballot) -> None:
    """Publish the count: from here on the database refuses to change it."""
    actor = enter(db, actor, ballot, BallotStep.PUBLISH)
    tally = db.scalars(select(Tally).where(Tally.ballot_id == ballot.id)).one()
    tally.published_at, tally.published_by_id = now(), actor.known()
    db.flush()
    record(db, actor, "priorities.publish_ballot", tally, sha256=tally.pabulib_sha256)


def _batches(db: Session, ballot: Ballot) -> Iterator[tuple[PaperBatch, list[Line]]]:
    for batch in db.scalars(select(PaperBatch).where(PaperBatch.ballot_id == ballot.id).order_by(PaperBatch.id)):
        yield batch, [read_line(kept) for kept in batch.lines or ()]


def _refused(batches: list[tuple[PaperBatch, list[Line]]]) -> Iterator[dict[str, Any]]:
    """Every refused sheet with its batch, its place in it, and the reason."""
    for batch, lines in batches:
        for place, line in enumerate(lines, 1):
            if line.flaw is not None:
                yield {"batch": batch.label, "line": place, "flaw": line.flaw.value, "about": line.about}
