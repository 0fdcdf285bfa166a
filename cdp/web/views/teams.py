"""The team behind a project: inviting, joining, its room, leaving."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.funding.queries.conditions import of_proposal as conditions_of
from cdp.http.context import current_actor, db, language
from cdp.kernel.clock import today
from cdp.kernel.errors import Refused, Trouble
from cdp.kernel.predicate import authorize
from cdp.people.queries import said_name_of, shown_name
from cdp.people.states import ShownAs
from cdp.teams import queries, services
from cdp.teams.policy import MEMBER, TEAM, MemberStep, TeamStep
from cdp.teams.states import Offer
from cdp.web import here
from cdp.web.forms.base import EmptyForm
from cdp.web.forms.teams import InviteForm, JoinForm, MessageForm, NeedForm, ReasonForm, UntilForm
from cdp.web.jinja import has_page
from cdp.web.qr import picture

bp = Blueprint("teams", __name__, url_prefix="/<lang>/<commune>/projects/<number>")


def project(number: str) -> Any:
    """The proposal of this commune with that number."""
    return queries.find_project(db, here.commune().id, number)


@bp.route("/invite", methods=["GET", "POST"])
def invite(number: str) -> ResponseReturnValue:
    """Invite one person by name: makes a link to forward, and its QR."""
    proposal = project(number)
    current_actor.known()
    authorize(TEAM, TeamStep.INVITE, current_actor, proposal)
    form = InviteForm(invited_language=language(), until=today() + timedelta(days=30))
    if form.accepted():
        try:
            made, token = services.invite(db, current_actor, proposal, form.invite())
        except Trouble as error:
            form.trouble(error, "until")
        else:
            db.commit()
            session[f"invitation-{made.id}"] = token
            return redirect(url_for(".invitation", number=number, invitation_id=made.id))
    waiting = queries.invitations(db, proposal.id)
    return render_template("teams/invite.html", proposal=proposal, form=form, waiting=waiting, button=EmptyForm())


@bp.get("/invitations/<int:invitation_id>")
def invitation(number: str, invitation_id: int) -> ResponseReturnValue:
    """The link of an invitation just made, once more as long as its maker's session lasts."""
    proposal = project(number)
    current_actor.known()
    authorize(TEAM, TeamStep.INVITE, current_actor, proposal)
    made = queries.find_invitation_of(db, proposal.id, invitation_id)
    token = session.get(f"invitation-{made.id}")
    link = token and url_for("invitations.show", token=token, lang=made.language, _external=True)
    return render_template(
        "teams/invitation.html", proposal=proposal, invitation=made, link=link, qr=link and picture(link)
    )


@bp.post("/invitations/<int:invitation_id>/revoke")
def revoke(number: str, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    proposal = project(number)
    services.revoke(db, current_actor, proposal, queries.find_invitation_of(db, proposal.id, invitation_id))
    db.commit()
    flash(_("The invitation is taken back."), "success")
    return redirect(url_for(".invite", number=number))


@bp.route("/join", methods=["GET", "POST"])
def join(number: str) -> ResponseReturnValue:
    """Join this project for a set time; ``?token=`` carries an invitation."""
    proposal = project(number)
    person_id = current_actor.known()
    token = request.args.get("token", "")
    invited = queries.find_invitation(db, token) if token else None
    held = queries.membership_of(db, person_id, proposal.id, today())
    if held is not None:
        return redirect(url_for(".room", number=number))
    if invited is None and not queries.has_open_need(db, proposal.id, today()):
        raise Refused("teams.needs_invitation")
    person = here.person()
    form = JoinForm(
        name=person.name,
        offer=(invited.offer if invited and invited.offer else Offer.SKILL).value,
        until=today() + timedelta(days=90),
        city=person.city,
        shown_as=person.shown_as.value,
    )
    if form.accepted():
        try:
            services.join(db, current_actor, proposal, form.joining(), invitation=invited)
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("Welcome to the team. You take part until the day you chose, and leave when you like."), "success")
            return redirect(url_for(".room", number=number))
    names = {shown.value: shown_name(said_name_of(person), shown) for shown in ShownAs}
    return render_template("teams/join.html", proposal=proposal, form=form, invited=invited, names=names)


@bp.route("/room", methods=["GET", "POST"])
def room(number: str) -> ResponseReturnValue:
    """The team's room: who is there until when, what is needed, what is said."""
    proposal = project(number)
    person_id = current_actor.known()
    if not TEAM[TeamStep.ENTER_ROOM](current_actor, proposal):
        raise Refused("teams.not_a_member")
    form = MessageForm()
    if form.accepted():
        services.say(db, current_actor, proposal, form.text.data, language=language())
        db.commit()
        return redirect(url_for(".room", number=number, _anchor="last"))
    own = queries.membership_of(db, person_id, proposal.id, today())
    return render_template(
        "teams/room.html",
        proposal=proposal,
        team=queries.team(db, proposal.id, today()),
        needs=queries.needs(db, proposal.id),
        conditions=conditions_of(db, proposal.id, today()),
        messages=queries.messages(db, proposal.id),
        own=own,
        form=form,
        until_form=UntilForm(formdata=None, until=own.until) if own else None,
        button=EmptyForm(formdata=None),
        may_invite=TEAM[TeamStep.INVITE](current_actor, proposal),
        may_hide=TEAM[TeamStep.HIDE](current_actor, proposal),
    )


@bp.route("/needs", methods=["GET", "POST"])
def needs(number: str) -> ResponseReturnValue:
    """Say what the project looks for."""
    proposal = project(number)
    current_actor.known()
    authorize(TEAM, TeamStep.ASK, current_actor, proposal)
    form = NeedForm()
    if form.accepted():
        try:
            services.ask(db, current_actor, proposal, form.asking())
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("The need is on the project's page."), "success")
            return redirect(url_for(".room", number=number))
    return render_template("teams/needs.html", proposal=proposal, form=form)


@bp.post("/needs/<int:need_id>/found")
def found(number: str, need_id: int) -> ResponseReturnValue:
    """What was looked for is found."""
    proposal = project(number)
    services.find(db, current_actor, proposal, queries.find_need(db, proposal.id, need_id))
    db.commit()
    return redirect(url_for(".room", number=number))


@bp.post("/messages/<int:message_id>/hide")
def hide(number: str, message_id: int) -> ResponseReturnValue:
    """Hide a message of the room."""
    proposal = project(number)
    services.hide(db, current_actor, proposal, queries.find_message(db, proposal.id, message_id))
    db.commit()
    return redirect(url_for(".room", number=number))


@bp.route("/members/<int:membership_id>/leave", methods=["GET", "POST"])
def leave(number: str, membership_id: int) -> ResponseReturnValue:
    """Leave today; asks once whether it is meant."""
    held = queries.find_membership(db, here.commune().id, membership_id)
    if current_actor.known() != held.person_id:
        raise Refused("errors.not_allowed", step="leave")
    form = EmptyForm()
    if form.accepted():
        services.leave(db, current_actor, held)
        db.commit()
        flash(
            _("Thank you. You have left; what you did stays on the page under the name you chose."),
            "success",
        )
        return redirect(url_for("me.show") if has_page("me.show") else url_for("communes.show"))
    return render_template("teams/leave.html", proposal=project(number), form=form, membership=held)


@bp.post("/members/<int:membership_id>/until")
def prolong(number: str, membership_id: int) -> ResponseReturnValue:
    """Choose another last day."""
    held = queries.find_membership(db, here.commune().id, membership_id)
    authorize(MEMBER, MemberStep.PROLONG, current_actor, held)
    form = UntilForm()
    if form.accepted():
        services.prolong(db, current_actor, held, form.until.data)
        db.commit()
        flash(_("Your last day is changed."), "success")
    else:
        flash(_("Choose a day."), "danger")
    return redirect(url_for(".room", number=number))


@bp.route("/members/<int:membership_id>/let-go", methods=["GET", "POST"])
def let_go(number: str, membership_id: int) -> ResponseReturnValue:
    """End a membership, with its reason."""
    proposal = project(number)
    current_actor.known()
    authorize(TEAM, TeamStep.HIDE, current_actor, proposal)
    held = queries.find_membership(db, here.commune().id, membership_id)
    form = ReasonForm()
    if form.accepted():
        try:
            services.let_go(db, current_actor, held, form.reason.data)
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("The membership ends today."), "success")
            return redirect(url_for(".room", number=number))
    return render_template("teams/let_go.html", proposal=proposal, form=form, membership=held)
