"""Rounds and what people ask for: opened, written, supported, reviewed, each on its day."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

from cdp.cli.demo.scene import Scene, in_one_language, labelled, read, words
from cdp.conduct.reference import reference
from cdp.conduct.services import advance
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.people.actor import CLOCK
from cdp.people.queries import find as find_person
from cdp.proposals.rules.drafts import Beneficiaries, Draft, WritingStep
from cdp.proposals.services.submitting import submit, withdraw
from cdp.proposals.services.supports import support
from cdp.proposals.services.writing import Behalf, start, start_for_another, write
from cdp.review.rules import Decision, EstimateDraft, Line
from cdp.review.services import Found, conclude, estimate, find
from cdp.review.states import Answer, CostKind, Verdict
from cdp.rounds import queries as rounds
from cdp.rounds.queries import RoundCard
from cdp.rounds.rules.charter import Envelope
from cdp.rounds.rules.defaults import charter_of
from cdp.rounds.rules.opening import RoundDraft
from cdp.rounds.rules.phases import Window
from cdp.rounds.services import open_round
from cdp.rounds.states import Phase, Source, Sureness

BEFORE = timedelta(days=7)


class AskedFor:
    """The proposals of one round of the seeds, by key."""

    def __init__(self, scene: Scene, document: dict[str, Any], phases: list[dict[str, Any]]) -> None:
        self.scene, self.document = scene, document
        self.first_year = int(str(document["round"]).split("-")[0])
        self.windows = tuple(
            Window(Phase(p["key"]), p["opens"], p.get("closes")) for p in sorted(phases, key=lambda each: each["order"])
        )
        self.made: dict[str, Any] = {}

    def card(self) -> RoundCard:
        """The card of this round today."""
        db = self.scene.db
        return rounds.card(db, rounds.find(db, self.scene.commune_id, self.first_year))

    def proposal(self, key: str) -> Any:
        """A proposal of this round by its key."""
        return self.made[key]

    def open(self, title: Words, last_year: int, envelopes: Iterable[dict[str, Any]]) -> None:
        """Open the round a week before its first phase."""
        given = tuple(
            Envelope(e["year"], Source(e["source"]), Money(e["amount"] * 100), Sureness(e["sureness"]))
            for e in envelopes
        )

        def act() -> None:
            draft = RoundDraft(
                commune_id=self.scene.commune_id,
                first_year=self.first_year,
                last_year=last_year,
                title=title,
                windows=self.windows,
                charter=replace(charter_of(reference()), envelopes=given),
            )
            open_round(self.scene.db, self.scene.office("officer"), draft)

        self.scene.on(self.windows[0].starts_on - BEFORE, act)
        for window in self.windows:
            self.scene.on(window.starts_on, self._advance)

    def _advance(self) -> None:
        db = self.scene.db
        advance(db, CLOCK, rounds.find(db, self.scene.commune_id, self.first_year))

    def ask(self, given: dict[str, Any]) -> None:
        """Write a proposal on its day, hand it in unless it stays a draft."""
        first = next(w for w in self.windows if w.phase is Phase.PROPOSALS).starts_on
        day = given.get("submitted_on", first + timedelta(days=20))

        def act() -> None:
            scene, key = self.scene, given["key"]
            if given.get("on_behalf"):
                actor = scene.actor(given["entered_by"])
                author = scene.persons[given["author"]]
                behalf = Behalf(find_person(scene.db, author).name, consents=True, person_id=author)
                made = start_for_another(scene.db, actor, self.card(), behalf, key=f"demo:{key}")
            else:
                actor = scene.actor(given["author"])
                group = scene.groups.get(given.get("group", ""))
                made = start(scene.db, actor, self.card(), key=f"demo:{key}", group_id=group)
            self.made[key] = made
            write(scene.db, actor, made, self._draft(given), step=WritingStep.BENEFIT)
            if given["state"] != "draft":
                submit(scene.db, actor, made)

        self.scene.on(day, act)

    def _draft(self, given: dict[str, Any]) -> Draft:
        return Draft(
            title=words(given["title"]),
            need=words(given["need"]),
            sector=given["sector"],
            places=frozenset(self.scene.places[key] for key in given.get("localities", [])),
            people=Beneficiaries(**given.get("beneficiaries", {"households": 20})),
            upkeep=words(given.get("upkeep") or {"fr": "À convenir avec les habitants."}),
        )

    def back(self, given: dict[str, Any], people: Iterator[str], *, until: date) -> None:
        """So many people stand behind a proposal, from the day after it came in; never those who ask."""
        asking = {given["author"], given.get("entered_by"), *self.scene.members.get(given.get("group", ""), ())}
        willing = (key for key in people if key not in asking)
        chosen = list(dict.fromkeys(islice(willing, given.get("supports", 0))))
        first = given.get("submitted_on")
        last = given.get("decided_on") or until
        if first is None:
            return
        days = max(1, (min(until, last) - first).days)
        for position, key in enumerate(chosen):
            day = first + timedelta(days=1 + position * (days - 1) // max(1, len(chosen))) if days > 1 else first
            self.scene.on(day, self._supporting(key, given["key"]))

    def _supporting(self, person: str, key: str) -> Any:
        def act() -> None:
            support(self.scene.db, self.scene.actor(person), self.proposal(key))

        return act

    def review(self, given: dict[str, Any], *, price_year: int) -> None:
        """What the office found and concluded, on its day."""
        outcome = given["state"]
        days = {"admitted": "concluded_on", "returned": "returned_on", "withdrawn": "decided_on"}
        day = given.get(days.get(outcome, "decided_on"))
        acts = {
            "admitted": self._admitting,
            "refused": self._refusing,
            "returned": self._returning,
            "merged": self._merging,
            "withdrawn": self._withdrawing,
        }
        if outcome in acts and day is not None:
            self.scene.on(day, lambda: acts[outcome](given, price_year))

    def _findings(self, given: dict[str, Any], wrong: Iterable[str]) -> None:
        points = [point.key for point in self.card().charter.checklist]
        no = set(wrong)
        found = [Found(point, Answer.NO if point in no else Answer.YES) for point in points]
        find(self.scene.db, self.scene.office("officer"), self.proposal(given["key"]), found)

    def admit(self, given: dict[str, Any], day: date, reason: Words, *, price_year: int) -> None:
        """Cost it and find it admissible on a day."""
        self.scene.on(day, lambda: self._admitting(given | {"reason": dict(reason)}, price_year))

    def _admitting(self, given: dict[str, Any], price_year: int) -> None:
        self._findings(given, ())
        lines = tuple(
            Line(
                kind=CostKind(line["kind"]),
                label=labelled(line, "label"),
                quantity_milli=round(line["quantity"] * 1000),
                unit=line["unit"],
                price_minor=line["unit_price"] * 100,
            )
            for line in given["cost_lines"]
        )
        officer = self.scene.office("officer")
        estimate(self.scene.db, officer, self.proposal(given["key"]), EstimateDraft(lines, price_year))
        self._conclude(given, Verdict.ADMIT)

    def _refusing(self, given: dict[str, Any], _price_year: int) -> None:
        self._findings(given, [given["ground"]] if "ground" in given else ())
        self._conclude(given, Verdict.REFUSE)

    def _returning(self, given: dict[str, Any], _price_year: int) -> None:
        correctable = {point.key for point in self.card().charter.checklist if point.is_correctable}
        points = [point["point"] for point in given["points"] if point["point"] in correctable]
        self._findings(given, points)
        said = Words({code: " ".join(point.get(code, "") for point in given["points"]) for code in ("fr", "ar")})
        until = given["returned_on"] + timedelta(days=given["days_to_correct"])
        self._conclude(given | {"reason": dict(said)}, Verdict.RETURN, points=tuple(points), until=until)

    def _merging(self, given: dict[str, Any], _price_year: int) -> None:
        self._conclude(given, Verdict.MERGE, into=self.proposal(given["merged_into"]))

    def _withdrawing(self, given: dict[str, Any], _price_year: int) -> None:
        actor = self.scene.actor(given["entered_by"] if given.get("on_behalf") else given["author"])
        withdraw(self.scene.db, actor, self.proposal(given["key"]), words(given["reason"]))

    def _conclude(self, given: dict[str, Any], verdict: Verdict, **more: Any) -> None:
        reason, language = in_one_language(words(given["reason"]))
        decision = Decision(verdict, reason, language, points=more.get("points", ()), correct_until=more.get("until"))
        officer = self.scene.office("officer")
        conclude(self.scene.db, officer, self.proposal(given["key"]), decision, into=more.get("into"))


def round_of_today(scene: Scene) -> None:
    """The round 2028-2033 up to the demonstration's day: sixty proposals in every state."""
    calendar, document = read("calendar_2028"), read("proposals_2028")
    asked = AskedFor(scene, document, calendar["phase"])
    asked.open(words(calendar["title"]), calendar["last_year"], calendar["envelope"])
    people = cycle(person["key"] for person in read("people")["person"])
    for given in document["proposal"]:
        asked.ask(given)
        asked.back(given, people, until=document["as_of"])
        asked.review(given, price_year=document["price_year"])
