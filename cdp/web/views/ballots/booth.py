"""The booth: choose, look at it once more, confirm, take the receipt. Every step is a form; none needs script.

No try is counted here by address: codes have 69 bits, and a list of tries would say who voted when.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cdp.http.context import act, actor, acts_apart, current_actor, db, language
from cdp.i18n.formats import SIGNS
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, RuleBroken, Trouble
from cdp.people.states import Role
from cdp.priorities.policy import MEETING
from cdp.priorities.queries import office
from cdp.priorities.queries.ballots import BallotCard
from cdp.priorities.rules import duels
from cdp.priorities.rules.ballots import Content, still_fits, tidy, vote_problem
from cdp.priorities.rules.secret_codes import new_secret, read_secret
from cdp.priorities.services import casting
from cdp.priorities.services.casting import Classes, Given
from cdp.priorities.states import AgeClass, BallotKind, VoterKind
from cdp.web.forms.ballots import BoothForm
from cdp.web.views.ballots.room import bp, card_of, let_in, sectors_of, territories

GIVEN = "ballot_given"
"""Where a fresh receipt waits in the voter's own cookie until its page is opened, once."""


@dataclass(frozen=True)
class Way:
    """By which way a voter comes: where the forms go, what they carry along, how the vote is cast."""

    address: str
    cast: Callable[[Session, Content, str, Classes], Given]
    carries: dict[str, str] = field(default_factory=dict)
    is_station: bool = False
    is_change: bool = False
    name: str = ""


@bp.route("/<int:ballot_id>/booth", methods=["GET", "POST"])
@acts_apart
def booth(ballot_id: int) -> ResponseReturnValue:
    """Vote with one's account; who has none, or is not on the roll, is shown the other ways."""
    card = card_of(ballot_id)
    own = office.own_entry(db, ballot_id, current_actor.person_id)
    if own is None or (own[1] is not None and request.method == "GET") or not card.takes_votes(today()):
        return render_template("ballots/enter.html", ballot=card, own=own, takes_votes=card.takes_votes(today()))
    who = actor()

    def cast(db: Session, content: Content, secret: str, classes: Classes) -> Given:
        return casting.cast_by_account(db, who, card, content, secret=secret, classes=classes)

    return _vote(card, Way(url_for(".booth", ballot_id=ballot_id), cast))


@bp.route("/<int:ballot_id>/code", methods=["GET", "POST"])
@acts_apart
def by_code(ballot_id: int) -> ResponseReturnValue:
    """Vote with a printed code; nobody is asked who they are."""
    card = card_of(ballot_id)
    form = BoothForm()
    code = request.form.get("code", "")
    if form.accepted() and request.form.get("step") is None:
        try:
            casting.check_code(db, card, code)
        except Trouble as error:
            form.trouble(error, "code")
            return render_template("ballots/code.html", ballot=card, form=form, is_change=False), 422
    elif not form.accepted():
        return render_template("ballots/code.html", ballot=card, form=form, is_change=False)

    def cast(db: Session, content: Content, _secret: str, classes: Classes) -> Given:
        return casting.cast_by_code(db, card, content, code=code, classes=classes)

    return _vote(card, Way(url_for(".by_code", ballot_id=ballot_id), cast, carries={"code": code}), form)


@bp.route("/<int:ballot_id>/change", methods=["GET", "POST"])
@acts_apart
def change(ballot_id: int) -> ResponseReturnValue:
    """Vote otherwise, until the close, with the code of the receipt or the printed one."""
    card = card_of(ballot_id)
    form = BoothForm()
    code = request.form.get("code", "")
    if not form.accepted():
        return render_template("ballots/code.html", ballot=card, form=form, is_change=True)
    if request.form.get("step") is None and not (card.takes_votes(today()) and casting.may_change(db, card, code)):
        over = not card.takes_votes(today())
        day = {"day": card.draft.closes_on} if over else {}
        form.trouble(RuleBroken("priorities.ballot_closed" if over else "priorities.no_vote_to_change", **day), "code")
        return render_template("ballots/code.html", ballot=card, form=form, is_change=True), 422

    def cast(db: Session, content: Content, _secret: str, _classes: Classes) -> Given:
        return casting.change(db, card, content, secret=code)

    way = Way(url_for(".change", ballot_id=ballot_id), cast, carries={"code": code}, is_change=True)
    return _vote(card, way, form)


@bp.get("/<int:ballot_id>/station")
def station(ballot_id: int) -> ResponseReturnValue:
    """The tablet of a polling place, before the next voter: look for a name; nothing of the last one is kept."""
    let_in(*MEETING)
    card = card_of(ballot_id)
    session.pop(GIVEN, None)
    words = request.args.get("q", "").strip()
    rows = office.roll(db, ballot_id, words=words, page=1).rows if words else ()
    return render_template(
        "ballots/station.html", ballot=card, rows=rows, asked=words, takes_votes=card.takes_votes(today())
    )


@bp.route("/<int:ballot_id>/station/<int:entry_id>", methods=["GET", "POST"])
@acts_apart
def at_station(ballot_id: int, entry_id: int) -> ResponseReturnValue:
    """The booth of who stands at the tablet."""
    let_in(Role.OFFICER, Role.PRESIDENT, Role.FACILITATOR)
    card = card_of(ballot_id)
    if not card.takes_votes(today()):
        return redirect(url_for(".station", ballot_id=ballot_id))
    name = office.entry_name(db, ballot_id, entry_id)
    if name is None and request.form.get("step") != "cast":
        return redirect(url_for(".station", ballot_id=ballot_id))

    who = actor()

    def cast(db: Session, content: Content, secret: str, classes: Classes) -> Given:
        return casting.cast_at_station(db, who, card, content, entry_id=entry_id, secret=secret, classes=classes)

    address = url_for(".at_station", ballot_id=ballot_id, entry_id=entry_id)
    return _vote(card, Way(address, cast, is_station=True, name=name or ""))


@bp.get("/<int:ballot_id>/receipt")
def receipt(ballot_id: int) -> ResponseReturnValue:
    """The receipt and the code that changes the vote, shown once."""
    card = card_of(ballot_id)
    kept = session.pop(GIVEN, None)
    given = kept if kept and kept["ballot"] == ballot_id else None
    return render_template("ballots/receipt.html", ballot=card, given=given)


def _vote(card: BallotCard, way: Way, sent: BoothForm | None = None) -> ResponseReturnValue:
    """One step of the booth; the vote itself is one act and one commit, short, so that others wait little for it."""
    form = sent or BoothForm()
    step = request.form.get("step", "choose") if form.accepted() else "choose"
    content = read_content(card)
    if step in ("review", "cast") and (problem := vote_problem(card.sheet, content)):
        form.trouble(RuleBroken(problem))
        step = "refused"
    if step == "review":
        return render_template(
            "ballots/review.html", ballot=card, way=way, form=form, content=tidy(card.sheet, content),
            secret=new_secret(), offers=card.sheet.by_number(), spent=card.sheet.spent(content),
        )  # fmt: skip
    if step == "cast":
        try:
            secret, classes = read_secret(request.form.get("secret", "")) or new_secret(), _classes()
            given = act(lambda db: way.cast(db, content, secret, classes))
        except NotFound:
            raise
        except Trouble as error:
            form.trouble(error)
            return render_template("ballots/refused.html", ballot=card, form=form, way=way), 422
        session[GIVEN] = {
            "ballot": card.id, "receipt": given.receipt, "secret": given.secret, "is_test": given.is_test,
            "is_station": way.is_station, "is_change": way.is_change, "is_code": "code" in way.carries,
        }  # fmt: skip
        return redirect(url_for(".receipt", ballot_id=card.id))
    numbers = [offer.number for offer in card.sheet.offered]
    page = render_template(
        "ballots/booth.html", ballot=card, offers=card.sheet.by_number(),
        questions=duels.questions(numbers) if card.sheet.kind is BallotKind.PAIRS else (),
        way=way, form=form, content=content, spent=card.sheet.spent(content),
        beyond=still_fits(card.sheet, content), sectors=sectors_of(card), territories=territories(),
        currency=SIGNS[language()][card.sheet.budget.currency],
    )  # fmt: skip
    return (page, 422) if step == "refused" else page


def read_content(card: BallotCard) -> Content:
    """What was chosen, as it was sent; what is no number counts as nothing given."""
    sheet = card.sheet
    if sheet.kind is BallotKind.PAIRS:
        return [value for key, value in request.form.items() if key.startswith("pair-") and value]
    if sheet.kind in (BallotKind.POINTS, BallotKind.SCORES, BallotKind.RANKING):
        sent = {key[2:]: value.strip() for key, value in request.form.items() if key.startswith("p-")}
        given = {
            key: int(value) for key, value in sent.items() if value.isascii() and value.isdigit() and len(value) < 7
        }
        given = {key: number for key, number in given.items() if number}
        if sheet.kind is BallotKind.RANKING:
            return sorted(given, key=lambda key: (given[key], key))
        return given
    return request.form.getlist("choice")


def _classes() -> Classes:
    """What who votes liked to say."""
    kinds, ages = {k.value: k for k in VoterKind}, {a.value: a for a in AgeClass}
    kind, age = request.form.get("kind", ""), request.form.get("age", "")
    return Classes(kinds.get(kind, VoterKind.UNSAID), ages.get(age, AgeClass.UNSAID))
