"""Forms of the works: plan a step, report it with a dated photo, say why it is late, take a report back."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, FileField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from cdp.delivery.rules import Planned, Report
from cdp.delivery.states import MilestoneKind
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.web.fields import WordsField, some_language
from cdp.web.forms.base import BaseForm


class PlanForm(BaseForm):
    """A step of the works that is planned."""

    title = WordsField(_l("Which step?"), [some_language])
    kind = SelectField(_l("Of which kind?"), default=MilestoneKind.WORKS.value)
    planned_on = DateField(_l("Planned for"), [Optional()])

    def offer(self) -> "PlanForm":
        """The kinds of steps, in words."""
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in MilestoneKind]
        return self

    def planned(self) -> Planned:
        """What was written, as a value."""
        return Planned(self.title.data, self.planned_on.data, MilestoneKind(self.kind.data))


class ReportForm(BaseForm):
    """A step that is done: its day, what was measured, a photo and its day."""

    done_on = DateField(_l("Done on"), [InputRequired(_l("Choose a day."))], default=today)
    quantity = DecimalField(_l("How much was measured?"), [Optional()], places=3)
    unit = StringField(_l("In which unit? (km, m3, houses)"), [Optional(), Length(max=20)])
    note = WordsField(_l("In a few words"), [Optional()], rows=3, longest=2000)
    photo = FileField(_l("A photo of the works"), [Optional()])
    photo_taken_on = DateField(_l("Photo taken on"), [Optional()])

    def report(self) -> Report:
        """What was written, as a value."""
        quantity = None if self.quantity.data is None else int(self.quantity.data * 1000)
        return Report(
            self.done_on.data, quantity, self.unit.data or "", self.note.data, photo_taken_on=self.photo_taken_on.data
        )


class ExpectForm(BaseForm):
    """The day a step is expected now, and why it is late."""

    day = DateField(_l("Expected on"), [InputRequired(_l("Choose a day."))])
    reason = WordsField(_l("Why is it late?"), [Optional()], rows=3, longest=2000)


class UndoForm(BaseForm):
    """Taking a report back."""

    reason = WordsField(_l("Why is the report taken back?"), [some_language], rows=3, longest=2000)
