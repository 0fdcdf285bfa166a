"""Fresh databases with many proposals: one round made row by row, the others copied inside the database."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from cdp.delivery.models import Milestone
from cdp.funding.models import Agreement, FundingLine, LedgerEntry, Pledge
from cdp.funding.rules.ledger import Op
from cdp.kernel.clock import now, today
from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.people.states import ShownAs
from cdp.programme.models import CouncilAct, PlanLine, PlanVersion, Project, YearAmount
from cdp.programme.states import ActKind, LineVerdict, ProjectState
from cdp.proposals.models import BoardCount, Proposal, ProposalPlace, Support
from cdp.proposals.queries import true_counts
from cdp.proposals.rules.search import round_word, search_text
from cdp.proposals.states import ProposalState
from cdp.rounds.models import Round
from cdp.rounds.states import Phase, ProposerKind, Source
from cdp.store.engine import Store
from cdp.store.migrations import upgrade
from cdp.teams.models import Membership
from cdp.teams.states import Offer
from tests.factories import make_commune, make_group, make_locality, make_official, make_resident, make_round

DRAFTS = 400
"""Drafts of the one who writes, ready to be handed in."""

PROJECTS = 60
"""Projects of the round before, with money and works."""

GOING = (ProjectState.WORKS, ProjectState.DONE, ProjectState.PROGRAMMED)

THINGS = ("بئر", "طريق", "مدرسة", "ساقية", "مستوصف", "دار الطالبة")
CHOSES = ("Un puits", "Une piste", "Une école", "Une séguia", "Un dispensaire", "Une maison de l’étudiante")

STATES = (ProposalState.SUBMITTED, ProposalState.ADMITTED, ProposalState.SUBMITTED, ProposalState.REFUSED)


@dataclass(frozen=True)
class Scene:
    """What the pages of a filled database are asked for."""

    url: str
    slug: str
    writer: str
    """Identifier by which the writer is signed in."""
    numbers: tuple[str, ...]
    drafts: tuple[int, ...]
    project: str
    proposals: int


def fill(url: str, *, proposals: int, in_round: int) -> Scene:
    """Fill an empty database; ``proposals`` in all, ``in_round`` of them in the round that is asked."""
    store = Store(url)
    upgrade(store.engine)
    source = random.Random(2027)
    with store.begin() as db:
        scene = _first_round(db, url, source, in_round=in_round, proposals=proposals)
    for number in range(1, proposals // in_round):
        with store.begin() as db:
            _copy(db, number, in_round=in_round)
    _settle(store.engine)
    store.dispose()
    return scene


def _first_round(db: Session, url: str, source: random.Random, *, in_round: int, proposals: int) -> Scene:
    commune = make_commune(db, slug="bench", code="99.999.00.00")
    places = [make_locality(db, commune, code=f"B{n}").id for n in range(40)]
    writer = make_resident(db, commune)
    people = _people(db, 500)
    groups = [make_group(db, commune).id for _ in range(20)]
    past = make_round(db, commune, first_year=2022, last_year=2027, phase=Phase.DELIVERY)
    _plan(db, past, source, author=people[0])
    round_ = make_round(db, commune)
    rows = [_proposal(round_, n, source, author=source.choice(people)) for n in range(in_round)]
    for row in rows:
        if source.random() < 0.5:
            row["group_id"] = source.choice(groups)
            row["proposer_kind"] = ProposerKind.WOMENS_GROUP
    db.execute(insert(Proposal), rows)
    ids = list(db.scalars(text("SELECT id FROM proposal WHERE number LIKE 'TZ-2028-%' ORDER BY id")))
    stands = [
        {"commune_id": commune.id, "proposal_id": key, "locality_id": place}
        for key in ids
        for place in source.sample(places, source.choice((1, 1, 2)))
    ]
    db.execute(insert(ProposalPlace), stands)
    supports = [
        {"commune_id": commune.id, "proposal_id": key, "person_id": who, "capacity": "self", "given_at": now()}
        for key, row in zip(ids, rows, strict=True)
        for who in source.sample(people, row["support_count"])
    ]
    db.execute(insert(Support), supports)
    drafts = _drafts(db, round_, writer, places)
    counts = [
        {"commune_id": commune.id, "round_id": round_.id, "facet": facet, "value": value, "count": count}
        for (facet, value), count in true_counts(db, round_.id).items()
    ]
    db.execute(insert(BoardCount), counts)
    project = str(db.scalar(text("SELECT min(number) FROM project")))
    db.add(membership(db, writer, project))
    numbers = tuple(str(row["number"]) for row in rows if row["state"] is not ProposalState.REFUSED)
    return Scene(url, "bench", writer.fs_uniquifier, numbers, tuple(drafts), project, proposals)


def _people(db: Session, count: int) -> list[int]:
    rows = [
        {"name": f"Invented Person{n}", "email": f"invented{n}@example.org", "fs_uniquifier": f"invented-{n:06}"}
        | {"active": True, "language": "fr", "mf_recovery_codes": []}
        for n in range(count)
    ]
    db.execute(insert(Person), rows)
    return list(db.scalars(text("SELECT id FROM person WHERE fs_uniquifier LIKE 'invented-%' ORDER BY id")))


def _proposal(round_: Round, n: int, source: random.Random, *, author: int) -> dict[str, Any]:
    thing = source.randrange(len(THINGS))
    title = Words(ar=f"{THINGS[thing]} {n}", fr=f"{CHOSES[thing]} pour le douar {n}")
    need = Words(fr="Les familles font six kilomètres chaque jour, été comme hiver. " * 4, ar="ماء صالح للشرب")
    number = f"TZ-2028-{n:05}"
    moment = now() - timedelta(minutes=n)
    return {
        "commune_id": round_.commune_id,
        "round_id": round_.id,
        "number": number,
        "state": STATES[n % len(STATES)],
        "author_id": author,
        "group_id": None,
        "proposer_kind": ProposerKind.RESIDENT,
        "entered_by_id": None,
        "title": title,
        "need": need,
        "sector": "water" if thing % 2 else "roads",
        "women": 100,
        "men": 90,
        "households": 40,
        "upkeep": Words(fr="L’association du douar"),
        "step": 5,
        "support_count": min(source.randrange(12), source.randrange(12)),
        "search_text": search_text(round_.id, number, (title, need)),
        "started_at": moment,
        "edited_at": moment,
        "submitted_at": moment,
    }


def _drafts(db: Session, round_: Round, writer: Person, places: list[int]) -> list[int]:
    source = random.Random(5)
    rows = []
    for n in range(DRAFTS):
        row = _proposal(round_, n, source, author=writer.id) | {"state": ProposalState.DRAFT, "support_count": 0}
        row |= {"number": None, "submitted_at": None, "search_text": ""}
        rows.append(row)
    db.execute(insert(Proposal), rows)
    ids = list(db.scalars(text("SELECT id FROM proposal WHERE number IS NULL ORDER BY id")))
    stands = [{"commune_id": round_.commune_id, "proposal_id": key, "locality_id": places[0]} for key in ids]
    db.execute(insert(ProposalPlace), stands)
    return ids


def _plan(db: Session, past: Round, source: random.Random, *, author: int) -> None:
    """The plan of the round before: a published version, its lines by years, projects with receipts."""
    version = PlanVersion(
        commune_id=past.commune_id,
        round_id=past.id,
        number=1,
        charter_version=1,
        made_by_id=author,
        made_at=now(),
        frozen_at=None,
    )
    db.add(version)
    db.flush()
    sequence = 0
    for n in range(PROJECTS):
        row = _proposal(past, n, source, author=author) | {"state": ProposalState.PROGRAMMED}
        row["number"] = f"TZ-2022-{n:03}"
        proposal = Proposal(**row)
        db.add(proposal)
        db.flush()
        base = {"commune_id": past.commune_id, "proposal_id": proposal.id}
        line = PlanLine(
            **base, version_id=version.id, rank=n + 1, mean="4", cost_minor=186_200_000, verdict=LineVerdict.IN,
            start_year=2022 + n % 6,
        )  # fmt: skip
        project = Project(
            **base, round_id=past.id, number=row["number"], state=GOING[n % len(GOING)], start_year=2022 + n % 6,
            cost_minor=186_200_000, price_year=2021, state_since=date(2022, 6, 1),
        )  # fmt: skip
        db.add_all((line, project))
        db.flush()
        for step in range(2):
            amount = YearAmount(
                commune_id=past.commune_id, line_id=line.id, year=2022 + n % 6, amount_minor=93_100_000,
                source=(Source.OWN, Source.INDH)[step],
            )  # fmt: skip
            db.add(amount)
        sequence = _money(db, project, sequence, author=author)
    db.flush()
    version.frozen_at, version.data_hash = now(), "0" * 64
    for kind in (ActKind.SUBMIT, ActKind.ADOPT, ActKind.VISA, ActKind.PUBLISH):
        votes = {"votes_for": 12, "votes_against": 2, "abstentions": 1} if kind is ActKind.ADOPT else {}
        act = CouncilAct(
            commune_id=past.commune_id, version_id=version.id, kind=kind, on=date(2022, 5, 5), recorded_by_id=author,
            recorded_at=now(), **votes,
        )  # fmt: skip
        db.add(act)
    db.flush()


def membership(db: Session, writer: Person, number: str) -> Membership:
    """The one who writes is in the team of a project, and may promise to it."""
    commune_id, proposal_id = db.execute(
        text("SELECT commune_id, proposal_id FROM project WHERE number = :number"), {"number": number}
    ).one()
    return Membership(
        commune_id=commune_id, proposal_id=proposal_id, person_id=writer.id, offer=Offer.SUM, since=today(),
        until=today() + timedelta(days=90), shown_as=ShownAs.FIRST, joined_at=now(),
    )  # fmt: skip


def _money(db: Session, project: Project, sequence: int, *, author: int) -> int:
    """Three sources, an agreement, twelve moves of the books, three steps of works; gives the books' last number."""
    for n, word in enumerate(("Étude faite", "Chantier ouvert", "Réception"), start=1):
        step = Milestone(
            commune_id=project.commune_id, project_id=project.id, position=n, title=Words(fr=word),
            planned_on=date(2022 + n, 4, 1), done_on=date(2022 + n, 4, 9) if n < 3 else None,
            note=Words(fr="Mesuré sur place, avec l’association du douar.") if n < 3 else Words(),
            reported_by_id=author if n < 3 else None, reported_at=now() if n < 3 else None,
            reported_capacity="officer" if n < 3 else "",
        )  # fmt: skip
        db.add(step)
    for source in (Source.OWN, Source.INDH, Source.DIASPORA):
        line = FundingLine(
            commune_id=project.commune_id, project_id=project.id, source=source, planned_minor=60_000_000
        )
        db.add(line)
        db.flush()
        if source is Source.INDH:
            agreement = Agreement(
                commune_id=line.commune_id, line_id=line.id, reference=f"CONV-{line.id}",
                signed_on=date(2022, 9, 1), amount_minor=60_000_000, entered_by_id=author, entered_at=now(),
            )  # fmt: skip
            db.add(agreement)
        if source is Source.DIASPORA:
            sequence = _pledges(db, line, sequence, author=author)
        for op in (Op.COMMIT, Op.RECEIVE):
            sequence += 1
            db.add(_entry(line, op, sequence, pledge_id=None))
    return sequence


def _pledges(db: Session, line: FundingLine, sequence: int, *, author: int) -> int:
    for n in range(3):
        sequence += 1
        pledge = Pledge(
            commune_id=line.commune_id, project_id=line.project_id, line_id=line.id, person_id=author, capacity="self",
            reference=f"B{line.id:06}{n}", unit="MAD", amount_minor=100_000, shown_as=ShownAs.FIRST,
            until=date(2030, 1, 1), pledged_at=now(), idempotency_key=f"bench-{line.id}-{n}",
        )  # fmt: skip
        db.add(pledge)
        db.flush()
        db.add(_entry(line, Op.PLEDGE, sequence, pledge_id=pledge.id))
    return sequence


def _entry(line: FundingLine, op: Op, sequence: int, *, pledge_id: int | None) -> LedgerEntry:
    return LedgerEntry(
        commune_id=line.commune_id, sequence=sequence, op=op, project_id=line.project_id, line_id=line.id,
        pledge_id=pledge_id, unit="MAD", amount_minor=100_000, effective_on=date(2023, 3, 3), recorded_at=now(),
        key=f"bench-{sequence}", previous_hash="0" * 64, hash="0" * 64,
    )  # fmt: skip


def _copy(db: Session, number: int, *, in_round: int) -> None:
    """The whole round once more, under another commune, by statements inside the database."""
    commune = make_commune(db)
    officer = make_official(db, commune)
    round_ = make_round(db, commune, opened_by_id=officer.id)
    lowest = int(db.scalar(text("SELECT min(id) FROM proposal WHERE number LIKE 'TZ-2028-%'")) or 0)
    old = db.scalar(text("SELECT round_id FROM proposal WHERE id = :lowest"), {"lowest": lowest})
    top = db.scalar(text("SELECT max(id) FROM proposal"))
    given = {"commune": commune.id, "round": round_.id, "add": top - lowest + 1, "low": lowest}
    given |= {"high": lowest + in_round - 1, "old": round_word(int(old)), "new": round_word(round_.id)}
    changed = {"id": "id + :add", "commune_id": ":commune", "round_id": ":round"}
    changed |= {"search_text": "replace(search_text, :old, :new)"}
    _copy_rows(db, Proposal, changed, "id BETWEEN :low AND :high", given)
    moved = {"id": None, "commune_id": ":commune", "proposal_id": "proposal_id + :add"}
    within = "proposal_id BETWEEN :low AND :high"
    given = {key: given[key] for key in ("commune", "add", "low", "high")}
    _copy_rows(db, ProposalPlace, moved, within, given)
    _copy_rows(db, Support, moved, within, given)


def _copy_rows(db: Session, model: Any, changed: dict[str, str | None], where: str, given: dict[str, Any]) -> None:
    table = model.__table__
    kept = [column.name for column in table.columns if changed.get(column.name, "") is not None]
    values = ", ".join(changed.get(name) or f'"{name}"' for name in kept)
    names = ", ".join(f'"{name}"' for name in kept)
    statement = f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM "{table.name}" WHERE {where}'
    db.execute(text(statement), given)
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM \"{table.name}\""))


def _settle(engine: Engine) -> None:
    """Statistics, as a database that has lived for a night has them."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        for statement in ("ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"):
            connection.cursor().execute(statement)
        connection.close()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as analyst:
        analyst.exec_driver_sql("VACUUM ANALYZE")
