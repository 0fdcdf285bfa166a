"""Forms of Flask-Security as this house needs them: a name and a language asked, choices WTForms still takes."""

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_security import TwoFactorRescueForm, TwoFactorSelectForm, TwoFactorSetupForm, WebAuthnRegisterForm
from flask_security.forms import RegisterFormV2
from wtforms import HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from cdp.http.context import language
from cdp.i18n.languages import OWN_NAMES
from cdp.kernel.words import LANGUAGES


class RegisterForm(RegisterFormV2):
    """A name as people say it, an e-mail, the language of pages and letters, a password."""

    name = StringField(
        _l("Your name"),
        [InputRequired(_l("Say your name.")), Length(min=2, max=120, message=_l("Between 2 and 120 letters."))],
        filters=[lambda text: " ".join(text.split()) if text else text],
        render_kw={"autocomplete": "name"},
    )
    language = RadioField(
        _l("Language of pages and letters"), choices=[SelectChoice(code, OWN_NAMES[code]) for code in LANGUAGES]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if request.method == "GET":
            self.language.data = language()


class _Choices(RadioField):
    """A choice whose pairs become what WTForms takes from now on."""

    @property
    def choices(self) -> Any:
        """The choices as WTForms takes them."""
        return RadioField.choices.fget(self)

    @choices.setter
    def choices(self, given: Iterable[Any] | None) -> None:
        RadioField.choices.fset(self, None if given is None else [_choice(each) for each in given])


def _choice(given: Any) -> SelectChoice:
    return SelectChoice(*given) if isinstance(given, tuple) else given


class SetupForm(TwoFactorSetupForm):
    """Set codes up, or do without: the page sends which."""

    setup = HiddenField()


class SelectForm(TwoFactorSelectForm):
    """Which second factor, for who has several."""

    which = _Choices(_l("How do you want to confirm?"), choices=[])


class RescueForm(TwoFactorRescueForm):
    """What to do when the second factor is lost; the page leads to the recovery codes instead."""

    help_setup = _Choices(_l("How do you want to confirm?"), choices=[])


class PasskeyForm(WebAuthnRegisterForm):
    """A name for the passkey; it is always a second factor."""

    usage = HiddenField(default="secondary")
