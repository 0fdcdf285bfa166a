"""Ballots of the demonstration: one voted in the round before by screen, code and paper; one in preparation."""

from datetime import date, timedelta
from itertools import cycle
from typing import Any

from cdp.cli.demo.rounds import AskedFor
from cdp.cli.demo.scene import Scene
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.people.actor import CLOCK
from cdp.priorities.queries import ballots as queries
from cdp.priorities.rules.ballots import BallotDraft
from cdp.priorities.rules.secret_codes import new_secret
from cdp.priorities.services import ballots, bonds, casting, closing, codes, counting, paper, roll
from cdp.priorities.services.casting import Classes
from cdp.priorities.services.paper import Totals
from cdp.priorities.states import AgeClass, BallotKind, Bond, CountingRule, Filling, RollSource, TieRule, VoterKind
from cdp.rounds import queries as rounds

OPENED = date(2022, 7, 5)
LAST_DAY = date(2022, 7, 20)
TITLE = Words(fr="Les projets qui passent d’abord", ar="المشاريع ذات الأولوية", en="The projects that come first")
QUESTION = Words(
    fr="Quels projets voulez-vous d’abord ?", ar="ما المشاريع التي تريدها أولا؟", en="Which projects first?"
)
HELP = Words(
    fr="Le conseil s’est engagé à suivre le résultat, ou à dire publiquement pourquoi il s’en écarte.",
    ar="التزم المجلس باتباع النتيجة أو بنشر أسباب مخالفتها.",
    en="The council promised to follow the result, or to say in public why it does not.",
)
OF_TIRSAL = ("1 4", "1 4 7", "2 4", "1 5", "x", "1 4 9", "4", "1 2 3 4 5", "-", "4 7", "1", "1 4")
OF_TADDART = ("3 6", "6 8", "3 6 8", "6", "x signed", "3", "6 9", "8", "3 6", "6 10")
BOXES = (("tirsal", "École de Tirsal", OF_TIRSAL), ("taddart", "Maison des jeunes de Taddart", OF_TADDART))


class BallotBefore:
    """The vote of the round before: about eighty voters, two boxes, a batch of codes, a tie drawn by lot."""

    def __init__(self, scene: Scene, asked: AskedFor) -> None:
        self.scene, self.asked = scene, asked
        self.ballot: Any = None
        self.codes: list[str] = []

    def load(self) -> None:
        """Each act on its day."""
        self.scene.on(OPENED - timedelta(days=2), self._prepare)
        self.scene.on(OPENED, self._open)
        for days in range(1, 13, 3):
            self.scene.on(OPENED + timedelta(days=days), self._votes(days))
        self.scene.on(LAST_DAY, self._boxes)
        self.scene.on(LAST_DAY + timedelta(days=1), self._finish)

    def _card(self) -> Any:
        return self.asked.card()

    def _prepare(self) -> None:
        db, officer = self.scene.db, self.scene.office("officer")
        draft = BallotDraft(
            kind=BallotKind.APPROVAL,
            rule=CountingRule.EQUAL_SHARES,
            title=TITLE,
            question=QUESTION,
            help=HELP,
            budget=Money(300_000_000),
            opens_on=OPENED,
            closes_on=LAST_DAY,
            filling=Filling.ADD1_GREEDY,
            ties=TieRule.LOT,
            seed="5 2 6 1 3",
            most=4,
            admits=frozenset({RollSource.RESIDENT, RollSource.GROUP}),
        )
        self.ballot = ballots.prepare(db, officer, self._card(), draft, key="demo:ballot")

    def _open(self) -> None:
        db, officer = self.scene.db, self.scene.office("officer")
        ballots.open_ballot(db, officer, self.ballot)
        roll.enrol_accounts(db, officer, self.ballot)
        self.codes = codes.print_batch(
            db, officer, self.ballot, 20, label="Souk Sebt", locality_id=None, key="demo:codes"
        )

    def _votes(self, days: int) -> Any:
        def act() -> None:
            db = self.scene.db
            numbers = [offer.number for offer in queries.offers(db, self.ballot.id)]
            on_roll = _accounts_on_roll(self.scene, self.ballot)
            part = on_roll[(days // 3) * 12 : (days // 3 + 1) * 12]
            said = cycle((VoterKind.WOMEN, VoterKind.MEN, VoterKind.UNSAID))
            ages = cycle((AgeClass.MIDDLE, AgeClass.YOUNG, AgeClass.OLDER, AgeClass.MIDDLE))
            for place, key in enumerate(part):
                chosen = _choice(numbers, days * 12 + place)
                classes = Classes(next(said), next(ages))
                actor = self.scene.actor(key)
                casting.cast_by_account(db, actor, self.ballot, chosen, secret=new_secret(), classes=classes)
            for place, code in enumerate(self.codes[(days // 3) * 4 : (days // 3 + 1) * 4]):
                casting.cast_by_code(db, self.ballot, _choice(numbers, 500 + days + place), code=code)

        return act

    def _boxes(self) -> None:
        db = self.scene.db
        readers = (self.scene.office("facilitator"), self.scene.office("officer"))
        for key, label, sheets in BOXES:
            totals = Totals(issued=len(sheets) + 2, in_box=len(sheets))
            place = self.scene.places.get(key)
            made = paper.open_batch(
                db, readers[0], self.ballot, totals, label=label, locality_id=place, key=f"demo:{key}"
            )
            other = ["2 6" if sheet == "3 6 8" else sheet for sheet in sheets]
            paper.enter_lines(db, readers[0], self.ballot, made.id, "\n".join(sheets))
            if not paper.enter_lines(db, readers[1], self.ballot, made.id, "\n".join(other)):
                paper.settle(db, readers[1], self.ballot, made.id, {3: 1})

    def _finish(self) -> None:
        db, officer = self.scene.db, self.scene.office("officer")
        closing.close(db, CLOCK, self.ballot)
        counting.count(db, officer, self.ballot)
        counting.publish(db, officer, self.ballot)


def _choice(numbers: list[str], turn: int) -> list[str]:
    """Up to four projects, some far more wanted than others, every voter's in its own way."""
    wanted = [(turn * turn + 3 * turn) % 5, (turn * 7) % len(numbers), (turn * 11 + 2) % len(numbers)]
    return sorted({numbers[place % len(numbers)] for place in wanted[: 1 + turn % 3]})


def _accounts_on_roll(scene: Scene, ballot: Any) -> list[str]:
    """Keys of the persons of the seeds who may vote by account, in the order of the seeds."""
    on_roll = queries.persons_on_roll(scene.db, ballot.id)
    return [key for key, number in scene.persons.items() if number in on_roll]


def ballot_of_today(scene: Scene, day: date) -> None:
    """The round of today has a ballot in preparation for June."""

    def act() -> None:
        db, officer = scene.db, scene.office("officer")
        card = rounds.card(db, rounds.find(db, scene.commune_id, 2028))
        draft = BallotDraft(
            kind=BallotKind.KNAPSACK,
            rule=CountingRule.EQUAL_SHARES,
            title=Words(fr="Vote de juin 2027", ar="تصويت يونيو 2027", en="Vote of June 2027"),
            question=QUESTION,
            help=HELP,
            budget=Money(800_000_000),
            opens_on=date(2027, 6, 7),
            closes_on=date(2027, 6, 20),
            seed="à tirer aux dés le 5 juin devant le public",
            admits=frozenset({RollSource.RESIDENT, RollSource.GROUP, RollSource.TEMPORARY}),
        )
        made = ballots.prepare(db, officer, card, draft, key="demo:ballot of today")
        numbers = [offer.number for offer in queries.offers(db, made.id)]
        if len(numbers) > 3:
            bonds.tie(db, officer, made, Bond.INCOMPATIBLE, one=numbers[0], other=numbers[1])
            bonds.tie(db, officer, made, Bond.NEEDS, one=numbers[2], other=numbers[3])

    scene.on(day, act)
