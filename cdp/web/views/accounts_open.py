"""The open accounts of a commune: where the money of its projects comes from, for everybody."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.funding import queries
from cdp.funding.queries import performance, proof, spending, transfers
from cdp.funding.queries.open_accounts import Part, open_accounts
from cdp.funding.rules.performance import exchanges
from cdp.funding.rules.sheet import MoneySheet
from cdp.http.context import db, language
from cdp.i18n import formats
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.kernel.money import Money
from cdp.web import here, kept

bp = Blueprint("accounts_open", __name__, url_prefix="/<lang>/<commune>/accounts")

SHOWN = 10
"""Rows of a long chart; the rest stands in its figures."""


@bp.get("/")
def show() -> ResponseReturnValue:
    """The commune's money by source, year, sector and douar; what is late, rates, how partners keep their word."""
    accounts = open_accounts(db, here.commune().id, today())
    whole = accounts.whole
    money = MoneySheet(
        cost=Money(accounts.cost),
        received=Money(whole.received),
        committed=Money(whole.committed),
        pledged=Money(whole.pledged),
        sought=Money(whole.sought),
        spent=Money(accounts.spent),
        over=Money(0),
        rows=(),
        hours_promised=accounts.hours_promised,
        hours_done=accounts.hours_done,
    )
    sources = {label(source): part for source, part in sorted(accounts.sources.items())}
    return render_template(
        "accounts_open/show.html",
        accounts=accounts,
        money_sheet=money,
        tables=[
            (_("By source"), bars(sources), sources),
            (_("By year"), bars(accounts.years), accounts.years),
            (_("By sector"), bars(named := sectors(accounts.sectors)), named),
            (_("By douar"), bars(douars := places(accounts.places))[:SHOWN], douars),
        ],
        shown=SHOWN,
    )


@bp.get("/projects/<number>/spent")
def spent(number: str) -> ResponseReturnValue:
    """A project's money in full: by source, its partners, its rates, and each spending back to its sources."""
    project, day = queries.find_project(db, here.commune().id, number), today()
    page = max(1, min(request.args.get("page", 1, int), 4000))
    sums = queries.flows(db, [project.id]).get(project.id, {})
    money = queries.sheet_of(db, project, day, sums)
    keep = performance.partners(db, project.commune_id, day, {project.id: sums})
    rates, rows = exchanges([sums]), spending.spent(db, project.id, number=page)
    moved = [each for each in transfers.transfers(db, project.commune_id, project.id) if each.done_on]
    return kept.page(
        "accounts_open/spent.html",
        *map(kept.frozen, (project, project.proposal, money, keep, rates, rows, moved)),
        make=lambda: {
            "project": project,
            "money": money,
            "partners": keep,
            "exchanges": rates,
            "rows": rows,
            "moved": moved,
        },
    )


@bp.get("/seals")
def seals() -> ResponseReturnValue:
    """The checks of the last nights with the seal of the last entry: proof that the past stays as it was."""
    return render_template("accounts_open/seals.html", checks=proof.last_checks(db, here.commune().id))


def sectors(parts: dict[str, Part]) -> dict[str, Part]:
    """The parts by the names of the sectors in the charter, a code without a name as it is."""
    card = here.current_round()
    known = {sector.key: sector.name.in_(language())[0] for sector in (card.charter.sectors if card else ())}
    return {known.get(code, code) or "—": part for code, part in parts.items()}


def places(parts: dict[int | None, Part]) -> dict[str, Part]:
    """The parts by the names of the douars, the largest first; what is for the whole commune says so."""
    known = here.places()
    names = {place: known[place].name.in_(language())[0] for place in parts if place is not None and place in known}
    rows = sorted(parts.items(), key=lambda row: (-row[1].total, names.get(row[0] or 0, "")))
    return {names.get(place, "—") if place is not None else _("The whole commune"): part for place, part in rows}


def bars(parts: dict[Any, Part]) -> list[tuple[str, str, float, str]]:
    """Rows of a chart: name, money received, committed and promised together, share of the largest."""
    largest = max((part.total for part in parts.values()), default=0) or 1
    return [
        (str(name), formats.money(Money(part.total), language()), part.total / largest, "atlas")
        for name, part in parts.items()
    ]
