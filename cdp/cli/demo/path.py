"""The path on paper of the round before: meetings, figures, days, signed scans."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask_babel import force_locale

from cdp.cli.demo.rounds import AskedFor
from cdp.cli.demo.scene import Scene, read, words
from cdp.conduct.reference import document
from cdp.exports import typeset
from cdp.exports.blocks import Document, Page, Text
from cdp.i18n.say import label
from cdp.kernel.clock import now
from cdp.meetings import services as meetings
from cdp.meetings.rules import Figure
from cdp.meetings.services import Account, Call, Said
from cdp.meetings.states import Indicator, MeetingKind, PresentBy, SayingKind
from cdp.papers import services as papers
from cdp.papers.rules import read_calendar
from cdp.papers.services import Scan
from cdp.papers.states import PaperKind
from cdp.store.files import Content, examine

FIGURES_ON = timedelta(days=30)
SOURCE = "Relevé de la commune (inventé) / سجل الجماعة (مختلق)"
LARGEST = 1_000_000


class Path:
    """The papers of a round of the seeds."""

    def __init__(self, scene: Scene, asked: AskedFor) -> None:
        self.scene, self.asked, self.document = scene, asked, read("path_2022")
        self.calendar = read_calendar(document("calendar"))

    def load(self) -> None:
        """Everything, each on its day."""
        first = self.asked.windows[0].starts_on
        for given in self.document["meeting"]:
            self.scene.on(given["on"], self._meeting(given))
        self.scene.on(first + FIGURES_ON, self._figures)
        for key, given in self.document["days"].items():
            for number, day in enumerate(given if isinstance(given, list) else [given], 1):
                self.scene.on(max(day, first), self._day(key, day, number))
        for given in self.document["scan"]:
            self.scene.on(given["kept"], self._scanned(given))

    def _meeting(self, given: dict[str, Any]) -> Callable[[], None]:
        def act() -> None:
            db, card, officer = self.scene.db, self.asked.card(), self.scene.office("officer")
            call = Call(
                kind=MeetingKind(given["kind"]),
                title=words(given["title"]),
                held_on=given["on"],
                begins_at=given["at"],
                place=words(given["place"]),
                locality_id=self.scene.places.get(given.get("locality", "")),
                agenda=words(given.get("agenda")),
            )
            made = meetings.call(db, officer, card, call, key=f"demo:{given['key']}")
            meetings.write_up(db, officer, card, made, self._account(given))

        return act

    def _account(self, given: dict[str, Any]) -> Account:
        counts = {
            (PresentBy(facet), value): count
            for facet, classes in given["counts"].items()
            for value, count in classes.items()
        }
        said = tuple(
            Said(
                kind=SayingKind(each["kind"]),
                text=words(each["text"]),
                sector=each.get("sector", ""),
                locality_id=self.scene.places.get(each.get("locality", "")),
            )
            for each in given.get("said", [])
        )
        return Account(given["present"], counts, said, words(given.get("minutes")))

    def _figures(self) -> None:
        for given in self.document["figure"]:
            figure = Figure(Indicator(given["indicator"]), round(float(given["value"]) * 1000), SOURCE, given["year"])
            meetings.enter_figure(self.scene.db, self.scene.office("officer"), self.asked.card(), figure)

    def _day(self, key: str, day: Any, number: int) -> Callable[[], None]:
        def act() -> None:
            db, card, officer = self.scene.db, self.asked.card(), self.scene.office("officer")
            papers.note_day(db, officer, card, key, day, calendar=self.calendar, number=number)

        return act

    def _scanned(self, given: dict[str, Any]) -> Callable[[], None]:
        def act() -> None:
            db, card, officer = self.scene.db, self.asked.card(), self.scene.office("officer")
            name, number = f"{given['step']}-{given['kind']}.pdf", given.get("number", 1)
            for_step = (PaperKind(given["kind"]), given["step"], given["on"])
            scan = Scan(*for_step, name, self._scan(given), self.scene.files, number)
            papers.keep_scan(db, officer, card, scan)

        return act

    def _scan(self, given: dict[str, Any]) -> Content:
        """What stands in for a scan: a page that says of what it is one."""
        with force_locale("fr_MA"):
            title = label(PaperKind(given["kind"]))
        text = "Copie signée (inventée pour la démonstration) · نسخة موقعة (متخيلة لأغراض العرض)"
        about = f"{title} · {given['on']:%d/%m/%Y}"
        page = Page("fr", title, about, "CDP", ())
        return examine(typeset.pdf(Document("letter", page, (Text(text),)), now()), largest=LARGEST)
