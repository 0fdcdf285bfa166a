"""What every form has: protection against forged sending, messages in the reader's language."""

from typing import Any, TypeVar

from flask import request
from flask_wtf import FlaskForm

from cdp.i18n.say import say
from cdp.kernel.errors import Trouble

Form = TypeVar("Form", bound="BaseForm")


class BaseForm(FlaskForm):
    """A form of this house; ``accepted`` is the question of every view."""

    class Meta(FlaskForm.Meta):
        """WTForms speaks through Flask-WTF's translations (Flask-Babel's locale)."""

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
