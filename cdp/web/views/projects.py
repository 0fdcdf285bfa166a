"""The page of a project: what, where, for whom; its money by source, its works, its people, its papers."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.delivery import queries as delivery
from cdp.delivery.policy import WORKS, WorksStep, works_of
from cdp.delivery.queries import Act, Head
from cdp.funding import queries as funding
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.queries import shares
from cdp.funding.queries.conditions import in_public
from cdp.funding.queries.dossier import Dossier, dossier
from cdp.http.context import current_actor, db
from cdp.kernel.clock import day_of, today
from cdp.kernel.money import Money
from cdp.programme import queries as programme
from cdp.programme.states import ProjectState
from cdp.proposals.states import ProposalState
from cdp.teams import queries as teams
from cdp.teams.policy import TEAM, TeamStep
from cdp.web import here, kept
from cdp.web.jinja import day, has_page
from cdp.web.views import project_board
from cdp.web.views.proposals.show import asker, by

bp = Blueprint("projects", __name__, url_prefix="/<lang>/<commune>/projects")

P = ProjectState

TONES = {
    P.PROGRAMMED: ("next", "flag"),
    P.STUDY: ("now", "dot"),
    P.TENDER: ("now", "dot"),
    P.WORKS: ("now", "dot"),
    P.DONE: ("done", "check"),
    P.DROPPED: ("danger", "cross"),
}
"""Tone and sign of each state: never colour alone."""

GIVERS = 12
"""Givers the page names."""


@bp.get("/")
def board() -> ResponseReturnValue:
    """The projects of the commune in delivery, by state and sector."""
    commune = here.commune()
    asked = project_board.asked(request.args)
    page = programme.board(db, commune.id, asked, page=max(1, min(request.args.get("page", 1, type=int) or 1, 800)))
    counts = programme.state_counts(db, commune.id)
    sectors = project_board.sectors(here.cards())
    return render_template(
        "projects/board.html",
        page=page,
        cards=project_board.cards(page, sectors, TONES),
        facets=project_board.facets(asked, counts, sectors),
        filters=asked,
        total=sum(counts.values()),
        turn=lambda number: project_board.address(asked, page=number),
    )


@bp.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    """All about one project, from what and for whom to its money, works, people, papers and history."""
    head = delivery.head(db, here.commune().id, number)
    project, proposal, now = head.project, head.proposal, today()
    card, known = here.card_of(project.round_id), here.places()
    team, needs = teams.team(db, proposal.id, now), teams.needs(db, proposal.id)
    money, stages = drawn(dossier(db, project, now)), delivery.timeline(db, project.id)
    for_reader = {
        "action": action(head, is_asked=any(need.is_open_on(now) for need in needs)),
        "may_report": WORKS[WorksStep.REPORT](current_actor, works_of(project, proposal)),
    }
    settled = settlement(head, money, now)
    whose = (proposal.group, proposal.author)
    read = (project, proposal, whose, head.place_ids, head.rank, team, needs, money, stages, settled)
    return kept.page(
        "projects/show.html",
        *map(kept.frozen, (*read, for_reader)),
        make=lambda: (
            for_reader
            | settled
            | {
                "project": project,
                "proposal": proposal,
                "cost": Money(project.cost_minor),
                "round": card,
                "sector": card.charter.sector(proposal.sector),
                "places": [known[number].name for number in head.place_ids if number in known],
                "asker": asker(proposal),
                "tone": TONES[project.state],
                "path": life_line(head),
                "money": money,
                "most_givers": GIVERS,
                "stages": stages,
                "team": [member for member in team if not member.is_over],
                "before": sum(member.is_over for member in team),
                "needs": needs,
                "day_now": now,
            }
        ),
    )


def settlement(head: Head, money: Dossier, now: date) -> dict[str, Any]:
    """On which conditions promises stand, what the rules of the money say, what becomes of too much."""
    number = head.project.id
    settled = shares.told(db, number)
    return {
        "conditions": in_public(db, number, now) if settled.has_conditions else (),
        "sharing": shares.sharing(db, number, now, money.sheet, rules=settled.rules),
        "over_funding": settled.over_funding,
    }


def drawn(money: Dossier) -> Dossier:
    """A dossier with as many givers as the page names, and one more where there are more."""
    return replace(money, givers=replace(money.givers, named=money.givers.named[: GIVERS + 1]))


@bp.get("/<number>/history")
def history(number: str) -> ResponseReturnValue:
    """What happened to a project, the latest first, from the audit."""
    project = funding.find_project(db, here.commune().id, number)
    return render_template("projects/history.html", project=project, history=told(delivery.history(db, project)))


def action(head: Head, *, is_asked: bool) -> dict[str, str] | None:
    """The one thing this reader can do next: promise, enter the room, or join; None where an invitation is needed."""
    number, proposal = head.project.number, head.proposal
    is_member = proposal.id in current_actor.memberships
    if has_page("pledges.new") and MONEY[MoneyStep.PLEDGE](current_actor, head.project) and is_member:
        return {
            "title": _("You are in the team"),
            "text": _("A promise is a word given, in money or in hours. Nothing is taken here."),
            "label": _("Make a promise"),
            "url": url_for("pledges.new", number=number),
        }
    if TEAM[TeamStep.ENTER_ROOM](current_actor, proposal):
        return {
            "title": _("The team's room"),
            "text": _("Who is there until when, what is needed, what is said."),
            "label": _("To the team's room"),
            "url": url_for("teams.room", number=number),
        }
    if has_page("pledges.new") and MONEY[MoneyStep.PLEDGE](current_actor, head.project):
        return {
            "title": _("You speak for a group"),
            "text": _("A promise is a word given, in money or in hours. Nothing is taken here."),
            "label": _("Make a promise"),
            "url": url_for("pledges.new", number=number),
        }
    if is_asked and proposal.state is ProposalState.PROGRAMMED and head.project.state not in {P.DONE, P.DROPPED}:
        return {
            "title": _("Join this project"),
            "text": _("For a time, without becoming a member of anything. You leave when you like."),
            "label": _("Join this project"),
            "url": url_for("teams.join", number=number),
        }
    return None


def life_line(head: Head) -> list[dict[str, Any]]:
    """The life of a project as a path: proposed, examined, ranked, programmed, works, finished; or dropped."""
    project, proposal = head.project, head.proposal
    proposed = day(day_of(proposal.submitted_at)) if proposal.submitted_at else None
    since = day(project.state_since)
    steps = [
        (_("Proposed"), proposed),
        (_("Examined"), None),
        (_("Ranked %(rank)s", rank=head.rank) if head.rank else _("Ranked"), None),
        (_("Programmed %(year)s", year=project.start_year), None),
    ]
    if project.state is P.DROPPED:
        steps.append((_("Dropped"), since))
        reached = 4
    else:
        going = {P.STUDY: _("Being studied"), P.TENDER: _("Call for tenders")}.get(project.state, _("Works"))
        steps += [
            (going, since if project.state in {P.STUDY, P.TENDER, P.WORKS} else None),
            (_("Finished"), since if project.state is P.DONE else None),
        ]
        reached = {P.PROGRAMMED: 3, P.DONE: 6}.get(project.state, 4)
    return [
        {"title": title, "when": when, "status": "done" if i < reached else "now" if i == reached else "next"}
        for i, (title, when) in enumerate(steps)
    ]


def told(acts: list[Act]) -> list[dict[str, Any]]:
    """The acts that have words, the latest first; a promise never says in which capacity it was made."""
    said = {
        "proposals.submit": _("Handed in"),
        "proposals.admit": _("Found admissible"),
        "proposals.programme": _("Put into the plan"),
        "programme.start_study": _("The study began"),
        "programme.call_tender": _("The call for tenders went out"),
        "programme.start_works": _("The works began"),
        "programme.finish": _("The works are finished"),
        "programme.drop": _("The project was dropped"),
        "programme.resume": _("The project was taken up again"),
        "delivery.plan": _("A step of the works was planned"),
        "delivery.expect": _("Another day is expected for a step of the works"),
        "delivery.report": _("A step of the works was reported done"),
        "delivery.undo": _("A report of works was taken back"),
        "funding.sign": _("A signed agreement was entered"),
        "funding.receive": _("Money that arrived was entered"),
        "funding.spend": _("A payment to a supplier was entered"),
        "funding.deliver": _("Hours that were given were confirmed"),
        "funding.reverse": _("An entry of the books was taken back"),
        "funding.pledge": _("A promise was made"),
        "funding.withdraw": _("A promise was withdrawn"),
        "funding.change": _("A promise was changed"),
    }
    unsaid = {"funding.pledge", "funding.withdraw", "funding.change"}
    return [
        {"title": said[act.act], "at": act.at, "by": "" if act.act in unsaid else in_capacity(act.capacity.value)}
        for act in acts
        if act.act in said
    ]


def in_capacity(capacity: str) -> str:
    """In which capacity somebody acted, never by name."""
    more: dict[str, str] = {"treasurer": _("by the treasurer"), "member": _("by a member of the team")}
    return more.get(capacity) or by(capacity)
