"""The round before: opened, asked for, marked by the panel, planned, adopted, carried out."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from cdp.cli.demo.path import Path
from cdp.cli.demo.rounds import AskedFor
from cdp.cli.demo.scene import Scene, read, words
from cdp.cli.demo.updating import Update, share
from cdp.cli.demo.works import Works
from cdp.communes import queries as communes
from cdp.kernel.words import Words
from cdp.priorities.rules.sheets import SheetDraft
from cdp.priorities.services.panel import declare, hand_in
from cdp.priorities.states import InterestKind
from cdp.programme.rules.votes import Vote
from cdp.programme.rules.whatif import Changes
from cdp.programme.services import council, drafting, name_partner, party_of, scenarios
from cdp.rounds import queries as rounds
from cdp.rounds.states import Phase

ADMITTED_ON = date(2022, 6, 10)
MARKED_ON = date(2022, 7, 12)
KEPT = Words(fr="Visité, chiffré, entretien convenu.", ar="تمت المعاينة وتقدير الكلفة والاتفاق على الصيانة.")


SCENARIOS = {"Un cinquième de moins · أقل بالخمس": -20, "Un cinquième de plus · أكثر بالخمس": 20}
"""What the commune imagined with more or less of its own money, in per cent."""


class RoundBefore:
    """The round 2022-2027 of the seeds."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.document = scene, read("projects_2022")
        self.version: Any = None
        self.asked = AskedFor(scene, self.document, self.document["phase"])
        self.update = Update(scene, self.asked, self.document)
        reasons = read("reasons")
        self.good, self.fair = cycle(reasons["good"]), cycle(reasons["fair"])

    def load(self) -> None:
        """Everything, each on its day."""
        title = words(self.document["title"])
        self.asked.open(title, self.document["last_year"], self.document["envelope"])
        people = cycle(person["key"] for person in read("people")["person"])
        for position, given in enumerate(self.document["project"]):
            wanted = given | {"supports": 18 + (position * 17) % 60, "state": "admitted"}
            self.asked.ask(wanted)
            self.asked.back(wanted, people, until=date(2022, 5, 20))
            day = ADMITTED_ON + timedelta(days=position % 7)
            self.asked.admit(given, day, KEPT, price_year=self.document["price_year"])
            self._mark(given)
        for given in self.document["not_kept"]:
            self._not_kept(given)
        self._plan()
        Path(self.scene, self.asked).load()
        self.update.load()
        for given in self.document["project"]:
            Works(self.scene, self.asked, given).plan()

    def _not_kept(self, given: dict[str, Any]) -> None:
        if given["state"] == "refused":
            self.asked.ask(given)
            self.asked.review(given, price_year=self.document["price_year"])
            return
        self.asked.ask(given | {"state": "submitted"})
        self.asked.admit(given, ADMITTED_ON, KEPT, price_year=self.document["price_year"])
        low = [
            {"person": person} | {key: (1 + (at + place) % 2) for place, key in enumerate(self.document["criteria"])}
            for at, person in enumerate(self.document["panel"])
        ]
        self._mark({"key": given["key"], "marks": low, "interests": []})

    def _mark(self, given: dict[str, Any]) -> None:
        for interest in given["interests"]:
            self.scene.on(MARKED_ON, self._declaring(given["key"], interest))
        for row in given["marks"]:
            self.scene.on(MARKED_ON + timedelta(days=1), self._marking(given["key"], row))

    def _declaring(self, key: str, interest: dict[str, Any]) -> Any:
        def act() -> None:
            kind = InterestKind(interest["kind"])
            declare(self.scene.db, self.scene.actor(interest["person"]), self.asked.proposal(key), kind)

        return act

    def _marking(self, key: str, row: dict[str, Any]) -> Any:
        marks = {criterion: row[criterion] for criterion in self.document["criteria"]}
        reason = next(self.good if sum(marks.values()) >= 3 * len(marks) else self.fair)
        ((language, text),) = reason.items()

        def act() -> None:
            draft = SheetDraft(marks, text, language)
            hand_in(self.scene.db, self.scene.actor(row["person"]), self.asked.proposal(key), draft)

        return act

    def _plan(self) -> None:
        """Shares of partners, a draft by rank, years agreed with partners, council, visa, publication."""
        plan = self.document["plan"]
        programming = next(w for w in self.asked.windows if w.phase is Phase.PROGRAMMING).starts_on
        self.scene.on(programming + timedelta(days=2), self._share)
        self.scene.on(programming + timedelta(days=9), self._draft)
        self.scene.on(date(2022, 8, 30), lambda: self._council(council.submit))
        vote = Vote(plan["adopted_on"], plan["votes_for"], plan["votes_against"], plan["abstentions"])
        self.scene.on(plan["adopted_on"], lambda: self._council(council.adopt, vote))
        self.scene.on(
            plan["visa_on"],
            lambda: self._council(council.visa, on=plan["visa_on"], reference="Visa n° 3/2023 (inventé)"),
        )
        self.scene.on(plan["published_on"], lambda: self._council(council.publish))

    def _share(self) -> None:
        db, commune = self.scene.db, communes.find(self.scene.db, "tizi-nouzgar")
        for given in read("partners")["partner"]:
            name_partner(db, self.scene.office("officer"), commune, party_of(db, commune.id, given["fr"]), words(given))
        for given in self.document["project"]:
            share(self.scene, self.asked, given, years_before=self.update.moved.get(given["key"], 0))

    def _draft(self) -> None:
        db, officer = self.scene.db, self.scene.office("officer")
        round_ = rounds.find(db, self.scene.commune_id, self.asked.first_year)
        self.version = drafting.draft_plan(db, officer, round_)
        for given in self.document["not_kept"]:
            if given["state"] == "not_kept":
                number, reason = self.asked.proposal(given["key"]).number, words(given["reason"])
                drafting.exclude(db, officer, self.version, number, reason=f"{reason['fr']}\n{reason['ar']}")
        for key, (name, percent) in enumerate(SCENARIOS.items()):
            changes = Changes({"own": percent})
            kept = scenarios.imagine(db, officer, round_, changes, name=name, note="", key=f"demo-scenario-{key}")
            scenarios.publish_scenario(db, officer, kept)

    def _council(self, act: Callable[..., Any], *values: Any, **named: Any) -> None:
        act(self.scene.db, self.scene.office("officer"), self.version, *values, **named)
