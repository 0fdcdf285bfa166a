"""The round before: its plan adopted and carried out, with agreements, promises, receipts, works and photos."""

import io
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cdp.cli.demo.drawing import draw
from cdp.cli.demo.rounds import AskedFor
from cdp.cli.demo.scene import Scene, labelled
from cdp.communes import queries as communes
from cdp.delivery import services as delivery
from cdp.delivery.rules import Planned, Report
from cdp.delivery.services import Picture
from cdp.delivery.states import MilestoneKind
from cdp.funding import queries as funding
from cdp.funding.services import promises, treasury
from cdp.funding.services.promises import Promise
from cdp.funding.services.treasury import Payment, Quote, Signed
from cdp.kernel.clock import today
from cdp.people.queries import find as find_person
from cdp.people.states import ShownAs
from cdp.programme.services import projects
from cdp.programme.states import ProjectStep
from cdp.rounds.states import Source
from cdp.store.files import examine
from cdp.teams import services as teams
from cdp.teams.queries import membership_of
from cdp.teams.rules import LONGEST, Joining
from cdp.teams.services import Asking, Invite
from cdp.teams.states import Offer

HOURS = "H"
YEAR = timedelta(days=365)
VISAED = date(2023, 2, 2)
"""The day after the plan was published: works are steered from then on."""


class Works:
    """One project of the seeds, from the day of the plan's visa on."""

    def __init__(self, scene: Scene, asked: AskedFor, given: dict[str, Any]) -> None:
        self.scene, self.asked, self.given = scene, asked, given
        self.held: dict[int, int] = defaultdict(int)
        self.pledges: dict[tuple[str, str], Any] = {}
        self.milestones: list[Any] = []

    @property
    def number(self) -> str:
        """Number for life."""
        return str(self.asked.made[self.given["key"]].number)

    def project(self) -> Any:
        """The project as it stands."""
        return funding.find_project(self.scene.db, self.scene.commune_id, self.number)

    def plan(self) -> None:
        """Everything that happens to it, each on its day."""
        self._teams()
        self._money()
        self._works()
        self._needs()
        self._states()

    def _key(self, *parts: object) -> str:
        return ":".join(str(part) for part in ("demo", self.given["key"], *parts))

    # -- who stands behind it

    def _teams(self) -> None:
        for member in self.given["team"]:
            offer = Offer(member["what"])
            text = member.get("detail_fr") or member.get("detail_ar") or ""
            hours = member.get("hours") or (12 if offer is Offer.HOURS else None)
            visit = member["since"] if offer is Offer.VISIT else None
            joining = Joining(
                offer, min(member["until"], member["since"] + LONGEST), text[:200], hours=hours, visit_since=visit
            )
            self.scene.on(member["since"], self._joining(member["person"], joining, until=member["until"]))

    def _joining(self, person: str, joining: Joining, *, until: date) -> Any:
        def act() -> None:
            if self.asked.made[self.given["key"]].id in self.scene.actor(person).memberships:
                return
            self._invite(person, joining)
            if until > joining.until:
                self.scene.on(joining.until, lambda: self._stay(person, until))

        return act

    def _invite(self, person: str, joining: Joining) -> None:
        db, proposal = self.scene.db, self.asked.made[self.given["key"]]
        found = find_person(db, self.scene.persons[person])
        invite = Invite(
            name=found.name, language=found.language, until=min(joining.until, today() + timedelta(days=60))
        )
        invitation, _token = teams.invite(db, self.scene.office("officer"), proposal, invite)
        shown = Joining(**{**vars(joining), "shown_as": found.shown_as, "city": found.city})
        teams.join(db, self.scene.actor(person), proposal, shown, invitation=invitation)

    def _stay(self, person: str, until: date) -> None:
        """Stay on, a year at most at once."""
        db, proposal, day = self.scene.db, self.asked.made[self.given["key"]], today()
        held = membership_of(db, self.scene.persons[person], proposal.id, day)
        if held is not None:
            last = min(until, day + LONGEST)
            teams.prolong(db, self.scene.actor(person), held, last)
            if last < until:
                self.scene.on(last, lambda: self._stay(person, until))

    def _needs(self) -> None:
        for need in self.given["needs"]:
            asking = Asking(Offer(need["what"]), labelled(need, "label"), need.get("hours") or need.get("quantity"))
            self.scene.on(date(2027, 3, 1), self._asking(asking))

    def _asking(self, asking: Asking) -> Any:
        def act() -> None:
            teams.ask(self.scene.db, self.scene.office("officer"), self.asked.made[self.given["key"]], asking)

        return act

    # -- its money

    def _money(self) -> None:
        for position, given in enumerate(self.given["agreements"]):
            self.scene.on(given["signed_on"], self._signing(given, position))
        for position, given in enumerate(self.given["pledges"]):
            self.scene.on(given["pledged_on"], self._promising(given, position))
        for position, given in enumerate(self.given["receipts"]):
            self.scene.on(given["day"], self._receiving(given, position))
        for position, given in enumerate(self.given["spending"]):
            self.scene.on(given["day"], self._spending(given, position))

    def _signing(self, given: dict[str, Any], position: int) -> Any:
        def act() -> None:
            signed = Signed(
                source=Source(given["source"]),
                party=given["partner"],
                amount_minor=given["amount"] * 100,
                signed_on=given["signed_on"],
                reference=f"{self.number}/{position + 1}",
                signatory=given["partner"],
            )
            key = self._key("agreement", position)
            treasury.sign(self.scene.db, self.scene.office("treasurer"), self.project(), signed, key=key)

        return act

    def _promising(self, given: dict[str, Any], position: int) -> Any:
        def act() -> None:
            who, day = given["who"], given["pledged_on"]
            group_id = self.scene.groups[who] if given["by"] == "group" else None
            person = self.scene.members[who][0] if given["by"] == "group" else who
            if group_id is None:
                offer = Offer.HOURS if given["hours"] and not given["amount"] else Offer.SUM
                hours = given["hours"] or None if offer is Offer.HOURS else None
                self._joining(person, Joining(offer, day + YEAR, hours=hours), until=day + YEAR)()
            for unit, amount in ((given["currency"], given["amount"] * 100), (HOURS, given["hours"] * 60)):
                if amount:
                    self._promise(given, unit, amount, position=position, person=person, group_id=group_id)

        return act

    def _promise(self, given: dict[str, Any], unit: str, amount: int, **who: Any) -> None:
        db = self.scene.db
        if unit not in {"MAD", HOURS}:
            self._rate(unit, given["pledged_on"])
        promise = Promise(
            unit=unit,
            amount_minor=amount,
            until=given["pledged_on"] + 2 * YEAR,
            shown_as=ShownAs(given["shown_as"]),
            group_id=who["group_id"],
        )
        key = self._key("pledge", who["position"], unit)
        made = promises.pledge(db, self.scene.actor(who["person"]), self.project(), promise, key=key)
        self.pledges[given["who"], unit] = made
        given_back = given["pledged_on"] + timedelta(days=200)
        if unit == HOURS and given_back < date(2027, 1, 1):
            self.scene.on(given_back, lambda: self._deliver(made, given_back))

    def _deliver(self, made: Any, day: date) -> None:
        db = self.scene.db
        line = funding.find_line(db, self.scene.commune_id, made.line_id)
        seen = Payment(made.amount_minor, day, "Compte rendu signé", unit=HOURS)
        treasurer = self.scene.office("treasurer")
        treasury.deliver_hours(db, treasurer, line, made, payment=seen, key=self._key("hours", made.id))

    def _rate(self, currency: str, day: date) -> None:
        base = Decimal(self.asked.document["euro_rate"])
        dirhams = str(base + (day.year - VISAED.year) * Decimal("0.02"))
        quote = Quote(currency, dirhams, day, "Taux inventé, figé pour la démonstration")
        commune = communes.find(self.scene.db, "tizi-nouzgar")
        treasury.enter_rate(self.scene.db, self.scene.office("treasurer"), commune, quote)

    def _receiving(self, given: dict[str, Any], position: int) -> Any:
        def act() -> None:
            db, treasurer, source = self.scene.db, self.scene.office("treasurer"), Source(given["source"])
            key = self._key("receipt", position)
            made = self.pledges.get((given.get("pledge", ""), given.get("received_currency", "MAD")))
            if made is not None:
                unit = given.get("received_currency", "MAD")
                amount = given.get("received", given["amount"]) * 100
                if unit != "MAD":
                    self._rate(unit, given["day"])
                line = funding.find_line(db, self.scene.commune_id, made.line_id)
                paid = Payment(amount, given["day"], given["reference"], unit=unit)
                treasury.receive_promise(db, treasurer, line, made, payment=paid, key=key)
                return
            if source in {Source.OWN, Source.LOAN}:
                signed = Signed(
                    source, "", given["amount"] * 100, given["day"], f"Budget {given['day'].year}", "Conseil communal"
                )
                treasury.sign(db, treasurer, self.project(), signed, key=self._key("budget", position))
            line = next(row for row in funding.lines_of(db, self.project().id) if row.source is source)
            line = funding.find_line(db, self.scene.commune_id, line.id)
            paid = Payment(given["amount"] * 100, given["day"], given["reference"])
            treasury.receive(db, treasurer, line, paid, key=key)
            self.held[line.id] += given["amount"] * 100

        return act

    def _spending(self, given: dict[str, Any], position: int) -> Any:
        def act() -> None:
            db, left = self.scene.db, given["amount"] * 100
            for part, (line_id, held) in enumerate(sorted(self.held.items(), key=lambda item: -item[1])):
                amount = min(held, left)
                if amount <= 0:
                    continue
                line = funding.find_line(db, self.scene.commune_id, line_id)
                paid = Payment(amount, given["day"], f"{given['label_fr']}, décompte et PV"[:200])
                key = self._key("spending", position, part)
                treasury.spend(db, self.scene.office("treasurer"), line, paid, key=key)
                self.held[line_id], left = held - amount, left - amount

        return act

    # -- its works

    def _works(self) -> None:
        first = VISAED
        for position, given in enumerate(self.given["milestones"]):
            self.scene.on(min(first, given.get("done_on", first)), self._planning(given))
            if "done_on" in given:
                self.scene.on(given["done_on"], self._reporting(given, position))

    def _states(self) -> None:
        """Where the project stands, step by step: never before the visa."""
        done = [m["done_on"] for m in self.given["milestones"] if "done_on" in m]
        first = max(VISAED, min([*done, date(self.given["start_year"], 3, 1)]))
        ways: dict[str, list[tuple[date, ProjectStep]]] = {
            "study": [(VISAED, ProjectStep.START_STUDY)],
            "tender": [(VISAED, ProjectStep.CALL_TENDER)],
            "works": [(first, ProjectStep.START_WORKS)],
            "done": [(first, ProjectStep.START_WORKS), (max([first, *done]), ProjectStep.FINISH)],
        }
        for day, what in ways.get(self.given["state"], []):
            self.scene.on(day, self._stepping(what))

    def _stepping(self, what: ProjectStep) -> Any:
        return lambda: projects.step(self.scene.db, self.scene.office("officer"), self.project(), what)

    def _planning(self, given: dict[str, Any]) -> Any:
        def act() -> None:
            planned = Planned(labelled(given, "title"), given.get("planned_on"), MilestoneKind(given["kind"]))
            officer = self.scene.office("officer")
            self.milestones.append(delivery.plan(self.scene.db, officer, self.project(), planned))

        return act

    def _reporting(self, given: dict[str, Any], position: int) -> Any:
        def act() -> None:
            measured = given.get("measured")
            report = Report(
                done_on=given["done_on"],
                quantity_milli=None if measured is None else round(measured * 1000),
                quantity_unit=given.get("unit", "") if measured is not None else "",
                note=labelled(given, "note"),
                photo_taken_on=given["done_on"],
            )
            out = io.BytesIO()
            draw(self.given["sector"], seed=f"{self.given['key']}:{position}").save(out, "PNG")
            content = examine(out.getvalue(), largest=8 * 1024 * 1024)
            picture = Picture(content, f"{self.given['key']}-{position}.png", self.scene.files)
            delivery.report(
                self.scene.db,
                self.scene.office("officer"),
                self.project(),
                self.milestones[position],
                report=report,
                picture=picture,
            )

        return act
