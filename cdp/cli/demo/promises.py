"""What promises live through: rules chosen first, conditions, parts, reminders, days of giving, paper, endings."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cdp.cli.demo.scene import Scene
from cdp.funding import queries as funding
from cdp.funding.queries import banking, cards, villages
from cdp.funding.queries import giving as appointments
from cdp.funding.rules.promises import regular
from cdp.funding.rules.terms import Term
from cdp.funding.rules.units import HOURS
from cdp.funding.services import changing, endings, giving, payees, promises, reminders, room, shares, treasury
from cdp.funding.services import villages as paper
from cdp.funding.services.giving import Agreed
from cdp.funding.services.payees import Calling
from cdp.funding.services.promises import Promise
from cdp.funding.services.treasury import Payment
from cdp.funding.services.villages import Counted
from cdp.funding.states import ConditionKind, OverFunding, TermKind
from cdp.kernel.clock import today
from cdp.kernel.words import Words
from cdp.people.queries import find as find_person
from cdp.people.states import ShownAs
from cdp.programme.rules.share_rules import RuleSet, Share
from cdp.teams import services as teams
from cdp.teams.rules import Joining
from cdp.teams.services import Invite
from cdp.teams.states import Offer

WATER, SLAUGHTERHOUSE, SECOND, BOARDING = "TNO-2022-024", "TNO-2022-034", "TNO-2022-010", "TNO-2022-033"
"""The projects it is about: a search for water, an abattoir, one that begins this year, a house of pupils."""

CROSSING = "TNO-2022-031"
"""A project that the province pays for in part."""

RULES = {WATER: OverFunding.STOP, SLAUGHTERHOUSE: OverFunding.RESERVE, SECOND: OverFunding.ACCEPT}
CHOSEN = date(2023, 3, 2)
JOINED = date(2027, 2, 10)
ENDED = date(2027, 3, 31)
UNTIL = date(2027, 12, 31)
DUE = date(2027, 3, 5)
REMINDED = (date(2027, 2, 26), date(2027, 3, 12), date(2027, 3, 26), date(2027, 4, 9))
"""Days on which reminders are looked for: three go out, the fourth time none."""

TEAM = {"ayoub-targui": UNTIL, "loubna-mahfoud": ENDED, "jamal-boutargui": ENDED, "ghizlane-idmansour": UNTIL}
"""Who joins the search for water, and until when."""

GIVEN_ON = {date(2027, 3, 14): 5, date(2027, 3, 20): 10, date(2027, 3, 27): 8, date(2027, 4, 24): 4}
"""Hours by the day agreed for them."""

LAST = date(2027, 4, 11)
"""The day before the calendar of the demonstration stands still."""

PAPER = {
    "jmaa-ighir": (["Itto N. ; 200", "Moha B. ; 300", "Rqia A. ; 250", "x ; sans signature", "Haddou O. ; 450"], 1_200),
    "taourart-femmes": (["Tuda A. ; 100", "Zohra I. ; 150", "Aicha L. ; 250"], 500),
}
"""Sheets of paper by group: their lines as they are read, and the dirhams counted on the spot."""


@dataclass
class Promises:
    """Promises in every state in which somebody may meet them."""

    scene: Scene

    def plan(self) -> None:
        """Everything on its day."""
        on = self.scene.on
        on(CHOSEN, self._rules)
        on(JOINED, self._team)
        on(JOINED, self._promised)
        on(date(2027, 2, 20), self._called)
        for day in REMINDED:
            on(day, self._reminded)
        on(date(2027, 3, 18), self._late)
        on(ENDED + timedelta(days=1), self._asked)
        on(date(2027, 4, 3), self._still_meant)
        on(date(2027, 3, 12), self._agreed)
        on(date(2027, 3, 12), self._shares)
        on(date(2027, 3, 27), self._given)
        on(LAST, self._on_paper)

    def _project(self, number: str) -> Any:
        return funding.find_project(self.scene.db, self.scene.commune_id, number)

    def _rules(self) -> None:
        """The treasurer chooses before the first promise what becomes of too much."""
        for number, what in RULES.items():
            room.choose(self.scene.db, self.scene.office("treasurer"), self._project(number), what)

    def _team(self) -> None:
        db = self.scene.db
        for key, until in TEAM.items():
            person = find_person(db, self.scene.persons[key])
            proposal = self._project(WATER).proposal
            invite = Invite(name=person.name, language=person.language, until=today())
            invitation, _token = teams.invite(db, self.scene.office("officer"), proposal, invite)
            joining = Joining(Offer.SUM, until, shown_as=person.shown_as, city=person.city)
            teams.join(db, self.scene.actor(key), proposal, joining, invitation=invitation)

    def _promised(self) -> None:
        """Money in two parts, hours, and each kind of condition that a person may set."""
        club, village = self.scene.groups["lyon-ouzgar"], self.scene.places["lahri-ousmoun"]
        ratio = Term(TermKind.CLUB_GIVES, give=1, each=2, group_id=club)
        ten = Term(TermKind.VILLAGE_JOINS, at_least=10, locality_id=village)
        parts = regular(30_000, 2, first=DUE, months=3)
        self._promise("ayoub-targui", "EUR", 30_000, instalments=parts)
        others: dict[str, Any] = {"condition": ConditionKind.OTHERS_JOIN, "condition_count": 6}
        self._promise("loubna-mahfoud", "EUR", 15_000, **others)
        self._promise("loubna-mahfoud", HOURS, 600, note="Traduire les pièces du forage (inventé)")
        self._promise("jamal-boutargui", "EUR", 20_000, term=ten)
        self._promise("ghizlane-idmansour", "EUR", 30_000, term=ratio)
        self._promise("ghizlane-idmansour", "EUR", 10_000, is_secret=True, condition=ConditionKind.COMMUNE_SIGNS)

    def _promise(self, key: str, unit: str, amount: int, **more: Any) -> None:
        scene = self.scene
        about: dict[str, Any] = {"until": UNTIL, "shown_as": ShownAs.FIRST} | more
        made = Promise(unit=unit, amount_minor=amount, **about)
        promises.pledge(scene.db, scene.actor(key), self._project(WATER), made, key=f"demo:water:{key}:{unit}:{amount}")

    def _of(self, key: str, number: str, unit: str) -> Any:
        """The last promise of a person to a project, in a unit."""
        db, person = self.scene.db, self.scene.persons[key]
        made = next(c for c in cards.promises_of(db, today(), person) if (c.project_number, c.unit) == (number, unit))
        return funding.find_pledge(db, self.scene.commune_id, made.id)

    def _called(self) -> None:
        """The first part of a promise is called, and does not come."""
        db, called = self.scene.db, self._of("ayoub-targui", WATER, "EUR")
        (account,) = banking.accounts(db, self.scene.commune_id)
        calling = Calling(account, DUE, 15_000)
        payees.call(db, self.scene.office("treasurer"), called, calling, key="demo:water:call")

    def _late(self) -> None:
        """Money for a promise that had expired."""
        late = self._of("ghizlane-idmansour", BOARDING, "MAD")
        line = funding.find_line(self.scene.db, self.scene.commune_id, late.line_id)
        paid = Payment(50_000, today(), "Avis de crédit 212 (inventé)")
        treasurer = self.scene.office("treasurer")
        treasury.receive_promise(self.scene.db, treasurer, line, late, payment=paid, key="demo:late")

    def _reminded(self) -> None:
        """Reminders go out to whoever is due."""
        reminders.remind(self.scene.db, today())

    def _asked(self) -> None:
        """Those whose membership has ended are asked whether their promises still stand."""
        endings.ask(self.scene.db, today())

    def _still_meant(self) -> None:
        """One of two whose membership has ended answers."""
        actor = self.scene.actor("jamal-boutargui")
        changing.still_mean(self.scene.db, actor, self._of("jamal-boutargui", WATER, "EUR"))

    def _agreed(self) -> None:
        """Days are agreed for hours: one that passes in vain, two on which they are given, one to come."""
        scene, hours = self.scene, self._of("meryem-agourram", SECOND, HOURS)
        giver = scene.actor("meryem-agourram")
        for day, count in GIVEN_ON.items():
            agreed = Agreed(day, count * 60, "Salle de la commune")
            giving.agree(scene.db, giver, hours, agreed, key=f"demo:giving:{day}")

    def _shares(self) -> None:
        """The commune's own rule: what it and an association must bring before the province's money comes."""
        floors = (Share(("own", "loan"), least=5_500), Share(("association",), least=200))
        names = Words(ar="40/58/2 (مخترع)", fr="40/58/2 (inventée)", en="40/58/2 (invented)")
        rule = RuleSet("own-40", (Share(("province",), most=4_000), *floors), names, since=today())
        why = "Convention avec le conseil provincial (inventée)"
        treasurer = self.scene.office("treasurer")
        about: dict[str, Any] = {"since": today(), "reason": why, "key": "demo:crossing:shares"}
        shares.choose_shares(self.scene.db, treasurer, self._project(CROSSING), rule, **about)

    def _given(self) -> None:
        """The giver says what became of them; the officer has seen one with her own eyes."""
        scene, hours = self.scene, self._of("meryem-agourram", SECOND, HOURS)
        giver = scene.actor("meryem-agourram")
        rows = appointments.of_promises(scene.db, [hours.id])[hours.id][:3]
        missed, seen, said = (appointments.find(scene.db, scene.commune_id, row.id) for row in rows)
        giving.miss(scene.db, giver, missed)
        giving.say_given(scene.db, giver, seen)
        giving.verify(scene.db, scene.office("officer"), seen, "Présente à la réunion, feuille signée (inventée)")
        giving.say_given(scene.db, giver, said)

    def _on_paper(self) -> None:
        """Two groups promise on paper: one was read by two people, one waits for its second reader."""
        db, officer, facilitator = self.scene.db, self.scene.office("officer"), self.scene.office("facilitator")
        speakers = villages.speakers(db, self.scene.commune_id, today())
        for readers, (key, (lines, dirhams)) in enumerate(reversed(PAPER.items()), 1):
            group = self.scene.groups[key]
            keeper = next(person for number, _name, person, _said in speakers if number == group)
            why = "Feuille signée gardée par le groupe (inventée)"
            counted = Counted(group, keeper, len(lines), dirhams * 100, UNTIL, without_scan=why)
            batch = paper.open_batch(db, officer, self._project(WATER), counted, key=f"demo:paper:{key}")
            batch = villages.find_batch(db, self.scene.commune_id, batch.id)
            for reader in (officer, facilitator)[:readers]:
                paper.read(db, reader, batch, "\n".join(lines))
