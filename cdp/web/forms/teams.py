"""Forms of teams: invite, join, ask, speak, let go."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cdp.i18n.languages import OWN_NAMES
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.people.states import ShownAs
from cdp.teams.rules import Joining
from cdp.teams.services import Asking, Invite
from cdp.teams.states import Offer
from cdp.web.fields import WordsField, some_language
from cdp.web.forms.base import BaseForm


def offers(*wanted: Offer) -> list[Any]:
    """Choices of offers, in words."""
    return [SelectChoice(offer.value, label(offer)) for offer in wanted or Offer]


class InviteForm(BaseForm):
    """An invitation to one person."""

    name = StringField(_l("Whom do you invite?"), [InputRequired(_l("Write a name.")), Length(max=120)])
    offer = SelectField(_l("What do you hope for?"), [Optional()])
    words = TextAreaField(_l("A few words to them"), [Optional(), Length(max=1000)])
    invited_language = SelectField(
        _l("Their language"), choices=[SelectChoice(code, name) for code, name in OWN_NAMES.items()]
    )
    until = DateField(_l("Can be taken up until"), [InputRequired(_l("Choose a day."))])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.offer.choices = [SelectChoice("", _l("whatever they can")), *offers()]

    def invite(self) -> Invite:
        """What was written, as a value."""
        return Invite(
            name=self.name.data,
            language=self.invited_language.data,
            until=self.until.data,
            words=self.words.data or "",
            offer=Offer(self.offer.data) if self.offer.data else None,
        )


class JoinForm(BaseForm):
    """Joining one project for a set time."""

    offer = RadioField(_l("What do you bring?"), [InputRequired(_l("Choose one."))])
    text = StringField(_l("Say it in a few words"), [Optional(), Length(max=200)])
    hours = IntegerField(_l("How many hours?"), [Optional(), NumberRange(min=1, max=2000)])
    visit_since = DateField(_l("Visit from"), [Optional()])
    visit_until = DateField(_l("Visit until"), [Optional()])
    until = DateField(_l("I take part until"), [InputRequired(_l("Choose the day on which it ends."))])
    city = StringField(_l("From where?"), [Optional(), Length(max=80)])
    shown_as = RadioField(_l("My name in public"), [InputRequired(_l("Choose one."))])

    def __init__(self, *, name: str, **values: Any) -> None:
        super().__init__(**values)
        self.offer.choices = offers()
        self.shown_as.choices = [SelectChoice(shown.value, label(shown)) for shown in ShownAs]
        self.who = name

    def joining(self) -> Joining:
        """What was chosen, as a value."""
        return Joining(
            offer=Offer(self.offer.data),
            until=self.until.data,
            text=self.text.data or "",
            hours=self.hours.data,
            visit_since=self.visit_since.data,
            visit_until=self.visit_until.data,
            shown_as=ShownAs(self.shown_as.data),
            city=self.city.data or "",
        )


class NeedForm(BaseForm):
    """What a project looks for."""

    offer = SelectField(_l("What is needed?"))
    text = WordsField(_l("In a few words"), [some_language])
    quantity = IntegerField(_l("How many hours, days or dirhams?"), [Optional(), NumberRange(min=1, max=100_000_000)])
    until = DateField(_l("Until when?"), [Optional()])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.offer.choices = offers()

    def asking(self) -> Asking:
        """What was written, as a value."""
        return Asking(Offer(self.offer.data), self.text.data, self.quantity.data, self.until.data)


class MessageForm(BaseForm):
    """A message to the team."""

    text = TextAreaField(_l("Write to the team"), [InputRequired(_l("Write something first.")), Length(max=4000)])


class UntilForm(BaseForm):
    """Another last day."""

    until = DateField(_l("I take part until"), [InputRequired(_l("Choose a day."))], default=today)


class ReasonForm(BaseForm):
    """An act that needs its reason."""

    reason = TextAreaField(
        _l("Reason (the person will read it)"), [InputRequired(_l("A reason is needed.")), Length(max=1000)]
    )
