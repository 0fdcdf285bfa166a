"""What every form has: protection against forged sending, messages in the reader's language."""

from functools import lru_cache
from typing import Any, TypeVar

from babel.support import NullTranslations, Translations
from flask import request
from flask_wtf import FlaskForm
from wtforms.csrf.core import CSRFTokenField
from wtforms.i18n import messages_path

from cdp.http.context import language
from cdp.i18n.languages import LOCALES
from cdp.i18n.say import say
from cdp.kernel.errors import Trouble

Form = TypeVar("Form", bound="BaseForm")


@lru_cache(maxsize=len(LOCALES))
def _sentences(code: str) -> NullTranslations:
    """What WTForms says by itself, in a language; its file is read once, not with every request."""
    return Translations.load(messages_path(), [LOCALES[code]], domain="wtforms")


class _Sentences:
    """WTForms' own sentences in the language of the request."""

    def gettext(self, text: str) -> str:
        """A sentence."""
        return str(_sentences(language()).ugettext(text))

    def ngettext(self, one: str, many: str, number: int) -> str:
        """A counted sentence."""
        return str(_sentences(language()).ungettext(one, many, number))


class _Token(CSRFTokenField):
    """The protection of a form, signed when the form is shown: one that was only read needs none."""

    def process(self, *given: Any, **more: Any) -> None:
        """Take what was sent."""
        super(CSRFTokenField, self).process(*given, **more)

    def _value(self) -> str:
        return str(self.csrf_impl.generate_csrf_token(self))


class _Protection(FlaskForm.Meta.csrf_class):
    """Flask-WTF's, with the token made late."""

    field_class = _Token


class BaseForm(FlaskForm):
    """A form of this house; ``accepted`` is the question of every view."""

    class Meta(FlaskForm.Meta):
        """WTForms speaks in the language of the request, through catalogs a worker keeps."""

        csrf_class = _Protection

        def get_translations(self, _form: Any) -> _Sentences:
            """What WTForms asks for its own sentences."""
            return _Sentences()

    form_errors: list[str]

    def accepted(self) -> bool:
        """Whether the form was sent and its fields hold; its messages stand at the fields else."""
        return request.method == "POST" and bool(self.validate())

    def trouble(self, error: Trouble, field: str | None = None) -> None:
        """Show at a field (or above the form) why a rule stood against it."""
        target: Any = self[field] if field else self
        sentence = say(error.message)
        if field:
            target.errors = [*target.errors, sentence]
        else:
            self.form_errors = [*self.form_errors, sentence]


class EmptyForm(BaseForm):
    """A button: nothing but its protection."""
