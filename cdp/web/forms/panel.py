"""Forms of the panel's desk: a declared interest, a sheet of marks; and a place in the order."""

from collections.abc import Iterable

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from cdp.i18n.say import label
from cdp.priorities.rules.scoring import HIGHEST
from cdp.priorities.rules.sheets import LONGEST_REASON, SheetDraft
from cdp.priorities.states import InterestKind
from cdp.web.forms.base import BaseForm
from cdp.web.forms.review import languages


class InterestForm(BaseForm):
    """Why this member does not mark this proposal; no detail is asked."""

    kind = RadioField(
        _l("What ties you to it"),
        [InputRequired()],
        choices=lambda: [SelectChoice(kind.value, label(kind)) for kind in InterestKind],
    )


class SheetForm(BaseForm):
    """The reason of a sheet; its marks stand in the template, one group of buttons a criterion."""

    reason = TextAreaField(_l("Your reason"), [Length(max=LONGEST_REASON)], render_kw={"rows": 4})
    reason_language = SelectField(_l("The reason is written in"), choices=languages)

    def draft(self, criteria: Iterable[str]) -> SheetDraft:
        """The sheet as a value; what is no mark from 0 to 5 is none."""
        marks = {str(mark): mark for mark in range(HIGHEST + 1)}
        given = {key: request.form.get(f"mark-{key}", "") for key in criteria}
        return SheetDraft(
            {key: marks[value] for key, value in given.items() if value in marks},
            (self.reason.data or "").strip(),
            self.reason_language.data,
        )


class PlaceForm(BaseForm):
    """A place in the final order, or none, with the reason anyone may read."""

    where = RadioField(
        _l("In the final order"),
        [InputRequired()],
        choices=[SelectChoice("place", _l("at the place below")), SelectChoice("none", _l("without a place"))],
    )
    position = IntegerField(
        _l("Place in the order"), [Optional(), NumberRange(min=1)], render_kw={"inputmode": "numeric"}
    )
    reason = TextAreaField(
        _l("Reason"),
        [DataRequired(_l("Write the reason: it will be public.")), Length(max=4000)],
        render_kw={"rows": 4},
    )
    reason_language = SelectField(_l("The reason is written in"), choices=languages)

    def place(self) -> int | None:
        """The place, None for none; 0 when one is asked for and not said."""
        return None if self.where.data == "none" else (self.position.data or 0)
