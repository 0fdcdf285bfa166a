"""Forms of the plan: a decision about a line, partners' shares, the council's vote, the governor's answer."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cdp.i18n.say import label
from cdp.programme.rules.drafting import Decision, PartShare
from cdp.programme.rules.fit.presets import PRESETS
from cdp.programme.rules.votes import Vote
from cdp.programme.states import ActKind, Pin
from cdp.rounds.states import Source, Sureness
from cdp.web.fields import MoneyField
from cdp.web.forms.base import BaseForm

ROWS = range(1, 13)
"""Partners a form has room for: as many as there are sources."""

CHOOSE = _l("Choose one.")


class DecisionForm(BaseForm):
    """What people decide about a line, with the reason anyone may read."""

    pin = RadioField(_l("What do you decide?"), [InputRequired(CHOOSE)])
    year = SelectField(_l("First year of works"), [Optional()])
    reason = TextAreaField(_l("Reason"), [Optional(), Length(max=4000)], render_kw={"rows": 4})

    def __init__(self, *, years: Iterable[int], **values: Any) -> None:
        super().__init__(**values)
        texts = {
            Pin.FREE: _l("No decision: it goes by its rank"),
            Pin.PINNED: _l("It is in; the earliest year with room"),
            Pin.MOVED: _l("It is in, from the year below"),
            Pin.EXCLUDED: _l("It is out"),
        }
        self.pin.choices = [SelectChoice(pin.value, text) for pin, text in texts.items()]
        self.year.choices = [SelectChoice("", "—"), *(SelectChoice(str(year), str(year)) for year in years)]

    def decision(self) -> Decision:
        """The decision as a value."""
        pin = Pin(self.pin.data)
        year = int(self.year.data) if pin is Pin.MOVED and self.year.data else None
        return Decision(pin, self.reason.data or "", year)


class SharesForm(BaseForm):
    """Partners of a proposal's cost, one a row; an empty amount is no row."""

    preset = SelectField(_l("Share rule to be kept"), [Optional()])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.preset.choices = [SelectChoice("", _l("none")), *(SelectChoice(key, _title(key)) for key in PRESETS)]
        for _source, _party, _amount, sureness in self.rows():
            sureness.choices = [SelectChoice(each.value, label(each)) for each in Sureness]
        for source, *_rest in self.rows():
            source.choices = [SelectChoice("", "—")] + [
                SelectChoice(each.value, label(each)) for each in Source if each is not Source.OWN
            ]

    def rows(self) -> Iterator[tuple[Any, Any, Any, Any]]:
        """The fields of each row: source, party, amount, sureness."""
        for n in ROWS:
            yield self[f"source_{n}"], self[f"party_{n}"], self[f"amount_{n}"], self[f"sureness_{n}"]

    def validate(self, extra_validators: Any = None) -> bool:
        """A row has a source and an amount, or neither."""
        holds = super().validate(extra_validators)
        for source, _party, amount, _sureness in self.rows():
            if bool(source.data) is not (amount.data is not None) and not amount.errors:
                amount.errors = [_l("A partner and an amount belong together.")]
                holds = False
        return bool(holds)

    def shares(self) -> list[PartShare]:
        """The rows as values."""
        return [
            PartShare(Source(source.data), amount.data.minor, Sureness(sureness.data), (party.data or "").strip())
            for source, party, amount, sureness in self.rows()
            if source.data and amount.data is not None
        ]


for _n in ROWS:
    setattr(SharesForm, f"source_{_n}", SelectField(_l("Partner"), [Optional()]))
    setattr(SharesForm, f"party_{_n}", StringField(_l("Name"), [Optional(), Length(max=120)]))
    setattr(SharesForm, f"amount_{_n}", MoneyField(_l("Amount in dirhams"), [Optional()]))
    setattr(SharesForm, f"sureness_{_n}", SelectField(_l("How sure"), [Optional()]))


def _title(preset: str) -> str:
    return {"indh_70_30": "INDH 70/30", "dar_1_3": "DAR 1+3"}.get(preset, preset)


COUNT = [InputRequired(_l("Write a number.")), NumberRange(min=0, max=10_000)]
WHOLE = {"inputmode": "numeric", "min": 0}


class VoteForm(BaseForm):
    """The council's vote in a session."""

    word = RadioField(_l("What did the council decide?"), [InputRequired(CHOOSE)])
    on = DateField(_l("Day of the session"), [InputRequired(_l("Choose a day."))])
    votes_for = IntegerField(_l("For"), COUNT, render_kw=WHOLE)
    votes_against = IntegerField(_l("Against"), COUNT, render_kw=WHOLE)
    abstentions = IntegerField(_l("Abstentions"), COUNT, render_kw=WHOLE)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.word.choices = [SelectChoice(kind.value, label(kind)) for kind in (ActKind.ADOPT, ActKind.REJECT)]

    def vote(self) -> Vote:
        """The vote as a value."""
        return Vote(self.on.data, self.votes_for.data, self.votes_against.data, self.abstentions.data)


class VisaForm(BaseForm):
    """The governor's answer."""

    word = RadioField(_l("What did the governor answer?"), [InputRequired(CHOOSE)])
    on = DateField(_l("Day of the letter"), [InputRequired(_l("Choose a day."))])
    reference = StringField(_l("Reference of the letter"), [InputRequired(_l("Note the reference.")), Length(max=80)])
    reason = TextAreaField(_l("Reasons of a refusal"), [Optional(), Length(max=4000)], render_kw={"rows": 4})

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.word.choices = [SelectChoice(kind.value, label(kind)) for kind in (ActKind.VISA, ActKind.REFUSE_VISA)]
