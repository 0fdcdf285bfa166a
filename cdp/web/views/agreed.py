"""What institutions agree to in principle: entered by the treasurer, read by everybody on the project's page."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.funding import queries
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.queries import partners as reads
from cdp.funding.services import agreed
from cdp.http.context import current_actor, db, language
from cdp.kernel.errors import Conflict, Trouble
from cdp.kernel.predicate import authorize
from cdp.people.queries.groups import standing_names
from cdp.people.states import Role
from cdp.web import here
from cdp.web.forms.partners import AgreedForm, TakeBackForm
from cdp.web.forms.pledges import AT
from cdp.web.views.treasury import _form as shown

bp = Blueprint("agreed", __name__, url_prefix="/<lang>/<commune>/treasury")


@bp.before_request
def only_the_treasurer() -> None:
    """Who keeps the agreements."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.TREASURER)


@bp.route("/projects/<number>/agreed", methods=["GET", "POST"])
def new(number: str) -> ResponseReturnValue:
    """Enter what an institution has agreed to, and on which condition."""
    villages = {place.id: place.name.in_(language())[0] for place in here.places().values()}
    form = AgreedForm(villages=villages, clubs=standing_names(db, here.commune().id, language()))

    def act(project: Any) -> None:
        agreed.agree(db, current_actor, project, form.given(), key=form.form_key.data)

    return _entered(number, form, act, title=_("Agreed in principle"))


@bp.route("/agreed/<int:promise_id>", methods=["GET", "POST"])
def take_back(promise_id: int) -> ResponseReturnValue:
    """Enter that an institution no longer agrees."""
    made = reads.agreed_on(db, here.commune().id, promise_id)
    number = queries.find_line(db, made.commune_id, made.line_id).project.number
    form = TakeBackForm()

    def act(_project: Any) -> None:
        found = reads.agreed_on(db, here.commune().id, promise_id)
        agreed.take_back(db, current_actor, found, form.reason.data)

    return _entered(number, form, act, title=_("No longer agreed"))


def _entered(number: str, form: Any, act: Callable[[Any], None], *, title: str) -> ResponseReturnValue:
    project = queries.find_project(db, here.commune().id, number)
    authorize(MONEY, MoneyStep.ENTER, current_actor, project)
    if form.accepted():
        try:
            act(project)
        except Conflict:
            raise
        except Trouble as error:
            db.rollback()
            form.trouble(error, AT.get(str(error.message)))
        else:
            db.commit()
            flash(_("It is entered; everybody reads it on the project's page."), "success")
            return redirect(url_for("treasury.project", number=number))
    return shown(form, queries.find_project(db, here.commune().id, number), title=title)
