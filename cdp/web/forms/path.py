"""Forms of the legal path: the real day of a step, the commune's own reading of a rule, a signed paper."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cdp.http.context import language
from cdp.i18n.say import label
from cdp.kernel.words import Words
from cdp.papers.rules import MOST_DAYS, MOST_MONTHS, LegalStep, Rule
from cdp.papers.states import PaperKind, RuleKind
from cdp.web.forms.base import BaseForm


class DayForm(BaseForm):
    """On which day a step happened; empty takes it back."""

    happened_on = DateField(_l("Happened on"), [Optional()])


COUNTED = {
    RuleKind.AT_LATEST: ("days", "working_days"),
    RuleKind.AT_LEAST: ("days", "working_days"),
    RuleKind.NOT_BEFORE: ("months",),
    RuleKind.REPEATS: ("months",),
    RuleKind.MONTH: ("in_months",),
    RuleKind.MAY: ("days", "working_days"),
}
"""What each kind of rule counts in."""


class RuleForm(BaseForm):
    """How the commune reads a step of the law."""

    article = StringField(_l("Article"), [InputRequired(), Length(max=120)], render_kw={"dir": "auto"})
    rule_kind = SelectField(_l("Kind of deadline"))
    counts_from = SelectField(_l("Counted from"), [Optional()])
    days = IntegerField(_l("Days (before: a minus sign)"), [Optional(), NumberRange(min=-MOST_DAYS, max=MOST_DAYS)])
    working_days = BooleanField(_l("Working days alone count"))
    months = IntegerField(_l("Months"), [Optional(), NumberRange(min=0, max=MOST_MONTHS)])
    silence_grants = BooleanField(_l("No answer in time counts as consent"))
    in_months = StringField(_l("Months of the year, as numbers"), [Optional(), Length(max=60)])
    reason = TextAreaField(
        _l("Why this commune reads it so"),
        [InputRequired(), Length(max=600)],
        description=_l("Anyone may read it beside the step."),
    )
    is_checked = BooleanField(_l("A lawyer has read this deadline"))
    checked_by = StringField(_l("Who read it"), [Optional(), Length(max=120)])
    checked_on = DateField(_l("Read on"), [Optional()])

    def __init__(self, *, known: LegalStep, steps: Sequence[LegalStep], **values: Any) -> None:
        rule = known.rule
        data = {"article": known.article, "days": rule.days, "working_days": rule.working_days, "months": rule.months}
        data |= {"silence_grants": rule.silence_grants}
        data |= {"in_months": ", ".join(map(str, rule.in_months)), "is_checked": known.is_checked}
        data |= {"rule_kind": rule.kind.value, "counts_from": rule.of, "reason": known.note.in_(language())[0]}
        super().__init__(data=data | {"checked_by": known.checked_by, "checked_on": known.checked_on}, **values)
        self.known = known
        self.rule_kind.choices = [SelectChoice(kind.value, label(kind)) for kind in RuleKind]
        others = [SelectChoice(each.key, each.title.in_(language())[0]) for each in steps if each.key != known.key]
        self.counts_from.choices = [SelectChoice("", "–"), *others]

    def counted(self) -> list[Any]:
        """The fields of what the chosen kind of rule counts in; none where the law gives no number."""
        return [self[name] for name in COUNTED.get(RuleKind(self.rule_kind.data), ())]

    def validate(self, extra_validators: Any = None) -> bool:
        """A rule that counts has its number."""
        if not super().validate(extra_validators):
            return False
        holds = True
        for field in self.counted():
            if field.type == "IntegerField" and field.data is None and not field.errors:
                field.errors = [_l("Write a number.")]
                holds = False
        return holds

    def step(self) -> LegalStep:
        """The step as it is read now."""
        known, kind = self.known, RuleKind(self.rule_kind.data)
        counted = {name: self[name].data for name in COUNTED.get(kind, ())}
        if "in_months" in counted:
            counted["in_months"] = tuple(
                sorted({int(each) for each in re.findall(r"\d{1,4}", counted["in_months"] or "")})
            )
        return replace(
            known,
            article=self.article.data or "",
            rule=Rule(kind, self.counts_from.data or "", **counted, silence_grants=bool(self.silence_grants.data)),
            note=self._note(),
            is_checked=bool(self.is_checked.data),
            checked_by=self.checked_by.data or "",
            checked_on=self.checked_on.data,
        )

    def _note(self) -> Words:
        """The reason in the language of the page; what it said in another language stays unless it was changed."""
        said = (self.reason.data or "").strip()
        known = self.known.note
        return known if said and said == known.in_(language())[0] else Words({language(): said} if said else {})


class ScanForm(BaseForm):
    """A signed paper that came back."""

    kind = SelectField(_l("Which paper"))
    dated = DateField(_l("Day of the paper"), [InputRequired()])
    file = FileField(_l("Signed scan (PDF or photo)"))

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in PaperKind]
