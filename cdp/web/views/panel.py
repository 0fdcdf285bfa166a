"""The panel's desk: how far one is, the next sheet; a sheet with its criteria, kept as a draft, handed in."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Trouble
from cdp.people.states import Role
from cdp.priorities import queries, services
from cdp.priorities.policy import PanelCase, marking_is_over
from cdp.priorities.queries import OwnSheet
from cdp.priorities.rules.scoring import HIGHEST
from cdp.priorities.rules.sheets import SheetDraft, are_open
from cdp.priorities.states import InterestKind
from cdp.proposals import queries as proposals
from cdp.review import queries as reviews
from cdp.rounds.states import Phase
from cdp.web import here
from cdp.web.forms.panel import InterestForm, SheetForm

bp = Blueprint("panel", __name__, url_prefix="/<lang>/<commune>/panel")


@bp.before_request
def panel_only() -> None:
    """The desk is the panel's: members of this commune whose mandate holds today."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.PANEL)


@bp.get("/")
def show() -> ResponseReturnValue:
    """What lies before this member, and what comes next."""
    card = here.current_round()
    if card is None:
        raise NotFound("rounds.unknown", year="")
    return render_template(
        "panel/show.html",
        card=card,
        desk=queries.desk(db, card.id, current_actor.known(), today()),
        window=next((w for w in card.windows if w.phase is Phase.PRIORITIES), None),
        is_marking=card.is_in(today(), Phase.PRIORITIES),
        criteria=len(card.charter.criteria),
    )


def case_of(number: str) -> PanelCase:
    """The proposal of this commune with that number before this member today."""
    proposal = proposals.find(db, here.commune().id, number)
    card = next(card for card in here.cards() if card.id == proposal.round_id)
    shut = queries.shut_out(db, proposal.round_id, today(), members=[current_actor.known()], proposal_id=proposal.id)
    return PanelCase(proposal, card, today(), shut.get((proposal.id, current_actor.known())))


def page(case: PanelCase, sheet: OwnSheet, form: SheetForm | None = None, interest: InterestForm | None = None) -> str:
    """The sheet of this member, with nothing of anybody else's."""
    proposal, own = case.proposal, sheet.draft
    given = {"reason": own.reason, "reason_language": own.language or None}
    return render_template(
        "panel/sheet.html",
        case=case,
        proposal=proposal,
        card=case.card,
        sheet=sheet,
        marks=range(HIGHEST + 1),
        form=form or SheetForm(formdata=None, data=given if own.language else {"reason": own.reason}),
        interest=interest or InterestForm(formdata=None),
        may_mark=case.card.is_in(case.day, Phase.PRIORITIES) and case.state == "admitted",
        is_over=marking_is_over(case.card, case.day),
        is_open=sheet.handed_in_at is not None and are_open(queries.progress(db, proposal, case.day)),
        file=reviews.public_file(db, proposal.id, case.card.charter.checklist),
        places=proposals.places_of(db, proposal.id),
    )


@bp.get("/<number>")
def sheet(number: str) -> ResponseReturnValue:
    """One proposal: declare an interest first, else mark it by the criteria."""
    case = case_of(number)
    return page(case, queries.own_sheet(db, case.proposal.id, current_actor.known()))


@bp.post("/<number>/interest")
def declare(number: str) -> ResponseReturnValue:
    """Declare an interest; then on to the next sheet."""
    case = case_of(number)
    form = InterestForm()
    if not form.validate_on_submit():
        own = queries.own_sheet(db, case.proposal.id, current_actor.known())
        return page(case, own, interest=form), 422
    services.declare(db, current_actor, case.proposal, InterestKind(form.kind.data))
    db.commit()
    flash(_("Your interest is noted; you do not mark this proposal."), "success")
    return onward(case)


@bp.post("/<number>/sheet")
def keep(number: str) -> ResponseReturnValue:
    """Keep the sheet as a draft, or hand it in and go on to the next."""
    case = case_of(number)
    form = SheetForm()
    is_handing_in = request.form.get("do") == "hand_in"
    holds = form.validate_on_submit()
    draft = form.draft([criterion.key for criterion in case.card.charter.criteria])
    if not holds:
        return page(case, _unkept(draft), form), 422
    act: Any = services.hand_in if is_handing_in else services.mark
    try:
        act(db, current_actor, case.proposal, draft)
    except Trouble as error:
        form.trouble(error)
        return page(case, _unkept(draft), form), 422
    db.commit()
    if is_handing_in:
        flash(_("Handed in. Nobody else reads it before all sheets are in."), "success")
        return onward(case)
    flash(_("The draft is kept."), "success")
    return redirect(url_for(".sheet", number=number))


def _unkept(draft: SheetDraft) -> OwnSheet:
    """What was sent and did not hold, shown again."""
    return OwnSheet(draft, None)


@bp.post("/<number>/take-back")
def take_back(number: str) -> ResponseReturnValue:
    """Make a handed-in sheet a draft again."""
    case = case_of(number)
    services.take_back(db, current_actor, case.proposal)
    db.commit()
    flash(_("Your sheet is a draft again. Hand it in before the phase ends."), "success")
    return redirect(url_for(".sheet", number=number))


def onward(case: PanelCase) -> ResponseReturnValue:
    """The next sheet that is not handed in, or the desk when there is none."""
    desk = queries.desk(db, case.card.id, current_actor.known(), case.day)
    following = queries.next_sheet(desk.rows, after=case.proposal.number or "")
    return redirect(url_for(".sheet", number=following.number) if following else url_for(".show"))
