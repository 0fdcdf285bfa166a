"""Books of plans for the documents' tests and benches: one adopted through the services, and large ones made of it."""

import io
from dataclasses import replace

import pypdf
from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.programme import services
from cdp.programme.rules.votes import Vote
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.rounds.states import Phase, Source
from cdp.transparency.plan_book import PlanBook
from cdp.transparency.queries.plan_book import book, version_of
from tests.factories import make_commune
from tests.programme.rounds import in_phase_of, make_programming

TITLE = Words(ar="تزويد الدوار بالماء الصالح للشرب", fr="Eau potable pour le douar", en="Drinking water")


def make_adopted(db: Session, slug: str = "tirsal", need: Words | None = None) -> Round:
    """A round whose plan of three projects was adopted, one of them too dear to be in."""

    commune = make_commune(db, slug=slug)
    round_, proposals, officer = make_programming(db, 400_000, 300_050, 90_000_000, commune=commune)
    for proposal in proposals:
        proposal.title = TITLE
        proposal.need = need or proposal.need
    db.flush()
    version = services.draft_plan(db, officer, round_)
    services.submit(db, officer, version)
    with in_phase_of(Phase.COUNCIL):
        services.adopt(db, officer, version, Vote(today(), 10, 2, 1))
    db.commit()
    return round_


def book_of(db: Session, round_: Round) -> PlanBook:
    """The book of the newest version of a round."""
    card = rounds.card(db, round_)
    return book(db, card, version_of(db, card))


def large(made: PlanBook, projects: int) -> PlanBook:
    """The same book with so many projects over six years and three sources (invented)."""
    first = made.projects[0]
    years = tuple(range(made.card.first_year, made.card.first_year + 6))
    sources = (Source.OWN, Source.PROVINCE, Source.INDH)
    sheets = []
    for at in range(projects):
        amounts = {(years[(at + k) % 6], sources[k]): (at % 900 + 100) * 10_000 + k for k in range(3)}
        row = replace(
            first.row,
            id=at,
            number=f"TIR-2028-{at:04}",
            rank=at + 1,
            title=Words(ar=f"{TITLE['ar']} رقم {at}", fr=f"{TITLE['fr']} n° {at}"),
            amounts=amounts,
            cost=Money(sum(amounts.values())),
            start_year=years[at % 6],
        )
        sheets.append(replace(first, row=row, households=at % 80))
    plan = replace(made.plan, years=years, rows=tuple(sheet.row for sheet in sheets))
    return replace(made, plan=plan, projects=tuple(sheets))


def blank_pdf() -> bytes:
    """A paper with one empty page."""
    writer, buffer = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(buffer)
    return buffer.getvalue()
