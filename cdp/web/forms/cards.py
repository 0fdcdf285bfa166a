"""The form with which a facilitator enters a person without e-mail."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from cdp.communes.queries import Place
from cdp.http.context import language
from cdp.i18n.languages import OWN_NAMES
from cdp.i18n.say import label
from cdp.kernel.words import LANGUAGES
from cdp.people.rules import PersonDraft
from cdp.people.states import ShownAs, Tie
from cdp.web.fields import KeyField
from cdp.web.forms.base import BaseForm


class PersonForm(BaseForm):
    """Name, douar, language, name shown; and that the person was asked."""

    name = StringField(
        _l("Name"), [InputRequired(_l("Say the person's name.")), Length(2, 120, _l("Between 2 and 120 letters."))]
    )
    locality_id = SelectField(_l("Douar"), coerce=int, default=0)
    tie = RadioField(_l("How this person belongs here"), default=Tie.LIVES.value)
    language = RadioField(
        _l("Language of the card"), choices=[SelectChoice(c, OWN_NAMES[c]) for c in LANGUAGES], default="ar"
    )
    shown_as = RadioField(_l("Name shown in public"), default=ShownAs.ANONYMOUS.value)
    consent = BooleanField(
        _l("I read aloud what is kept and what for, and the person agreed."),
        [InputRequired(_l("Nothing is kept without the person's agreement."))],
    )
    form_key = KeyField()

    def offer(self, places: list[Place]) -> "PersonForm":
        """Fill the choices."""
        self.locality_id.choices = [SelectChoice(0, _l("The whole commune"))] + [
            SelectChoice(place.id, place.name.in_(language())[0]) for place in places
        ]
        self.tie.choices = [SelectChoice(tie.value, label(tie)) for tie in Tie]
        self.shown_as.choices = [SelectChoice(shown.value, label(shown)) for shown in ShownAs]
        return self

    def draft(self) -> PersonDraft:
        """What was noted, in the words of the stage."""
        return PersonDraft(
            name=self.name.data or "",
            language=self.language.data,
            locality_id=self.locality_id.data or None,
            shown_as=ShownAs(self.shown_as.data),
            tie=Tie(self.tie.data),
        )
