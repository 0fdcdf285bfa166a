"""Which rule a project keeps: who may choose it, from when on, with which reason; what pages are told of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.queries import shares as reads
from cdp.funding.rules.match_funding import MatchRule, Sponsor
from cdp.funding.services import shares, treasury
from cdp.funding.services.treasury import Payment, Signed
from cdp.kernel.clock import held_at, today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.people.states import Role
from cdp.programme.queries import share_rules as register
from cdp.programme.rules.share_rules import RuleSet
from cdp.programme.services.share_rules import keep_rule
from cdp.rounds.states import Source
from tests.factories import actor_of, make_commune, make_official
from tests.funding.money_scene import Scene, make_scene, pledged


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


def known(db: Session, scene: Scene, key: str = "dar_1_3") -> RuleSet:
    return register.on(db, scene.commune.id, today())[key]


def choose(db: Session, scene: Scene, rule: RuleSet | None, **over: Any) -> Any:
    values = {"since": today(), "reason": "", "key": "k"} | over
    return shares.choose_shares(db, scene.treasurer, scene.project, rule, **values)


def one_for_two(**over: Any) -> Sponsor:
    rule = MatchRule(**{"give": 1, "each": 2, "pool": 1_000_00, "sources": frozenset({"diaspora"})} | over)
    return Sponsor("region", "Conseil de la région", rule)


def sponsor(db: Session, scene: Scene, given: Sponsor | None, **over: Any) -> Any:
    values = {"since": today(), "reason": "", "key": "m"} | over
    return shares.choose_match(db, scene.treasurer, scene.project, given, **values)


def told(db: Session, scene: Scene) -> reads.Sharing:
    money, rules = queries.money_sheet(db, scene.project, today()), reads.held(db, scene.project.id)
    return reads.sharing(db, scene.project.id, today(), money, rules=rules)


def gift(db: Session, scene: Scene, amount: int, key: str) -> None:
    made = pledged(db, scene, unit="MAD", amount=amount, key=key)
    line = queries.find_line(db, scene.commune.id, made.line_id)
    paper = Payment(amount, today(), "Relevé 4")
    treasury.receive_promise(db, scene.treasurer, line, made, payment=paper, key=f"r{key}")


def test_treasurer_and_officer_choose_and_nobody_else(db: Session, scene: Scene) -> None:
    rule = known(db, scene)
    for number, actor in enumerate((scene.treasurer, scene.officer)):
        shares.choose_shares(db, actor, scene.project, rule, since=today(), reason="Appel", key=f"k{number}")
    elsewhere = actor_of(db, make_official(db, make_commune(db), Role.TREASURER))
    for actor in (scene.member, scene.president, elsewhere):
        with pytest.raises(Refused):
            shares.choose_shares(db, actor, scene.project, rule, since=today(), reason="Appel", key="x")
        with pytest.raises(Refused):
            shares.choose_match(db, actor, scene.project, one_for_two(), since=today(), reason="Appel", key="x")


def test_the_same_form_twice_counts_once_and_another_rule_with_its_key_is_refused(db: Session, scene: Scene) -> None:
    first = choose(db, scene, known(db, scene))
    assert choose(db, scene, known(db, scene)).id == first.id
    with pytest.raises(Conflict):
        choose(db, scene, known(db, scene, "pager"))
    assert sponsor(db, scene, one_for_two()).id == sponsor(db, scene, one_for_two()).id
    with pytest.raises(Conflict):
        sponsor(db, scene, None)


@pytest.mark.parametrize(
    ("try_it", "why"),
    [
        (lambda d, s: choose(d, s, known(d, s), since=today() - timedelta(days=1)), "funding.rule_backwards"),
        (lambda d, s: choose(d, s, replace(known(d, s), until=date(2027, 1, 1))), "funding.rule_not_in_force"),
        (lambda d, s: choose(d, s, replace(known(d, s), shares=())), "funding.rule_without_share"),
        (lambda d, s: choose(d, s, replace(known(d, s), shares=known(d, s).shares[:2])), "errors.reason_missing"),
        (lambda d, s: sponsor(d, s, one_for_two(give=0)), "funding.ratio_unclear"),
        (lambda d, s: sponsor(d, s, one_for_two(pool=0)), "funding.amount_not_positive"),
        (lambda d, s: sponsor(d, s, replace(one_for_two(), source="diaspora")), "funding.sponsor_matches_itself"),
    ],
)
def test_what_makes_no_sense_or_looks_backwards_is_refused(
    db: Session, scene: Scene, try_it: Callable[[Session, Scene], Any], why: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        try_it(db, scene)
    assert refused.value.message.key == why
    assert reads.held(db, scene.project.id) == []


def test_after_the_first_promise_and_for_every_change_a_reason_is_given(db: Session, scene: Scene) -> None:
    pledged(db, scene)
    with pytest.raises(RuleBroken):
        choose(db, scene, known(db, scene))
    choose(db, scene, known(db, scene), reason="Convention signée")
    with pytest.raises(RuleBroken):
        choose(db, scene, None, key="k2")
    choose(db, scene, None, key="k2", reason="Le partenaire s'est retiré")
    assert told(db, scene).rule is None


def test_the_page_is_told_what_is_missing_before_the_partner_comes(db: Session, scene: Scene) -> None:
    choose(db, scene, known(db, scene))
    signed = Signed(Source.MINISTRY, "", 90_000_00, today(), "CONV-1")
    treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
    gift(db, scene, 10_000_00, "g")
    (state,) = told(db, scene).partners
    cost = scene.project.cost_minor
    assert (state.coming, state.opened_on) == (90_000_00, None)
    assert {lack.sources: lack.amount for lack in state.lacks} == {
        ("own", "loan"): cost // 10,
        ("diaspora",): cost // 10 - 10_000_00,
    }


def test_a_promise_or_a_signature_unlocks_nothing_before_its_money_came(db: Session, scene: Scene) -> None:
    choose(db, scene, known(db, scene))
    before = told(db, scene).partners
    pledged(db, scene, unit="MAD", amount=10**8)
    treasury.sign(db, scene.treasurer, scene.project, Signed(Source.OWN, "", 10**8, today(), "B-1"), key="s")
    assert told(db, scene).partners == before


def test_a_sponsor_adds_to_received_gifts_in_their_order_until_its_pool_is_empty(db: Session, scene: Scene) -> None:
    sponsor(db, scene, one_for_two())
    gift(db, scene, 1_200_00, "a")
    added = told(db, scene).added
    assert added is not None
    assert (added.so_far, added.left, added.next_gift) == (600_00, 400_00, 400_00)
    gift(db, scene, 1_200_00, "b")
    added = told(db, scene).added
    assert added is not None
    assert (added.so_far, added.left, added.next_gift) == (1_000_00, 0, 0)


def test_another_rule_later_changes_nothing_of_what_was_added_before(db: Session, scene: Scene) -> None:
    sponsor(db, scene, one_for_two())
    gift(db, scene, 1_000_00, "a")
    before = reads.lines_of(reads.held(db, scene.project.id), reads._came(db, scene.project.id), today())
    with held_at(today() + timedelta(days=5)):
        sponsor(db, scene, one_for_two(give=2, each=1), key="m2", reason="Avenant")
        gift(db, scene, 100_00, "b")
        after = reads.lines_of(reads.held(db, scene.project.id), reads._came(db, scene.project.id), today())
        added = told(db, scene).added
    assert after[0] == before[0]
    assert added is not None
    assert added.so_far == 200_00


def test_a_commune_keeps_its_own_copy_with_its_days_and_reason(db: Session, scene: Scene) -> None:
    copy = replace(known(db, scene, "indh_70_30"), key="", since=date(2027, 4, 1), until=None)
    made = keep_rule(db, scene.officer, scene.commune, copy, reason="Appel de la province", key="c")
    assert made.key.startswith("own-")
    assert keep_rule(db, scene.officer, scene.commune, copy, reason="Appel de la province", key="c").id == made.id
    assert made.key in register.on(db, scene.commune.id, today())
    assert made.key not in register.on(db, scene.commune.id, date(2027, 3, 31))
    assert made.key not in register.on(db, make_commune(db).id, today())
    choose(db, scene, register.on(db, scene.commune.id, today())[made.key])
    for actor in (scene.member, scene.president):
        with pytest.raises(Refused):
            keep_rule(db, actor, scene.commune, copy, reason="x", key="d")
    with pytest.raises(RuleBroken):
        keep_rule(db, scene.officer, scene.commune, copy, reason=" ", key="e")
    with pytest.raises(Conflict):
        keep_rule(db, scene.officer, scene.commune, replace(copy, least_total=900_00), reason="x", key="c")


@pytest.mark.parametrize("change", ["UPDATE share_rule SET reason = 'x'", "DELETE FROM project_rule"])
def test_what_was_chosen_is_never_rewritten(db: Session, scene: Scene, change: str) -> None:
    copy = replace(known(db, scene, "indh_70_30"), key="")
    keep_rule(db, scene.officer, scene.commune, copy, reason="Appel", key="c")
    choose(db, scene, known(db, scene))
    db.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text(change))
    db.rollback()
