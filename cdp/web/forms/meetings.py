"""Forms of meetings and of the diagnosis: a call, an account in classes with what was said, a figure."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from cdp.http.context import language
from cdp.i18n.say import label
from cdp.kernel.words import Words
from cdp.meetings.queries import MeetingRow
from cdp.meetings.rules import Figure
from cdp.meetings.services import Account, Call, Said
from cdp.meetings.states import (
    CLASSES,
    Indicator,
    MeetingKind,
    PresentAge,
    PresentBy,
    PresentFrom,
    PresentSex,
    SayingKind,
)
from cdp.web.fields import KeyField, WordsField, some_language
from cdp.web.forms.base import BaseForm

PLAIN = {"inputmode": "numeric", "min": 0}
COUNT = [Optional(), NumberRange(min=0, max=100_000)]
SPARE = 4
"""Empty rows for what was said, beside those that are filled."""

NAMES: dict[PresentBy, Any] = {
    PresentBy.SEX: PresentSex,
    PresentBy.AGE: PresentAge,
    PresentBy.GROUP: PresentFrom,
}

Places = Sequence[tuple[int, str, str]]
"""Douars of the commune: number, code, name."""


def _of_places(places: Places) -> list[SelectChoice]:
    return [SelectChoice("", _l("The whole commune")), *(SelectChoice(str(id_), name) for id_, _code, name in places)]


class CallForm(BaseForm):
    """A meeting as it is called."""

    form_key = KeyField()
    kind = SelectField(_l("Kind of meeting"))
    title = WordsField(_l("Title"), [some_language])
    held_on = DateField(_l("Day"), [InputRequired(_l("Choose a day."))])
    begins_at = StringField(_l("Hour"), [Optional(), Regexp(r"^([01]\d|2[0-3]):[0-5]\d$")], render_kw={"type": "time"})
    place = WordsField(_l("Place"), [Optional()])
    locality = SelectField(_l("Douar"), [Optional()])
    agenda = WordsField(_l("Agenda, a point a line"), [Optional()], rows=4)
    chaired_by = StringField(_l("Who is in the chair"), [Optional(), Length(max=120)])

    def __init__(self, *, places: Places, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in MeetingKind]
        self.locality.choices = _of_places(places)

    def call(self) -> Call:
        """The call as a value."""
        return Call(
            kind=MeetingKind(self.kind.data),
            title=self.title.data,
            held_on=self.held_on.data,
            begins_at=self.begins_at.data or "",
            place=self.place.data,
            locality_id=int(self.locality.data) if self.locality.data else None,
            agenda=self.agenda.data,
            chaired_by=(self.chaired_by.data or "").strip(),
        )


def called(meeting: Any) -> dict[str, Any]:
    """A meeting that was called as the data of its form."""
    names = ("title", "held_on", "begins_at", "place", "agenda", "chaired_by")
    data = {name: getattr(meeting, name) for name in names}
    return data | {"kind": meeting.kind.value, "locality": str(meeting.locality_id or "")}


class AccountForm(BaseForm):
    """How many came, in classes; the minutes. What was said and the douars are added by :func:`account_form`."""

    present = IntegerField(
        _l("How many were present"),
        [InputRequired(_l("Write a number.")), NumberRange(min=0, max=100_000)],
        render_kw=PLAIN,
    )
    minutes = WordsField(_l("Minutes"), [Optional()], rows=6)
    places: Places
    rows: int

    def counts(self) -> Iterator[tuple[PresentBy, list[Any]]]:
        """The fields of each facet."""
        for facet, values in CLASSES.items():
            yield facet, [self[f"{facet.value}_{value}"] for value in values]
        if self.places:
            yield PresentBy.PLACE, [self[f"place_{id_}"] for id_, _code, _name in self.places]

    def said(self) -> Iterator[tuple[Any, Any, Any, Any]]:
        """The fields of what was said, row by row: kind, sector, douar, words."""
        for n in range(self.rows):
            yield self[f"kind_{n}"], self[f"sector_{n}"], self[f"where_{n}"], self[f"text_{n}"]

    def account(self) -> Account:
        """The account as a value; empty counts and empty words are none."""
        counts = {
            (facet, value): self[f"{facet.value}_{value}"].data for facet, values in CLASSES.items() for value in values
        } | {(PresentBy.PLACE, code): self[f"place_{id_}"].data for id_, code, _name in self.places}
        said = tuple(
            Said(
                SayingKind(kind.data or SayingKind.NEED),
                text.data,
                sector.data or "",
                int(where.data) if where.data else None,
            )
            for kind, sector, where, text in self.said()
            if text.data
        )
        return Account(self.present.data, {key: n for key, n in counts.items() if n}, said, self.minutes.data)


def account_form(places: Places, sectors: Iterable[tuple[str, Words]], row: MeetingRow) -> AccountForm:
    """The form of a meeting's account, filled with what is written up already."""
    named = [SelectChoice("", "—"), *(SelectChoice(key, name.in_(language())[0]) for key, name in sectors)]
    kinds, wheres = [SelectChoice(kind.value, label(kind)) for kind in SayingKind], _of_places(places)
    fields: dict[str, Any] = {"places": places, "rows": len(row.sayings) + SPARE}
    data: dict[str, Any] = {"present": row.present, "minutes": row.minutes}
    for facet, values in CLASSES.items():
        for value in values:
            fields[f"{facet.value}_{value}"] = IntegerField(label(NAMES[facet](value)), COUNT, render_kw=PLAIN)
            data[f"{facet.value}_{value}"] = row.counts.get(facet, {}).get(value)
    for id_, code, name in places:
        fields[f"place_{id_}"] = IntegerField(name, COUNT, render_kw=PLAIN)
        data[f"place_{id_}"] = row.counts.get(PresentBy.PLACE, {}).get(code)
    for n in range(fields["rows"]):
        fields[f"kind_{n}"] = SelectField(_l("What it is"), [Optional()], choices=kinds)
        fields[f"sector_{n}"] = SelectField(_l("Sector"), [Optional()], choices=named)
        fields[f"where_{n}"] = SelectField(_l("Douar"), [Optional()], choices=wheres)
        fields[f"text_{n}"] = WordsField(_l("What was said"), [Optional()], rows=2)
    for n, said in enumerate(row.sayings):
        data |= {f"kind_{n}": said.kind.value, f"sector_{n}": said.sector, f"text_{n}": said.text}
        data[f"where_{n}"] = str(said.locality_id or "")
    made: AccountForm = type("MeetingAccount", (AccountForm,), fields)(data=data)
    return made


class FigureForm(BaseForm):
    """A figure of the diagnosis, with its source and year."""

    indicator = SelectField(_l("Indicator"))
    value = DecimalField(
        _l("Value"),
        [InputRequired(_l("Write a number.")), NumberRange(min=0, max=Decimal(100_000_000))],
        places=None,
        render_kw={"inputmode": "decimal"},
    )
    source = StringField(_l("Where from"), [InputRequired(_l("Name the source.")), Length(max=200)])
    year = IntegerField(_l("Year"), [InputRequired(_l("Write a number."))], render_kw=PLAIN)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.indicator.choices = [SelectChoice(each.value, label(each)) for each in Indicator]

    def figure(self) -> Figure:
        """The figure as a value."""
        milli = round(self.value.data * 1000)
        return Figure(Indicator(self.indicator.data), milli, self.source.data or "", self.year.data)
