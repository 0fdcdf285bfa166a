"""A person is erased in every stage: what names them is nowhere, what they did is where it was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.conduct import data_wishes
from cdp.funding import queries as funding
from cdp.funding.models import (
    Agreement,
    BankStatement,
    Expense,
    PayeeAccount,
    Pledge,
    SetAside,
    StatementLine,
)
from cdp.funding.queries import proof
from cdp.funding.services import promises, treasury
from cdp.funding.services.promises import Promise
from cdp.funding.services.treasury import Payment, Quote
from cdp.funding.states import LegalBasis, PayeeKind
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.meetings.models import Meeting
from cdp.meetings.states import MeetingKind
from cdp.notices.services import post, write
from cdp.papers.models import LegalRule
from cdp.people.actor import NOBODY
from cdp.people.models import DataRequest, Person, SignInCard
from cdp.people.services import data_requests
from cdp.people.states import DataRequestKind, Role, ShownAs
from cdp.priorities.models import Mark, MarkSheet, RollEntry
from cdp.priorities.services import ballots
from cdp.priorities.states import RollSource
from cdp.programme.models import Project
from cdp.proposals.models import Attachment, Proposal, Support
from cdp.proposals.states import AttachmentKind, Channel, ProposalState
from cdp.rounds import queries as rounds
from cdp.rounds.states import Phase
from cdp.store.files import StoredFile
from cdp.tables import metadata
from cdp.teams.models import Invitation, Membership, RoomMessage
from cdp.teams.states import Ending, Offer
from tests.factories import (
    actor_of,
    keep,
    make_commune,
    make_group,
    make_official,
    make_person,
    make_project,
    make_proposal,
    make_resident,
    make_round,
)
from tests.priorities.ballots import draft as ballot_draft

NAME = "Zyxwvut"
"""A word that stands in everything that names the person, and nowhere else."""

KEPT_BY_LAW = {
    "agreement.signatory",
    "expense.supplier",
    "payee_account.holder",
    "statement_line.party",
    "statement_line.text",
}
"""What a bank or a signed paper says is evidence of public accounts."""

UNTIL = date(2027, 9, 30)


@dataclass
class Scene:
    commune: Commune
    project: Project
    person: Person
    asked: DataRequest
    officer: Person
    pledge: Pledge
    draft: Proposal
    entered: Proposal


@pytest.fixture
def scene(db: Session) -> Scene:
    """A person who has left their name wherever a stage keeps one, and asked to be erased."""
    commune = make_commune(db)
    round_ = make_round(db, commune)
    project = make_project(db, round_)
    person = make_resident(
        db, commune, name=f"{NAME} Amrani", name_ar=NAME, city=NAME, phone=NAME[:20], email=f"{NAME}@example.org"
    )
    officer = make_official(db, commune)
    make_group(db, commune, person, make_resident(db, commune))
    _in_the_team(db, project, person)
    treasurer = actor_of(db, make_official(db, commune, Role.TREASURER))
    treasury.enter_rate(db, treasurer, commune, Quote("EUR", "10.80", date(2027, 4, 1), "Bank Al-Maghrib"))
    promise = Promise("EUR", 50_000, UNTIL, ShownAs.FULL, note=f"in memory of {NAME}")
    pledge = promises.pledge(db, actor_of(db, person), project, promise, key="p")
    paid = Payment(20_000, today(), "Releve", unit="EUR")
    (line,) = funding.lines_of(db, project.id)
    treasury.receive_promise(db, treasurer, line, pledge, payment=paid, key="r")
    draft, entered = _proposals(db, round_, person, officer)
    post(db, person.id, "data_answered", commune_id=commune.id, said=NAME)
    write(db, f"{NAME}@example.org", "data_answered", subject=NAME, text=NAME, person_id=person.id)
    card = {"commune_id": commune.id, "person_id": person.id, "code_hash": "c", "printed_by_id": officer.id}
    keep(db, SignInCard(**card, printed_at=now()))
    asking = actor_of(db, person)
    data_requests.ask(db, asking, commune.id, kind=DataRequestKind.CORRECT, text=f"{NAME}, not Amrani")
    asked = data_requests.ask(db, asking, commune.id, kind=DataRequestKind.ERASE, text=f"please forget {NAME}")
    _on_paper(db, project, f"{NAME} Amrani", person=person, officer=officer)
    return Scene(commune, project, person, asked, officer, pledge, draft, entered)


def _in_the_team(db: Session, project: Project, person: Person) -> None:
    of: dict[str, Any] = {"commune_id": project.commune_id, "proposal_id": project.proposal_id}
    member = {"offer": Offer.SKILL, "text": f"{NAME}, electrician", "city": NAME, "shown_as": ShownAs.FULL}
    keep(
        db,
        Membership(**of, **member, person_id=person.id, since=date(2027, 1, 1), until=UNTIL, joined_at=now()),
    )
    said = {"person_id": person.id, "capacity": "self", "shown_name": NAME, "text": "The pump is mended."}
    keep(db, RoomMessage(**of, **said, language="en", written_at=now()))
    for token, words, name in (("a", f"Yours, {NAME}", "Omar"), ("b", "Come", NAME)):
        taken = {"taken_by_id": person.id, "taken_at": now()} if token == "b" else {}
        by = person if token == "a" else make_person(db)
        invitation = {"token_hash": token, "name": name, "words": words, "language": "fr", "until": UNTIL}
        keep(db, Invitation(**of, **invitation, **taken, invited_by_id=by.id, invited_at=now()))


def _proposals(db: Session, round_: Any, person: Person, officer: Person) -> tuple[Proposal, Proposal]:
    draft = make_proposal(db, round_, author_id=person.id, state=ProposalState.DRAFT, need=Words(fr=f"Ici {NAME}"))
    stored = StoredFile(
        commune_id=round_.commune_id, sha256="0" * 64, kind="image/webp", name=f"{NAME}.jpg", size=1, stored_at=now()
    )
    keep(db, stored)
    attached = {"commune_id": round_.commune_id, "proposal_id": draft.id, "file_id": stored.id}
    keep(db, Attachment(**attached, kind=AttachmentKind.PHOTO, added_by_id=person.id, added_at=now()))
    named = {"on_behalf_of": NAME, "consent_noted_at": now(), "channel": Channel.FACILITATOR}
    entered = make_proposal(db, round_, author_id=person.id, entered_by_id=officer.id, **named)
    of = {"commune_id": round_.commune_id, "proposal_id": make_proposal(db, round_).id}
    keep(db, Support(**of, person_id=person.id, capacity="self", given_at=now()))
    for handed_in, proposal in ((now(), make_proposal(db, round_)), (None, draft)):
        sheet = {"round_id": round_.id, "proposal_id": proposal.id, "member_id": person.id, "charter_version": 1}
        kept = keep(db, MarkSheet(commune_id=round_.commune_id, **sheet, handed_in_at=handed_in))
        keep(db, Mark(commune_id=round_.commune_id, sheet_id=kept.id, criterion="need", value=3))
    return draft, entered


def _on_paper(db: Session, project: Project, name: str, *, person: Person, officer: Person) -> None:
    """On a roll, in papers, and in what a bank and signed papers say."""
    at, round_id = {"commune_id": project.commune_id}, project.round_id
    place = {
        "ballot_id": _ballot(db, project.commune_id, officer),
        "source": RollSource.RESIDENT,
        "sort_key": name.casefold(),
    }
    keep(db, RollEntry(**at, **place, person_id=person.id, name=name, struck_because=f"{name} has moved"))
    called = {"kind": MeetingKind.SESSION, "held_on": today(), "called_by_id": officer.id, "called_at": now()}
    keep(db, Meeting(**at, **called, round_id=round_id, title=Words(fr="Assise"), chaired_by=name))
    read = {"article": "81", "rule": {}, "is_checked": True, "checked_on": today(), "edited_by_id": officer.id}
    keep(db, LegalRule(**at, **read, key="visa", checked_by=NAME, edited_at=now()))
    (line,) = funding.lines_of(db, project.id)
    signed = {"reference": "C 1", "signed_on": today(), "signatory": name, "amount_minor": 1}
    keep(db, Agreement(**at, **signed, line_id=line.id, entered_by_id=officer.id, entered_at=now()))
    _in_the_bank(db, project.commune_id, name, officer=officer)
    bill = {"supplier": name, "purpose": "Pipes", "invoice": "7", "amount_minor": 1, "engaged_on": today()}
    who = {"engaged_by_id": officer.id, "engaged_at": now(), "idempotency_key": "x"}
    keep(db, Expense(**at, **bill, **who, project_id=project.id, line_id=line.id))


def _ballot(db: Session, commune_id: int, officer: Person) -> int:
    round_ = make_round(db, db.get_one(Commune, commune_id), phase=Phase.PRIORITIES, first_year=2034, last_year=2039)
    make_proposal(db, round_, state=ProposalState.ADMITTED)
    return ballots.prepare(db, actor_of(db, officer), rounds.card(db, round_), ballot_draft(), key="b").id


def _in_the_bank(db: Session, commune_id: int, name: str, *, officer: Person) -> None:
    at: dict[str, Any] = {"commune_id": commune_id}
    basis = {"basis": LegalBasis.AUTHORISATION, "basis_reference": "A 1", "basis_on": today(), "valid_from": today()}
    entered = {"entered_by_id": officer.id, "entered_at": now(), "idempotency_key": "x"}
    kind = {"kind": PayeeKind.ASSOCIATION, "holder": f"Cercle {NAME}", "number": "MA64", "currency": "MAD"}
    payee = keep(db, PayeeAccount(**at, **basis, **entered, **kind))
    file = {"file_hash": "h", "file_name": "x.csv", "format": "table", "position": 0, "lines": 1, "new_lines": 1}
    brought = {"payee_id": payee.id, "imported_by_id": officer.id, "imported_at": now()}
    statement = keep(db, BankStatement(**at, **file, **brought))
    said = {"text": f"VIR {name}", "party": name, "amount_minor": 1, "currency": "MAD", "fingerprint": "f", "place": 0}
    line = keep(db, StatementLine(**at, **said, payee_id=payee.id, statement_id=statement.id))
    keep(db, SetAside(**at, line_id=line.id, reason=f"Rent of {name}", by_id=officer.id, at=now()))


def naming(db: Session) -> list[str]:
    """Every table that still holds the word."""
    db.flush()
    found = []
    for table in metadata.sorted_tables:
        rows = db.execute(select(table)).mappings()
        found += [f"{table.name}.{n}" for row in rows for n, value in row.items() if NAME.casefold() in said(value)]
    return found


def said(value: Any) -> str:
    """A value as text, small letters."""
    return str(value).casefold()


def test_the_name_is_in_no_table_any_more(db: Session, scene: Scene) -> None:
    assert len(naming(db)) > 25, "the scene names the person in many places"
    data_wishes.erase(db, actor_of(db, scene.officer), scene.asked)
    assert set(naming(db)) == KEPT_BY_LAW


def test_who_was_struck_off_a_roll_stays_struck_off_without_the_reason(db: Session, scene: Scene) -> None:
    data_wishes.erase(db, actor_of(db, scene.officer), scene.asked)
    db.expire_all()
    [entry] = db.scalars(select(RollEntry))
    assert (entry.person_id, entry.name, entry.struck_because) == (None, "", "\u2014")
    assert db.scalars(select(SetAside.reason)).all() == ["Rent of \u2026"]
    assert db.scalars(select(LegalRule.checked_by)).all() == ["\u2014"]


def test_the_same_name_in_another_commune_is_somebody_elses(db: Session, scene: Scene) -> None:
    elsewhere = make_round(db)
    called = {"kind": MeetingKind.SESSION, "held_on": today(), "called_by_id": scene.officer.id, "called_at": now()}
    chaired = {"title": Words(fr="Assise"), "chaired_by": f"{NAME} Amrani"}
    other = keep(db, Meeting(commune_id=elsewhere.commune_id, round_id=elsewhere.id, **called, **chaired))
    data_wishes.erase(db, actor_of(db, scene.officer), scene.asked)
    db.refresh(other)
    assert other.chaired_by == f"{NAME} Amrani"


def test_what_was_done_stays_under_a_number_without_a_name(db: Session, scene: Scene) -> None:
    data_wishes.erase(db, actor_of(db, scene.officer), scene.asked)
    db.expire_all()
    number = scene.person.id
    assert db.get(Proposal, scene.draft.id) is None
    assert db.get_one(Proposal, scene.entered.id).author_id == number
    assert db.scalars(select(Support.withdrawn_at).where(Support.person_id == number)).all() == [None]
    assert db.scalars(select(RoomMessage.text)).all() == ["The pump is mended."]
    membership = db.scalars(select(Membership).where(Membership.person_id == number)).one()
    assert (membership.ending, membership.ended_on, membership.shown_as) == (
        Ending.ERASED,
        today(),
        ShownAs.ANONYMOUS,
    )
    [sheet] = db.scalars(select(MarkSheet).where(MarkSheet.member_id == number))
    assert sheet.handed_in_at is not None
    assert all(i.revoked_at for i in db.scalars(select(Invitation).where(Invitation.invited_by_id == number)))


def test_what_arrived_stays_in_the_books_and_what_was_only_promised_lapses(db: Session, scene: Scene) -> None:
    before = proof.prove(db, scene.commune.id, today()).broken
    data_wishes.erase(db, actor_of(db, scene.officer), scene.asked)
    sheet = funding.money_sheet(db, scene.project, today())
    assert (sheet.received, sheet.pledged) == (Money(216_000), Money(0))
    assert proof.prove(db, scene.commune.id, today()).broken == before
    assert db.get_one(Pledge, scene.pledge.id).shown_as is ShownAs.ANONYMOUS


def test_a_groups_promise_outlives_the_person_who_spoke_it(db: Session, scene: Scene) -> None:
    group = make_group(db, scene.commune, scene.person, make_resident(db, scene.commune))
    promise = Promise("MAD", 300_000, UNTIL, ShownAs.FULL, group_id=group.id)
    promises.pledge(db, actor_of(db, scene.person), scene.project, promise, key="g")
    data_wishes.erase(db, actor_of(db, scene.officer), scene.asked)
    assert funding.money_sheet(db, scene.project, today()).pledged == Money(300_000)


def test_all_wishes_of_the_person_are_closed_with_the_erasure(db: Session, scene: Scene) -> None:
    data_wishes.erase(db, actor_of(db, scene.officer), scene.asked)
    wishes = db.scalars(select(DataRequest).where(DataRequest.person_id == scene.person.id)).all()
    assert len(wishes) == 2
    assert all(wish.answered_at and wish.answered_by_id == scene.officer.id for wish in wishes)


@pytest.mark.parametrize("forget", data_wishes.FORGET, ids=lambda each: each.__module__)
def test_no_stage_forgets_anybody_who_did_not_ask_this_office(
    db: Session, scene: Scene, forget: Callable[..., None]
) -> None:
    elsewhere = make_official(db, make_commune(db))
    for who in (scene.person, elsewhere, make_official(db, scene.commune, Role.FACILITATOR)):
        with pytest.raises(Refused):
            forget(db, actor_of(db, who), scene.person)
    with pytest.raises(Refused):
        forget(db, NOBODY, scene.person)
    unasked = make_resident(db, scene.commune)
    with pytest.raises(Refused):
        forget(db, actor_of(db, scene.officer), unasked)
    holder = make_official(db, scene.commune, Role.TREASURER)
    data_requests.ask(db, actor_of(db, holder), scene.commune.id, kind=DataRequestKind.ERASE, text="")
    with pytest.raises(RuleBroken, match="erase_after_mandate"):
        forget(db, actor_of(db, scene.officer), holder)
