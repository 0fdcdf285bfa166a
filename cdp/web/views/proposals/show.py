"""The page of a proposal for life: where it stands, what, where, for whom, who asks, files, history; its receipt."""

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.kernel.clock import day_of, today
from cdp.kernel.errors import Refused, RuleBroken
from cdp.kernel.late import late
from cdp.kernel.predicate import allowed
from cdp.people.queries import said_name_of
from cdp.proposals import queries, services
from cdp.proposals.policy import IS_OWN, MAY_TAKE_BACK, POLICY, Case
from cdp.proposals.queries import Act
from cdp.proposals.states import LIFE, ProposalState, Step
from cdp.review import queries as reviews
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import Phase
from cdp.web import here, kept
from cdp.web.forms.base import EmptyForm
from cdp.web.forms.proposals import WithdrawForm
from cdp.web.jinja import day, has_page
from cdp.web.views.proposals.room import TONES, asker_name, asker_tag, bp

if TYPE_CHECKING:
    import segno
else:
    segno = late("segno")

S = ProposalState


def case_of(number: str) -> Case:
    """The proposal of this address with its round, today; NotFound in any other commune."""
    proposal = queries.find(db, here.commune().id, number)
    return Case(proposal, here.card_of(proposal.round_id), today())


@bp.get("/proposals/<number>")
def show(number: str) -> ResponseReturnValue:
    """Everything about one proposal; a programmed one goes on as a project at its own address."""
    case = case_of(number)
    proposal = case.proposal
    if proposal.state is S.PROGRAMMED and has_page("projects.show"):
        return redirect(url_for("projects.show", number=number))
    sources, into = queries.sources(db, proposal)
    files, acts = queries.attachments(db, proposal.id), queries.history(db, proposal)
    places, review = (
        queries.places_of(db, proposal.id),
        reviews.public_file(db, proposal.id, case.card.charter.checklist),
    )
    for_reader = {
        "supported": queries.supports_it(db, proposal.id, current_actor.person_id),
        "can": allowed(POLICY, LIFE, current_actor, case),
        "may_take_back": MAY_TAKE_BACK(current_actor, case) and Step.SUPPORT in LIFE.steps(proposal.state),
        "is_own": IS_OWN(current_actor, case),
    }
    whose = (proposal.group, proposal.author)
    return kept.page(
        "proposals/show.html",
        *map(kept.frozen, (proposal, whose, sources, into, files, acts, places, review, for_reader)),
        make=lambda: (
            for_reader
            | {
                "proposal": proposal,
                "round": case.card,
                "path": life_line(case),
                "tone": TONES[proposal.state],
                "sector": case.card.charter.sector(proposal.sector),
                "places": places,
                "people": queries.people_of(proposal),
                "asker": asker(proposal),
                "files": files,
                "sources": sources,
                "into": into,
                "history": told(acts),
                "form": EmptyForm() if here.person() else None,
                "review": review,
            }
        ),
    )


def asker(proposal: Any) -> dict[str, Any]:
    """Who asks, with the honest label and the group's page where there is one."""
    group, author = proposal.group, proposal.author
    stands_in = proposal.entered_by_id == proposal.author_id
    person = queries.shown_asker(proposal.on_behalf_of, "" if stands_in else said_name_of(author), author.shown_as)
    kind = proposal.proposer_kind
    return {
        "name": asker_name(group.name if group else None, person, kind),
        "tag": asker_tag(
            group.kind if group else None,
            group.is_registered if group else None,
            kind=kind,
            city="" if stands_in or proposal.on_behalf_of else author.city,
        ),
        "vouched_by": group.vouched_by if group and not group.is_registered else "",
        "url": url_for("groups.show", group_id=group.id) if group and has_page("groups.show") else None,
    }


LINE = (S.SUBMITTED, S.ADMITTED, S.PROGRAMMED)


def life_line(case: Case) -> list[dict[str, Any]]:
    """The life of a proposal as a path: handed in, checked, ranked, in the plan; where it ended otherwise, that."""
    proposal, card = case.proposal, case.card
    ended = {
        S.REFUSED: _("Not admissible"),
        S.MERGED: _("Merged into another"),
        S.WITHDRAWN: _("Withdrawn"),
        S.NOT_KEPT: _("Not kept in the plan"),
    }.get(proposal.state)
    titles = [_("Handed in"), _("Checked by the commune"), _("Ranked"), _("In the plan")]
    reached = {S.SUBMITTED: 1, S.RETURNED: 1, S.ADMITTED: 2, S.PROGRAMMED: 4, S.NOT_KEPT: 3}.get(proposal.state, 1)
    if ended:
        titles = [*titles[:reached], ended]
    begun = day_of(proposal.submitted_at) if proposal.submitted_at else None
    whens = [begun, *(_end(card, phase) for phase in (Phase.REVIEW, Phase.PRIORITIES, Phase.VISA))]
    return [
        {
            "title": title,
            "when": _day(whens[index]) if index < len(whens) and not (ended and index) else None,
            "status": "done" if index < reached else ("now" if index == reached else "next"),
        }
        for index, title in enumerate(titles)
    ]


def _day(value: date | None) -> Any:
    return day(value) if value else None


def _end(card: RoundCard, phase: Phase) -> Any:
    return next((window.ends_on for window in card.windows if window.phase is phase), None)


def told(acts: list[Act]) -> list[dict[str, Any]]:
    """The acts that have words, the latest first."""
    said = {
        "proposals.submit": _("Handed in"),
        "proposals.submit_again": _("Handed in again, corrected"),
        "proposals.start_for_another": _("Written down for the person who asks, with their consent"),
        "proposals.withdraw": _("Withdrawn"),
        "proposals.return": _("Returned for correction"),
        "proposals.admit": _("Found admissible"),
        "proposals.refuse": _("Found not admissible"),
        "proposals.merge": _("Merged into another"),
        "proposals.reopen": _("Opened again"),
        "proposals.programme": _("Put into the plan"),
        "proposals.leave_out": _("Not kept in the plan"),
        "proposals.import": _("Read from a file of the commune"),
    }
    return [
        {"title": said[act.act], "at": act.at, "by": by(act.capacity.value), "into": act.detail.get("into")}
        for act in acts
        if act.act in said
    ]


def by(capacity: str) -> str:
    """In which capacity somebody acted, never by name."""
    words: dict[str, str] = {
        "self": _("by the author"),
        "group": _("by a member of the group"),
        "facilitator": _("by a facilitator"),
        "officer": _("by the office of the commune"),
        "president": _("by the president of the council"),
        "clock": _("at its date"),
    }
    return words.get(capacity, "")


@bp.post("/proposals/<number>/support")
def support(number: str) -> ResponseReturnValue:
    """Stand behind it."""
    return _support(number, services.support, _("Your support is counted."))


@bp.post("/proposals/<number>/take-back")
def take_back(number: str) -> ResponseReturnValue:
    """Take one's support back."""
    return _support(number, services.take_back, _("Your support is taken back."))


def _support(number: str, act: Any, sentence: str) -> ResponseReturnValue:
    current_actor.known()
    act(db, current_actor, queries.public(db, here.commune().id, number))
    db.commit()
    flash(sentence, "success")
    return redirect(url_for("proposals.show", number=number))


@bp.route("/proposals/<number>/withdraw", methods=["GET", "POST"])
def withdraw(number: str) -> ResponseReturnValue:
    """Take a proposal back, with the reason the public reads."""
    current_actor.known()
    case = case_of(number)
    if Step.WITHDRAW not in allowed(POLICY, LIFE, current_actor, case):
        raise Refused("errors.not_allowed", step=Step.WITHDRAW)
    form = WithdrawForm()
    if form.accepted():
        try:
            services.withdraw(db, current_actor, case.proposal, form.because.data)
            db.commit()
            flash(_("The proposal is withdrawn; its page stays, with your reason."), "success")
            return redirect(url_for("proposals.show", number=number))
        except RuleBroken as error:
            db.rollback()
            form.trouble(error)
    return render_template("proposals/withdraw.html", proposal=case.proposal, round=case.card, form=form)


@bp.get("/proposals/<number>/receipt")
def receipt(number: str) -> ResponseReturnValue:
    """The receipt with the number for life and a QR to the public page; the same as a slip to print."""
    case = case_of(number)
    settings = current_app.config["SETTINGS"]
    path = url_for("proposals.show", number=number)
    address = (
        settings.public_address.rstrip("/") + path
        if settings.public_address
        else url_for("proposals.show", number=number, _external=True)
    )
    return render_template(
        "proposals/receipt.html",
        proposal=case.proposal,
        round=case.card,
        asker=asker(case.proposal),
        sector=case.card.charter.sector(case.proposal.sector),
        places=queries.places_of(db, case.proposal.id),
        address=address,
        qr=segno.make(address, micro=False, error="m").svg_data_uri(scale=4, border=2),
        review_ends=_end(case.card, Phase.REVIEW),
    )


@bp.get("/proposals/mine")
def mine() -> ResponseReturnValue:
    """What I, or a group I may act for, asked here: drafts and returned ones first."""
    number = min(request.args.get("page", 1, type=int) or 1, 800)
    page = queries.mine(db, current_actor, here.commune().id, page=number)
    years = {card.id: card.first_year for card in here.cards()}
    return render_template("proposals/mine.html", page=page, years=years, tones=TONES, round=here.current_round())


@bp.post("/<int:year>/proposals/draft/<int:draft_id>/drop")
def drop(year: int, draft_id: int) -> ResponseReturnValue:
    """Give up a draft that was never public."""
    current_actor.known()
    proposal = queries.find_draft(db, current_actor, here.round_of(year), draft_id)
    services.withdraw(db, current_actor, proposal)
    db.commit()
    flash(_("The draft is given up."), "success")
    return redirect(url_for("proposals.mine"))
