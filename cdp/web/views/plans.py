"""The plan: what anyone reads of it, and the desk where the office makes it and records the acts on it."""

import hashlib
from collections.abc import Callable, Hashable
from typing import Any

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from cdp.http.context import current_actor, db, language
from cdp.i18n.say import say
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Refused, Trouble
from cdp.papers import queries as papers
from cdp.programme import queries, services
from cdp.programme.policy import MAY_READ_DRAFT, POLICY, PlanCase, authorize_step
from cdp.programme.queries import PlanSheet, VersionRow, share_rules
from cdp.programme.states import ActKind, PlanStep, VersionState
from cdp.proposals import queries as proposals
from cdp.review.queries.costs import costs
from cdp.rounds import queries as rounds
from cdp.rounds.queries import RoundCard
from cdp.web import here
from cdp.web.forms.plans import DecisionForm, SharesForm, SilenceForm, UpdateForm, VisaForm, VoteForm
from cdp.web.views import plan_figures

bp = Blueprint("plans", __name__, url_prefix="/<lang>/<commune>/<int:year>/plan")


@bp.get("/")
def show(year: int) -> ResponseReturnValue:
    """The plan of a round by year, source and place; its versions; what was not kept and why."""
    card = here.round_of(year)
    tab = request.args.get("view", plan_figures.TABS[0])
    if tab not in plan_figures.TABS:
        raise NotFound
    readable = _readable(card)
    if not readable:
        return render_template("plans/empty.html", card=card, may_edit=_may_edit(card))
    version = _chosen(readable)
    answer, key = make_response(), _key(card, readable, version, tab)
    if here.person() is None:
        answer.set_etag(hashlib.sha256(repr((*key, today())).encode()).hexdigest()[:32])
        answer.headers["Cache-Control"] = "public, no-cache"
        if answer.make_conditional(request).status_code == 304:
            return answer
    answer.set_data(_page(card, readable, version, tab=tab, key=key))
    return answer


def _page(
    card: RoundCard, readable: tuple[VersionRow, ...], version: VersionRow, *, tab: str, key: tuple[Hashable, ...]
) -> str:
    """The page; what stands under the plan's name is kept by the worker for the next reader of a frozen version."""
    if (body := _kept.get(key)) is None:
        body = _made(card, readable, version, tab=tab)
        if version.frozen_at is not None:
            while len(_kept) >= KEPT:
                _kept.pop(next(iter(_kept)), None)
            _kept[key] = body
    return render_template("plans/show.html", card=card, version=version, body=body, may_edit=_may_edit(card))


KEPT = 32
"""Bodies of plans a worker keeps, at most some tens of kilobytes each."""

_kept: dict[tuple[Hashable, ...], Markup] = {}


def _key(card: RoundCard, readable: tuple[VersionRow, ...], version: VersionRow, tab: str) -> tuple[Hashable, ...]:
    """All that a frozen version's page is made of: its data, the acts, the words people may still change, the
    commune's own names, the language, the address."""
    commune = here.commune()
    place = (current_app.config["SETTINGS"].database_url, request.script_root, commune.slug, commune.revision)
    acts = tuple((each.number, each.data_hash, len(each.acts)) for each in readable)
    words = () if version.has_record else queries.words_of(db, version.id)
    asked = request.args
    part = (asked.get("axis", ""), asked.get("page", 1, type=int), "whole" in asked, "version" in asked)
    return (*place, card.id, card.charter_version, version.id, acts, words, language(), tab, part)


def _made(card: RoundCard, readable: tuple[VersionRow, ...], version: VersionRow, *, tab: str) -> Markup:
    sheet = queries.sheet(db, card, version)
    before = _before(readable, version) if tab == "versions" else None
    text = render_template(
        "plans/_main.html",
        card=card,
        sheet=sheet,
        version=version,
        versions=readable,
        tab=tab,
        figures=plan_figures.figures(sheet, card),
        part=_part(sheet) if tab == plan_figures.TABS[0] else None,
        to=lambda **more: url_for(
            ".show", year=card.first_year, version=version.number if "version" in request.args else None, **more
        ),
        before=before,
        differences=queries.differences(queries.sheet(db, card, before), sheet) if before else (),
    )
    return Markup(text)  # noqa: S704  # nosec B704 (a template of ours, escaped)


def _part(sheet: PlanSheet) -> plan_figures.Part:
    """The projects the address asks for."""
    asked = request.args
    return plan_figures.part(
        sheet, axis=asked.get("axis", ""), number=asked.get("page", 1, type=int), is_whole="whole" in asked
    )


def _readable(card: RoundCard) -> tuple[VersionRow, ...]:
    """The versions who looks may read: drafts are for the office."""
    found = queries.versions(db, card.id)
    if MAY_READ_DRAFT(current_actor, PlanCase(card, today())):
        return found
    return tuple(version for version in found if version.frozen_at is not None)


def _chosen(readable: tuple[VersionRow, ...]) -> VersionRow:
    """The version asked for; else the newest that was adopted, else the newest."""
    number = request.args.get("version", type=int)
    if number is not None:
        found = next((version for version in readable if version.number == number), None)
        if found is None:
            raise NotFound("programme.no_such_version", number=number)
        return found
    return queries.in_force(readable) or readable[0]


def _before(readable: tuple[VersionRow, ...], version: VersionRow) -> VersionRow | None:
    return next((each for each in readable if each.number < version.number), None)


def _may_edit(card: RoundCard) -> bool:
    return MAY_READ_DRAFT(current_actor, PlanCase(card, today()))


def _authorized(card: RoundCard) -> PlanCase:
    current_actor.known()
    case = queries.plan_case(db, card, today())
    if not MAY_READ_DRAFT(current_actor, case):
        raise Refused("errors.not_allowed", step=PlanStep.DRAFT)
    return case


@bp.get("/edit")
def edit(year: int) -> ResponseReturnValue:
    """The office's desk of the plan: draft, decisions, partners, and the acts that come next."""
    card = here.round_of(year)
    case = _authorized(card)
    versions = queries.versions(db, card.id)
    version = versions[0] if versions else None
    sheet = queries.sheet(db, card, version) if version else None
    state = version.state if version else None
    allowed = frozenset(step for step in PlanStep if POLICY[step](current_actor, case))
    return render_template(
        "plans/edit.html",
        card=card,
        version=version,
        sheet=sheet,
        figures=plan_figures.figures(sheet, card) if sheet else None,
        can=frozenset(step.value for step in plan_figures.next_steps(state, version) & allowed),
        warnings=_warnings(card, sheet) + _stale(card, sheet) if sheet and state is VersionState.DRAFT else (),
    )


def _warnings(card: RoundCard, sheet: PlanSheet) -> tuple[str, ...]:
    return plan_figures.warnings(sheet, card, queries.price_years(db, sheet.version.id))


def _stale(card: RoundCard, sheet: PlanSheet) -> tuple[str, ...]:
    """Whether something a draft is made from (costs, conditions) is another one by now; a new charter is told apart."""
    if sheet.version.charter_version != card.charter_version or sheet.version.updates:
        return ()
    try:
        now = services.instance_now(db, current_actor, rounds.find(db, card.commune_id, card.first_year))
    except Trouble:
        return ()
    if now == queries.find_version(db, card.id, sheet.version.number).instance:
        return ()
    return (_("Costs or conditions changed since this was drafted: draft the plan anew, or it may not keep them."),)


def _act(year: int, act: Callable[[], Any], done: str) -> ResponseReturnValue:
    """One act behind a button: what stands against it is said on the desk."""
    try:
        act()
    except Refused:
        raise
    except Trouble as error:
        db.rollback()
        flash(say(error.message), "danger")
    else:
        db.commit()
        flash(done, "success")
    return redirect(url_for(".edit", year=year))


@bp.post("/draft")
def draft(year: int) -> ResponseReturnValue:
    """Draft the plan, or draft it anew."""
    round_ = rounds.find(db, here.commune().id, year)
    return _act(year, lambda: services.draft_plan(db, current_actor, round_), _("The plan is drafted by rank."))


@bp.post("/<int:version>/submit")
def submit(year: int, version: int) -> ResponseReturnValue:
    """Hand the draft to the council."""
    found = queries.find_version(db, here.round_of(year).id, version)
    return _act(
        year, lambda: services.submit(db, current_actor, found), _("Submitted: this version does not change any more.")
    )


@bp.post("/<int:version>/publish")
def publish(year: int, version: int) -> ResponseReturnValue:
    """Publish the visaed plan."""
    found = queries.find_version(db, here.round_of(year).id, version)
    return _act(year, lambda: services.publish(db, current_actor, found), _("The plan is published."))


@bp.route("/update", methods=["GET", "POST"])
def update(year: int) -> ResponseReturnValue:
    """Open an update of the visaed plan, with its reason; from which day is a rule of the legal calendar."""
    card = here.round_of(year)
    case = _authorized(card)
    authorize_step(PlanStep.UPDATE, current_actor, case)
    round_, form = rounds.find(db, card.commune_id, year), UpdateForm()
    if form.accepted():
        begun = _("Work had begun when the plan was updated.")
        try:
            services.open_update(db, current_actor, round_, reason=form.reason.data or "", begun=begun)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The update is open: the plan in force is copied as a draft."), "success")
            return redirect(url_for(".edit", year=year))
    old = queries.in_force(queries.versions(db, card.id))
    first = services.first_day(db, card.commune_id, old) if old and old.is_visaed else None
    return render_template("plans/update.html", card=card, old=old, first=first, form=form, today=today())


@bp.route("/lines/<number>", methods=["GET", "POST"])
def line(year: int, number: str) -> ResponseReturnValue:
    """Decide about a line of the draft; the rest is fitted again."""
    card = here.round_of(year)
    _authorized(card)
    version = queries.draft_version(db, card.id)
    if version is None:
        raise NotFound("programme.frozen" if queries.versions(db, card.id) else "programme.no_draft")
    row = next(v for v in queries.versions(db, card.id) if v.id == version.id)
    sheet = queries.sheet(db, card, row)
    found = next((each for each in (*sheet.rows, *sheet.left_out) if each.number == number), None)
    if found is None:
        raise NotFound("proposals.unknown", number=number)
    kept = {"pin": found.pin.value, "year": str(found.pin_year or ""), "reason": found.pin_reason}
    form = DecisionForm(years=sheet.years, data=kept)
    if form.accepted():
        try:
            services.decide(db, current_actor, version, number, form.decision())
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("Decided; the rest was fitted again."), "success")
            return redirect(url_for(".edit", year=year))
    return render_template("plans/line.html", card=card, row=found, form=form)


@bp.route("/shares/<number>", methods=["GET", "POST"])
def shares(year: int, number: str) -> ResponseReturnValue:
    """What partners bear of a proposal's cost."""
    card = here.round_of(year)
    _authorized(card)
    proposal = proposals.find(db, card.commune_id, number)
    if proposal.round_id != card.id:
        raise NotFound("proposals.unknown", number=number)
    known = queries.shares(db, [proposal.id]).get(proposal.id, ())
    cost = costs(db, [proposal.id]).get(proposal.id)
    terms = queries.project_terms(db, [proposal.id]).get(proposal.id, {})
    data = plan_figures.rows_of(known, card.first_year) | {"preset": terms.get("preset", "")}
    own = share_rules.own(db, card.commune_id, today())
    form = SharesForm(years=range(card.first_year, card.last_year + 1), own=own, data=data)
    if form.accepted():
        try:
            services.set_shares(db, current_actor, proposal, form.shares(), preset=form.preset.data or "")
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The partners’ shares are noted; a draft in hand was fitted again."), "success")
            return redirect(url_for(".edit", year=year))
    return render_template("plans/shares.html", card=card, proposal=proposal, cost=cost, form=form)


@bp.route("/<int:version>/vote", methods=["GET", "POST"])
def vote(year: int, version: int) -> ResponseReturnValue:
    """Record the council's vote."""
    card = here.round_of(year)
    _authorized(card)
    found = queries.find_version(db, card.id, version)
    form = VoteForm()
    if form.accepted():
        act = services.adopt if form.word.data == ActKind.ADOPT.value else services.reject
        try:
            act(db, current_actor, found, form.vote())
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The vote is recorded."), "success")
            return redirect(url_for(".edit", year=year))
    size = here.commune().council_size
    return render_template("plans/vote.html", card=card, number=version, form=form, size=size)


@bp.route("/<int:version>/visa", methods=["GET", "POST"])
def visa(year: int, version: int) -> ResponseReturnValue:
    """Record the governor's answer."""
    card = here.round_of(year)
    _authorized(card)
    found = queries.find_version(db, card.id, version)
    form = VisaForm()
    if form.accepted():
        given: dict[str, Any] = {"on": form.on.data, "reference": form.reference.data}
        try:
            if form.word.data == ActKind.VISA.value:
                services.visa(db, current_actor, found, **given)
            else:
                services.refuse_visa(db, current_actor, found, reason=form.reason.data or "", **given)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The governor’s answer is recorded."), "success")
            return redirect(url_for(".edit", year=year))
    return _visa_page(card, version, form, SilenceForm(formdata=None))


@bp.post("/<int:version>/silence")
def silence(year: int, version: int) -> ResponseReturnValue:
    """Record that the governor did not answer in time."""
    card = here.round_of(year)
    _authorized(card)
    found = queries.find_version(db, card.id, version)
    form = SilenceForm()
    if form.accepted():
        try:
            services.visa_by_silence(db, current_actor, found, received_on=form.received_on.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error, "received_on")
        else:
            db.commit()
            flash(_("The visa by silence is recorded."), "success")
            return redirect(url_for(".edit", year=year))
    return _visa_page(card, version, VisaForm(formdata=None), form)


def _visa_page(card: RoundCard, version: int, form: VisaForm, silent: SilenceForm) -> str:
    if silent.received_on.data is None and not silent.is_submitted():
        silent.received_on.data = papers.noted_days(db, card.id).get("deliberation_received")
    return render_template("plans/visa.html", card=card, number=version, form=form, silent=silent)
