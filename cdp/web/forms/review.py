"""Forms of the review desk: answers to the checklist, lines of a cost, conclusions with their public reason."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from cdp.http.context import language
from cdp.i18n import formats
from cdp.i18n.languages import OWN_NAMES
from cdp.i18n.say import label, say
from cdp.kernel.errors import RuleBroken
from cdp.kernel.money import Money
from cdp.kernel.words import LANGUAGES
from cdp.review.queries import Estimate
from cdp.review.rules import LONGEST_REASON, MOST_LINES, Decision, EstimateDraft, Line, read_quantity
from cdp.review.services import Found
from cdp.review.states import Answer, CostKind, Verdict
from cdp.web.fields import MoneyField, WordsField
from cdp.web.forms.base import BaseForm

REASON = _l("Write the reason: it will be public.")
SPARE = 2
"""Empty lines a form offers below those that are filled."""


def languages() -> list[SelectChoice]:
    """The languages a reason is written in, the page's own first."""
    return [SelectChoice(code, OWN_NAMES[code]) for code in sorted(LANGUAGES, key=lambda code: code != language())]


def reason_field(text: Any) -> TextAreaField:
    """A required reason."""
    return TextAreaField(text, [DataRequired(REASON), Length(max=LONGEST_REASON)], render_kw={"rows": 4})


class FindingsForm(BaseForm):
    """The answers to the points of a checklist, as they were sent; its inputs stand in the template."""

    def found(self, keys: Iterable[str]) -> list[Found]:
        """The points that were answered; anything else than yes, no or unknown is no answer."""
        known = {answer.value: answer for answer in Answer}
        return [
            Found(key, known[given], request.form.get(f"note-{key}", ""))
            for key in keys
            if (given := request.form.get(f"answer-{key}", "")) in known
        ]


class QuantityField(StringField):
    """A quantity with up to three decimals; data is in thousandths."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed; ValueError with the sentence of what is wrong."""
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = read_quantity(valuelist[0])
            except RuleBroken as error:
                raise ValueError(say(error.message)) from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        whole, rest = divmod(int(self.data), 1000)
        return formats.number(whole, language()) + (f",{rest:03}".rstrip("0") if rest else "")


class LineForm(Form):
    """One line of a cost; a line without words, quantity and price is not there."""

    kind = SelectField(_l("Kind"), choices=lambda: [SelectChoice(kind.value, label(kind)) for kind in CostKind])
    label = WordsField(_l("What it pays for"))
    quantity = QuantityField(_l("Quantity"), render_kw={"inputmode": "decimal"})
    unit = StringField(_l("Unit"), [Length(max=20)])
    price = MoneyField(_l("Price of one (DH)"), render_kw={"inputmode": "decimal"})

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written on this line."""
        return not self.label.data and not any(
            f.raw_data and f.raw_data[0].strip() for f in (self.quantity, self.price)
        )

    def line(self) -> Line:
        """The line as a value; only for one that holds."""
        price = self.price.data
        return Line(
            CostKind(self.kind.data),
            self.label.data,
            self.quantity.data or 0,
            (self.unit.data or "").strip(),
            price.minor if price is not None else 0,
        )

    def validate_label(self, field: WordsField) -> None:
        """A line that has numbers says what for."""
        if not self.is_blank and not field.data:
            raise ValidationError(_l("Say what this line pays for."))

    def validate_quantity(self, field: QuantityField) -> None:
        """A line that says what for has a quantity."""
        if not self.is_blank and field.data is None and not field.errors:
            raise ValidationError(_l("Write how much of it."))

    def validate_price(self, field: MoneyField) -> None:
        """A line that says what for has a price, nought for what is given."""
        if not self.is_blank and field.data is None and not field.errors:
            raise ValidationError(_l("Write the price of one, 0 if it is given."))


class EstimateForm(BaseForm):
    """The lines of a cost and the year of their prices."""

    lines = FieldList(FormField(LineForm), min_entries=1, max_entries=MOST_LINES)
    price_year = IntegerField(_l("Prices of the year"), [InputRequired()], render_kw={"inputmode": "numeric"})
    basis = StringField(_l("Where the prices come from"), [Optional(), Length(max=200)])

    @classmethod
    def of(cls, estimate: Estimate | None, year: int) -> "EstimateForm":
        """The form with the cost that stands, and a few empty lines."""
        given = [
            {
                "kind": line.kind.value,
                "label": line.label,
                "quantity": line.quantity_milli,
                "unit": line.unit,
                "price": Money(line.price_minor),
            }
            for line in (estimate.lines if estimate else ())
        ]
        form = cls(
            formdata=None,
            data={
                "lines": given,
                "price_year": estimate.price_year if estimate else year,
                "basis": estimate.basis if estimate else "",
            },
        )
        form.add_line(SPARE if given else SPARE - 1)
        return form

    def add_line(self, number: int = 1) -> None:
        """More empty lines at the end, as far as there may be."""
        for _ in range(min(number, MOST_LINES - len(self.lines))):
            self.lines.append_entry()

    def draft(self) -> EstimateDraft:
        """The cost as a value; empty lines are left out."""
        lines = tuple(entry.form.line() for entry in self.lines if not entry.form.is_blank)
        return EstimateDraft(lines, self.price_year.data, (self.basis.data or "").strip())


class ConclusionForm(BaseForm):
    """Admissible, back to its authors, or refused; always with a reason."""

    verdict = RadioField(
        _l("What is concluded"),
        [InputRequired()],
        choices=[
            SelectChoice(Verdict.ADMIT.value, _l("Admissible: the panel marks it")),
            SelectChoice(Verdict.RETURN.value, _l("Back to its authors, to correct the points ticked below")),
            SelectChoice(Verdict.REFUSE.value, _l("Refused")),
        ],
    )
    points = SelectMultipleField(
        _l("Points to correct"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    correct_until = DateField(_l("Last day to correct"), [Optional()])
    reason = reason_field(_l("Reason"))
    reason_language = SelectField(_l("The reason is written in"), choices=languages)

    def decision(self) -> Decision:
        """The decision as a value."""
        return Decision(
            Verdict(self.verdict.data),
            self.reason.data,
            self.reason_language.data,
            tuple(self.points.data or ()),
            self.correct_until.data,
        )


class MergeForm(BaseForm):
    """Into which proposal another goes, and why."""

    into = StringField(_l("Number of the proposal that stays"), [DataRequired()])
    merge_reason = reason_field(_l("Reason"))
    merge_language = SelectField(_l("The reason is written in"), choices=languages)

    def decision(self) -> Decision:
        """The decision as a value."""
        return Decision(Verdict.MERGE, self.merge_reason.data, self.merge_language.data)


class ReopenForm(BaseForm):
    """Why a conclusion is taken up again."""

    reopen_reason = reason_field(_l("Reason"))
    reopen_language = SelectField(_l("The reason is written in"), choices=languages)

    def decision(self) -> Decision:
        """The decision as a value."""
        return Decision(Verdict.REOPEN, self.reopen_reason.data, self.reopen_language.data)
