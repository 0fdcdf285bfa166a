"""Partners' money by year: held in the draft, counted against envelopes, checked by the rule that was chosen."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.errors import RuleBroken
from cdp.kernel.money import Money
from cdp.programme import queries, services
from cdp.programme.models import PartnerShare
from cdp.programme.rules.shares import PartShare, held_years, parts_of_works
from cdp.rounds.rules.charter import Envelope
from cdp.rounds.states import Source, Sureness
from tests.factories import charter_rules
from tests.programme.plans import indh, sheet
from tests.programme.rounds import DIRHAM, make_programming

YEARS = range(2028, 2034)


def dated(by_year: dict[int, int], **over: object) -> PartShare:
    """A share of so many dirhams a year."""
    return indh(sum(by_year.values()), by_year=tuple((year, part * DIRHAM) for year, part in by_year.items()), **over)


def rules() -> object:
    """An envelope of 500,000 of the commune and 100,000 of the initiative a year."""
    rows = [
        Envelope(year, source, Money(amount * DIRHAM), Sureness.SIGNED)
        for year in YEARS
        for source, amount in ((Source.OWN, 500_000), (Source.INDH, 100_000))
    ]
    return charter_rules(envelopes=tuple(rows))


def test_a_draft_holds_a_partners_money_in_the_years_it_was_noted_for(db: Session) -> None:
    round_, (first, _), officer = make_programming(db, 300_000, 200_000, rules=rules())
    services.draft_plan(db, officer, round_)
    services.set_shares(db, officer, first, [dated({2030: 100_000, 2031: 40_000})])
    row = next(row for row in sheet(db, round_).rows if row.number == first.number)
    assert row.start_year == 2030
    of_indh = {year: amount for (year, source), amount in row.amounts.items() if source is Source.INDH}
    assert of_indh == {2030: 100_000 * DIRHAM, 2031: 40_000 * DIRHAM}
    assert row.from_source(Source.OWN) == 160_000 * DIRHAM
    assert queries.shares(db, [first.id])[first.id][0].by_year == ((2030, 10_000_000), (2031, 4_000_000))


@pytest.mark.parametrize(
    ("share", "why"),
    [
        (dated({2030: 100_001}), "share_above_envelope"),
        (dated(dict.fromkeys(YEARS, 100_000)), "shares_above_cost"),
        (indh(610_000), "share_above_envelopes"),
        (dated({2027: 10}), "year_outside"),
        (dated({2034: 10}), "year_outside"),
        (dated({2030: 20, 2031: -5}), "share_not_positive"),
        (indh(10, by_year=((2030, 400),)), "share_years_sum"),
    ],
    ids=["year's envelope", "cost", "all envelopes", "before", "after", "negative", "sum"],
)
def test_a_share_beyond_the_cost_the_envelope_or_the_plan_is_refused(db: Session, share: PartShare, why: str) -> None:
    cost = 599_999 if why == "shares_above_cost" else 900_000
    round_, (first, _), officer = make_programming(db, cost, 200_000, rules=rules())
    services.draft_plan(db, officer, round_)
    before = queries.document(db, queries.draft_version(db, round_.id))
    with pytest.raises(RuleBroken, match=rf"programme\.{why}$"):
        services.set_shares(db, officer, first, [share])
    assert db.scalars(select(PartnerShare)).all() == []
    assert queries.document(db, queries.draft_version(db, round_.id)) == before


def test_what_one_project_takes_of_a_partners_year_another_does_not_get(db: Session) -> None:
    round_, (first, second), officer = make_programming(db, 300_000, 200_000, rules=rules())
    services.draft_plan(db, officer, round_)
    services.set_shares(db, officer, first, [dated({2029: 70_000})])
    with pytest.raises(RuleBroken, match=r"share_above_envelope$") as refused:
        services.set_shares(db, officer, second, [dated({2029: 40_000})])
    assert refused.value.message.values["available"] == Money(30_000 * DIRHAM)
    services.set_shares(db, officer, second, [dated({2029: 30_000})])
    assert sheet(db, round_).cell(2029, Source.INDH).taken == 100_000 * DIRHAM


def test_a_project_does_not_move_away_from_the_years_of_its_partners(db: Session) -> None:
    round_, (first, _), officer = make_programming(db, 300_000, 200_000, rules=rules())
    version = services.draft_plan(db, officer, round_)
    services.set_shares(db, officer, first, [dated({2029: 70_000})])
    with pytest.raises(RuleBroken, match="held_by_partners"):
        services.move(db, officer, version, first.number or "", 2031, reason="Plus tard")
    services.move(db, officer, version, first.number or "", 2029, reason="Comme convenu")
    with pytest.raises(RuleBroken, match="share_years_beyond_works"):
        services.set_project_terms(db, officer, first, {"earliest": 2031})


def test_the_rule_chosen_for_a_project_is_kept_and_checked_at_each_change(db: Session) -> None:
    _, (first, _), officer = make_programming(db, 300_000, 200_000)
    services.set_shares(db, officer, first, [indh(210_000)], preset="indh_70_30")
    assert queries.project_terms(db, [first.id])[first.id] == {"preset": "indh_70_30"}
    with pytest.raises(RuleBroken, match=re.escape("programme.left_out.preset_most")):
        services.set_shares(db, officer, first, [indh(250_000)])
    services.set_project_terms(db, officer, first, {"staff": 2})
    services.set_shares(db, officer, first, [indh(250_000)])
    with pytest.raises(RuleBroken, match=re.escape("programme.left_out.preset_most")):
        services.set_project_terms(db, officer, first, {"preset": "indh_70_30"})
    services.set_shares(db, officer, first, [indh(200_000)], preset="indh_70_30")
    services.set_shares(db, officer, first, [indh(250_000)], preset="")
    assert queries.project_terms(db, [first.id])[first.id] == {"staff": 2}


parts = st.dictionaries(st.integers(2028, 2033), st.integers(1, 10**9), min_size=1)


@given(parts, st.integers(0, 10**9), st.integers(0, 3))
def test_no_centime_is_lost_between_a_share_and_its_years(by_year: dict[int, int], even: int, more: int) -> None:
    shares = [
        PartShare(Source.INDH, sum(by_year.values()), Sureness.SIGNED, by_year=tuple(sorted(by_year.items()))),
        PartShare(Source.INDH, even, Sureness.SIGNED, "another"),
    ]
    held = held_years(shares)
    assert held == (min(by_year), max(by_year))
    duration = held[1] - held[0] + 1 + more
    found = parts_of_works(shares, held[0], duration)
    assert len(found) == duration
    assert sum(found) == sum(by_year.values()) + even
