"""What everybody reads of a ballot: its rules before, its turnout meanwhile, its files after."""

import json

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from cdp.http.context import current_actor, db
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound
from cdp.kernel.reference import tidy_code
from cdp.priorities.queries import ballots as queries
from cdp.priorities.queries import office
from cdp.priorities.queries.counts import Count, find_count
from cdp.priorities.queries.turnout import turnout
from cdp.priorities.rules.secret_codes import RECEIPT_LENGTH, receipt_hash
from cdp.priorities.states import BallotState
from cdp.web import here
from cdp.web.views.ballots.room import bp, card_of, keeps_ballots, meets_voters, sectors_of, steps_of, territories


@bp.get("/of/<int:year>/")
def board(year: int) -> ResponseReturnValue:
    """The ballots of a round."""
    card = here.round_of(year)
    return render_template(
        "ballots/board.html",
        card=card,
        rows=queries.of_round(db, card.id),
        is_office=meets_voters(),
        is_keeper=keeps_ballots(),
    )


@bp.get("/<int:ballot_id>/")
def show(ballot_id: int) -> ResponseReturnValue:
    """The rules, how many have voted, and what one can do today."""
    ballot = card_of(ballot_id)
    own = office.own_entry(db, ballot_id, current_actor.person_id)
    count = find_count(db, ballot_id) if ballot.state is BallotState.PUBLISHED else None
    return render_template(
        "ballots/show.html",
        ballot=ballot,
        card=here.card_of(ballot.round_id),
        turnout=turnout(db, ballot_id) if ballot.state is not BallotState.DRAFT else None,
        takes_votes=ballot.takes_votes(today()),
        own=own,
        count=count,
        receipt=_receipt(count),
        sectors=sectors_of(ballot),
        territories=territories(),
        places={str(place.id): place.name for place in here.places().values()},
        is_office=meets_voters(),
        steps=steps_of(ballot) if meets_voters() else frozenset(),
    )


def _receipt(count: Count | None) -> bool | None:
    """Whether the receipt that is asked about stands in the published list; None when none is asked about."""
    asked = tidy_code(request.args.get("receipt", ""))
    if count is None or not asked:
        return None
    return len(asked) == RECEIPT_LENGTH and receipt_hash(asked) in count.receipts


FILES = {
    "ballots.pb": "text/plain",
    "result.json": "application/json",
    "trace.json": "application/json",
    "receipts.txt": "text/plain",
    "ballots.csv": "text/csv",
}


@bp.get("/<int:ballot_id>/files/<what>")
def file(ballot_id: int, what: str) -> ResponseReturnValue:
    """A published file: the ballots, the result, the steps of the count, the receipts; NotFound before."""
    ballot = card_of(ballot_id)
    if ballot.state is not BallotState.PUBLISHED or what not in FILES:
        raise NotFound
    count = find_count(db, ballot_id)
    made = {
        "ballots.pb": lambda: count.pabulib,
        "result.json": lambda: count.result + "\n",
        "trace.json": lambda: json.dumps(count.trace, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "receipts.txt": lambda: "".join(f"{line}\n" for line in count.receipts),
        "ballots.csv": lambda: votes_csv(count.pabulib),
    }
    answer = Response(made[what]().encode(), mimetype=FILES[what])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{here.commune().slug}-{ballot_id}-{what}")
    return answer


def votes_csv(pabulib: str) -> str:
    """The votes of a file as a table: one line a voter, comma between cells, projects of a voter apart by blanks."""
    votes = pabulib[pabulib.index("\nVOTES\n") + len("\nVOTES\n") :].splitlines()
    cells = (line.replace(",", " ").split(";") for line in votes)
    return "\ufeff" + "".join(",".join(row) + "\r\n" for row in cells)
