"""Forms of the legal path: the real day of a step, the commune's own reading of a rule, a signed paper."""

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cdp.i18n.say import label
from cdp.papers.rules import MOST_DAYS, LegalStep
from cdp.papers.states import PaperKind
from cdp.web.forms.base import BaseForm


class DayForm(BaseForm):
    """On which day a step happened; empty takes it back."""

    happened_on = DateField(_l("Happened on"), [Optional()])


class RuleForm(BaseForm):
    """How the commune reads a step of the law."""

    article = StringField(_l("Article"), [InputRequired(), Length(max=120)])
    days = IntegerField(
        _l("Days (before: a minus sign)"), [InputRequired(), NumberRange(min=-MOST_DAYS, max=MOST_DAYS)]
    )
    is_checked = BooleanField(_l("A lawyer has read this deadline"))
    checked_by = StringField(_l("Who read it"), [Optional(), Length(max=120)])
    checked_on = DateField(_l("Read on"), [Optional()])

    def step(self, known: LegalStep) -> LegalStep:
        """The step as it is read now."""
        return replace(
            known,
            article=self.article.data or "",
            rule=replace(known.rule, days=self.days.data or 0),
            is_checked=bool(self.is_checked.data),
            checked_by=self.checked_by.data or "",
            checked_on=self.checked_on.data,
        )


class ScanForm(BaseForm):
    """A signed paper that came back."""

    kind = SelectField(_l("Which paper"))
    dated = DateField(_l("Day of the paper"), [InputRequired()])
    file = FileField(_l("Signed scan (PDF or photo)"))

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in PaperKind]
