"""The treasurer's desk: what was agreed, received, paid and given; rates; the books. Nobody's money lies here."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.exports.beancount import beancount_lines
from cdp.funding import queries
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.queries import conditions, desk, giving, proof, shares, treasury_desk
from cdp.funding.queries.cards import PledgeCard, promises_for_treasurer, promises_to
from cdp.funding.queries.rates import rates_on
from cdp.funding.rules.named import INVARIANTS
from cdp.funding.rules.units import HOURS, IN_KIND
from cdp.funding.services import room, treasury
from cdp.funding.services.treasury import Payment, Quote, Signed
from cdp.funding.states import OverFunding
from cdp.http.context import current_actor, db, language
from cdp.i18n import formats
from cdp.i18n.say import label, say
from cdp.jobs.books import prove
from cdp.kernel.clock import today
from cdp.kernel.errors import Message, RuleBroken, Trouble
from cdp.kernel.money import Money, read_amount
from cdp.kernel.predicate import authorize
from cdp.people.states import Role
from cdp.rounds.states import Source
from cdp.store import files
from cdp.web import here, treasury_tasks
from cdp.web.forms.treasury import HoursForm, PaymentForm, RateForm, ReverseForm, RuleForm, SignForm
from cdp.web.views.pledges import TONES

bp = Blueprint("treasury", __name__, url_prefix="/<lang>/<commune>/treasury")


@bp.before_request
def only_the_office() -> None:
    """The treasurer, and the officer who confirms hours."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.TREASURER, Role.OFFICER)


@bp.get("/")
def show() -> ResponseReturnValue:
    """What waits today, and the ways to the rooms of the treasury."""
    commune = here.commune()
    waits = treasury_desk.waits_today(db, commune.id, today())
    may_enter = current_actor.holds(commune.id, Role.TREASURER)
    return render_template(
        "treasury/show.html",
        rows=treasury_tasks.rows(waits, may_enter=may_enter),
        rooms=treasury_tasks.rooms(may_enter=may_enter),
        rates=rates_on(db, commune.id, today()),
        may_enter=may_enter,
        checked=next(iter(proof.last_checks(db, commune.id, most=1)), None),
    )


@bp.get("/projects/<number>")
def project(number: str) -> ResponseReturnValue:
    """One project's money, and what can be entered about it."""
    found = queries.find_project(db, here.commune().id, number)
    cards, money = _promises_to(found), queries.money_sheet(db, found, today())
    told = shares.told(db, found.id)
    return render_template(
        "treasury/project.html",
        project=found,
        money=money,
        sharing=shares.sharing(db, found.id, today(), money, rules=told.rules),
        may_rule=MONEY[MoneyStep.RULE](current_actor, found),
        agreed=conditions.agreed_with(db, found.id, today()),
        agreements=queries.agreements_of(db, found.id),
        cards=cards,
        tones=TONES,
        givings=giving.of_promises(db, [card.id for card in cards if card.unit in IN_KIND]),
        day=today(),
        may_enter=MONEY[MoneyStep.ENTER](current_actor, found),
        may_enter_paper=MONEY[MoneyStep.ENTER_PAPER](current_actor, found),
        over_funding=told.over_funding,
    )


@bp.route("/projects/<number>/agreement", methods=["GET", "POST"])
def sign(number: str) -> ResponseReturnValue:
    """Enter a partner's signed agreement, with its scan."""
    found = _to_enter(number)
    form = SignForm()
    if form.accepted():
        try:
            signed = Signed(
                Source(form.source.data),
                form.party.data or "",
                (form.amount.data or Money(0)).minor,
                form.signed_on.data,
                form.reference.data,
                signatory=form.signatory.data or "",
                file_id=_scan(form),
            )
            treasury.sign(db, current_actor, found, signed, key=form.form_key.data)
        except Trouble as error:
            return _again(form, error, found, title=_("Enter a signed agreement"))
        return _kept(number, _("The agreement is in the books."))
    return _form(form, found, title=_("Enter a signed agreement"))


@bp.route("/projects/<number>/receipt", methods=["GET", "POST"])
def receive(number: str) -> ResponseReturnValue:
    """Enter money that came in, for a line or for a promise."""
    found = _to_enter(number)
    cards = _promises_to(found)
    form = PaymentForm().offer([*_lines(found), *_promises(cards)])
    title = _("Enter a receipt")
    if form.accepted():
        try:
            kind, _sep, number_of = form.place.data.partition(":")
            if kind == "promise":
                pledge = queries.find_pledge(db, here.commune().id, int(number_of))
                line = queries.find_line(db, here.commune().id, pledge.line_id)
                treasury.receive_promise(
                    db, current_actor, line, pledge, payment=_payment(form, pledge.unit), key=form.form_key.data
                )
            else:
                line = queries.find_line(db, here.commune().id, int(number_of))
                treasury.receive(db, current_actor, line, _payment(form, "MAD"), key=form.form_key.data)
        except Trouble as error:
            return _again(form, error, found, title=title)
        return _kept(number, _("The receipt is in the books."))
    return _form(form, found, title=title)


@bp.route("/projects/<number>/payment", methods=["GET", "POST"])
def spend(number: str) -> ResponseReturnValue:
    """Enter a payment to a supplier out of what was received on a line."""
    found = _to_enter(number)
    form = PaymentForm().offer(_lines(found))
    title = _("Enter a payment to a supplier")
    if form.accepted():
        try:
            line = queries.find_line(db, here.commune().id, int(form.place.data.partition(":")[2]))
            treasury.spend(db, current_actor, line, _payment(form, "MAD"), key=form.form_key.data)
        except Trouble as error:
            return _again(form, error, found, title=title)
        return _kept(number, _("The payment is in the books."))
    return _form(form, found, title=title)


@bp.route("/projects/<number>/hours", methods=["GET", "POST"])
def hours(number: str) -> ResponseReturnValue:
    """Confirm hours that somebody else gave."""
    found = queries.find_project(db, here.commune().id, number)
    authorize(MONEY, MoneyStep.VERIFY, current_actor, found)
    cards = [card for card in _promises_to(found) if card.unit == HOURS]
    form = HoursForm().offer([(f"promise:{card.id}", f"{card.reference} · {card.giver or '—'}") for card in cards])
    title = _("Confirm hours that were given")
    if form.accepted():
        try:
            pledge = queries.find_pledge(db, here.commune().id, int(form.place.data.partition(":")[2]))
            line = queries.find_line(db, here.commune().id, pledge.line_id)
            seen = Payment(form.hours.data * 60, form.on.data, form.evidence.data, unit=HOURS)
            treasury.deliver_hours(db, current_actor, line, pledge, payment=seen, key=form.form_key.data)
        except Trouble as error:
            return _again(form, error, found, title=title)
        return _kept(number, _("The hours are in the books."))
    return _form(form, found, title=title)


@bp.route("/projects/<number>/rule", methods=["GET", "POST"])
def rule(number: str) -> ResponseReturnValue:
    """Choose what becomes of more than is needed, before anybody has promised."""
    found = _to_enter(number)
    held = room.rule_of(db, found.id)
    form = RuleForm(over_funding=held.over_funding.value if held else OverFunding.ACCEPT.value)
    title = _("If more is promised than is needed")
    if form.accepted():
        try:
            room.choose(db, current_actor, found, OverFunding(form.over_funding.data))
        except Trouble as error:
            return _again(form, error, found, title=title)
        return _kept(number, _("The rule is chosen; givers read it."))
    return _form(form, found, title=title)


@bp.route("/rates", methods=["GET", "POST"])
def rates() -> ResponseReturnValue:
    """Enter what one unit of a currency is worth on a day."""
    current_actor.under_mandate(here.commune().id, Role.TREASURER)
    form = RateForm()
    if form.accepted():
        try:
            quote = Quote(form.currency.data, form.dirhams.data, form.day.data, form.source.data)
            treasury.enter_rate(db, current_actor, here.commune(), quote)
        except Trouble as error:
            return _again(form, error, None, title=_("Enter a rate"))
        db.commit()
        flash(_("The rate is entered."), "success")
        return redirect(url_for(".show"))
    return _form(form, None, title=_("Enter a rate"))


@bp.get("/books")
def books() -> ResponseReturnValue:
    """The books as a list, the newest first; ``?verify=1`` works out whether every seal and rule holds."""
    commune = here.commune()
    page = queries.books(db, commune.id, number=max(1, request.args.get("page", 1, int)))
    verified = prove(db, commune.id, today()) if "verify" in request.args else None
    return render_template(
        "treasury/books.html",
        may_enter=current_actor.holds(commune.id, Role.TREASURER),
        page=page,
        seal=desk.seal(db, commune.id),
        verified=verified,
        invariants=INVARIANTS,
        said={name: say(Message(f"invariants.{name}")) for name in INVARIANTS} if verified else {},
    )


@bp.get("/books.beancount")
def beancount() -> ResponseReturnValue:
    """Every entry as Beancount text: numbers instead of names."""
    commune = here.commune()
    lines = beancount_lines(proof.stream(db, commune.id), commune.name.in_("fr")[0])
    answer = Response(stream_with_context(lines), mimetype="text/plain")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{commune.slug}.beancount")
    return answer


@bp.route("/books/<int:entry_id>/reverse", methods=["GET", "POST"])
def reverse(entry_id: int) -> ResponseReturnValue:
    """Take an entry back by its opposite, with a reason."""
    entry = queries.find_entry(db, here.commune().id, entry_id)
    found = desk.project_of(db, entry)
    authorize(MONEY, MoneyStep.REVERSE, current_actor, found)
    form = ReverseForm()
    title = _("Take an entry back")
    if form.accepted():
        try:
            treasury.reverse(db, current_actor, found, entry, form.reason.data)
        except Trouble as error:
            return _again(form, error, found, title=title)
        db.commit()
        flash(_("The entry is taken back; both stay readable."), "success")
        return redirect(url_for(".books"))
    return _form(form, found, title=title)


def _to_enter(number: str) -> Any:
    found = queries.find_project(db, here.commune().id, number)
    authorize(MONEY, MoneyStep.ENTER, current_actor, found)
    return found


def _form(form: Any, found: Any, *, title: str) -> ResponseReturnValue:
    return render_template("treasury/form.html", form=form, project=found, title=title)


def _again(form: Any, error: Trouble, found: Any, *, title: str) -> ResponseReturnValue:
    """The form once more with what stood against it; nothing was kept."""
    db.rollback()
    form.trouble(error)
    fresh = queries.find_project(db, here.commune().id, found.number) if found is not None else None
    return _form(form, fresh, title=title)


def _kept(number: str, sentence: str) -> ResponseReturnValue:
    db.commit()
    flash(sentence, "success")
    return redirect(url_for(".project", number=number))


def _lines(found: Any) -> list[tuple[str, str]]:
    return [(f"line:{line.id}", payer(line)) for line in queries.lines_of(db, found.id)]


def payer(line: Any) -> str:
    """Who stands behind a funding line: the source, and its partner where it is named."""
    return " · ".join(filter(None, (label(line.source), here.partner_said(line.party))))


def _promises_to(found: Any) -> list[PledgeCard]:
    """The promises to a project: the treasurer alone reads whose a secret one is."""
    read = promises_for_treasurer if current_actor.holds(found.commune_id, Role.TREASURER) else promises_to
    return read(db, today(), found.id)


def _promises(cards: list[PledgeCard]) -> list[tuple[str, str]]:
    """Promises of money that are not wholly kept or withdrawn, by reference and giver."""
    return [
        (
            f"promise:{card.id}",
            f"{card.reference} · {card.giver} · {formats.money(Money(card.amount_minor, card.unit), language())}",
        )
        for card in cards
        if card.unit not in IN_KIND and card.open_minor > 0
    ]


def _payment(form: PaymentForm, unit: str) -> Payment:
    sum_ = read_amount(form.amount.data, unit)
    return Payment(sum_.minor, form.on.data, form.evidence.data, unit=unit, file_id=_scan(form))


def _scan(form: Any) -> int | None:
    """The scan that was sent along, judged by its content and kept; None without one."""
    sent = form.scan.data
    if sent is None or not getattr(sent, "filename", ""):
        return None
    settings = current_app.config["SETTINGS"]
    content = files.examine(sent.read(), largest=settings.upload_bytes)
    if content.kind not in {"application/pdf", "image/webp"}:
        raise RuleBroken("files.not_allowed")
    return files.keep(db, settings.instance / "files", here.commune().id, sent.filename, content).id
