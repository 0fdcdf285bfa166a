"""Persons without e-mail: entered by a facilitator, signed in by the code of a card."""

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from cdp.communes import queries as communes
from cdp.http import sign_in as door
from cdp.http.context import current_actor, db
from cdp.i18n.languages import LOCALES
from cdp.kernel.clock import today
from cdp.kernel.errors import RuleBroken
from cdp.kernel.late import late
from cdp.kernel.predicate import authorize
from cdp.kernel.reference import grouped
from cdp.people.policy import OFFICE_POLICY
from cdp.people.queries import office, said_name_of
from cdp.people.services import cards, persons
from cdp.people.services.desk import Desk
from cdp.people.states import OfficeStep
from cdp.web import here
from cdp.web.forms.accounts import CardForm
from cdp.web.forms.base import EmptyForm
from cdp.web.forms.cards import PersonForm
from cdp.web.views.accounts import safe_next

if TYPE_CHECKING:
    import segno
else:
    segno = late("segno")

bp = Blueprint("cards", __name__, url_prefix="/<lang>")

SHOWN_ONCE = "card_code"
"""Where a fresh code waits in the session until its card is opened."""


@bp.route("/account/card", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in with the code of a card; the QR on it leads here with the code after the ``#``."""
    form = CardForm(next=request.args.get("next"))
    if form.accepted():
        person = cards.open_with(db, form.code.data or "")
        if person is not None:
            door.enter_directly(person, "card")
            db.commit()
            return redirect(safe_next(form.next.data) or url_for("accounts.welcome"))
        form.trouble(RuleBroken("people.code_unknown"), "code")
    return render_template("cards/sign_in.html", form=form), 422 if form.errors else 200


@bp.get("/<commune>/cards")
def board() -> ResponseReturnValue:
    """Persons without e-mail and their cards."""
    authorize(OFFICE_POLICY, OfficeStep.ENTER_PERSON, current_actor, Desk(_commune_id()))
    page = request.args.get("page", 1, int)
    rows = office.persons(db, _commune_id(), page=max(page, 1))
    return render_template("cards/board.html", page=rows, button=EmptyForm())


@bp.route("/<commune>/cards/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Enter a person who has no e-mail, who has agreed to it."""
    authorize(OFFICE_POLICY, OfficeStep.ENTER_PERSON, current_actor, Desk(_commune_id()))
    form = PersonForm().offer(communes.places(db, _commune_id()))
    if form.accepted():
        person = persons.enter(db, current_actor, _commune_id(), form.draft(), key=form.form_key.data or "")
        db.commit()
        flash(_("%(name)s is entered. Now print the card.", name=said_name_of(person)), "success")
        return redirect(url_for(".board"))
    return render_template("cards/new.html", form=form)


@bp.post("/<commune>/cards/<int:person_id>/print")
def print_card(person_id: int) -> ResponseReturnValue:
    """Make a card; its code is shown on the next page, once."""
    _sent()
    code = cards.print_card(db, current_actor, _commune_id(), person_id)
    db.commit()
    session[SHOWN_ONCE] = [person_id, code]
    return redirect(url_for(".show", person_id=person_id))


@bp.get("/<commune>/cards/<int:person_id>")
def show(person_id: int) -> ResponseReturnValue:
    """The fresh card, to print now; opened again it says that its code is no longer known to anyone."""
    authorize(OFFICE_POLICY, OfficeStep.PRINT_CARD, current_actor, Desk(_commune_id()))
    person = office.person_here(db, _commune_id(), person_id, day=today())
    kept = session.pop(SHOWN_ONCE, None)
    code = kept[1] if kept and kept[0] == person_id else None
    if code is None:
        return render_template("cards/gone.html", person=person, button=EmptyForm())
    address = url_for(".sign_in", lang=person.language, _external=True)
    picture = segno.make(f"{address}#{code}", error="m").svg_data_uri(scale=6, border=2, dark="#000")
    with force_locale(LOCALES[person.language]):
        steps = how_to()
    return render_template(
        "cards/show.html", person=person, code=grouped(code), picture=picture, address=address, steps=steps
    )


def how_to() -> list[tuple[str, str]]:
    """What to do with a card: a sign and a short sentence each, in the language of its owner."""
    return [
        ("camera", _("Read the picture with the phone's camera.")),
        ("edit", _("Or open the address and type the code.")),
        ("check", _("Press “Sign in”.")),
        ("lock", _("Keep the card as you keep a key.")),
        ("phone", _("Lost? Tell the commune: it opens nothing any more.")),
    ]


@bp.post("/<commune>/cards/<int:person_id>/revoke")
def revoke(person_id: int) -> ResponseReturnValue:
    """A lost card opens nothing any more."""
    _sent()
    cards.revoke(db, current_actor, _commune_id(), person_id)
    db.commit()
    flash(_("The card is revoked."), "success")
    return redirect(url_for(".board"))


def _commune_id() -> int:
    return int(here.commune().id)


def _sent() -> None:
    if not EmptyForm().accepted():
        abort(400)
