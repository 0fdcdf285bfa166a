"""Accounts and statements: what came in, what it probably belongs to and why, one confirmation each; all undone."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.funding import queries
from cdp.funding.queries import bank_balances, banking, returns
from cdp.funding.queries.cards import part_to_call
from cdp.funding.rules.statements.columns import column_map
from cdp.funding.services import payees, placing, statements
from cdp.funding.services.payees import Calling
from cdp.funding.services.placing import Part
from cdp.funding.services.statements import Brought
from cdp.http.context import current_actor, db, language
from cdp.i18n import formats
from cdp.i18n.say import say
from cdp.kernel.clock import today
from cdp.kernel.errors import Message, NotFound, RuleBroken, Trouble
from cdp.kernel.money import Money
from cdp.people.states import Role
from cdp.web import here
from cdp.web.forms.bank import ROWS, AccountForm, BringForm, CallForm, MapForm, ShareForm
from cdp.web.forms.base import EmptyForm
from cdp.web.forms.treasury import ReverseForm
from cdp.web.views.treasury import _scan as scan
from cdp.web.views.treasury import payer

bp = Blueprint("bank", __name__, url_prefix="/<lang>/<commune>/treasury/bank")


@bp.before_request
def only_the_treasurer() -> None:
    """Accounts, names of payers and amounts are the treasurer's alone."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.TREASURER)


@bp.get("/")
def show() -> ResponseReturnValue:
    """What waits, with its suggestions; books against bank."""
    commune = here.commune()
    page = banking.waiting(db, commune.id, number=max(1, request.args.get("page", 1, int)))
    return render_template(
        "bank/show.html",
        page=page,
        taken_back=returns.taken_back(db, [each.line for each in page.rows]),
        named=banking.named(db, commune.id),
        balances=bank_balances.balances(db, commune.id),
        decided=sum(_is_decided(each) for each in page.rows),
        offer=offer,
        label_of=label_of,
    )


def _is_decided(waits: Any) -> bool:
    found = waits.match
    return bool(found and found.decided and found.parts and not waits.unallocated_minor)


def offer(waits: Any) -> list[tuple[str, list[Any], list[str]]]:
    """Each confirmation a line offers: what is sent, its parts, its reasons."""
    found = waits.match
    if found is None or waits.line.amount_minor < 0:
        return []
    sets = [found.parts] if found.decided else [(part,) for part in found.parts]
    if not found.decided and len(found.parts) > 1 and found.parts[0].reasons == ("known_account", "sum_of_promises"):
        sets = [found.parts]
    return [
        (
            ",".join(f"{part.pledge}:{part.amount_minor}" for part in parts),
            list(parts),
            [label_of(reason) for reason in dict.fromkeys(r for part in parts for r in part.reasons)],
        )
        for parts in sets
        if parts and all(part.amount_minor > 0 for part in parts)
    ]


def label_of(reason: str) -> str:
    """Why a line probably belongs to a promise."""
    said: dict[str, str] = {
        "reference": _("its reference"),
        "whole_amount": _("the whole amount"),
        "part_of_amount": _("a part of the amount"),
        "late": _("after its day"),
        "near_reference": _("a reference with one slip"),
        "digits_of_reference": _("the digits of the reference"),
        "known_account": _("the same account as before"),
        "sum_of_promises": _("the sum of this payer's promises"),
        "same_name": _("the same name"),
        "same_amount": _("the same amount"),
        "amount_less_fee": _("the amount less a bank's fee"),
        "in_time": _("in time"),
        "more_than_promised": _("more than was promised"),
        "several_references": _("several references: share it out"),
        "other_currency": _("another currency: share it out"),
        "reference_not_open": _("a reference of which nothing is open"),
        "nothing_known": _("nothing known"),
        "money_out": _("money that went out"),
        "returned_payment": _("a payment that was returned"),
    }
    return said.get(reason, reason)


@bp.route("/bring", methods=["GET", "POST"])
def bring() -> ResponseReturnValue:
    """Bring a statement: read whole or refused whole."""
    commune = here.commune()
    maps = banking.maps(db, commune.id)
    form = BringForm().offer(banking.accounts(db, commune.id), maps, _("by itself"))
    if form.accepted():
        try:
            account = banking.find_account(db, commune.id, form.account.data)
            saved = next((each for each in maps if each.id == form.columns.data), None)
            sent = form.file.data
            file = Brought(sent.filename or "", sent.read(), column_map(saved.columns) if saved else None)
            found = statements.bring(db, current_actor, account, file)
        except Trouble as error:
            db.rollback()
            form.form_errors = [*form.form_errors, with_place(error.message)]
            fresh = form.offer(banking.accounts(db, commune.id), banking.maps(db, commune.id), _("by itself"))
            return render_template("bank/bring.html", form=fresh)
        db.commit()
        flash(_("New lines: %(new)s; known before: %(known)s.", new=found.new, known=found.known), "success")
        for warning in found.warnings[:5]:
            flash(with_place(warning), "warning")
        return redirect(url_for(".show"))
    return render_template("bank/bring.html", form=form)


def with_place(message: Message) -> str:
    """What is wrong with a file, and in which line of it, where that is known and the sentence does not say it."""
    place, sentence = message.values.get("line"), say(message)
    if not place or "%(line)" in _(message.key):
        return sentence
    return str(_("Line or entry %(line)s: %(reason)s", line=place, reason=sentence))


@bp.post("/lines/<int:line_id>/confirm")
def confirm(line_id: int) -> ResponseReturnValue:
    """Book a line as it was suggested."""
    line = banking.find_line(db, here.commune().id, line_id)
    if not EmptyForm().accepted():
        abort(400)
    sent = request.form.get("parts", "")
    try:
        parts = [Part(int(amount), pledge_id=int(pledge)) for pledge, amount in (p.split(":") for p in sent.split(","))]
    except ValueError:
        return redirect(url_for(".line", line_id=line_id))
    try:
        placing.place(db, current_actor, line, parts, key=f"{line.id}-{sent}"[:30])
    except Trouble as error:
        return _refused(error, line_id)
    return _done(_("The line is in the books."))


@bp.post("/decided")
def decided() -> ResponseReturnValue:
    """Book every line whose reference decides."""
    if not EmptyForm().accepted():
        abort(400)
    number = placing.place_decided(db, current_actor, here.commune().id, key=f"all-{today().isoformat()}")
    return _done(_("%(n)s lines are in the books.", n=number))


@bp.route("/lines/<int:line_id>", methods=["GET", "POST"])
def line(line_id: int) -> ResponseReturnValue:
    """Share a line out by hand: to several promises, to partners' lines; what is left waits as unallocated."""
    found = banking.find_line(db, here.commune().id, line_id)
    form = ShareForm().offer(_places(found.currency), _("nothing"))
    if form.accepted():
        try:
            placing.place(db, current_actor, found, form.parts(found.currency), key=form.form_key.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            return _done(_("The line is in the books."))
    waits = banking.waiting_line(db, banking.find_line(db, here.commune().id, line_id))
    return render_template("bank/line.html", form=form, waits=waits, rows=range(1, ROWS + 1), label_of=label_of)


def _places(currency: str) -> list[tuple[str, str]]:
    commune = here.commune()
    promises = sorted(banking.named(db, commune.id).values(), key=lambda each: each.unit != currency)
    found = [
        (f"promise:{p.id}", f"{p.reference} · {p.giver} · {formats.money(Money(p.open_minor, p.unit), language())}")
        for p in promises
    ]
    for project in queries.projects_to_fund(db, commune.id) if currency == "MAD" else ():
        found += [(f"line:{each.id}", f"{project.number} · {payer(each)}") for each in queries.lines_of(db, project.id)]
    return found


@bp.route("/lines/<int:line_id>/undo", methods=["GET", "POST"])
def undo(line_id: int) -> ResponseReturnValue:
    """Take back what a line was booked as; it waits again."""
    return _with_reason(
        line_id, placing.undo, _("Undo this line"), _("The line waits again; all entries stay readable.")
    )


@bp.route("/lines/<int:line_id>/aside", methods=["GET", "POST"])
def aside(line_id: int) -> ResponseReturnValue:
    """Say that a line is none of these books' concern."""
    return _with_reason(line_id, placing.set_aside, _("Set this line aside"), _("The line is set aside."))


def _with_reason(line_id: int, act: Any, title: str, sentence: str) -> ResponseReturnValue:
    found = banking.find_line(db, here.commune().id, line_id)
    form = ReverseForm()
    if form.accepted():
        try:
            act(db, current_actor, found, form.reason.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
            found = banking.find_line(db, here.commune().id, line_id)
        else:
            return _done(sentence)
    return render_template("bank/reason.html", form=form, title=title, line=found)


@bp.post("/lines/<int:line_id>/take-up")
def take_up(line_id: int) -> ResponseReturnValue:
    """A line that was set aside waits again."""
    found = banking.find_line(db, here.commune().id, line_id)
    if not EmptyForm().accepted():
        abort(400)
    placing.take_up(db, current_actor, found)
    return _done(_("The line waits again."))


@bp.get("/lines")
def lines() -> ResponseReturnValue:
    """What is in the books, what was set aside, which statements were brought."""
    number = max(1, request.args.get("page", 1, int))
    commune = here.commune()
    return render_template(
        "bank/lines.html",
        page=banking.placed(db, commune.id, number=number),
        aside=banking.aside(db, commune.id),
        statements=banking.statements(db, commune.id),
    )


@bp.get("/accounts")
def accounts() -> ResponseReturnValue:
    """The accounts that may be named, and on what."""
    found = banking.accounts(db, here.commune().id)
    return render_template("bank/accounts.html", accounts=found, day=today(), maps=banking.maps(db, here.commune().id))


@bp.route("/accounts/new", methods=["GET", "POST"])
def account() -> ResponseReturnValue:
    """Enter an account with its legal basis."""
    form = AccountForm()
    if form.accepted():
        try:
            payees.enter_account(db, current_actor, here.commune(), form.account(scan(form)), key=form.form_key.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            return _done(_("The account is entered."), ".accounts")
    return _form(form, _("Enter an account"))


@bp.route("/accounts/<int:account_id>/close", methods=["GET", "POST"])
def close(account_id: int) -> ResponseReturnValue:
    """From today on nobody is told this account."""
    found = banking.find_account(db, here.commune().id, account_id)
    form = ReverseForm()
    if form.accepted():
        try:
            payees.close_account(db, current_actor, found, form.reason.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            return _done(_("The account is no longer named."), ".accounts")
    return _form(form, _("Close an account"))


@bp.route("/maps/new", methods=["GET", "POST"])
def new_map() -> ResponseReturnValue:
    """Keep how a bank's tables are read."""
    form = MapForm()
    if form.accepted():
        try:
            statements.save_map(db, current_actor, here.commune(), form.name.data, form.plain())
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            return _done(_("This way to read is kept."), ".accounts")
    return _form(form, _("How a bank's tables are read"))


@bp.route("/calls/<int:pledge_id>", methods=["GET", "POST"])
def call(pledge_id: int) -> ResponseReturnValue:
    """Call a promise: from now on its giver sees how to pay."""
    pledge = queries.find_pledge(db, here.commune().id, pledge_id)
    found = [each for each in banking.accounts(db, here.commune().id) if each.holds_on(today())]
    form, part = _call_form(pledge, found)
    if form.accepted():
        try:
            payee = next((each for each in found if each.id == form.payee.data), None)
            if payee is None:
                raise RuleBroken("funding.basis_has_ended")
            due = today() + timedelta(days=form.days.data)
            most = part[1] if part is not None and form.what.data == "part" else None
            payees.call(db, current_actor, pledge, Calling(payee, due, most), key=form.form_key.data)
        except NotFound:
            raise
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The promise is called; its giver sees how to pay."), "success")
            return redirect(url_for("treasury.project", number=pledge.project.number))
    return _form(form, _("Call a promise"))


def _call_form(pledge: Any, accounts: Any) -> tuple[CallForm, tuple[date, int] | None]:
    """The form of a call; of a promise in instalments the next one is offered first, by its own day."""
    part = part_to_call(db, pledge)
    if part is None:
        return CallForm().offer(accounts), None
    days = max(1, (part[0] - today()).days)
    amount = formats.money(Money(part[1], pledge.unit), language())
    words = _("The next part: %(sum)s by %(day)s", sum=amount, day=formats.day(part[0], language()))
    return CallForm(what="part", days=days).offer(accounts, words), part


def _form(form: Any, title: str) -> ResponseReturnValue:
    return render_template("bank/form.html", form=form, title=title)


def _refused(error: Trouble, line_id: int) -> ResponseReturnValue:
    db.rollback()
    flash(say(error.message), "danger")
    return redirect(url_for(".line", line_id=line_id))


def _done(sentence: str, where: str = ".show") -> ResponseReturnValue:
    db.commit()
    flash(sentence, "success")
    return redirect(url_for(where))
