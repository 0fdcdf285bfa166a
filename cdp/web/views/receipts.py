"""Receipts: given by the treasurer in the name of who was paid, read by the giver, numbered without a gap."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cdp.exports.receipt_paper import pdf
from cdp.funding import queries
from cdp.funding.queries import banking
from cdp.funding.queries import receipts as reads
from cdp.funding.queries.receipts import ReceiptRow, Year
from cdp.funding.rules.spelling import in_arabic, in_french
from cdp.funding.services import receipts
from cdp.http.context import current_actor, db, language
from cdp.i18n import formats
from cdp.i18n.languages import direction
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Trouble
from cdp.kernel.money import Money
from cdp.kernel.page import SIZE, Page
from cdp.people.queries import said_name_of
from cdp.people.states import Role
from cdp.web import here
from cdp.web.forms.base import EmptyForm
from cdp.web.forms.receipts import CancelForm, IssueForm
from cdp.web.jinja import evidence

bp = Blueprint("receipts", __name__, url_prefix="/<lang>/<commune>/receipts")


@bp.get("/")
def board() -> ResponseReturnValue:
    """What came and has no receipt yet, and those that were given."""
    _treasurer()
    commune = here.commune()
    number = max(1, request.args.get("page", 1, int))
    waiting = reads.without_receipt(db, commune.id) if number == 1 else []
    rows = reads.issued(db, commune.id)
    return render_template(
        "receipts/board.html",
        waiting=[entry for entry, payee in waiting if payee is not None],
        others=[entry for entry, payee in waiting if payee is None],
        about=reads.giver_of(db, [entry for entry, _payee in waiting]),
        page=Page(rows[(number - 1) * SIZE : number * SIZE], number, more=len(rows) > number * SIZE),
    )


@bp.post("/all")
def issue_all() -> ResponseReturnValue:
    """Give a receipt for everything whose account is known."""
    _treasurer()
    if not EmptyForm().accepted():
        abort(400)
    done = receipts.issue_known(db, current_actor, here.commune().id)
    db.commit()
    flash(ngettext("%(num)d receipt is given.", "%(num)d receipts are given.", done), "success")
    return redirect(url_for(".board"))


@bp.route("/entry/<int:entry_id>", methods=["GET", "POST"])
def issue(entry_id: int) -> ResponseReturnValue:
    """Give a receipt for one entry, in the series of the account the money came to."""
    _treasurer()
    commune_id = here.commune().id
    entry = queries.find_entry(db, commune_id, entry_id)
    found = next((payee for each, payee in reads.without_receipt(db, commune_id) if each.id == entry.id), None)
    form = IssueForm(payee=str(found.id) if found else None)
    form.offer([(str(each.id), f"{each.holder} · {each.number[-4:]}") for each in banking.accounts(db, commune_id)])
    if form.accepted():
        try:
            payee = banking.find_account(db, commune_id, int(form.payee.data))
            made = receipts.issue(db, current_actor, entry, payee)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
            entry = queries.find_entry(db, commune_id, entry_id)
        else:
            db.commit()
            flash(_("The receipt is given; its giver is told."), "success")
            return redirect(url_for(".show", receipt_id=made.id))
    return render_template("receipts/form.html", form=form, title=_("Give a receipt"), entry=entry, row=None)


@bp.get("/<int:receipt_id>")
def show(receipt_id: int) -> ResponseReturnValue:
    """One receipt, for its giver and the office."""
    row = _mine(receipt_id)
    return render_template(
        "receipts/show.html",
        row=row,
        facts=_facts(row),
        spelled=_words(row.amount),
        may_cancel=row.holds and current_actor.holds(here.commune().id, Role.TREASURER),
    )


@bp.get("/<int:receipt_id>/paper.pdf")
def paper(receipt_id: int) -> ResponseReturnValue:
    """The same as PDF."""
    row = _mine(receipt_id)
    given = _head(_("Receipt no. %(number)s", number=row.name), _holder(row.payee))
    given |= {
        "cancelled": "" if row.holds else _("Cancelled: %(reason)s", reason=row.cancel_reason),
        "rows": [list(each) for each in _facts(row)],
        "words": _words(row.amount),
    }
    return _download(pdf(given), f"{row.year}-{row.number:04d}.pdf")


@bp.route("/<int:receipt_id>/cancel", methods=["GET", "POST"])
def cancel(receipt_id: int) -> ResponseReturnValue:
    """Cancel a receipt with a reason."""
    _treasurer()
    form = CancelForm()
    if form.accepted():
        try:
            receipts.cancel(db, current_actor, reads.held(db, here.commune().id, receipt_id), form.reason.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The receipt is cancelled; its number stays."), "success")
            return redirect(url_for(".show", receipt_id=receipt_id))
    row = reads.find(db, here.commune().id, receipt_id)
    return render_template("receipts/form.html", form=form, title=_("Cancel a receipt"), entry=None, row=row)


@bp.get("/mine/<int:given>")
def mine(given: int) -> ResponseReturnValue:
    """What I gave in a year to the projects of this commune."""
    found = _year(given)
    return render_template("receipts/year.html", year=found, this_year=today().year, spelled=_words(found.dirhams))


@bp.get("/mine/<int:given>/paper.pdf")
def mine_paper(given: int) -> ResponseReturnValue:
    """The same as PDF."""
    found = _year(given)
    asked = _head(_("What was given in %(year)d", year=given), _own_name())
    asked |= {
        "rows": [
            [_("Together"), " · ".join(formats.money(each, language()) for each in found.sums) or "—"],
            [_("In dirhams, at the rates of the days it came"), formats.money(found.dirhams, language())],
        ],
        "head": [_("Number"), _("Day"), _("Project"), _("Amount")],
        "table": [_line(row) for row in found.rows],
        "words": _words(found.dirhams),
    }
    return _download(pdf(asked), f"{given}.pdf")


def _holder(payee: Any) -> str:
    """The holder of an account in the letters of the reader's language."""
    return str((payee.holder_ar if language() == "ar" else "") or payee.holder)


def _own_name() -> str:
    return said_name_of(here.person())


def _treasurer() -> None:
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.TREASURER)


def _mine(receipt_id: int) -> ReceiptRow:
    """A receipt the reader may see: its giver's own, or as treasurer (a giver may be secret); NotFound else."""
    person_id = current_actor.known()
    row = reads.find(db, here.commune().id, receipt_id)
    if row.person_id != person_id and not current_actor.holds(row.payee.commune_id, Role.TREASURER):
        raise NotFound
    return row


def _year(year: int) -> Year:
    person_id = current_actor.known()
    return Year(year, tuple(reads.issued(db, here.commune().id, person_id=person_id, year=year)))


def _facts(row: ReceiptRow) -> list[tuple[str, str]]:
    """What a receipt says, name and value."""
    code = language()
    group = row.group.in_(code)[0] if row.group else ""
    giver = row.giver or here.partner_said(row.party)
    found = [
        (_("Received by"), " · ".join(filter(None, (row.payee.holder, row.payee.holder_ar)))),
        (_("On which basis"), f"{label(row.payee.basis)} · {row.payee.basis_reference}"),
        (_("Received from"), " · ".join(filter(None, (group, giver))) or label(row.source)),
        (_("Amount"), formats.money(row.amount, code)),
        (_("In dirhams"), formats.money(row.dirhams, code) if row.amount.currency != "MAD" else ""),
        (_("Day it came"), formats.day(row.received_on, code)),
        (_("For the project"), f"{row.project_title.in_(code)[0]} · {row.project_number}"),
        (_("Reference"), row.reference),
        (_("Paper"), evidence(row.evidence)),
        (_("Given back since"), formats.money(row.given_back, code) if row.given_back.minor else ""),
        (_("Issued on"), formats.day(row.issued_at.date(), code)),
    ]
    return [each for each in found if each[1]]


def _words(amount: Money) -> list[dict[str, str]]:
    """The sum in words, in both languages of the administration."""
    return [{"language": "ar", "text": in_arabic(amount)}, {"language": "fr", "text": in_french(amount)}]


def _line(row: ReceiptRow) -> list[str]:
    code = language()
    name = row.name if row.holds else f"{row.name} · {_('cancelled')}"
    amount = formats.money(row.amount - row.given_back, code)
    return [name, formats.day(row.received_on, code), row.project_title.in_(code)[0], amount]


def _head(title: str, intro: str) -> dict[str, Any]:
    note = _("This tool takes no payment: the holder of the account received the money and answers for this receipt.")
    return {
        "language": language(),
        "direction": direction(language()),
        "commune": here.commune().name.in_(language())[0],
        "title": title,
        "intro": intro,
        "cancelled": "",
        "head": [],
        "table": [],
        "note": note,
    }


def _download(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
