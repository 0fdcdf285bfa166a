"""Fields of forms that plain WTForms does not have: amounts, people's words in three languages, a key sent once."""

import contextlib
import re
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import DateField, Field, HiddenField, SelectField, StringField, ValidationError

from cdp.http.context import language
from cdp.i18n import formats
from cdp.i18n.languages import OWN_NAMES, direction
from cdp.i18n.say import say
from cdp.kernel.errors import RuleBroken
from cdp.kernel.money import Money, exponent, read_amount
from cdp.kernel.words import LANGUAGES, Words

OFFERED = {"list": "partners"}
"""Attributes of a field that offers the names of partners: ``_macros/partners.html`` has the list."""


class WordsField(Field):
    """People's words: an input for the page's language, the other two folded away; data is :class:`Words`."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        self.rows = options.pop("rows", 1)
        self.longest = options.pop("longest", 200 if self.rows == 1 else 4000)
        super().__init__(label, validators, **options)
        self.data: Words = Words()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ARG002
        """Read ``<name>-<language>`` of each language, or the value the form was made with."""
        self.process_errors = []
        given = data if isinstance(data, Words) else Words()
        self.object_data = self.data = given
        if formdata is not None and any(f"{self.name}-{code}" in formdata for code in LANGUAGES):
            texts = {code: formdata.get(f"{self.name}-{code}", "") for code in LANGUAGES}
            self.raw_data = list(texts.values())
            self.data = Words(texts)
            if any(len(text) > self.longest for text in texts.values()):
                self.process_errors.append(_l("This text is too long."))

    def __call__(self, **attributes: Any) -> Markup:
        """The inputs, the page's language first and open."""
        order = sorted(LANGUAGES, key=lambda code: code != language())
        parts = [
            (code, OWN_NAMES[code], self.data.get(code, ""), direction(code), position == 0)
            for position, code in enumerate(order)
        ]
        aria = Markup("").join(
            Markup(' {}="{}"').format(name.replace("_", "-"), value)
            for name, value in attributes.items()
            if name.startswith("aria_") or name.startswith("aria-")
        )
        return Markup(  # noqa: S704  # nosec B704 (our own template escapes)
            render_template(
                "_macros/words_field.html",
                parts=parts,
                id=self.id,
                field=self.name,
                rows=self.rows,
                longest=self.longest,
                aria=aria,
            )
        )


def some_language(_form: Any, field: WordsField) -> None:
    """Validator: words in at least one language."""
    if not field.data:
        raise ValidationError(_l("Write this in at least one language."))


class MoneyField(StringField):
    """An amount as people type it; data is :class:`Money` or None, never a guess."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        self.currency = options.pop("currency", "MAD")
        super().__init__(label, validators, **options)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed; ValueError with the sentence of what is wrong."""
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = read_amount(valuelist[0], self.currency)
            except RuleBroken as error:
                raise ValueError(say(error.message)) from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if isinstance(self.data, Money):
            whole, fraction = divmod(self.data.minor, 10 ** exponent(self.data.currency))
            return formats.number(whole, language()) + (f",{fraction:02}" if fraction else "")
        return ""


class DayField(DateField):
    """A day as browsers send it (``2027-03-12``), read without the locale's machinery."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was sent; ValueError with the sentence of what is wrong."""
        if len(valuelist) == 1 and DAY.fullmatch(valuelist[0]):
            with contextlib.suppress(ValueError):
                self.data = date.fromisoformat(valuelist[0])
                return
        super().process_formdata(valuelist)


DAY = re.compile(r"\d{4}-\d\d-\d\d")


class OneField(SelectField):
    """One of a list; the answer is compared with the values alone, nothing of the list is drawn for it."""

    def pre_validate(self, form: Any) -> None:
        """ValidationError for what was not offered."""
        if self.process_errors or not any(self.coerce(each.value) == self.data for each in self.choices or ()):
            super().pre_validate(form)


class KeyField(HiddenField):
    """A random key made with the form: the same form sent twice counts once."""

    def _value(self) -> str:
        return self.data or secrets.token_hex(16)
