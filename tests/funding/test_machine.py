"""The life of promises and money in any order of acts: whatever people try, the books hold after every step."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import Appointment, LedgerEntry, Pledge, StatementLine
from cdp.funding.queries.cards import promises_for_treasurer
from cdp.funding.queries.shares import _came as came
from cdp.funding.queries.shares import held as held_rules
from cdp.funding.queries.shares import lines_of
from cdp.funding.rules.ledger import Move, Op
from cdp.funding.rules.match_funding import Matched, MatchRule, Sponsor
from cdp.funding.rules.promises import regular
from cdp.funding.rules.terms import Term
from cdp.funding.services import (
    changing,
    giving,
    payees,
    placing,
    promises,
    reminders,
    shares,
    statements,
    treasury,
)
from cdp.funding.services.giving import Agreed
from cdp.funding.services.ledger import Beside, enter, mark
from cdp.funding.services.payees import Calling
from cdp.funding.services.placing import Part
from cdp.funding.services.statements import Brought
from cdp.funding.services.treasury import Payment, Signed
from cdp.funding.states import ConditionKind, PledgeStatus, RuleKind, TermKind
from cdp.jobs.books import prove
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.errors import Trouble
from cdp.people.models import Person
from cdp.programme.queries import share_rules
from cdp.rounds.states import Source
from cdp.teams import queries as teams
from cdp.teams import services as team_services
from tests.factories import actor_of, make_group, make_resident
from tests.funding.money_scene import UNTIL, Scene, make_scene, promise
from tests.funding.test_statement_services import account

AMOUNTS = st.sampled_from([100, 2_500, 10_000, 33_333])
PICK = st.integers(0, 50)


class Life(RuleBasedStateMachine):
    """One project; a member abroad and a club who promise, a treasurer and an officer who keep the books."""

    db: ClassVar[Session]
    made: ClassVar[Scene]
    club: ClassVar[int]
    speaker: ClassVar[int]

    @initialize()
    def begin(self) -> None:
        """All acts of an example are one transaction, taken back at its end."""
        self.db.rollback()
        self.day, self.acts = date(2027, 4, 12), 0
        self.added: list[list[Matched]] = []
        self.held = ExitStack()
        self.held.enter_context(clock.held_at(self.day))
        made = self.made
        self.scene = replace(made, member=actor_of(self.db, made.person))
        for unit in ("MAD", "H"):
            given = promise(33_333, unit)
            promises.pledge(self.db, self.scene.member, self.scene.project, given, key=self.key())
        for _ in range(2):
            self.a_statement_comes(10_000)

    def teardown(self) -> None:
        self.held.close()
        self.db.rollback()

    def key(self) -> str:
        self.acts += 1
        return f"act {self.acts}"

    def attempt(self, act: Callable[[], Any]) -> None:
        """What the rules refuse leaves nothing behind."""
        before = self.db.scalars(select(LedgerEntry.id)).all()
        nested = self.db.begin_nested()
        try:
            act()
        except (Trouble, NoResultFound):
            nested.rollback()
            assert self.db.scalars(select(LedgerEntry.id)).all() == before
        else:
            nested.commit()

    def one(self, what: type, pick: int) -> Any:
        """Any row of a table."""
        rows = self.db.scalars(select(what).order_by(what.id)).all()
        if not rows:
            raise NoResultFound
        return rows[pick % len(rows)]

    def a_pledge(self, pick: int) -> Pledge:
        return queries.find_pledge(self.db, self.scene.commune.id, self.one(Pledge, pick).id)

    @rule(amount=AMOUNTS, kind=st.integers(0, 6), unit=st.sampled_from(["MAD", "EUR", "H"]))
    def member_pledges(self, amount: int, kind: int, unit: str) -> None:
        more: dict[str, Any] = {
            1: {"condition": ConditionKind.COMMUNE_SIGNS},
            2: {"condition": ConditionKind.OTHERS_JOIN, "condition_count": 1},
            3: {"term": Term(TermKind.CLUB_GIVES, give=1, each=2, group_id=self.club)},
            4: {"term": Term(TermKind.TOTAL_REACHED, at_least=50_000)},
            5: {"instalments": regular(amount, 3, first=today(), months=1)},
        }.get(kind, {})
        given = promise(amount, unit, **more)
        self.attempt(lambda: promises.pledge(self.db, self.scene.member, self.scene.project, given, key=self.key()))

    @rule(amount=AMOUNTS)
    def club_pledges(self, amount: int) -> None:
        speaker = actor_of(self.db, self.db.get_one(Person, self.speaker))
        given = promise(amount, "MAD", group_id=self.club)
        self.attempt(lambda: promises.pledge(self.db, speaker, self.scene.project, given, key=self.key()))

    @rule(pick=PICK, to=AMOUNTS)
    def giver_changes(self, pick: int, to: int) -> None:
        self.attempt(lambda: changing.change_promise(self.db, self.scene.member, self.a_pledge(pick), to, until=UNTIL))

    @rule(pick=PICK)
    def giver_withdraws(self, pick: int) -> None:
        self.attempt(lambda: promises.withdraw(self.db, self.scene.member, self.a_pledge(pick)))

    @rule()
    def commune_signs(self) -> None:
        signed = Signed(Source.OWN, "", 40_000, date(2027, 3, 3), "DEL 4")
        self.attempt(lambda: treasury.sign(self.db, self.scene.treasurer, self.scene.project, signed, key=self.key()))

    @rule(pick=PICK)
    def treasurer_calls(self, pick: int) -> None:
        self.attempt(lambda: self._call(self.a_pledge(pick)))

    def _call(self, pledge: Pledge) -> None:
        payee = payees.enter_account(self.db, self.scene.treasurer, self.scene.commune, account(), key="a")
        payees.call(self.db, self.scene.treasurer, pledge, Calling(payee, today()), key=self.key())

    @rule(pick=PICK, amount=AMOUNTS)
    def money_comes_before_it_is_called(self, pick: int, amount: int) -> None:
        def act() -> None:
            pledge = self.a_pledge(pick)
            line = queries.find_line(self.db, self.scene.commune.id, pledge.line_id)
            payment = Payment(amount, today(), "Releve", unit=pledge.unit)
            treasury.receive_promise(self.db, self.scene.treasurer, line, pledge, payment=payment, key=self.key())

        self.attempt(act)

    @rule(amount=AMOUNTS)
    def a_statement_comes(self, amount: int) -> None:
        def act() -> None:
            payee = payees.enter_account(self.db, self.scene.treasurer, self.scene.commune, account(), key="a")
            rows = f"Date;Libelle;Montant;Devise\n{today():%d/%m/%Y};{self.key()};{amount / 100:.2f};MAD\n"
            statements.bring(self.db, self.scene.treasurer, payee, Brought("x.csv", rows.encode()))

        self.attempt(act)

    @rule(pick=PICK, amount=AMOUNTS, fee=st.sampled_from([0, 0, 50]))
    def treasurer_places_a_line(self, pick: int, amount: int, fee: int) -> None:
        def act() -> None:
            line, pledge = self.one(StatementLine, pick), self.a_pledge(pick)
            parts = [Part(min(amount, line.amount_minor), pledge.id, fee_minor=fee)] if amount > 100 else []
            placing.place(self.db, self.scene.treasurer, line, parts, key=self.key())

        self.attempt(act)

    @rule(pick=PICK)
    def treasurer_undoes_a_line(self, pick: int) -> None:
        self.attempt(lambda: placing.undo(self.db, self.scene.treasurer, self.one(StatementLine, pick), "wrong"))

    @rule(pick=PICK)
    def treasurer_takes_an_entry_back(self, pick: int) -> None:
        self.attempt(
            lambda: treasury.reverse(
                self.db, self.scene.treasurer, self.scene.project, self.one(LedgerEntry, pick), "wrong"
            )
        )

    @rule(pick=PICK, amount=AMOUNTS)
    def treasurer_spends(self, pick: int, amount: int) -> None:
        def act() -> None:
            lines = queries.lines_of(self.db, self.scene.project.id)
            line = queries.find_line(self.db, self.scene.commune.id, lines[pick % len(lines)].id if lines else 0)
            paid = Payment(amount, today(), "FAC 3, PV 1")
            treasury.spend(self.db, self.scene.treasurer, line, paid, key=self.key())

        self.attempt(act)

    @rule(pick=PICK, amount=AMOUNTS)
    def money_is_given_back(self, pick: int, amount: int) -> None:
        def act() -> None:
            pledge = self.a_pledge(pick)
            move = Move(
                op=Op.REFUND, project=pledge.project_id, line=pledge.line_id, pledge=pledge.id, unit=pledge.unit,
                amount_minor=amount, effective_date=today(), actor=mark(self.scene.treasurer.person_id),
                key=self.key(), evidence="OV 7",
                **promises.rated(self.db, pledge.commune_id, pledge.unit, amount_minor=amount, day=today()),
            )  # fmt: skip
            enter(self.db, pledge.commune_id, [move], Beside(self.scene.treasurer))

        self.attempt(act)

    @rule(pick=PICK, amount=AMOUNTS)
    def hours_are_agreed_given_and_verified(self, pick: int, amount: int) -> None:
        def act() -> None:
            pledge = self.a_pledge(pick)
            giving.agree(self.db, self.scene.member, pledge, Agreed(today(), amount), key=self.key())
            appointment = self.one(Appointment, -1)
            giving.say_given(self.db, self.scene.member, appointment)
            giving.verify(self.db, self.scene.officer, appointment, "seen")

        self.attempt(act)

    @rule()
    def member_leaves(self) -> None:
        def act() -> None:
            held = teams.membership_of(self.db, self.scene.person.id, self.scene.project.proposal_id, today())
            if held is not None:
                team_services.leave(self.db, self.scene.member, held)

        self.attempt(act)

    @rule(days=st.sampled_from([1, 30, 200]))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)
        self.held.close()
        self.held.enter_context(clock.held_at(self.day))
        self.scene.member = actor_of(self.db, self.made.person)
        self.attempt(lambda: reminders.remind(self.db, today()))

    @rule(give=st.integers(0, 2), pool=AMOUNTS)
    def the_office_chooses_its_rules(self, give: int, pool: int) -> None:
        said = {"since": today(), "reason": "Call", "key": self.key()}
        sponsor = Sponsor("region", "", MatchRule(give, 2, pool)) if give else None
        rule_of_shares = share_rules.on(self.db, self.scene.commune.id, today())["dar_1_3"] if give else None
        office, project = self.scene.officer, self.scene.project
        self.attempt(lambda: shares.choose_match(self.db, office, project, sponsor, **said))
        self.attempt(
            lambda: shares.choose_shares(self.db, office, project, rule_of_shares, **said | {"key": self.key()})
        )

    @invariant()
    def what_a_sponsor_added_and_who_was_unlocked_never_changes_backwards(self) -> None:
        rules = held_rules(self.db, self.scene.project.id)
        matched = [rule for rule in rules if rule.kind is RuleKind.MATCH]
        lines = [each for _, each in lines_of(matched, came(self.db, self.scene.project.id), today())]
        for before, after in zip(self.added, lines, strict=False):
            assert after[: len(before)] == before
        self.added = lines

    @invariant()
    def every_rule_of_the_books_holds(self) -> None:
        proof = prove(self.db, self.scene.commune.id, today())
        assert proof.broken == ()
        assert proof.asked == tuple(f"L{number}" for number in range(1, 24))

    @invariant()
    def every_promise_has_a_status_and_its_parts_sum(self) -> None:
        for card in promises_for_treasurer(self.db, today(), self.scene.project.id):
            assert card.status in set(PledgeStatus)
            assert sum(part.amount_minor for part in card.parts) in {0, card.amount_minor}


def test_the_books_hold_after_every_act_in_any_order(db: Session) -> None:
    scene = make_scene(db)
    speaker = make_resident(db, scene.commune)
    group = make_group(db, scene.commune, speaker, make_resident(db, scene.commune))
    Life.db, Life.made, Life.club, Life.speaker = db, scene, group.id, speaker.id
    db.commit()
    bounds = settings(max_examples=10, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Life, settings=bounds)
