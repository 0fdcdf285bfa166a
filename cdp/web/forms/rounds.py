"""Forms of a round: its years, its phases, its charter, a decision. The fields follow what a charter holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from cdp.http.context import language
from cdp.i18n.say import label
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.rounds.rules.charter import CharterRules, CheckPoint, Criterion, Envelope, Sector
from cdp.rounds.rules.phases import Decision, Window
from cdp.rounds.states import PHASES, CharterSection, DecisionKind, Phase, ProposerKind, Source, Sureness
from cdp.web.fields import MoneyField, WordsField
from cdp.web.forms.base import BaseForm

MARKS = tuple(range(6))
"""Marks whose meaning a criterion explains."""

MARK_TITLES = (
    _l("What the mark 0 means"),
    _l("What the mark 1 means"),
    _l("What the mark 2 means"),
    _l("What the mark 3 means"),
    _l("What the mark 4 means"),
    _l("What the mark 5 means"),
)


@dataclass(frozen=True)
class Material:
    """What a charter form is made from: the charter in force, those offered beside it, the years of the plan."""

    rules: CharterRules
    offered: CharterRules
    first_year: int
    last_year: int
    fixed: frozenset[CharterSection] = frozenset()
    """Sections something depends on: the texts of their things are no longer written anew."""

    @property
    def years(self) -> range:
        """The years of the plan."""
        return range(self.first_year, self.last_year + 1)

    def sectors(self) -> dict[str, Sector]:
        """Those of the charter first, then those offered."""
        return {s.key: s for s in (*self.offered.sectors, *self.rules.sectors)}

    def points(self) -> dict[str, CheckPoint]:
        """Those of the charter and those offered."""
        return {c.key: c for c in (*self.offered.checklist, *self.rules.checklist)}

    def criteria(self) -> dict[str, Criterion]:
        """Those of the charter and those offered."""
        return {c.key: c for c in (*self.offered.criteria, *self.rules.criteria)}

    @property
    def weights_are_set(self) -> bool:
        """Whether proposals can be seen, as for the sectors: from then on the criteria weigh what they weigh."""
        return CharterSection.SECTORS in self.fixed

    def worded(self) -> tuple[Criterion, ...]:
        """Criteria of the charter in force whose texts may still be written anew."""
        return () if CharterSection.CRITERIA in self.fixed else self.rules.criteria


class YearsForm(BaseForm):
    """The first question about a new round."""

    first_year = IntegerField(_l("First year of the plan"), [InputRequired(), NumberRange(2000, 2100)])
    last_year = IntegerField(_l("Last year of the plan"), [InputRequired(), NumberRange(2000, 2100)])
    starts_on = DateField(_l("First day of the round"), [InputRequired()])


class CharterForm(BaseForm):
    """The rules of a round; :func:`charter_form` adds a field for each thing a charter may hold."""

    material: Material
    supports_each = IntegerField(
        _l("Proposals one person may support"),
        [Optional(), NumberRange(1, 10000)],
        description=_l("Leave it empty for as many as they like."),
    )
    new_sector = WordsField(_l("A sector of your own"), [Optional()], longest=120)
    new_criterion = WordsField(_l("A criterion of your own"), [Optional()], longest=120)
    new_criterion_help = WordsField(_l("What the panel looks at"), [Optional()], rows=2, longest=600)
    new_criterion_weight = IntegerField(_l("Its weight"), [Optional(), NumberRange(1, 1000)])
    new_anchor_0 = WordsField(MARK_TITLES[0], [Optional()], longest=300)
    new_anchor_1 = WordsField(MARK_TITLES[1], [Optional()], longest=300)
    new_anchor_2 = WordsField(MARK_TITLES[2], [Optional()], longest=300)
    new_anchor_3 = WordsField(MARK_TITLES[3], [Optional()], longest=300)
    new_anchor_4 = WordsField(MARK_TITLES[4], [Optional()], longest=300)
    new_anchor_5 = WordsField(MARK_TITLES[5], [Optional()], longest=300)
    reason = TextAreaField(
        _l("Why the charter changes"),
        [Optional(), Length(max=4000)],
        description=_l("Needed once something depends on the charter; everybody can read it."),
    )

    def rules(self) -> CharterRules:
        """The charter as it was filled in."""
        return CharterRules(
            sectors=(*self._kept(self.material.sectors(), "sector"), *self._own_sector()),
            checklist=self._kept(self.material.points(), "point"),
            criteria=(*self._weighed(), *self._own_criterion()),
            envelopes=tuple(self._envelopes()),
            proposers=frozenset(kind for kind in ProposerKind if self[f"who_{kind}"].data),
            supports_each=self.supports_each.data,
        )

    def group(self, prefix: str) -> list[Any]:
        """The fields of one kind, in the order of the charter."""
        return [field for field in self if field.name.startswith(f"{prefix}_")]

    def money_of(self, source: Source) -> list[Any]:
        """The amounts of one source, year by year."""
        return [self[f"money_{source}_{year}"] for year in self.material.years]

    def has_money(self, source: Source) -> bool:
        """Whether an amount of a source is filled in or wrong: its fold stands open then."""
        return any(field.data or field.errors for field in self.money_of(source))

    def _kept(self, things: Mapping[str, Any], prefix: str) -> tuple[Any, ...]:
        return tuple(thing for key, thing in things.items() if self[f"{prefix}_{key}"].data)

    def _weighed(self) -> Iterable[Criterion]:
        if self.material.weights_are_set:
            yield from (self._worded(criterion, criterion.weight) for criterion in self.material.rules.criteria)
            return
        for key, criterion in self.material.criteria().items():
            if weight := self[f"weight_{key}"].data:
                yield self._worded(criterion, weight)

    def _worded(self, criterion: Criterion, weight: int) -> Criterion:
        """The criterion with its texts as they were written; one without a name keeps the name it had."""
        if f"name_of_{criterion.key}" not in self:
            return replace(criterion, weight=weight)
        name, help_, *anchors = (field.data for field in self.texts_of(criterion.key))
        said: dict[int, Words] = dict(zip(MARKS, anchors, strict=True))
        return Criterion(criterion.key, name or criterion.name, help_, weight, {**criterion.anchors, **said})

    def texts_of(self, key: str) -> list[Any]:
        """The texts of a criterion of the charter: name, help, what its marks mean; none where they are fixed."""
        names = (f"name_of_{key}", f"help_of_{key}", *(f"mark_{mark}_of_{key}" for mark in MARKS))
        return [self[name] for name in names if name in self]

    def _own_sector(self) -> tuple[Sector, ...]:
        if not self.new_sector.data:
            return ()
        return (Sector(_free_key(self.material.sectors()), "flag", self.new_sector.data),)

    def _own_criterion(self) -> tuple[Criterion, ...]:
        if self.material.weights_are_set or not self.new_criterion.data:
            return ()
        anchors: dict[int, Words] = {mark: self[f"new_anchor_{mark}"].data for mark in MARKS}
        weight = self.new_criterion_weight.data or 0
        help_ = self.new_criterion_help.data
        return (Criterion(_free_key(self.material.criteria()), self.new_criterion.data, help_, weight, anchors),)

    def _envelopes(self) -> Iterable[Envelope]:
        for year in self.material.years:
            for source in Source:
                amount: Money | None = self[f"money_{source}_{year}"].data
                if amount:
                    yield Envelope(year, source, amount, self._sureness(year, source))

    def _sureness(self, year: int, source: Source) -> Sureness:
        """As chosen for the source; where nothing was chosen, each year stays as sure as it was."""
        if chosen := self[f"sureness_{source}"].data:
            return Sureness(chosen)
        held = {(e.year, e.source): e.sureness for e in self.material.rules.envelopes}
        return held.get((year, source), Sureness.EXPECTED)


class RoundForm(CharterForm):
    """All a round is opened with: title, phases, charter."""

    title = WordsField(_l("Title of the plan"), longest=160)

    def windows(self) -> tuple[Window, ...]:
        """The phases that were given a first day."""
        return windows_of(self, PHASES)


class PhasesForm(BaseForm):
    """The days of the phases that have not begun; :func:`phases_form` adds them."""

    def windows(self, phases: Iterable[Phase]) -> tuple[Window, ...]:
        """Those phases that were given a first day."""
        return windows_of(self, phases)


class DecisionForm(BaseForm):
    """A decision about the phase of the day."""

    kind = RadioField(_l("What is decided"), [InputRequired()])
    ends_on = DateField(_l("New last day"), [InputRequired()])
    reason = TextAreaField(
        _l("Reason that everybody reads"),
        [InputRequired(), Length(max=4000)],
        description=_l("Everybody can read it on the page of the round."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in DecisionKind]

    def decision(self, phase: Phase) -> Decision:
        """The decision as it was filled in."""
        return Decision(phase, DecisionKind(self.kind.data), self.ends_on.data)


def _needs_a_first_day(form: BaseForm, field: DateField) -> None:
    """Validator: a last day stands only beside a first one."""
    if field.data and not form[field.name.replace("ends_", "starts_", 1)].data:
        raise ValidationError(_l("Give the first day too, or leave both empty."))


class LastDay(DateField):
    """The last day of a phase; looked at even when it is alone."""

    def pre_validate(self, form: BaseForm) -> None:
        """Ask whether the first day is there."""
        _needs_a_first_day(form, self)


def _add_days(fields: dict[str, Any], phases: Iterable[Phase], windows: Iterable[Window]) -> None:
    known = {window.phase: window for window in windows}
    for phase in phases:
        window = known.get(phase)
        fields[f"starts_{phase}"] = DateField(
            _l("First day"), [Optional()], default=window.starts_on if window else None
        )
        fields[f"ends_{phase}"] = LastDay(_l("Last day"), [Optional()], default=window.ends_on if window else None)


def windows_of(form: BaseForm, phases: Iterable[Phase]) -> tuple[Window, ...]:
    """The windows of the phases that were given a first day, in the order of the process."""
    return tuple(
        Window(phase, form[f"starts_{phase}"].data, form[f"ends_{phase}"].data)
        for phase in phases
        if form[f"starts_{phase}"].data
    )


def phases_form(phases: Iterable[Phase], windows: Iterable[Window]) -> PhasesForm:
    """A form for the days of some phases, filled with what is planned."""
    fields: dict[str, Any] = {}
    _add_days(fields, phases, windows)
    form: PhasesForm = type("PhasesFormOfRound", (PhasesForm,), fields)(prefix="")
    return form


def charter_form(material: Material) -> CharterForm:
    """A form for the charter of these years, filled with the charter in force."""
    fields = _charter_fields(material) | _text_fields(material) | {"material": material}
    made = type("CharterFormOfRound", (CharterForm,), fields)
    form: CharterForm = made(data={"supports_each": material.rules.supports_each} | _texts(material))
    return form


def round_form(material: Material, windows: Iterable[Window], title: Words) -> RoundForm:
    """A form for a whole round, filled with what is proposed."""
    fields = _charter_fields(material) | {"material": material}
    _add_days(fields, PHASES, windows)
    data = {"supports_each": material.rules.supports_each, "title": title}
    form: RoundForm = type("RoundFormOfYears", (RoundForm,), fields)(data=data)
    return form


def _charter_fields(material: Material) -> dict[str, Any]:
    rules = material.rules
    fields: dict[str, Any] = {
        f"who_{kind}": BooleanField(label(kind), default=kind in rules.proposers) for kind in ProposerKind
    }
    for key, sector in material.sectors().items():
        fields[f"sector_{key}"] = BooleanField(_l_words(sector.name), default=sector in rules.sectors)
    for key, point in material.points().items():
        fields[f"point_{key}"] = BooleanField(_l_words(point.question), default=point in rules.checklist)
    weights = rules.weights()
    for key, criterion in () if material.weights_are_set else material.criteria().items():
        fields[f"weight_{key}"] = IntegerField(
            _l_words(criterion.name), [Optional(), NumberRange(0, 1000)], default=weights.get(key, 0)
        )
    return fields | _envelope_fields(material)


def _envelope_fields(material: Material) -> dict[str, Any]:
    held = {(e.year, e.source): e for e in material.rules.envelopes}
    fields: dict[str, Any] = {}
    for source in Source:
        fields[f"sureness_{source}"] = _sureness_field({e.sureness for e in held.values() if e.source is source})
        for year in material.years:
            envelope = held.get((year, source))
            fields[f"money_{source}_{year}"] = MoneyField(str(year), default=envelope.amount if envelope else None)
    return fields


def _sureness_field(known: set[Sureness]) -> SelectField:
    """How sure a source is; one whose years differ may stay as it is, year by year."""
    choices = [SelectChoice(each.value, label(each)) for each in Sureness]
    if len(known) > 1:
        choices.insert(0, SelectChoice("", _l("as before, differently from year to year")))
    default = "" if len(known) > 1 else next(iter(known), Sureness.EXPECTED).value
    return SelectField(_l("How sure it is"), choices=choices, default=default)


def _text_fields(material: Material) -> dict[str, Any]:
    """Fields for the texts of each criterion of the charter in force; none once they are fixed."""
    fields: dict[str, Any] = {}
    for criterion in material.worded():
        key = criterion.key
        fields[f"name_of_{key}"] = WordsField(_l("Its name"), [Optional()], longest=120)
        fields[f"help_of_{key}"] = WordsField(_l("What the panel looks at"), [Optional()], rows=2, longest=600)
        for mark, title in zip(MARKS, MARK_TITLES, strict=True):
            fields[f"mark_{mark}_of_{key}"] = WordsField(title, [Optional()], longest=300)
    return fields


def _texts(material: Material) -> dict[str, Words]:
    """What the fields of :func:`_text_fields` begin with."""
    found: dict[str, Words] = {}
    for criterion in material.worded():
        key = criterion.key
        found |= {f"name_of_{key}": criterion.name, f"help_of_{key}": criterion.help}
        found |= {f"mark_{mark}_of_{key}": criterion.anchors.get(mark, Words()) for mark in MARKS}
    return found


def _l_words(words: Words) -> str:
    """A name of the charter in the language of the page."""
    return words.in_(language())[0]


def _free_key(taken: Iterable[str]) -> str:
    """A key for a thing of the commune's own."""
    known = set(taken)
    return next(f"own_{n}" for n in range(1, 1000) if f"own_{n}" not in known)
