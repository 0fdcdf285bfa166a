"""The review desk: what waits, then one file after the other."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from cdp.http.context import current_actor, db, language
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Trouble
from cdp.proposals import queries as proposals
from cdp.proposals.policy import OFFICE, Case
from cdp.review import queries, rules, services
from cdp.review.policy import allowed_steps
from cdp.review.states import Answer, Waiting
from cdp.web import here
from cdp.web.forms.review import ConclusionForm, EstimateForm, FindingsForm, MergeForm, ReopenForm

bp = Blueprint("review", __name__, url_prefix="/<lang>/<commune>/review")


@bp.before_request
def office_only() -> None:
    """The desk is the office's: officers and the president of this commune."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, *OFFICE)


@bp.get("/")
def board() -> ResponseReturnValue:
    """What waits for the office, the longest wait first; what its authors correct; what is concluded."""
    card = here.current_round()
    if card is None:
        raise NotFound("rounds.unknown", year="")
    asked = request.args.get("state", Waiting.OFFICE.value)
    waiting = Waiting(asked) if asked in list(Waiting) else Waiting.OFFICE
    page = queries.worklist(db, card.id, waiting, page=request.args.get("page", 1, int))
    return render_template(
        "review/board.html",
        page=page,
        waiting=waiting,
        counts=queries.counts(db, card.id),
        card=card,
        today=today(),
        points=len(card.charter.checklist),
        is_own=lambda row: row.author_id == current_actor.person_id or row.group_id in current_actor.groups,
    )


@dataclass
class Forms:
    """The forms of a file; the one that was sent and did not hold takes the place of a fresh one."""

    estimate: EstimateForm | None = None
    conclusion: ConclusionForm | None = None
    merge: MergeForm | None = None
    reopen: ReopenForm | None = None


def case_of(number: str) -> Case:
    """The file of this commune with that number, with its round, today."""
    proposal = proposals.find(db, here.commune().id, number)
    card = next(card for card in here.cards() if card.id == proposal.round_id)
    return Case(proposal, card, today())


def page(case: Case, forms: Forms) -> str:
    """The whole file, with the forms this person may use now."""
    proposal, checklist = case.proposal, case.card.charter.checklist
    file = queries.public_file(db, proposal.id, checklist)
    found = {finding.point: finding for finding in file.findings}
    points = rules.points_of(
        [(p.key, p.is_correctable) for p in checklist], {key: finding.answer for key, finding in found.items()}
    )
    standing = queries.standing_of(case, points, has_estimate=file.estimate is not None)
    before, after = queries.neighbours(db, proposal)
    draft = proposals.draft_of(db, proposal)
    return render_template(
        "review/show.html",
        proposal=proposal,
        card=case.card,
        steps={step.value for step in allowed_steps(current_actor, case)},
        file=file,
        found=found,
        answers=list(Answer),
        against=rules.against_admitting(standing),
        missing=len(rules.unanswered(points)),
        is_costing=forms.estimate is not None,
        estimate=forms.estimate or EstimateForm.of(file.estimate, case.day.year),
        conclusion=_with_points(forms.conclusion, case, standing),
        merge=forms.merge or _merge_form(),
        reopen=forms.reopen or ReopenForm(formdata=None),
        into=_target(case),
        before=before,
        after=after,
        places=proposals.places_of(db, proposal.id),
        similar=proposals.similar(db, proposal.round_id, draft, without=proposal.id, most=5),
        today=case.day,
    )


def _with_points(form: ConclusionForm | None, case: Case, standing: rules.Standing) -> ConclusionForm:
    suggested = rules.suggested(standing)
    if form is None:
        form = ConclusionForm(formdata=None, data={"verdict": suggested, "points": rules.to_correct(standing.points)})
    _offer_points(form, case)
    return form


def _offer_points(form: ConclusionForm, case: Case) -> None:
    form.points.choices = [
        SelectChoice(point.key, point.question.in_(language())[0])
        for point in case.card.charter.checklist
        if point.is_correctable
    ]


def _merge_form() -> MergeForm:
    return MergeForm(formdata=None, data={"into": request.args.get("into", "")})


def _target(case: Case) -> Any:
    """The proposal asked for by number, to be seen before merging; None for none such."""
    number = request.args.get("into", "").strip()
    if not number or number == case.proposal.number:
        return None
    try:
        return proposals.find(db, case.proposal.commune_id, number)
    except NotFound:
        return None


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    """One file: what is asked, the checklist, the cost, the conclusion."""
    return page(case_of(number), Forms())


@bp.post("/<number>/findings")
def find(number: str) -> ResponseReturnValue:
    """Keep the answers to the checklist."""
    case = case_of(number)
    form = FindingsForm()
    form.validate_on_submit()
    keys = [point.key for point in case.card.charter.checklist]
    services.find(db, current_actor, case.proposal, form.found(keys))
    db.commit()
    flash(_("The answers are kept."), "success")
    return redirect(url_for(".show", number=number, _anchor="cost"))


@bp.post("/<number>/estimate")
def estimate(number: str) -> ResponseReturnValue:
    """Add a line, or keep the cost as a new version."""
    case = case_of(number)
    form = EstimateForm()
    if request.form.get("do") == "add":
        form.add_line()
        return page(case, Forms(estimate=form))
    if form.validate_on_submit():
        try:
            services.estimate(db, current_actor, case.proposal, form.draft())
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("The cost is kept."), "success")
            return redirect(url_for(".show", number=number, _anchor="conclusion"))
    return page(case, Forms(estimate=form)), 422


@bp.post("/<number>/conclusion")
def conclude(number: str) -> ResponseReturnValue:
    """Admit, return or refuse; then on to the next file."""
    case = case_of(number)
    form = ConclusionForm()
    _offer_points(form, case)
    _before, after = queries.neighbours(db, case.proposal)
    if form.validate_on_submit():
        try:
            services.conclude(db, current_actor, case.proposal, form.decision())
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            return _onward(after)
    return page(case, Forms(conclusion=form)), 422


@bp.post("/<number>/merge")
def merge(number: str) -> ResponseReturnValue:
    """Merge into another proposal; supporters are asked, never moved."""
    case = case_of(number)
    form = MergeForm()
    _before, after = queries.neighbours(db, case.proposal)
    if form.validate_on_submit():
        try:
            into = proposals.find(db, case.proposal.commune_id, form.into.data.strip())
            services.conclude(db, current_actor, case.proposal, form.decision(), into=into)
        except Trouble as error:
            form.trouble(error, "into")
        else:
            db.commit()
            return _onward(after)
    return page(case, Forms(merge=form)), 422


@bp.post("/<number>/reopen")
def reopen(number: str) -> ResponseReturnValue:
    """Take a conclusion up again."""
    case = case_of(number)
    form = ReopenForm()
    if form.validate_on_submit():
        try:
            services.conclude(db, current_actor, case.proposal, form.decision())
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("The file is open again."), "success")
            return redirect(url_for(".show", number=number))
    return page(case, Forms(reopen=form)), 422


def _onward(after: str | None) -> ResponseReturnValue:
    """The next file that waits, or the list when there is none."""
    flash(_("The conclusion is published; its authors are told."), "success")
    return redirect(url_for(".show", number=after) if after else url_for(".board"))
