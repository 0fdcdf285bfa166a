"""Forms of groups: enter one, check its papers, join with a code."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from cdp.communes.queries import Place
from cdp.http.context import language
from cdp.i18n.say import label
from cdp.kernel.reference import tidy_code
from cdp.kernel.words import Words
from cdp.people.rules import GroupDraft
from cdp.people.states import GroupKind
from cdp.web.fields import KeyField, WordsField, some_language
from cdp.web.forms.base import BaseForm

REGISTERED, INFORMAL = "registered", "informal"


class PapersForm(BaseForm):
    """Registered with its papers, or informal with who vouches: said honestly."""

    standing = RadioField(_l("Is the group registered?"), default=INFORMAL)
    receipt_number = StringField(_l("Number of the receipt"), [Optional(), Length(max=60)])
    board_date = DateField(_l("Day the board was chosen"), [Optional()])
    valid_until = DateField(_l("Papers valid until"), [Optional()])
    vouched_by = StringField(
        _l("Who vouches for the group"),
        [Optional(), Length(max=120)],
        description=_l("For a group without papers: the jmaa, the school, an association, a councillor."),
    )

    def offer_standing(self) -> None:
        """Fill the choices about papers."""
        self.standing.choices = [
            SelectChoice(REGISTERED, _l("Yes, it has a receipt")),
            SelectChoice(INFORMAL, _l("No, it is an informal group")),
        ]

    def papers(self, kind: GroupKind, name: Words, **more: Any) -> GroupDraft:
        """What was said of the group's papers."""
        return GroupDraft(
            kind=kind,
            name=name,
            is_registered=self.standing.data == REGISTERED,
            receipt_number=self.receipt_number.data or "",
            board_date=self.board_date.data,
            valid_until=self.valid_until.data,
            vouched_by=self.vouched_by.data or "",
            **more,
        )


class GroupForm(PapersForm):
    """A group as its first member enters it."""

    kind = RadioField(_l("What kind of group"), default=GroupKind.INFORMAL.value)
    name = WordsField(_l("Name of the group"), [some_language], longest=120)
    locality_id = SelectField(_l("Douar"), coerce=int, default=0)
    city = StringField(_l("City, for a group outside the commune"), [Optional(), Length(max=80)])
    form_key = KeyField()

    def offer(self, places: list[Place]) -> "GroupForm":
        """Fill the choices."""
        self.offer_standing()
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in GroupKind]
        self.locality_id.choices = [SelectChoice(0, _l("The whole commune"))] + [
            SelectChoice(place.id, place.name.in_(language())[0]) for place in places
        ]
        return self

    def draft(self) -> GroupDraft:
        """What was said, in the words of the stage."""
        return self.papers(
            GroupKind(self.kind.data),
            self.name.data,
            locality_id=self.locality_id.data or None,
            city=self.city.data or "",
        )


class GroupForOthersForm(GroupForm):
    """A group of people without e-mail, entered by a facilitator: two persons stand for it."""

    first_id = SelectField(_l("First member"), coerce=int)
    second_id = SelectField(_l("Second member"), coerce=int)

    def offer_members(self, names: list[tuple[int, str]]) -> "GroupForOthersForm":
        """Fill the choices of members."""
        self.first_id.choices = self.second_id.choices = [SelectChoice(number, name) for number, name in names]
        return self


class JoinForm(BaseForm):
    """The code a member was given."""

    code = StringField(
        _l("Code of the group"),
        [InputRequired(_l("Type the code of the group."))],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"},
    )

    @property
    def whole(self) -> str:
        """The code as it is kept."""
        return tidy_code(self.code.data or "")
