"""Forms of proposals: the five steps, on behalf of another, a reason, a file of proposals."""

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    validators,
    widgets,
)

from cdp.proposals.rules.drafts import (
    LONGEST_NEED,
    LONGEST_TITLE,
    LONGEST_UPKEEP,
    MOST_PEOPLE,
    Beneficiaries,
    Draft,
)
from cdp.web.fields import KeyField, WordsField, some_language
from cdp.web.forms.base import BaseForm

NUMBER = (validators.Optional(), validators.NumberRange(0, MOST_PEOPLE))


class WhoForm(BaseForm):
    """Step 1: in whose name; 0 is oneself."""

    form_key = KeyField()
    group_id = RadioField(_l("In the name of"), coerce=int, default=0)

    def speaks_for(self) -> int | None:
        """Number of the group, None for oneself."""
        return self.group_id.data or None


class WhereForm(BaseForm):
    """Step 2: the douars it is for; none for the whole commune."""

    places = SelectMultipleField(
        _l("For which douars?"),
        coerce=int,
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
        description=_l("Tick nothing if it is for the whole commune."),
    )

    def into(self, draft: Draft) -> Draft:
        """The draft with what this step says."""
        return replace(draft, places=frozenset(self.places.data or ()))


class NeedForm(BaseForm):
    """Step 3: what is needed; a photo or paper may come with it."""

    title = WordsField(_l("Title"), [some_language], longest=LONGEST_TITLE)
    need = WordsField(_l("Say in your own words what is missing"), [some_language], rows=6, longest=LONGEST_NEED)
    sector = SelectField(_l("Field of action"), [validators.InputRequired()])
    file = FileField(
        _l("A photo or a paper"),
        description=_l("JPEG, PNG, WebP or PDF, at most 8 MB. Place and name of the camera are taken out."),
    )

    def into(self, draft: Draft) -> Draft:
        """The draft with what this step says."""
        return replace(draft, title=self.title.data, need=self.need.data, sector=self.sector.data or "")


class BenefitForm(BaseForm):
    """Step 4: for how many people, and who will keep it up."""

    women = IntegerField(_l("Women and girls"), NUMBER)
    men = IntegerField(_l("Men and boys"), NUMBER)
    youth = IntegerField(_l("Young people among them"), NUMBER)
    households = IntegerField(_l("Households"), NUMBER)
    summer_peak = IntegerField(_l("People in August, when families come home"), NUMBER)
    upkeep = WordsField(
        _l("Who will keep it up, once it is there?"), rows=3, longest=LONGEST_UPKEEP, description=_l("If you know it.")
    )

    def into(self, draft: Draft) -> Draft:
        """The draft with what this step says."""
        people = Beneficiaries(
            self.women.data, self.men.data, self.youth.data, self.households.data, self.summer_peak.data
        )
        return replace(draft, people=people, upkeep=self.upkeep.data)


class ConfirmForm(BaseForm):
    """Step 5: it is right, and I know what happens to my data (law 09-08)."""

    agrees = BooleanField(
        _l("What I wrote is right, and I know that the proposal will be published."),
        [validators.InputRequired(_l("Tick this box to submit."))],
    )


class ForAnotherForm(BaseForm):
    """On behalf of a person without e-mail, who agreed."""

    form_key = KeyField()
    person_id = SelectField(_l("A person who has a sign-in card"), coerce=int, default=0)
    name = StringField(_l("Or the name of the person"), [validators.Optional(), validators.Length(max=120)])
    consents = BooleanField(
        _l("The person agreed aloud: I read to them what is written, what for, and that it will be published."),
        [validators.InputRequired(_l("Without the person’s consent nothing is written in their name."))],
    )


class WithdrawForm(BaseForm):
    """Why a proposal is taken back; the reason is public."""

    because = WordsField(_l("Why do you withdraw it? The reason is published."), [some_language], rows=3, longest=1000)


class ImportForm(BaseForm):
    """A file of proposals: looked at first, imported when it is asked for."""

    file = FileField(
        _l("File of proposals"),
        [validators.InputRequired(_l("Choose a file."))],
        description=_l("CSV (with ; , or tab) or XLSX, at most 8 MB and 2,000 rows."),
    )


def offer(field: Any, choices: list[tuple[Any, str]]) -> None:
    """Give a field the choices of this page."""
    field.choices = choices
