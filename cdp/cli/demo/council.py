"""The round before: opened, asked for, marked by the panel, planned, adopted, carried out."""

from datetime import date, timedelta
from itertools import cycle
from typing import Any

from cdp.cli.demo.rounds import AskedFor
from cdp.cli.demo.scene import Scene, read, words
from cdp.cli.demo.works import Works
from cdp.kernel.words import Words
from cdp.priorities.rules.sheets import SheetDraft
from cdp.priorities.services.panel import declare, hand_in
from cdp.priorities.states import InterestKind

ADMITTED_ON = date(2022, 6, 10)
MARKED_ON = date(2022, 7, 12)
KEPT = Words(fr="Visité, chiffré, entretien convenu.", ar="تمت المعاينة وتقدير الكلفة والاتفاق على الصيانة.")


class RoundBefore:
    """The round 2022-2027 of the seeds."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.document = scene, read("projects_2022")
        self.asked = AskedFor(scene, self.document, self.document["phase"])
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
        """Drafted from the ranking, submitted, adopted, visaed, published."""
