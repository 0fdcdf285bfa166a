from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.kernel.words import Words
from cdp.notices.models import Notice
from cdp.people.actor import NOBODY, Actor
from cdp.people.states import GroupState, Role
from cdp.proposals import queries, services
from cdp.proposals.rules.drafts import Beneficiaries, Draft, WritingStep
from cdp.proposals.services import Behalf
from cdp.proposals.states import Channel, ProposalState, Step
from cdp.rounds.models import Round
from cdp.rounds.queries import RoundCard, card
from cdp.rounds.states import Phase, ProposerKind
from cdp.store.audit import Event
from tests.factories import (
    actor_of,
    charter_rules,
    make_commune,
    make_diaspora,
    make_group,
    make_locality,
    make_official,
    make_person,
    make_proposal,
    make_resident,
    make_round,
)
from tests.proposals.drafts import WHOLE, commune_of, draft, officer_of, submitted


def test_a_resident_writes_submits_and_gets_a_number_for_life_and_a_receipt(
    db: Session, here: RoundCard, resident: Actor
) -> None:
    first = submitted(db, resident, here)
    assert (first.number, first.state, first.proposer_kind) == (
        "TZ-2028-001",
        ProposalState.SUBMITTED,
        ProposerKind.RESIDENT,
    )
    notice = db.scalars(select(Notice)).one()
    assert (notice.kind, notice.person_id, notice.values) == (
        "proposal_received",
        resident.person_id,
        {"number": "TZ-2028-001"},
    )
    second = services.start(db, resident, here, key="another")
    services.write(db, resident, second, WHOLE, step=WritingStep.BENEFIT)
    assert services.submit(db, resident, second).number == "TZ-2028-002"


def test_submitting_twice_counts_once(db: Session, here: RoundCard, resident: Actor) -> None:
    proposal = submitted(db, resident, here)
    services.submit(db, resident, proposal)
    assert proposal.number == "TZ-2028-001"
    assert queries.facets(db, here.id)["state"] == {"submitted": 1}
    assert len(db.scalars(select(Event).where(Event.act == "proposals.submit")).all()) == 1
    assert len(db.scalars(select(Notice)).all()) == 1


def test_the_same_form_begins_one_draft_and_refuses_other_content(
    db: Session, here: RoundCard, resident: Actor, round_: Round
) -> None:
    first = services.start(db, resident, here, key="k")
    assert services.start(db, resident, here, key="k") is first
    other = actor_of(db, make_resident(db, commune_of(db, round_)))
    with pytest.raises(Conflict):
        services.start(db, other, here, key="k")


def test_a_group_asks_in_its_name_and_every_member_who_may_act_goes_on(
    db: Session, here: RoundCard, round_: Round
) -> None:
    commune = commune_of(db, round_)
    one, two = make_resident(db, commune), make_resident(db, commune)
    group = make_group(db, commune, one, two)
    proposal = draft(db, actor_of(db, one), here, group_id=group.id)
    assert proposal.proposer_kind is ProposerKind.WOMENS_GROUP
    services.submit(db, actor_of(db, two), proposal)
    event = db.scalars(select(Event).where(Event.act == "proposals.submit")).one()
    assert event.capacity == f"group:{group.id}"
    stranger = actor_of(db, make_resident(db, commune))
    with pytest.raises(Refused):
        services.start(db, stranger, here, key="x", group_id=group.id)


def test_a_group_of_another_commune_or_one_that_does_not_stand_asks_nothing(db: Session, here: RoundCard) -> None:
    elsewhere = make_commune(db)
    person = make_resident(db, elsewhere)
    group = make_group(db, elsewhere, person)
    with pytest.raises(Refused, match=r"people\.not_in_group"):
        services.start(db, actor_of(db, person), here, key="x", group_id=group.id)
    mine = make_group(db, db.get_one(type(elsewhere), here.commune_id), person, state=GroupState.ENTERED)
    with pytest.raises(RuleBroken, match=r"proposals\.group_not_standing"):
        services.start(db, actor_of(db, person), here, key="y", group_id=mine.id)


def test_a_member_who_may_no_longer_act_for_the_group_is_refused(db: Session, here: RoundCard, round_: Round) -> None:
    commune = commune_of(db, round_)
    person = make_resident(db, commune)
    group = make_group(db, commune, person)
    proposal = draft(db, actor_of(db, person), here, group_id=group.id)
    from cdp.people.models import GroupMember

    member = db.scalars(select(GroupMember).where(GroupMember.group_id == group.id)).one()
    member.until = clock.today() - timedelta(days=1)
    with pytest.raises(Refused):
        services.submit(db, actor_of(db, person), proposal)
    assert proposal.state is ProposalState.DRAFT


def test_who_has_no_tie_or_is_nobody_or_is_not_among_the_proposers_is_told_so(db: Session, here: RoundCard) -> None:
    with pytest.raises(Refused, match=r"proposals\.no_tie"):
        services.start(db, actor_of(db, make_person(db)), here, key="a")
    with pytest.raises(Refused, match=r"errors\.sign_in"):
        services.start(db, NOBODY, here, key="b")
    rules = charter_rules(proposers=frozenset({ProposerKind.WOMENS_GROUP}))
    closed = make_round(db, rules=rules)
    person = actor_of(db, make_diaspora(db, commune_of(db, closed)))
    with pytest.raises(RuleBroken, match=r"proposals\.kind_may_not_propose"):
        services.start(db, person, card(db, closed), key="c")


def test_the_day_after_the_phase_nothing_is_begun_written_or_submitted(
    db: Session, here: RoundCard, resident: Actor
) -> None:
    proposal = draft(db, resident, here)
    window = next(w for w in here.windows if w.phase is Phase.PROPOSALS)
    assert window.ends_on is not None
    with clock.held_at(window.ends_on):
        services.write(db, resident, proposal, WHOLE, step=WritingStep.NEED)
    with clock.held_at(window.ends_on + timedelta(days=1)):
        with pytest.raises(Refused):
            services.start(db, resident, here, key="late")
        with pytest.raises(Refused):
            services.write(db, resident, proposal, WHOLE, step=WritingStep.NEED)
        with pytest.raises(Refused):
            services.submit(db, resident, proposal)
    assert proposal.number is None


def test_a_returned_one_is_corrected_until_its_day_in_the_review_too(
    db: Session, here: RoundCard, resident: Actor, round_: Round
) -> None:
    proposal = submitted(db, resident, here)
    window = next(w for w in here.windows if w.phase is Phase.REVIEW)
    officer = officer_of(db, round_)
    with clock.held_at(window.starts_on):
        last = window.starts_on + timedelta(days=10)
        services.move(db, officer, proposal, Step.RETURN, correct_until=last)
    with clock.held_at(last + timedelta(days=1)), pytest.raises(Refused):
        services.write(db, resident, proposal, WHOLE, step=WritingStep.NEED)
    with clock.held_at(last):
        services.write(db, resident, proposal, WHOLE, step=WritingStep.NEED)
        services.submit(db, resident, proposal)
    assert (proposal.state, proposal.number) == (ProposalState.SUBMITTED, "TZ-2028-001")


def test_an_unfinished_draft_is_kept_but_not_submitted(db: Session, here: RoundCard, resident: Actor) -> None:
    proposal = services.start(db, resident, here, key="k")
    lacks = services.write(db, resident, proposal, Draft(title=Words(fr="Puits")), step=WritingStep.NEED)
    assert lacks == ["proposals.need_missing", "proposals.sector_missing"]
    assert proposal.title == Words(fr="Puits")
    with pytest.raises(RuleBroken, match=r"proposals\.need_missing"):
        services.submit(db, resident, proposal)


@pytest.mark.parametrize(
    ("bad", "key"),
    [
        (Draft(people=Beneficiaries(women=-5)), "proposals.number_negative"),
        (Draft(people=Beneficiaries(men=10**12)), "proposals.number_absurd"),
        (Draft(need=Words(fr="x" * 20_000_000)), "proposals.need_too_long"),
        (Draft(sector="war"), "proposals.unknown_sector"),
        (Draft(places=frozenset({987654})), "proposals.unknown_place"),
    ],
)
def test_what_can_never_be_true_is_not_even_kept(
    db: Session, here: RoundCard, resident: Actor, bad: Draft, key: str
) -> None:
    proposal = services.start(db, resident, here, key="k")
    with pytest.raises(RuleBroken, match=key):
        services.write(db, resident, proposal, bad, step=WritingStep.BENEFIT)
    assert proposal.title == Words()


def test_a_douar_of_another_commune_is_none_of_ours(db: Session, here: RoundCard, resident: Actor) -> None:
    theirs = make_locality(db, make_commune(db))
    proposal = services.start(db, resident, here, key="k")
    with pytest.raises(RuleBroken, match=r"proposals\.unknown_place"):
        services.write(db, resident, proposal, Draft(places=frozenset({theirs.id})), step=WritingStep.WHERE)


def test_a_facilitator_writes_for_a_person_without_email_who_agreed(
    db: Session, here: RoundCard, round_: Round
) -> None:
    facilitator = officer_of(db, round_, Role.FACILITATOR)
    with pytest.raises(RuleBroken, match=r"proposals\.consent_missing"):
        services.start_for_another(db, facilitator, here, Behalf("Fadma", consents=False), key="a")
    with pytest.raises(RuleBroken, match=r"proposals\.name_missing"):
        services.start_for_another(db, facilitator, here, Behalf("  ", consents=True), key="b")
    proposal = services.start_for_another(db, facilitator, here, Behalf("Fadma Aït", consents=True), key="c")
    services.write(db, facilitator, proposal, WHOLE, step=WritingStep.BENEFIT)
    services.submit(db, facilitator, proposal)
    assert (proposal.on_behalf_of, proposal.channel) == ("Fadma Aït", Channel.FACILITATOR)
    event = db.scalars(select(Event).where(Event.act == "proposals.submit")).one()
    assert event.capacity == f"facilitator:{here.commune_id}"


def test_a_facilitator_whose_mandate_ended_writes_for_nobody(db: Session, here: RoundCard, round_: Round) -> None:
    from cdp.people.models import Mandate

    person = make_official(db, commune_of(db, round_), Role.FACILITATOR)
    proposal = services.start_for_another(db, actor_of(db, person), here, Behalf("Fadma", consents=True), key="c")
    db.scalars(select(Mandate).where(Mandate.person_id == person.id)).one().until = clock.today() - timedelta(days=1)
    late = actor_of(db, person)
    with pytest.raises(Refused):
        services.start_for_another(db, late, here, Behalf("Fadma", consents=True), key="d")
    with pytest.raises(Refused):
        services.write(db, late, proposal, WHOLE, step=WritingStep.NEED)


def test_a_person_chosen_by_a_facilitator_must_belong_here_and_is_the_author(
    db: Session, here: RoundCard, round_: Round
) -> None:
    facilitator = officer_of(db, round_, Role.FACILITATOR)
    neighbour = make_resident(db, commune_of(db, round_), email=None, name="Ijja Tamda")
    stranger = make_resident(db, make_commune(db), email=None)
    assert queries.people_without_email(db, here.commune_id) == [(neighbour.id, "Ijja Tamda")]
    with pytest.raises(RuleBroken, match=r"proposals\.person_not_here"):
        services.start_for_another(db, facilitator, here, Behalf("", consents=True, person_id=stranger.id), key="a")
    behalf = Behalf("", consents=True, person_id=neighbour.id)
    proposal = services.start_for_another(db, facilitator, here, behalf, key="b")
    assert (proposal.author_id, proposal.on_behalf_of) == (neighbour.id, "Ijja Tamda")


def test_an_officer_of_another_commune_moves_nothing_here(db: Session, here: RoundCard, resident: Actor) -> None:
    proposal = submitted(db, resident, here)
    elsewhere = actor_of(db, make_official(db, make_commune(db)))
    for step in services.moves.MOVES:
        with pytest.raises(Refused):
            services.move(db, elsewhere, proposal, step)
    with pytest.raises(Refused):
        services.move(db, resident, proposal, Step.ADMIT)
    assert proposal.state is ProposalState.SUBMITTED


def test_an_officer_does_not_judge_what_they_ask_for_themselves(db: Session, here: RoundCard, round_: Round) -> None:
    commune = commune_of(db, round_)
    person = make_official(db, commune)
    make_group(db, commune, person)
    from cdp.people.models import Belonging
    from cdp.people.states import Tie
    from tests.factories import keep

    keep(db, Belonging(commune_id=commune.id, person_id=person.id, tie=Tie.LIVES, since=clock.today()))
    proposal = submitted(db, actor_of(db, person), here)
    with pytest.raises(Refused):
        services.move(db, actor_of(db, person), proposal, Step.ADMIT)
    services.move(db, officer_of(db, round_), proposal, Step.ADMIT)
    assert proposal.state is ProposalState.ADMITTED


def test_returning_needs_a_day_that_is_not_over(db: Session, here: RoundCard, resident: Actor, round_: Round) -> None:
    proposal = submitted(db, resident, here)
    officer = officer_of(db, round_)
    for day in (None, clock.today() - timedelta(days=1)):
        with pytest.raises(RuleBroken, match=r"proposals\.correct_until_missing"):
            services.move(db, officer, proposal, Step.RETURN, correct_until=day)


def test_merging_links_both_ways_asks_the_supporters_and_moves_no_support(db: Session, round_: Round) -> None:
    source, target = make_proposal(db, round_), make_proposal(db, round_)
    supporter = make_resident(db, commune_of(db, round_))
    services.support(db, actor_of(db, supporter), source)
    officer = officer_of(db, round_)
    services.move(db, officer, source, Step.MERGE, into=target)
    assert (source.support_count, target.support_count) == (1, 0)
    assert [s.number for s in queries.sources(db, target)[0]] == [source.number]
    into = queries.sources(db, source)[1]
    assert into is not None
    assert into.number == target.number
    notice = db.scalars(select(Notice).where(Notice.person_id == supporter.id)).one()
    assert notice.values == {"number": source.number, "into": target.number}
    services.move(db, officer, source, Step.REOPEN)
    assert (source.state, source.merged_into_id) == (ProposalState.SUBMITTED, None)


def test_nothing_is_merged_into_itself_another_round_or_what_does_not_stand(db: Session, round_: Round) -> None:
    proposal, officer = make_proposal(db, round_), officer_of(db, round_)
    with pytest.raises(RuleBroken, match=r"proposals\.merge_into_itself"):
        services.move(db, officer, proposal, Step.MERGE, into=proposal)
    for other in (make_proposal(db), make_proposal(db, round_, state=ProposalState.REFUSED)):
        with pytest.raises(RuleBroken, match=r"proposals\.merge_target"):
            services.move(db, officer, proposal, Step.MERGE, into=other)


def test_a_support_counts_once_and_is_taken_back_and_given_again(db: Session, round_: Round) -> None:
    proposal = make_proposal(db, round_)
    person = actor_of(db, make_resident(db, commune_of(db, round_)))
    services.support(db, person, proposal)
    services.support(db, person, proposal)
    assert (proposal.support_count, queries.supports_it(db, proposal.id, person.person_id)) == (1, True)
    services.take_back(db, person, proposal)
    services.take_back(db, person, proposal)
    assert proposal.support_count == 0
    services.support(db, person, proposal)
    assert proposal.support_count == 1


def test_supports_are_given_by_people_of_the_commune_in_time_and_never_to_ones_own(
    db: Session, here: RoundCard, round_: Round, resident: Actor
) -> None:
    proposal = submitted(db, resident, here)
    stranger = actor_of(db, make_resident(db, make_commune(db)))
    for actor in (NOBODY, stranger, resident):
        with pytest.raises(Refused):
            services.support(db, actor, proposal)
    neighbour = actor_of(db, make_resident(db, commune_of(db, round_)))
    window = next(w for w in here.windows if w.phase is Phase.PRIORITIES)
    with clock.held_at(window.starts_on), pytest.raises(Refused):
        services.support(db, neighbour, proposal)


def test_the_charter_says_how_many_supports_a_person_has(db: Session) -> None:
    round_ = make_round(db, rules=charter_rules(supports_each=1))
    person = actor_of(db, make_resident(db, commune_of(db, round_)))
    services.support(db, person, make_proposal(db, round_))
    with pytest.raises(RuleBroken, match=r"proposals\.supports_used_up"):
        services.support(db, person, make_proposal(db, round_))


def test_withdrawing_what_was_public_needs_a_reason(db: Session, here: RoundCard, resident: Actor) -> None:
    proposal = submitted(db, resident, here)
    with pytest.raises(RuleBroken, match=r"proposals\.reason_missing"):
        services.withdraw(db, resident, proposal)
    services.withdraw(db, resident, proposal, Words(fr="Le puits est réparé"))
    assert (proposal.state, proposal.withdrawn_because) == (
        ProposalState.WITHDRAWN,
        Words(fr="Le puits est réparé"),
    )
    unseen = draft(db, resident, here)
    services.withdraw(db, resident, unseen)
    assert unseen.submitted_at is None


def test_counts_follow_every_change_and_agree_with_the_truth(
    db: Session, here: RoundCard, resident: Actor, round_: Round
) -> None:
    douar = make_locality(db, commune_of(db, round_))
    proposal = services.start(db, resident, here, key="k")
    with_place = Draft(**{**vars(WHOLE), "places": frozenset({douar.id})})
    services.write(db, resident, proposal, with_place, step=WritingStep.BENEFIT)
    assert queries.facets(db, here.id) == {}
    services.submit(db, resident, proposal)
    assert queries.facets(db, here.id) == {
        "state": {"submitted": 1},
        "sector": {"roads": 1},
        "proposer": {"resident": 1},
        "place": {str(douar.id): 1},
    }
    services.move(db, officer_of(db, round_), proposal, Step.RETURN, correct_until=clock.today())
    services.write(db, resident, proposal, Draft(**{**vars(WHOLE), "sector": "water"}), step=WritingStep.NEED)
    assert queries.facets(db, here.id)["sector"] == {"water": 1}
    assert "place" not in queries.facets(db, here.id)
    services.withdraw(db, resident, proposal, Words(fr="Non"))
    assert queries.facets(db, here.id) == {"state": {"withdrawn": 1}}
    assert queries.miscounted(db) == []


def test_wrong_counts_are_found_and_counted_anew(db: Session, round_: Round) -> None:
    proposal = make_proposal(db, round_, support_count=7)
    assert {str(message) for message in queries.miscounted(db)} == {
        "proposals.count_is_wrong",
        "proposals.supports_are_wrong",
    }
    services.recount(db, round_.id, round_.commune_id)
    assert queries.miscounted(db) == []
    assert proposal.support_count == 0
