"""The update of the round before: from its third year, with the years that partners and works found since."""

from collections.abc import Callable, Iterable
from typing import Any

from cdp.cli.demo.rounds import AskedFor
from cdp.cli.demo.scene import Scene
from cdp.programme.rules.shares import PartShare
from cdp.programme.rules.votes import Vote
from cdp.programme.services import conditions, council, drafting, updating
from cdp.programme.services import shares as shares_of
from cdp.rounds import queries as rounds
from cdp.rounds.states import Source, Sureness


def share(scene: Scene, asked: AskedFor, given: dict[str, Any], *, years_before: int = 0) -> None:
    """Who pays how much in which year, as the project's conventions say; what nobody shares keeps its year.

    What the commune bears every year after the works is a condition too.
    """
    officer, proposal = scene.office("officer"), asked.proposal(given["key"])
    shares = list(_shares(given, years_before))
    shares_of.set_shares(scene.db, officer, proposal, shares)
    terms: dict[str, Any] = {} if shares else {"earliest": given["start_year"] - years_before, "duration": 1}
    if "running" in given:
        terms["running"] = [{"source": Source.OWN.value, "amount": given["running"] * 100}]
    if terms:
        conditions.set_project_terms(scene.db, officer, proposal, terms)


def _shares(given: dict[str, Any], years_before: int) -> Iterable[PartShare]:
    partners = {row["source"]: row["partner"] for row in given["agreements"]}
    paid: dict[str, dict[int, int]] = {}
    for row in given["amounts"]:
        years, year = paid.setdefault(row["source"], {}), row["year"] - years_before
        years[year] = years.get(year, 0) + row["amount"] * 100
    for source, years in paid.items():
        if source != Source.OWN:
            yield PartShare(
                Source(source),
                sum(years.values()),
                Sureness.PROMISED,
                partners.get(source, ""),
                tuple(sorted(years.items())),
            )


class Update:
    """The second version of the plan, from its opening to its publication."""

    def __init__(self, scene: Scene, asked: AskedFor, document: dict[str, Any]) -> None:
        self.scene, self.asked, self.given = scene, asked, document["update"]
        self.projects = {project["key"]: project for project in document["project"]}
        self.version: Any = None

    @property
    def moved(self) -> dict[str, int]:
        """By project, how many years earlier the first version had it."""
        return {move["key"]: move["years_later"] for move in self.given["move"]}

    def load(self) -> None:
        """Everything, each on its day."""
        given, on = self.given, self.scene.on
        vote = Vote(given["adopted_on"], given["votes_for"], given["votes_against"], given["abstentions"])
        on(given["opened_on"], self._draft)
        on(given["submitted_on"], lambda: self._act(council.submit))
        on(given["adopted_on"], lambda: self._act(council.adopt, vote))
        on(given["visa_on"], lambda: self._act(council.visa, on=given["visa_on"], reference=given["visa"]))
        on(given["published_on"], lambda: self._act(council.publish))

    def _officer(self) -> Any:
        return self.scene.office("officer")

    def _draft(self) -> None:
        db, officer = self.scene.db, self._officer()
        round_ = rounds.find(db, self.scene.commune_id, self.asked.first_year)
        self.version = updating.open_update(db, officer, round_, reason=self.given["reason"], begun=self.given["begun"])
        for move in self.given["move"]:
            project = self.projects[move["key"]]
            number = self.asked.proposal(move["key"]).number
            share(self.scene, self.asked, project)
            drafting.move(db, officer, self.version, number, project["start_year"], reason=move["reason"])

    def _act(self, act: Callable[..., Any], *values: Any, **named: Any) -> None:
        act(self.scene.db, self._officer(), self.version, *values, **named)
