"""Forms of one's own space: what one says of oneself, a tie, a wish about one's data."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from cdp.communes.queries import Place
from cdp.http.context import language
from cdp.i18n.languages import OWN_NAMES
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.kernel.words import LANGUAGES
from cdp.people.rules import Profile, shown_name
from cdp.people.states import DataRequestKind, ShownAs, Tie
from cdp.web.forms.base import BaseForm


class ProfileForm(BaseForm):
    """Name and how it is shown, language, city, letters."""

    name = StringField(_l("Your name"), [InputRequired(_l("Say your name.")), Length(2, 120)])
    name_ar = StringField(_l("Your name in Arabic letters"), [Optional(), Length(max=120)], render_kw={"dir": "auto"})
    shown_as = RadioField(_l("Name shown in public"))
    language = RadioField(
        _l("Language of pages and letters"), choices=[SelectChoice(c, OWN_NAMES[c]) for c in LANGUAGES]
    )
    city = StringField(_l("City you live in"), [Optional(), Length(max=80)])
    wants_news = BooleanField(_l("Write to me about news of the plan, not only about what I take part in"))

    def preview(self, name: str) -> "ProfileForm":
        """Each choice of the name shown with how it looks."""
        nobody = _l("A person")
        self.shown_as.choices = [
            SelectChoice(shown.value, f"{label(shown)}: \u2068{shown_name(name, shown) or nobody}\u2069")
            for shown in ShownAs
        ]
        return self

    def profile(self) -> Profile:
        """What was said, in the words of the stage."""
        return Profile(
            name=self.name.data or "",
            name_ar=self.name_ar.data or "",
            shown_as=ShownAs(self.shown_as.data),
            language=self.language.data,
            city=self.city.data or "",
            wants_news=bool(self.wants_news.data),
        )


class TieForm(BaseForm):
    """How one belongs to a commune, since when."""

    tie = RadioField(_l("How do you belong here?"), default=Tie.LIVES.value)
    locality_id = SelectField(_l("Douar"), coerce=int, default=0)
    since = DateField(_l("Since"), [Optional()], description=_l("About is enough: 1 January of the year."))

    def offer(self, places: list[Place]) -> "TieForm":
        """Fill the choices."""
        self.tie.choices = [SelectChoice(tie.value, label(tie)) for tie in Tie]
        self.locality_id.choices = [SelectChoice(0, _l("The whole commune"))] + [
            SelectChoice(place.id, place.name.in_(language())[0]) for place in places
        ]
        if self.since.data is None and not self.since.raw_data:
            self.since.data = today()
        return self


class WishForm(BaseForm):
    """A correction or the erasure of what is held, addressed to one commune."""

    commune_id = SelectField(_l("To which commune"), coerce=int)
    kind = RadioField(_l("What do you want?"), default=DataRequestKind.CORRECT.value)
    text = TextAreaField(_l("What is to be corrected, or why"), [Optional(), Length(max=2000)])

    def offer(self, communes: list[tuple[int, str]]) -> "WishForm":
        """Fill the choices."""
        self.commune_id.choices = [SelectChoice(number, name) for number, name in communes]
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in DataRequestKind]
        return self


class AnswerForm(BaseForm):
    """What the office did, or why it may not."""

    text = TextAreaField(
        _l("Answer"), [InputRequired(_l("Say what was done, or why it may not be.")), Length(max=2000)]
    )
