"""Two small votes of the round before: roads compared two by two, and a mix of panel and ballot declared beforehand."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from cdp.cli.demo.ballots import HELP, QUESTION
from cdp.cli.demo.rounds import AskedFor
from cdp.cli.demo.scene import Scene
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.people.actor import CLOCK
from cdp.priorities.queries import ballots as queries
from cdp.priorities.rules.ballots import BallotDraft, Content
from cdp.priorities.services import ballots, casting, closing, codes, counting
from cdp.priorities.states import BallotKind, CountingRule, Filling, RollSource, TieRule

OPENED = date(2022, 7, 22)
LAST_DAY = date(2022, 7, 28)
CODES = 14
ONLY_ROADS = "Ce vote ne compare que les pistes et les passages."

ROADS = BallotDraft(
    kind=BallotKind.PAIRS,
    rule=CountingRule.COPELAND,
    title=Words(fr="Quelle piste d’abord ?", ar="أي مسلك أولا؟", en="Which track first?"),
    question=Words(fr="De ces deux-là, laquelle d’abord ?", ar="أيهما قبل الآخر؟", en="Of these two, which one first?"),
    help=HELP,
    budget=Money(400_000_000),
    opens_on=OPENED,
    closes_on=LAST_DAY,
    filling=Filling.NONE,
    ties=TieRule.LOT,
    seed="6 6 2 4 1",
    admits=frozenset({RollSource.RESIDENT}),
)
MIXED = replace(
    ROADS,
    kind=BallotKind.POINTS,
    rule=CountingRule.MIXED,
    title=Words(
        fr="Le vote des jeunes, avec le panel",
        ar="تصويت الشباب مع لجنة التقييم",
        en="The young people’s vote, with the panel",
    ),
    question=QUESTION,
    budget=Money(200_000_000),
    seed="1 3 5 5 2",
    purse=10,
    panel_part=40,
)


Choose = Callable[[list[str], int], Content]
"""What the voter of a turn says about these projects."""


def other_votes(scene: Scene, asked: AskedFor) -> None:
    """Both votes, from their rules to the published count; voters come with printed codes."""
    SmallVote(scene, asked, ROADS, "roads", "Souk Sebt", _pairs).load()
    SmallVote(scene, asked, MIXED, "mixed", "Maison des jeunes", _points).load()


@dataclass
class SmallVote:
    """A vote of a week; ``choose`` gives what the voter of a turn says about the projects offered."""

    scene: Scene
    asked: AskedFor
    draft: BallotDraft
    key: str
    label: str
    choose: Choose
    ballot: Any = None
    codes: list[str] = field(default_factory=list)

    def load(self) -> None:
        """Each act on its day."""
        self.scene.on(OPENED - timedelta(days=1), self._prepare)
        self.scene.on(OPENED, self._open)
        self.scene.on(LAST_DAY, self._vote)
        self.scene.on(LAST_DAY + timedelta(days=1), self._finish)

    def _prepare(self) -> None:
        db, officer = self.scene.db, self.scene.office("officer")
        self.ballot = ballots.prepare(db, officer, self.asked.card(), self.draft, key=f"demo:{self.key}")
        if self.draft.kind is BallotKind.PAIRS:
            for offer in queries.offers(db, self.ballot.id):
                if offer.sector != "roads":
                    ballots.decide(db, officer, self.ballot, offer.number, standing="excluded", reason=ONLY_ROADS)

    def _open(self) -> None:
        db, officer = self.scene.db, self.scene.office("officer")
        ballots.open_ballot(db, officer, self.ballot)
        key = f"demo:codes of {self.key}"
        self.codes = codes.print_batch(db, officer, self.ballot, CODES, label=self.label, locality_id=None, key=key)

    def _vote(self) -> None:
        db = self.scene.db
        offered = [offer.number for offer in queries.offers(db, self.ballot.id) if offer.standing == "offered"]
        for turn, code in enumerate(self.codes[:-2]):
            casting.cast_by_code(db, self.ballot, self.choose(offered, turn), code=code)

    def _finish(self) -> None:
        db, officer = self.scene.db, self.scene.office("officer")
        closing.close(db, CLOCK, self.ballot)
        counting.count(db, officer, self.ballot)
        counting.publish(db, officer, self.ballot)


def _pairs(numbers: list[str], turn: int) -> Content:
    """Most prefer what stands first on their own list; some pairs a voter leaves open."""
    own = {number: (place * 5 + turn * turn + 2 * place * turn) % 7 for place, number in enumerate(numbers)}
    said = [sorted(pair, key=lambda number: -own[number]) for pair in combinations(numbers, 2)]
    return [f"{one}>{other}" for one, other in said if own[one] != own[other]]


def _points(numbers: list[str], turn: int) -> Content:
    """Ten points for three projects, five for the one they want most."""
    places = [(turn * 7 + 3) % 5, (turn * 11 + 9) % len(numbers), (turn * 5 + 14) % len(numbers)]
    given: dict[str, int] = {}
    for place, points in zip(places, (5, 3, 2), strict=True):
        given[numbers[place]] = given.get(numbers[place], 0) + points
    return given
