"""One's own space: what one belongs to and until when, what is new, what is held about one."""

import json

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cdp.communes import queries as communes
from cdp.conduct import own_data
from cdp.http.context import current_actor, db, language
from cdp.i18n import formats
from cdp.kernel.clock import today
from cdp.kernel.errors import Refused, Trouble
from cdp.notices import queries as notices
from cdp.notices import services as outbox
from cdp.people.queries import own
from cdp.people.services import data_requests, persons
from cdp.people.states import DataRequestKind, Tie
from cdp.web import here
from cdp.web.forms.base import EmptyForm
from cdp.web.forms.me import ProfileForm, TieForm, WishForm

bp = Blueprint("me", __name__, url_prefix="/<lang>/me")


@bp.before_request
def only_oneself() -> None:
    """Somebody who is signed in."""
    if current_user.is_anonymous:
        raise Refused("errors.sign_in")


@bp.get("/")
def show() -> ResponseReturnValue:
    """What I belong to and until when, what is new, what I asked for."""
    me, day = here.person().id, today()
    return render_template(
        "me/show.html",
        ties=own.ties(db, me),
        groups=own.groups(db, me, day=day),
        mandates=own.mandates(db, me, day=day),
        projects=own_data.projects(db, me, day=day),
        proposals=own_data.proposals(db, me),
        notices=notices.of_person(db, me, limit=10),
        day_now=day,
        button=EmptyForm(),
    )


@bp.post("/seen")
def seen() -> ResponseReturnValue:
    """All notices count as seen."""
    _sent()
    outbox.mark_read(db, current_actor.known())
    db.commit()
    return redirect(url_for(".show"))


@bp.route("/settings", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    """Name and how it is shown, language, city, letters."""
    person = here.person()
    form = ProfileForm(obj=person)
    form.preview(form.name.data or person.name)
    if form.accepted():
        changed = persons.describe(db, current_actor, form.profile())
        db.commit()
        flash(_("Kept."), "success")
        return redirect(url_for(".settings", lang=changed.language))
    return render_template("me/settings.html", form=form, person=person)


@bp.get("/ties")
def places() -> ResponseReturnValue:
    """Communes one can say to belong to."""
    return render_template("me/places.html", communes=communes.opened(db))


@bp.route("/ties/<slug>", methods=["GET", "POST"])
def tie(slug: str) -> ResponseReturnValue:
    """Say that one belongs to a commune or one of its douars, since a day."""
    commune = communes.find(db, slug)
    form = TieForm().offer(communes.places(db, commune.id))
    if form.accepted():
        try:
            persons.tie(
                db,
                current_actor,
                commune.id,
                kind=Tie(form.tie.data),
                locality_id=form.locality_id.data or None,
                since=form.since.data or today(),
            )
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("Kept."), "success")
            return redirect(url_for(".show"))
    return render_template("me/tie.html", form=form, commune=commune)


@bp.post("/ties/<int:belonging_id>/end")
def untie(belonging_id: int) -> ResponseReturnValue:
    """A tie is over; it stays in the record with its days."""
    _sent()
    persons.untie(db, current_actor, belonging_id)
    db.commit()
    flash(_("Kept."), "success")
    return redirect(url_for(".show"))


@bp.route("/data", methods=["GET", "POST"])
def data() -> ResponseReturnValue:
    """What is held about me; ask for a correction or for erasure."""
    mine = {commune_id for commune_id, _tie in current_actor.ties}
    opened = sorted(communes.opened(db), key=lambda commune: commune.id not in mine)
    form = WishForm().offer([(c.id, c.name.in_(language())[0]) for c in opened])
    if form.accepted():
        try:
            wish = data_requests.ask(
                db,
                current_actor,
                form.commune_id.data,
                kind=DataRequestKind(form.kind.data),
                text=form.text.data or "",
            )
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            flash(
                _("Your wish is with the commune; it answers by %(day)s.", day=formats.day(wish.due_on, language())),
                "success",
            )
            return redirect(url_for(".data"))
    me = here.person().id
    return render_template("me/data.html", form=form, wishes=own.wishes(db, me), person=here.person())


@bp.get("/data/file")
def export() -> Response:
    """Everything held about me, as a file."""
    held = own_data.everything(db, current_actor.known())
    held["said"] = {
        "who_is_responsible": _("The communes you belong to, each for its own plan (law 09-08)."),
        "where_from": _("From you, from what you did here, and from the commune's office where it entered you."),
        "given_to": _("Nobody outside; what you chose to show is public."),
        "not_in_this_file": _("Passwords, codes and keys: only their protected form is kept."),
    }
    answer = make_response(json.dumps(held, ensure_ascii=False, indent=2))
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = "attachment; filename=my-data.json"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _sent() -> None:
    if not EmptyForm().accepted():
        abort(400)
