"""Form of a partner's names."""

from flask_babel import lazy_gettext as _l

from cdp.programme.rules.partners import LONGEST
from cdp.web.fields import WordsField, some_language
from cdp.web.forms.base import BaseForm


class PartnerNameForm(BaseForm):
    """What a partner is called: one language is enough."""

    name = WordsField(_l("Name of the partner"), [some_language], longest=LONGEST)
