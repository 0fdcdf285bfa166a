"""Forms of the sign-in that Flask-Security does not have: a link by letter, a card."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import Email, InputRequired, Length

from cdp.kernel.reference import is_code, tidy_code
from cdp.web.forms.base import BaseForm


class LinkForm(BaseForm):
    """To which address the link goes."""

    email = EmailField(
        _l("Email Address"),
        [InputRequired(_l("Say your address.")), Email(_l("This is not an e-mail address.")), Length(max=255)],
        render_kw={"autocomplete": "email"},
    )
    next = HiddenField()


class CardForm(BaseForm):
    """The code of a card, typed with or without dashes."""

    code = StringField(
        _l("Code of your card"),
        [InputRequired(_l("Type the code of your card."))],
        description=_l("Capitals and digits, as on the card: there is no O, 0, I, L or 1."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"},
    )
    next = HiddenField()

    @property
    def whole(self) -> str | None:
        """The code without dashes, or None when it cannot be one."""
        code = tidy_code(self.code.data or "")
        return code if is_code(code) else None
