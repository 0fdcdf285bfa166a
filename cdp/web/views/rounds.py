"""A round: its path and its charter for everybody; opening, changing and deciding for the office."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from cdp.conduct import facts
from cdp.conduct import services as conduct
from cdp.conduct.reference import reference
from cdp.http.context import current_actor, db, language
from cdp.i18n.languages import LOCALES
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.kernel.money import Money, total
from cdp.kernel.words import LANGUAGES, Words
from cdp.rounds import queries, services
from cdp.rounds.policy import KEEPERS
from cdp.rounds.queries import RoundCard
from cdp.rounds.rules.charter import CharterRules, Envelope
from cdp.rounds.rules.defaults import charter_of, phases_of, purposes_of
from cdp.rounds.rules.freezing import frozen_sections
from cdp.rounds.rules.obstacles import obstacles
from cdp.rounds.rules.opening import EARLIEST, LATEST, LONGEST, RoundDraft
from cdp.rounds.states import PHASES, Phase, Source
from cdp.web import here, paths
from cdp.web.forms.rounds import DecisionForm, Material, YearsForm, charter_form, phases_form, round_form

bp = Blueprint("rounds", __name__, url_prefix="/<lang>/<commune>/rounds")


@dataclass(frozen=True)
class MoneyTable:
    """The envelopes of a charter: years across, sources down, both added up."""

    years: tuple[int, ...]
    sources: tuple[Source, ...]
    cells: dict[tuple[int, Source], Envelope]

    def of_year(self, year: int) -> Money:
        """Everything of a year."""
        return total(e.amount for (y, _source), e in self.cells.items() if y == year)

    def sureness(self, source: Source) -> str:
        """How sure the money of a source is, when it is the same every year; blank when it is not."""
        kinds = {e.sureness for (_year, s), e in self.cells.items() if s is source}
        return f" · {label(kinds.pop())}" if len(kinds) == 1 else ""

    def of_source(self, source: Source) -> Money:
        """Everything from a source."""
        return total(e.amount for (_year, s), e in self.cells.items() if s is source)


def money_table(card: RoundCard) -> MoneyTable:
    """The envelopes of a round, sources in the order of the largest first."""
    cells = {(e.year, e.source): e for e in card.charter.envelopes}
    table = MoneyTable(tuple(range(card.first_year, card.last_year + 1)), tuple(Source), cells)
    used = sorted({s for _year, s in cells}, key=lambda s: -table.of_source(s).minor)
    return MoneyTable(table.years, tuple(used), cells)


def is_keeper() -> bool:
    """Whether who looks keeps rounds here."""
    return here.person() is not None and current_actor.holds(here.commune().id, *KEEPERS)


def let_keepers_in() -> None:
    """Refused to all but the officer and the president of this commune."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, *KEEPERS)


@bp.get("/<int:year>/")
def show(year: int) -> ResponseReturnValue:
    """The path of a round, its charter in words, what was decided and what changed."""
    card = here.round_of(year)
    return render_template(
        "rounds/show.html",
        card=card,
        steps=paths.path_steps(card, today()),
        left=paths.left(card, today()),
        table=money_table(card),
        weight=sum(c.weight for c in card.charter.criteria),
        decisions=queries.decisions(db, card.id),
        versions=queries.versions(db, card.id),
        is_keeper=is_keeper(),
        takes_proposals=card.is_in(today(), Phase.PROPOSALS),
    )


@bp.get("/<int:year>/rules")
def rules(year: int) -> ResponseReturnValue:
    """The points that are checked and the meaning of each mark, in full."""
    card = here.round_of(year)
    weight = sum(c.weight for c in card.charter.criteria)
    return render_template("rounds/rules.html", card=card, weight=weight, table=money_table(card))


@bp.get("/")
def board() -> ResponseReturnValue:
    """All rounds of the commune."""
    return render_template(
        "rounds/board.html",
        rows=[(card, paths.left(card, today())) for card in here.cards()],
        here_day=today(),
        is_keeper=is_keeper(),
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Open a round: first its years, then everything else on one page that proposes days and rules."""
    let_keepers_in()
    years = _asked_years()
    if years is None:
        return render_template("rounds/years.html", form=_years_form())
    first, last, day = years
    material = Material(_starting_charter(), charter_of(reference()), first, last)
    form = round_form(material, phases_of(reference(), day, last), _usual_title(first, last))
    if form.accepted():
        draft = RoundDraft(here.commune().id, first, last, form.title.data, form.windows(), form.rules())
        try:
            services.open_round(db, current_actor, draft)
            db.commit()
        except (RuleBroken, Conflict) as error:
            db.rollback()
            form.trouble(error)
        else:
            flash(_("The round is open."), "success")
            return redirect(url_for(".show", year=first))
    status = 422 if request.method == "POST" else 200
    return render_template(
        "rounds/new.html", form=form, first=first, last=last, purposes=_purposes(), phases=PHASES, sources=tuple(Source)
    ), status


@bp.route("/<int:year>/charter", methods=["GET", "POST"])
def charter(year: int) -> ResponseReturnValue:
    """Change the charter of a round: in place, or as a new version with a reason."""
    let_keepers_in()
    card = here.round_of(year)
    frozen = frozen_sections(facts.charter_facts(db, card.id))
    form = charter_form(Material(card.charter, charter_of(reference()), card.first_year, card.last_year, frozen))
    if form.accepted():
        round_ = queries.find(db, card.commune_id, year)
        try:
            made = conduct.change_charter(db, current_actor, round_, form.rules(), reason=form.reason.data or "")
            version = made.version
            db.commit()
        except RuleBroken as error:
            db.rollback()
            form.trouble(error, "reason" if error.message.key.startswith("rounds.reason") else None)
        else:
            flash(_("The charter is kept as version %(number)s.", number=version), "success")
            return redirect(url_for(".show", year=year))
    status = 422 if request.method == "POST" else 200
    return render_template(
        "rounds/charter.html", form=form, card=card, frozen=sorted(frozen), sources=tuple(Source)
    ), status


@bp.route("/<int:year>/phases", methods=["GET", "POST"])
def phases(year: int) -> ResponseReturnValue:
    """Plan anew the phases that have not begun."""
    let_keepers_in()
    card = here.round_of(year)
    begun = tuple(w for w in card.windows if w.starts_on <= today())
    later = [phase for phase in PHASES if not begun or PHASES.index(phase) > PHASES.index(begun[-1].phase)]
    form = phases_form(later, card.windows)
    if form.accepted():
        try:
            round_ = queries.find(db, card.commune_id, year)
            services.plan_phases(db, current_actor, round_, (*begun, *form.windows(later)))
            db.commit()
        except RuleBroken as error:
            db.rollback()
            form.trouble(error)
        else:
            flash(_("The phases are planned."), "success")
            return redirect(url_for(".show", year=year))
    status = 422 if request.method == "POST" else 200
    steps = list(zip(begun, (paths.when(w) for w in begun), strict=True))
    return render_template(
        "rounds/phases.html", form=form, card=card, begun=steps, later=later, purposes=_purposes()
    ), status


@bp.route("/<int:year>/decision", methods=["GET", "POST"])
def decision(year: int) -> ResponseReturnValue:
    """Decide that the phase of the day ends earlier or later, with a reason everybody reads."""
    let_keepers_in()
    card = here.round_of(year)
    window = card.window_on(today())
    if window is None or window.ends_on is None:
        raise RuleBroken("rounds.phase_not_open")
    form = DecisionForm()
    if form.accepted():
        try:
            round_ = queries.find(db, card.commune_id, year)
            asked = form.decision(window.phase)
            conduct.decide(db, current_actor, round_, asked, reason=form.reason.data, language=language())
            db.commit()
        except RuleBroken as error:
            db.rollback()
            form.trouble(error)
        else:
            flash(_("The decision is recorded and public."), "success")
            return redirect(url_for(".show", year=year))
    following = next((w for w in card.windows if w.starts_on > window.ends_on), None)
    against = obstacles(following.phase, facts.phase_facts(db, card.id)) if following else ()
    status = 422 if request.method == "POST" else 200
    return render_template("rounds/decision.html", form=form, card=card, window=window, against=against), status


def _asked_years() -> tuple[int, int, date] | None:
    """The years and the first day in the address, when they can be the frame of a round."""
    try:
        first, last = int(request.args["first_year"]), int(request.args["last_year"])
        day = date.fromisoformat(request.args["starts_on"])
    except (KeyError, ValueError):
        return None
    is_sound = EARLIEST <= first <= last <= LATEST and last - first < LONGEST and 2000 <= day.year <= 2100
    return (first, last, day) if is_sound else None


def _years_form() -> YearsForm:
    """The usual next plan: six years after the last one, from next month on."""
    newest = next(iter(here.cards()), None)
    first = newest.last_year + 1 if newest else today().year + 1
    form = YearsForm(formdata=None, first_year=first, last_year=first + 5, starts_on=today())
    if request.args:
        form = YearsForm(formdata=request.args, meta={"csrf": False})
        form.validate()
        if not form.errors:
            form.trouble(RuleBroken("rounds.years_out_of_order"))
    return form


def _starting_charter() -> CharterRules:
    """A copy of the last round's charter without its money; else the reference charter."""
    newest = next(iter(here.cards()), None)
    if newest is None:
        return charter_of(reference())
    old = newest.charter
    return CharterRules(old.sectors, old.checklist, old.criteria, (), old.proposers, old.supports_each)


def _usual_title(first: int, last: int) -> Words:
    """The plan's usual title in the three languages."""
    titles: dict[str, str] = {}
    for code in LANGUAGES:
        with force_locale(LOCALES[code]):
            titles[code] = _("Action programme %(first)s–%(last)s", first=first, last=last)
    return Words(titles)


def _purposes() -> dict[Any, Words]:
    return dict(purposes_of(reference()))
