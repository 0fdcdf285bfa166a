"""Writing a proposal in five short steps; a draft is kept at each of them, back and forth, without script."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import actor, current_actor, db, session
from cdp.i18n.say import language, say
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Refused, RuleBroken, Trouble
from cdp.proposals import queries, services
from cdp.proposals.policy import MAY_START, POLICY, Case, Opening
from cdp.proposals.rules.drafts import Draft, WritingStep, draft_problems
from cdp.proposals.states import Channel, ProposalState, Step
from cdp.rounds.queries import RoundCard
from cdp.store.files import examine
from cdp.web import here
from cdp.web.forms.proposals import BenefitForm, ConfirmForm, NeedForm, WhereForm, WhoForm, offer
from cdp.web.views.proposals.room import bp

FORMS: dict[WritingStep, Any] = {
    WritingStep.WHERE: WhereForm,
    WritingStep.NEED: NeedForm,
    WritingStep.BENEFIT: BenefitForm,
    WritingStep.CONFIRM: ConfirmForm,
}


@dataclass
class Desk:
    """What every step of writing needs: the round, the proposal, what was written so far."""

    round: RoundCard
    proposal: Any

    @cached_property
    def draft(self) -> Draft:
        """What was written so far."""
        return queries.draft_of(session(), self.proposal)

    @property
    def year(self) -> int:
        """First year of the round."""
        return self.round.first_year

    def at(self, step: int) -> str:
        """Address of a step."""
        return url_for("proposals.write", year=self.year, draft_id=self.proposal.id, step=int(step))


def titles() -> list[str]:
    """The five steps in words."""
    return [_("Who"), _("Where"), _("The need"), _("For whom"), _("Confirm")]


@bp.route("/<int:year>/proposals/new", methods=["GET", "POST"])
def new(year: int) -> ResponseReturnValue:
    """Step 1: in whose name; with it the draft begins."""
    current_actor.known()
    round_ = here.round_of(year)
    if not MAY_START(current_actor, Opening(round_, today())):
        raise Refused("proposals.not_open")
    form = WhoForm()
    offer(form.group_id, speakers(round_))
    if form.accepted():
        try:
            proposal = services.start(
                db, current_actor, round_, key=form.form_key.data or "", group_id=form.speaks_for()
            )
            db.commit()
            return redirect(url_for("proposals.write", year=year, draft_id=proposal.id, step=int(WritingStep.WHERE)))
        except Trouble as error:
            db.rollback()
            form.trouble(error)
    return render_template("proposals/who.html", round=round_, form=form, steps=titles(), desk=None)


def speakers(round_: RoundCard) -> list[tuple[int, str]]:
    """Oneself, and the groups one may speak for here."""
    groups = queries.groups_to_speak_for(db, current_actor, round_.commune_id)
    return [(0, _("Myself")), *((group_id, name.in_(language())[0]) for group_id, name, _kind in groups)]


def desk_of(year: int, draft_id: int) -> Desk:
    """The draft of this address, for who may write it today; others are told why not."""
    round_ = here.round_of(year)
    who = actor()
    who.known()
    find = queries.find_draft_to_write if request.method == "POST" else queries.find_draft
    proposal = find(session(), who, round_, draft_id)
    if proposal.state not in (ProposalState.DRAFT, ProposalState.RETURNED):
        raise NotFound
    if not POLICY[Step.EDIT](who, Case(proposal, round_, today())):
        raise Refused("proposals.not_open")
    return Desk(round_, proposal)


@bp.route("/<int:year>/proposals/draft/<int:draft_id>/<int:step>", methods=["GET", "POST"])
def write(year: int, draft_id: int, step: int) -> ResponseReturnValue:
    """One of the five steps."""
    desk = desk_of(year, draft_id)
    if step == WritingStep.WHO:
        return who_again(desk)
    if step == WritingStep.CONFIRM:
        return confirm(desk)
    if step not in FORMS:
        raise NotFound
    return middle(desk, WritingStep(step))


def who_again(desk: Desk) -> ResponseReturnValue:
    """Step 1 of a draft that has begun: in whose name may be changed until it is submitted."""
    form = WhoForm(group_id=desk.proposal.group_id or 0)
    offer(form.group_id, speakers(desk.round))
    if is_fixed(desk):
        return render_template("proposals/who.html", round=desk.round, form=None, steps=titles(), desk=desk)
    if form.accepted():
        try:
            services.speak_for(db, current_actor, desk.proposal, form.speaks_for())
            db.commit()
            return redirect(desk.at(WritingStep.WHERE))
        except Trouble as error:
            db.rollback()
            form.trouble(error)
    return render_template("proposals/who.html", round=desk.round, form=form, steps=titles(), desk=desk)


def is_fixed(desk: Desk) -> bool:
    """Whether in whose name it stands can no longer be changed by who looks."""
    proposal = desk.proposal
    fresh = proposal.state is ProposalState.DRAFT and proposal.channel is Channel.SCREEN
    return not fresh or proposal.author_id != current_actor.person_id


def middle(desk: Desk, step: WritingStep) -> ResponseReturnValue:
    """Steps 2 to 4: keep what was written, then go on, back, or stay."""
    form = form_of(desk, step)
    if request.method == "POST" and (request.form.get("go") == "back" or form.validate()):
        try:
            form.validate()
            services.write(db, current_actor, desk.proposal, form.into(desk.draft), step=step)
            db.commit()
            bring_files(desk, step)
            return redirect(after(desk, step))
        except RuleBroken as error:
            db.rollback()
            form.trouble(error, field="file" if error.message.key.startswith("files.") else None)
    return render_template(
        f"proposals/{step.name.lower()}.html",
        round=desk.round,
        desk=desk,
        form=form,
        step=int(step),
        steps=titles(),
        similar=queries.similar(db, desk.round.id, desk.draft, without=desk.proposal.id),
        files=queries.attachments(db, desk.proposal.id) if step is WritingStep.NEED else [],
    )


def form_of(desk: Desk, step: WritingStep) -> Any:
    """The form of a step, filled with what was written so far."""
    draft = desk.draft
    if step is WritingStep.WHERE:
        form = WhereForm(places=sorted(draft.places))
        offer(form.places, [(place.id, place.name.in_(language())[0]) for place in here.places().values()])
        return form
    if step is WritingStep.NEED:
        form = NeedForm(title=draft.title, need=draft.need, sector=draft.sector)
        sectors = [(s.key, s.name.in_(language())[0]) for s in desk.round.charter.sectors]
        offer(form.sector, [("", _("Choose")), *sectors])
        return form
    return BenefitForm(**vars(draft.people), upkeep=draft.upkeep)


def after(desk: Desk, step: WritingStep) -> str:
    """Where a step leads: back, on, or to itself to add another file."""
    go = request.form.get("go", "")
    if go == "stay":
        return desk.at(step)
    return desk.at(step - 1 if go == "back" else step + 1)


def bring_files(desk: Desk, step: WritingStep) -> None:
    """Add the file that came with the step, take off those that were ticked; each is an act of its own."""
    if step is not WritingStep.NEED:
        return
    for attachment_id in request.form.getlist("remove", type=int):
        services.detach(db, current_actor, desk.proposal, attachment_id)
        db.commit()
    upload = request.files.get("file")
    if upload and upload.filename:
        settings = current_app.config["SETTINGS"]
        content = examine(upload.read(), largest=settings.upload_bytes)
        folder = settings.instance / "files"
        services.attach(db, current_actor, desk.proposal, folder=folder, name=upload.filename, content=content)
        db.commit()


def confirm(desk: Desk) -> ResponseReturnValue:
    """Step 5: everything once more, what is still missing, what happens to the data, and submit."""
    form = ConfirmForm()
    refused = None
    if form.accepted():
        try:
            proposal = services.submit(session(), actor(), desk.proposal)
            db.commit()
            return redirect(url_for("proposals.receipt", number=proposal.number))
        except RuleBroken as error:
            db.rollback()
            refused = error
    sectors = [sector.key for sector in desk.round.charter.sectors]
    problems = draft_problems(desk.draft, sectors=sectors, places=here.places())
    if refused and refused.message not in [problem.message for problem in problems]:
        form.trouble(refused)
    return render_template(
        "proposals/confirm.html",
        round=desk.round,
        desk=desk,
        form=form,
        steps=titles(),
        problems=[(say(problem.message), desk.at(problem.step)) for problem in problems],
        sector=desk.round.charter.sector(desk.draft.sector),
        places=[place.name for place in here.places().values() if place.id in desk.draft.places],
        files=queries.attachments(db, desk.proposal.id),
        similar=queries.similar(db, desk.round.id, desk.draft, without=desk.proposal.id),
    )
