"""One commune with something of everything in it, and thirteen people who come to its pages."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.delivery.models import Milestone
from cdp.funding import queries
from cdp.funding.models import LedgerEntry, PayeeAccount, Pledge, StatementLine
from cdp.funding.services import (
    agreed,
    giving,
    payees,
    promises,
    receipts,
    refunds,
    spending,
    statements,
    transfers,
    treasury,
    villages,
)
from cdp.funding.services.payees import Account
from cdp.funding.services.promises import Promise
from cdp.funding.services.statements import Brought
from cdp.funding.states import LegalBasis, PayeeKind
from cdp.kernel.clock import now, today
from cdp.kernel.words import Words
from cdp.meetings.models import IndicatorValue, Meeting
from cdp.meetings.states import MeetingKind
from cdp.people.models import Belonging, DataRequest, Group, Mandate, Person, SignInCard
from cdp.people.states import DataRequestKind, Role, ShownAs, Tie
from cdp.programme.models import FitRun, Partner, PlanLine, PlanVersion, Project, Scenario
from cdp.programme.states import LineVerdict, RunState
from cdp.proposals.models import Attachment, Proposal
from cdp.proposals.states import AttachmentKind, ProposalState
from cdp.rounds.models import Round
from cdp.rounds.states import Phase, ProposerKind, Source
from cdp.store.files import Content, keep
from cdp.teams.models import Invitation, Membership, Need, RoomMessage
from cdp.teams.states import Offer
from tests.factories import (
    actor_of,
    make_commune,
    make_group,
    make_official,
    make_person,
    make_project,
    make_proposal,
    make_resident,
    make_round,
)
from tests.factories import keep as flushed
from tests.web.ballots_of_rights import ballots_of_scene

TOKEN = "a-token-of-an-invitation-that-is-open"


@dataclass(frozen=True)
class Scene:
    """Identifier of each role's person (None for nobody), and the values of addresses."""

    people: dict[str, str | None]
    ids: dict[str, int]
    values: dict[str, Any]
    """Argument of an address -> its value in the scene."""
    own: dict[str, dict[str, Any]]
    """Endpoint -> arguments that are different there."""


def make_scene(db: Session, folder: Path) -> Scene:
    """A round that takes proposals, one that is marked, one in delivery; a group, a team, a wish, a card."""
    commune, elsewhere = make_commune(db, slug="tirsal"), make_commune(db, slug="elsewhere")
    people = _people(db, commune, elsewhere)
    entered_by = make_resident(db, commune)
    group = make_group(db, commune, entered_by, people["speaker"])
    group.join_code_hash = hashlib.sha256(b"x").hexdigest()
    open_ = make_round(db, commune)
    marked = make_round(db, commune, first_year=2022, last_year=2027, phase=Phase.PRIORITIES)
    done = make_round(db, commune, first_year=2016, last_year=2021, phase=Phase.DELIVERY)
    voted = make_round(db, commune, first_year=2034, last_year=2039, phase=Phase.COUNCIL)
    planned = _proposal(db, voted, group, author=entered_by, state=ProposalState.ADMITTED)
    _plan(db, voted, planned, author=entered_by)
    meeting_id = _met(db, voted, entered_by)
    asked = _proposal(db, open_, group, author=entered_by)
    draft = _proposal(db, open_, group, author=entered_by, state=ProposalState.DRAFT)
    ranked = _proposal(db, marked, group, author=entered_by, state=ProposalState.ADMITTED)
    built = _proposal(db, done, group, author=entered_by, state=ProposalState.PROGRAMMED)
    project = flushed(db, _project(built))
    team = _team(db, built, people)
    until = today() + timedelta(days=20)
    pledge = promises.pledge(
        db, actor_of(db, people["member"]), project, Promise("MAD", 50_000, until, ShownAs.FIRST), key="of the scene"
    )
    values: dict[str, Any] = {
        "lang": "fr",
        "commune": commune.slug,
        "year": 2028,
        "number": asked.number,
        "group_id": group.id,
        "token": TOKEN,
        "draft_id": draft.id,
        "step": 2,
        "what": "rest",
        "slug": commune.slug,
        "name": "projects",
        "key": "opening_meeting",
        "kind": "decision",
        "ending": "docx",
        "filename": "css/cdp.css",
        "sha256": _photo(db, folder, asked, entered_by),
        "request_id": _wish(db, commune, people["resident"]),
        "mandate_id": _mandate(db, commune),
        "belonging_id": _belonging(db, commune, people["resident"]),
        "person_id": _with_card(db, commune, people["facilitator"]),
        "version": 1,
        "meeting_id": meeting_id,
        "indicator": "sewer",
        "milestone_id": _milestone(db, built),
        "partner_id": flushed(db, Partner(commune_id=commune.id, party="Agence", name=Words(fr="Agence"))).id,
        "entry_id": db.scalars(select(LedgerEntry.id).order_by(LedgerEntry.id).limit(1)).one(),
        "pledge_id": pledge.id,
        **_bank(db, people["treasurer"], commune, pledge.id),
        "ids": str(pledge.id),
        **_fit(db, planned, entered_by),
    } | team
    own = _own(entered_by, ranked, built, planned) | ballots_of_scene(db) | _giving(db, people["member"], project)
    own |= _village(db, people, project, group.id)
    identifiers = {role: person.fs_uniquifier for role, person in people.items()}
    return Scene({"nobody": None} | identifiers, {r: p.id for r, p in people.items()}, values, own)


def _own(other: Person, ranked: Proposal, built: Proposal, planned: Proposal) -> dict[str, dict[str, Any]]:
    """Where an argument means another thing than elsewhere; a whole room by its name and a point."""
    return {
        "groups.trust": {"person_id": other.id},
        "panel.": {"number": ranked.number},
        "ranking.": {"number": ranked.number, "year": 2022},
        "teams.": {"number": built.number},
        "projects.": {"number": built.number},
        "api.project": {"number": built.number},
        "works.": {"number": built.number},
        "pledges.": {"number": built.number},
        "payments.": {"number": built.number},
        "spending.": {"number": built.number, "step": "certify"},
        "accounts_open.": {"number": built.number},
        "treasury.": {"number": built.number},
        "share_rules.": {"number": built.number},
        "agreed.": {"number": built.number},
        "refunds.": {"number": built.number},
        "transfers.": {"number": built.number},
        "plans.": {"number": planned.number, "year": 2034},
        "documents.": {"year": 2034},
        "path.": {"year": 2034},
        "meetings.": {"year": 2034},
        "plan_runs.": {"year": 2034},
        "plan_terms.": {"number": planned.number, "year": 2034},
        "plan_scenarios.": {"year": 2034},
        "plan_try.": {"year": 2034},
        "plan_why.": {"number": planned.number, "year": 2034},
        "plan_versions.": {"year": 2034},
    }


def _people(db: Session, commune: Commune, elsewhere: Commune) -> dict[str, Person]:
    offices = {
        "facilitator": Role.FACILITATOR,
        "officer": Role.OFFICER,
        "treasurer": Role.TREASURER,
        "panel": Role.PANEL,
        "councillor": Role.COUNCILLOR,
        "president": Role.PRESIDENT,
    }
    found = {"stranger": make_person(db), "resident": make_resident(db, commune), "speaker": make_resident(db, commune)}
    found |= {"member": make_person(db), "former": make_person(db)}
    found |= {name: make_official(db, commune, role) for name, role in offices.items()}
    return found | {"foreign": make_official(db, elsewhere)}


def _proposal(db: Session, round_: Round, group: Group, *, author: Person, **over: Any) -> Proposal:
    kind = {"group_id": group.id, "author_id": author.id, "proposer_kind": ProposerKind.WOMENS_GROUP}
    return make_proposal(db, round_, **kind | over)


def _project(proposal: Proposal) -> Project:
    return Project(
        commune_id=proposal.commune_id,
        round_id=proposal.round_id,
        proposal_id=proposal.id,
        number=proposal.number,
        start_year=2017,
        cost_minor=186_200_000,
        price_year=2016,
        state_since=today(),
    )


def _met(db: Session, round_: Round, author: Person) -> int:
    """A meeting nobody has written up yet, and a figure."""
    base = {"commune_id": round_.commune_id, "round_id": round_.id}
    figure = {"key": "sewer", "value_milli": 700, "source": "Enquête", "year": 2020}
    flushed(db, IndicatorValue(**base, **figure, entered_by_id=author.id, entered_at=now()))
    called = {"kind": MeetingKind.WORKSHOP, "title": Words(fr="Atelier"), "held_on": today()}
    return flushed(db, Meeting(**base, **called, called_by_id=author.id, called_at=now())).id


def _plan(db: Session, round_: Round, planned: Proposal, *, author: Person) -> None:
    """A draft of the plan with one line."""
    base = {"commune_id": round_.commune_id}
    version = PlanVersion(
        **base, round_id=round_.id, number=1, charter_version=1, made_by_id=author.id, made_at=now()
    )  # fmt: skip
    flushed(db, version)
    line = {"version_id": version.id, "proposal_id": planned.id, "rank": 1, "mean": "4", "cost_minor": 1_000_000}
    flushed(db, PlanLine(**base, **line, verdict=LineVerdict.IN, start_year=2034))
    handed_in = PlanVersion(
        **base, round_id=round_.id, number=2, charter_version=1, made_by_id=author.id, made_at=now(), frozen_at=now()
    )  # fmt: skip
    line["version_id"] = flushed(db, handed_in).id
    flushed(db, PlanLine(**base, **line, verdict=LineVerdict.IN, start_year=2034, frozen_at=now()))


def _fit(db: Session, planned: Proposal, author: Person) -> dict[str, int]:
    """A search that is done, and a scenario."""
    base = {"commune_id": planned.commune_id, "round_id": planned.round_id, "instance": {}}
    found = {"status": "optimal", "value": 0, "bound": 0, "starts": {}, "clash": []}
    run = FitRun(**base, result=found, state=RunState.DONE, seconds=5, asked_by_id=author.id, asked_at=now())
    shown = {"value": 0, "unmet": [], "starts": {}}
    scenario = Scenario(**base, result=shown, name="x", changes={}, made_by_id=author.id, made_at=now())
    return {"run": flushed(db, run).id, "scenario": flushed(db, scenario).id}


def _bank(db: Session, treasurer: Person, commune: Commune, pledge_id: int) -> dict[str, int]:
    """An account that may be named, and a line of its statement."""
    given = Account(
        PayeeKind.ASSOCIATION, "Tirsal", "001810007800020110620318", "MAD", LegalBasis.CONVENTION, "C 1",
        today(), today(),
    )  # fmt: skip
    actor = actor_of(db, treasurer)
    account = payees.enter_account(db, actor, commune, given, key="a")
    calling = payees.Calling(account, today())
    payees.call(db, actor, queries.find_pledge(db, commune.id, pledge_id), calling, key="c")
    file = Brought("x.csv", b"Date;Montant;Devise\n01/04/2027;100,00;MAD\n")
    statements.bring(db, actor, account, file)
    pledge = queries.find_pledge(db, commune.id, pledge_id)
    project = queries.find_project(db, commune.id, pledge.project.number)
    signed = treasury.Signed(Source.PROVINCE, "", 10_000, today(), "C 2")
    agreement = treasury.sign(db, actor, project, signed, key="s")
    line = next(each for each in queries.lines_of(db, project.id) if each.source is Source.PROVINCE)
    treasury.receive(
        db, actor, queries.find_line(db, commune.id, line.id), treasury.Payment(10_000, today(), "OV"), key="r"
    )
    word = agreed.InPrinciple(Source.REGION, "", 10_000, "Letter")
    promised = agreed.agree(db, actor, project, word, key="agreed")
    bought = spending.Engagement("Supplier", "Pump", "F 1", 10_000, today())
    expense = spending.engage(db, actor, queries.find_line(db, commune.id, line.id), bought, key="e")
    return {
        "expense_id": expense.id,
        "account_id": account.id,
        "line_id": db.scalars(select(StatementLine.id)).one(),
        "given": today().year,
        "agreement_id": agreement.id,
        "promise_id": promised.id,
        **_receipt(db, treasurer, account, queries.find_pledge(db, commune.id, pledge_id)),
    }


def _receipt(db: Session, treasurer: Person, account: PayeeAccount, pledge: Pledge) -> dict[str, int]:
    """Money of the promise that came, its receipt, and some of it to be given back."""
    actor = actor_of(db, treasurer)
    line = queries.find_line(db, pledge.commune_id, pledge.line_id)
    came = treasury.Payment(10_000, today(), "OV 2")
    entry = treasury.receive_promise(db, actor, line, pledge, payment=came, key="m")
    receipt = receipts.issue(db, actor, entry, account)
    refund = refunds.ask(db, actor, pledge, refunds.Asked(100, "Twice"), key="b")
    goal = make_project(db, db.get_one(Round, line.project.round_id))
    moved = transfers.ask(db, actor, line, transfers.Wish(goal, 100, "More urgent there", "PV 3"), key="t")
    return {"receipt_id": receipt.id, "refund_id": refund.id, "transfer_id": moved.id}


def _giving(db: Session, member: Person, project: Project) -> dict[str, dict[str, Any]]:
    """Hours the member promised, and the day on which they are given."""
    actor = actor_of(db, member)
    hours = promises.pledge(
        db, actor, project, Promise("H", 600, today() + timedelta(days=20), ShownAs.FIRST), key="hours"
    )
    found = queries.find_pledge(db, project.commune_id, hours.id)
    agreed = giving.agree(db, actor, found, giving.Agreed(today(), 300), key="day")
    return {"giving.": {"pledge_id": hours.id, "appointment_id": agreed.id}}


def _village(db: Session, people: dict[str, Person], project: Project, group_id: int) -> dict[str, dict[str, Any]]:
    """Paper promises of the speaker's group, one batch settled, one to be read."""
    until = today() + timedelta(days=20)
    counted = villages.Counted(group_id, people["speaker"].id, 1, 20_000, until, without_scan="Paper kept")
    first, second = (
        villages.open_batch(db, actor_of(db, people["officer"]), project, counted, key=key) for key in ("v1", "v2")
    )
    for role in ("officer", "facilitator"):
        villages.read(db, actor_of(db, people[role]), first, "Fatima Ait ; 200")
    shares = queries.villages.share_list(db, project.commune_id, first.pledge_id or 0, reader_id=0)[1].shares
    own = {"batch_id": second.id, "pledge_id": first.pledge_id, "share_id": shares[0].id}
    return {"villages.": own | {"number": project.number}}


def _milestone(db: Session, built: Proposal) -> int:
    """A step of the works that was reported done."""
    project_id = db.scalars(select(Project.id).where(Project.proposal_id == built.id)).one()
    report = {"done_on": today(), "reported_at": now(), "title": Words(fr="Le forage")}
    step = Milestone(commune_id=built.commune_id, project_id=project_id, position=1, **report)
    return flushed(db, step).id


def _team(db: Session, built: Proposal, people: dict[str, Person]) -> dict[str, int]:
    """A team with one who is there today and one whose last day was yesterday."""
    base = {"commune_id": built.commune_id, "proposal_id": built.id}
    since = {"since": today() - timedelta(days=30), "joined_at": now(), "offer": Offer.SKILL, "shown_as": ShownAs.FIRST}
    until = today() + timedelta(days=30)
    held = flushed(db, Membership(**base, **since, person_id=people["member"].id, until=until))
    last = today() - timedelta(days=1)
    flushed(db, Membership(**base, **since, person_id=people["former"].id, until=last))
    asker = people["officer"].id
    need = Need(**base, offer=Offer.HOURS, text=Words(fr="Des heures"), asked_by_id=asker, asked_at=now())
    invitation = Invitation(
        **base,
        token_hash=hashlib.sha256(TOKEN.encode()).hexdigest(),
        language="fr",
        until=until,
        invited_by_id=asker,
        invited_at=now(),
    )
    message = RoomMessage(
        **base, person_id=people["member"].id, capacity="member", text="Bonjour", language="fr", written_at=now()
    )
    flushed(db, need)
    flushed(db, invitation)
    flushed(db, message)
    return {
        "membership_id": held.id,
        "need_id": need.id,
        "invitation_id": invitation.id,
        "message_id": message.id,
    }


def _photo(db: Session, folder: Path, proposal: Proposal, person: Person) -> str:
    stored = keep(db, folder, proposal.commune_id, "puits.webp", Content("image/webp", b"RIFF0000WEBP", 1, 1))
    attachment = Attachment(
        commune_id=proposal.commune_id,
        proposal_id=proposal.id,
        file_id=stored.id,
        kind=AttachmentKind.PHOTO,
        added_by_id=person.id,
        added_at=now(),
    )
    flushed(db, attachment)
    return stored.sha256


def _wish(db: Session, commune: Commune, person: Person) -> int:
    wish = DataRequest(
        commune_id=commune.id,
        person_id=person.id,
        kind=DataRequestKind.ERASE,
        asked_at=now(),
        due_on=today() + timedelta(days=10),
    )
    return flushed(db, wish).id


def _mandate(db: Session, commune: Commune) -> int:
    bearer = make_person(db)
    mandate = Mandate(commune_id=commune.id, person_id=bearer.id, role=Role.COUNCILLOR, since=date(2026, 1, 1))
    return flushed(db, mandate).id


def _belonging(db: Session, commune: Commune, person: Person) -> int:
    tie = Belonging(commune_id=commune.id, person_id=person.id, tie=Tie.ROOTS, since=date(2020, 1, 1))
    return flushed(db, tie).id


def _with_card(db: Session, commune: Commune, facilitator: Person) -> int:
    person = make_resident(db, commune, email=None, entered_by_id=facilitator.id, consent_noted_at=now())
    card = SignInCard(
        commune_id=commune.id,
        person_id=person.id,
        code_hash=hashlib.sha256(b"card").hexdigest(),
        printed_by_id=facilitator.id,
        printed_at=now(),
    )
    flushed(db, card)
    return person.id
