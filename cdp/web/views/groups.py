"""Groups: the board, one group, entering, joining, checking, closing."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.communes import queries as communes
from cdp.http.context import current_actor, db
from cdp.kernel.clock import today
from cdp.kernel.errors import Refused, RuleBroken
from cdp.kernel.predicate import allowed, authorize
from cdp.kernel.reference import grouped
from cdp.people.policy import GROUP_POLICY, OFFICE_POLICY
from cdp.people.queries import groups as queries
from cdp.people.queries import office
from cdp.people.services import groups
from cdp.people.services.desk import Desk
from cdp.people.states import GROUP_LIFE, GroupStep, OfficeStep
from cdp.web import here
from cdp.web.forms.base import EmptyForm
from cdp.web.forms.groups import INFORMAL, REGISTERED, GroupForm, GroupForOthersForm, JoinForm, PapersForm

bp = Blueprint("groups", __name__, url_prefix="/<lang>/<commune>/groups")

SHOWN_ONCE = "group_code"


@bp.get("/")
def board() -> ResponseReturnValue:
    """The groups of the commune."""
    page = queries.board(db, here.commune().id, day=today(), page=max(request.args.get("page", 1, int), 1))
    return render_template("groups/board.html", page=page, day_now=today(), for_others=_meets_people())


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Enter one's own group."""
    current_actor.known()
    commune_id = here.commune().id
    form = GroupForm().offer(communes.places(db, commune_id))
    if form.accepted():
        try:
            group, code = groups.enter(db, current_actor, commune_id, form.draft(), key=form.form_key.data or "")
        except RuleBroken as error:
            form.trouble(error)
        else:
            db.commit()
            return _show_code(group.id, code)
    return render_template("groups/new.html", form=form, members=False)


@bp.route("/new-for-others", methods=["GET", "POST"])
def new_for_others() -> ResponseReturnValue:
    """A facilitator enters a group of people without e-mail."""
    commune_id = here.commune().id
    authorize(OFFICE_POLICY, OfficeStep.ENTER_GROUP, current_actor, Desk(commune_id))
    form = GroupForOthersForm()
    form.offer(communes.places(db, commune_id))
    form.offer_members(office.names_to_choose(db, commune_id))
    if form.accepted():
        members = (form.first_id.data, form.second_id.data)
        try:
            group = groups.enter_for(
                db, current_actor, commune_id, form.draft(), members=members, key=form.form_key.data or ""
            )
        except RuleBroken as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("The group stands."), "success")
            return redirect(url_for(".show", group_id=group.id))
    return render_template("groups/new.html", form=form, members=True)


def _show_code(group_id: int, code: str) -> ResponseReturnValue:
    if code:
        session[SHOWN_ONCE] = [group_id, code]
    return redirect(url_for(".show", group_id=group_id))


@bp.get("/<int:group_id>")
def show(group_id: int) -> ResponseReturnValue:
    """One group: what it is, who stands for it, who checked it, until when its papers hold."""
    group = queries.find(db, here.commune().id, group_id)
    kept = session.pop(SHOWN_ONCE, None)
    code = grouped(kept[1]) if kept and kept[0] == group_id else None
    sees_names = group_id in current_actor.groups or here.is_office()
    entered_by, checked_by = queries.people_of_check(db, group)
    return render_template(
        "groups/show.html",
        group=group,
        members=queries.members(db, group_id, day=today()),
        sees_names=sees_names,
        can=allowed(GROUP_POLICY, GROUP_LIFE, current_actor, group),
        code=code,
        join_link=url_for(".join", _external=True),
        entered_by=entered_by,
        checked_by=checked_by,
        day_now=today(),
        me=current_actor.person_id,
        steps=GroupStep,
    )


@bp.route("/join", methods=["GET", "POST"])
def join() -> ResponseReturnValue:
    """Join a group with the code a member gave."""
    current_actor.known()
    form = JoinForm()
    if form.accepted():
        try:
            group = queries.by_code(db, here.commune().id, form.whole)
            groups.join(db, current_actor, group, code=form.whole)
        except (RuleBroken, Refused) as error:
            form.trouble(error, "code")
        else:
            db.commit()
            flash(_("You are a member now."), "success")
            return redirect(url_for(".show", group_id=group.id))
    return render_template("groups/join.html", form=form)


@bp.post("/<int:group_id>/invite")
def invite(group_id: int) -> ResponseReturnValue:
    """A new code for one more member."""
    _sent()
    code = groups.invite(db, current_actor, queries.find(db, here.commune().id, group_id))
    db.commit()
    return _show_code(group_id, code)


@bp.post("/<int:group_id>/members/<int:person_id>/<any(act, rest):what>")
def trust(group_id: int, person_id: int, what: str) -> ResponseReturnValue:
    """Name who may act for the group, or no longer."""
    _sent()
    service = groups.let_act if what == "act" else groups.stop_acting
    service(db, current_actor, queries.find(db, here.commune().id, group_id), person_id)
    db.commit()
    return redirect(url_for(".show", group_id=group_id))


@bp.post("/<int:group_id>/leave")
def leave(group_id: int) -> ResponseReturnValue:
    """Leave a group."""
    _sent()
    groups.leave(db, current_actor, queries.find(db, here.commune().id, group_id))
    db.commit()
    flash(_("You have left the group."), "success")
    return redirect(url_for("me.show"))


@bp.route("/<int:group_id>/check", methods=["GET", "POST"])
def check(group_id: int) -> ResponseReturnValue:
    """The office has seen the papers, or knows who vouches."""
    group = queries.find(db, here.commune().id, group_id)
    authorize(GROUP_POLICY, GroupStep.CHECK, current_actor, group)
    form = PapersForm(obj=group, standing=REGISTERED if group.is_registered else INFORMAL)
    form.offer_standing()
    if form.accepted():
        try:
            groups.check(db, current_actor, group, form.papers(group.kind, group.name))
        except RuleBroken as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("Checked: your name and today's day stand on the group's page."), "success")
            return redirect(url_for(".show", group_id=group_id))
    return render_template("groups/check.html", form=form, group=group)


@bp.post("/<int:group_id>/close")
def close(group_id: int) -> ResponseReturnValue:
    """The group no longer acts."""
    _sent()
    groups.close(db, current_actor, queries.find(db, here.commune().id, group_id))
    db.commit()
    flash(_("The group is closed."), "success")
    return redirect(url_for(".board"))


def _meets_people() -> bool:
    return bool(OFFICE_POLICY[OfficeStep.ENTER_GROUP](current_actor, Desk(here.commune().id)))


def _sent() -> None:
    if not EmptyForm().accepted():
        abort(400)
