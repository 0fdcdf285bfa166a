"""What is found of proposals, by whom, and how the board shows it."""

import pytest
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.errors import NotFound
from cdp.kernel.words import Words
from cdp.people.actor import NOBODY, Actor
from cdp.people.models import Group, Person
from cdp.people.states import GroupKind
from cdp.proposals import queries, services
from cdp.proposals.queries import Filters
from cdp.proposals.rules.drafts import Draft, WritingStep
from cdp.proposals.states import Step
from cdp.rounds.models import Round
from cdp.rounds.queries import RoundCard
from tests.factories import (
    actor_of,
    make_commune,
    make_group,
    make_proposal,
    make_resident,
    make_round,
)
from tests.proposals.drafts import WHOLE, commune_of, officer_of, submitted


def test_one_commune_never_finds_the_proposal_of_another(db: Session, here: RoundCard, resident: Actor) -> None:
    proposal = submitted(db, resident, here)
    assert proposal.number is not None
    with pytest.raises(NotFound):
        queries.find(db, make_commune(db).id, proposal.number)


def test_a_draft_is_seen_by_its_writers_alone(db: Session, here: RoundCard, resident: Actor, round_: Round) -> None:
    proposal = services.start(db, resident, here, key="k")
    assert queries.find_draft(db, resident, here, proposal.id) is proposal
    for other in (NOBODY, actor_of(db, make_resident(db, commune_of(db, round_))), officer_of(db, round_)):
        with pytest.raises(NotFound):
            queries.find_draft(db, other, here, proposal.id)


def numbers(db: Session, here: RoundCard, **filters: object) -> list[str]:
    return [row.number for row in queries.board(db, here.id, Filters(**filters)).rows]  # type: ignore[arg-type]


def test_search_folds_accents_and_arabic_forms_and_stays_in_its_round(
    db: Session, here: RoundCard, resident: Actor
) -> None:
    submitted(db, resident, here)
    other = make_round(db)
    theirs = make_proposal(db, other, title=Words(fr="Une passerelle"))
    theirs.search_text = queries.text_to_search(theirs)
    db.flush()
    for query in ("passerelles", "PASSERELLE", "القناطر قنطره"[8:], "الماء", "شتاء", "TZ-2028-001", "passerelle وادي"):
        assert numbers(db, here, query=query) == ["TZ-2028-001"], query
    for query in ("avion", "passerelle avion", "' OR 1=1 --", '"*'):
        assert numbers(db, here, query=query) in ([], ["TZ-2028-001"]), query
    assert numbers(db, here, query="avion") == []


def test_a_corrected_text_is_found_by_its_new_words_only(
    db: Session, here: RoundCard, resident: Actor, round_: Round
) -> None:
    proposal = submitted(db, resident, here)
    services.move(db, officer_of(db, round_), proposal, Step.RETURN, correct_until=clock.today())
    changed = Draft(**{**vars(WHOLE), "title": Words(fr="Un puits")})
    services.write(db, resident, proposal, changed, step=WritingStep.NEED)
    assert numbers(db, here, query="puits") == ["TZ-2028-001"]
    assert numbers(db, here, query="passerelle") == []


def test_the_board_filters_sorts_and_pages(db: Session, here: RoundCard, round_: Round) -> None:
    for n in range(30):
        make_proposal(db, round_, support_count=n, sector="water" if n % 2 else "roads", number=f"N{n:02}")
    services.recount(db, here.id, here.commune_id)
    db.flush()
    page = queries.board(db, here.id, Filters())
    assert (len(page.rows), page.more) == (25, True)
    rest = queries.board(db, here.id, Filters(), page=2)
    assert (len(rest.rows), rest.more) == (5, False)
    assert not {row.number for row in page.rows} & {row.number for row in rest.rows}
    counts = queries.facets(db, here.id)
    assert queries.total(db, here.id, Filters(sector="water"), counts) == 15
    assert {row.sector for row in queries.board(db, here.id, Filters(sector="water")).rows} == {"water"}


def test_the_board_names_who_asks_as_they_wish_to_be_shown(db: Session, here: RoundCard, round_: Round) -> None:
    commune = commune_of(db, round_)
    group: Group = make_group(db, commune, kind=GroupKind.INFORMAL)
    person: Person = make_resident(db, commune, name="Salma Benali")
    make_proposal(db, round_, author_id=person.id, number="A")
    make_proposal(db, round_, group_id=group.id, number="B")
    make_proposal(db, round_, on_behalf_of="Fadma Ouhssaine", consent_noted_at=clock.now(), number="C")
    rows = {row.number: row for row in queries.board(db, here.id, Filters()).rows}
    assert rows["A"].person_name == "Salma B."
    assert (rows["B"].group_name, rows["B"].is_registered) == (group.name, False)
    assert rows["C"].person_name == "Fadma O."


def test_similar_ones_are_found_in_the_same_field_or_douar(db: Session, here: RoundCard, resident: Actor) -> None:
    proposal = submitted(db, resident, here)
    alike = Draft(title=Words(fr="Passerelle pour piétons"), sector="roads")
    assert [found.number for found in queries.similar(db, here.id, alike)] == [proposal.number]
    assert queries.similar(db, here.id, alike, without=proposal.id) == []
    assert queries.similar(db, here.id, Draft(title=Words(fr="Passerelle"), sector="water")) == []
