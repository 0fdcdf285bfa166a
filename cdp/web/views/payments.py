"""How a called promise is paid: shown to its giver alone, inside the agreement, while the legal basis holds."""

from base64 import b64encode
from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.exports.payment_sheet import PaymentSheet, pdf
from cdp.funding import queries
from cdp.funding.queries import banking
from cdp.funding.rules.promises import unpaid
from cdp.funding.services import changing
from cdp.funding.states import Channel
from cdp.http.context import current_actor, db, language
from cdp.i18n import formats
from cdp.i18n.languages import direction
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.kernel.money import Money
from cdp.web import here

bp = Blueprint("payments", __name__, url_prefix="/<lang>/<commune>/projects/<number>/promise/<int:pledge_id>")


@bp.get("/payment")
def show(number: str, pledge_id: int) -> ResponseReturnValue:
    """The payment sheet of a promise, for its giver."""
    sheet = _sheet(number, pledge_id)
    code = sheet.code()
    picture = f"data:image/svg+xml;base64,{b64encode(code.encode()).decode()}" if code else None
    return render_template("payments/show.html", sheet=sheet, rows=_rows(sheet), picture=picture, pledge_id=pledge_id)


@bp.get("/payment.pdf")
def paper(number: str, pledge_id: int) -> ResponseReturnValue:
    """The same as PDF."""
    sheet = _sheet(number, pledge_id)
    head = {
        "language": language(),
        "direction": direction(language()),
        "commune": here.commune().name.in_(language())[0],
        "title": _("How to pay your promise"),
        "intro": f"{sheet.title} · {sheet.project}",
    }
    words = {
        "channels": _("Ways to pay"),
        "basis": sheet.basis,
        "qr": _("The same data as a code for banking applications (SEPA)."),
    }
    answer = Response(pdf(sheet, head, _rows(sheet), words=words), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{sheet.reference}.pdf")
    return answer


def _sheet(number: str, pledge_id: int) -> PaymentSheet:
    """NotFound for who did not promise it, or when it was not called; RuleBroken when the basis does not hold."""
    person_id = current_actor.known()
    pledge = queries.find_pledge(db, here.commune().id, pledge_id)
    project = queries.find_project(db, here.commune().id, number)
    if pledge.person_id != person_id or pledge.project_id != project.id:
        raise NotFound
    calls = banking.calls_of(db, pledge.id)
    if not calls:
        raise NotFound
    owed = changing.purse_of(db, pledge)
    lacks = unpaid([(each.due_on, each.amount_minor) for each in calls], owed.committed)
    if not lacks:
        raise RuleBroken("funding.nothing_to_pay")
    due_on, lack = lacks[0]
    call: Any = next(each for each in calls if each.due_on == due_on)
    if not call.payee.holds_on(today()):
        raise RuleBroken("funding.basis_has_ended")
    payee = call.payee
    still = banking.open_amounts(db, [pledge.project_id]).get(pledge.id, 0)
    basis = _(
        "%(basis)s, %(reference)s of %(day)s. This tool takes no payment: you pay the holder of the account directly.",
        basis=label(payee.basis),
        reference=payee.basis_reference,
        day=formats.day(payee.basis_on, language()),
    )
    return PaymentSheet(
        holder=payee.holder,
        holder_ar=payee.holder_ar,
        number=payee.number,
        bic=payee.bic,
        bank=payee.bank,
        amount=Money(min(still, lack), pledge.unit),
        reference=pledge.reference,
        due_on=call.due_on,
        project=project.number,
        title=project.proposal.title.in_(language())[0],
        channels=tuple(label(Channel(each)) for each in payee.channels),
        basis=basis,
    )


def _rows(sheet: PaymentSheet) -> list[tuple[str, str, bool]]:
    """Name, value, and whether it is a code that is copied letter by letter."""
    found = [
        (_("Amount"), formats.money(sheet.amount, language()), False),
        (_("Reference, to be written with the payment"), " ".join(_quads(sheet.reference)), True),
        (_("Holder of the account"), sheet.holder, False),
        (_("Holder, in Arabic"), sheet.holder_ar, False),
        (_("RIB"), sheet.rib, True),
        (_("IBAN"), sheet.iban, True),
        (_("BIC (SWIFT)"), sheet.bic, True),
        (_("Bank"), sheet.bank, False),
        (_("Pay until"), formats.day(sheet.due_on, language()), False),
    ]
    return [row for row in found if row[1]]


def _quads(reference: str) -> list[str]:
    return [reference[i : i + 4] for i in range(0, len(reference), 4)]
