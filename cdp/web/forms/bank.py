"""Forms of accounts and statements: an account with its legal basis, a file, a line shared out, a column map."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FileField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from cdp.funding.services.payees import Account
from cdp.funding.services.placing import Part
from cdp.funding.states import Channel, LegalBasis, PayeeKind
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.kernel.errors import RuleBroken
from cdp.kernel.money import CURRENCIES, read_amount
from cdp.web.fields import KeyField
from cdp.web.forms.base import BaseForm
from cdp.web.forms.treasury import SCAN

ROWS = 6
CHOOSE_A_DAY = _l("Choose a day.")


class AccountForm(BaseForm):
    """An account that givers may be told, and why."""

    form_key = KeyField()
    kind = SelectField(_l("Whose account is it?"))
    holder = StringField(_l("Holder, in Latin letters"), [InputRequired(_l("Write the holder.")), Length(max=70)])
    holder_ar = StringField(_l("Holder, in Arabic"), [Optional(), Length(max=120)])
    number = StringField(_l("RIB (24 digits) or IBAN"), [InputRequired(_l("Write the number.")), Length(max=60)])
    bank = StringField(_l("Bank"), [Optional(), Length(max=80)])
    bic = StringField(_l("BIC (SWIFT)"), [Optional(), Length(max=14)])
    currency = SelectField(_l("Currency"), choices=[SelectChoice(code, code) for code in CURRENCIES])
    basis = SelectField(_l("Legal basis"))
    basis_reference = StringField(
        _l("Number of the deliberation, convention or authorisation"),
        [InputRequired(_l("Write the reference.")), Length(max=120)],
    )
    basis_on = DateField(_l("Dated"), [InputRequired(CHOOSE_A_DAY)], default=today)
    valid_from = DateField(_l("May be named from"), [InputRequired(CHOOSE_A_DAY)], default=today)
    valid_until = DateField(_l("until"), [Optional()])
    channels = SelectMultipleField(
        _l("How may people pay?"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    scan = FileField(SCAN, [Optional()])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in PayeeKind]
        self.basis.choices = [SelectChoice(basis.value, label(basis)) for basis in LegalBasis]
        self.channels.choices = [SelectChoice(each.value, label(each)) for each in Channel]

    def account(self, file_id: int | None) -> Account:
        """What was entered."""
        return Account(
            kind=PayeeKind(self.kind.data),
            holder=self.holder.data,
            holder_ar=self.holder_ar.data or "",
            number=self.number.data,
            bank=self.bank.data or "",
            bic=self.bic.data or "",
            currency=self.currency.data,
            basis=LegalBasis(self.basis.data),
            basis_reference=self.basis_reference.data,
            basis_on=self.basis_on.data,
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            channels=tuple(Channel(each) for each in self.channels.data or ()),
            file_id=file_id,
        )


class BringForm(BaseForm):
    """A statement's file, of which account, read how."""

    account = SelectField(_l("Of which account?"), coerce=int)
    columns = SelectField(_l("How are its columns read?"), coerce=int, default=0)
    file = FileField(_l("Statement (camt, MT940, CSV, spreadsheet)"), [InputRequired(_l("Choose a file."))])

    def offer(self, accounts: Iterable[Any], maps: Iterable[Any], itself: str) -> "BringForm":
        """The accounts and the saved column maps there are."""
        self.account.choices = [SelectChoice(each.id, f"{each.holder} · {each.number[-6:]}") for each in accounts]
        self.columns.choices = [SelectChoice(0, itself), *(SelectChoice(each.id, each.name) for each in maps)]
        return self


class MapForm(BaseForm):
    """How the tables of one bank are read; a column by its header or its number."""

    name = StringField(_l("Name of this way to read"), [InputRequired(_l("Name this way to read.")), Length(max=60)])
    booked = StringField(_l("Column of the day"), [InputRequired(_l("Name the column.")), Length(max=60)])
    value_date = StringField(_l("Column of the value date"), [Optional(), Length(max=60)])
    amount = StringField(_l("Column of the amount"), [Optional(), Length(max=60)])
    debit = StringField(_l("Column of money out"), [Optional(), Length(max=60)])
    credit = StringField(_l("Column of money in"), [Optional(), Length(max=60)])
    text = StringField(_l("Column of the words"), [Optional(), Length(max=60)])
    reference = StringField(_l("Column of the reference"), [Optional(), Length(max=60)])
    party = StringField(_l("Column of the payer's name"), [Optional(), Length(max=60)])
    currency_code = SelectField(_l("Currency of the table"), default="")
    decimal = SelectField(_l("Decimal sign"), default="")
    month_first = BooleanField(_l("Days are written month first"))

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        blank = SelectChoice("", _l("as the table says"))
        self.currency_code.choices = [blank, *(SelectChoice(code, code) for code in CURRENCIES)]
        self.decimal.choices = [blank, SelectChoice(",", "1 234,56"), SelectChoice(".", "1,234.56")]

    def plain(self) -> dict[str, Any]:
        """The map as it is kept: numbers as numbers, empty fields left out."""
        names = ("booked", "value_date", "amount", "debit", "credit", "text", "reference", "party")
        given = {name: (self[name].data or "").strip() for name in names}
        columns: dict[str, Any] = {n: int(v) if v.isdigit() else v for n, v in given.items() if v}
        if "text" in columns:
            columns["text"] = [columns["text"]]
        for name in ("currency_code", "decimal"):
            if self[name].data:
                columns[name] = self[name].data
        return columns | ({"month_first": True} if self.month_first.data else {})


class ShareForm(BaseForm):
    """A line shared out: up to six places with their amounts; what is left waits."""

    form_key = KeyField()

    def offer(self, places: list[tuple[str, str]], empty: str) -> "ShareForm":
        """The promises and lines there are."""
        for number in range(1, ROWS + 1):
            self[f"place_{number}"].choices = [
                SelectChoice("", empty),
                *(SelectChoice(v, t, {"dir": "auto"}) for v, t in places),
            ]
        return self

    def parts(self, currency: str) -> list[Part]:
        """What was shared out; RuleBroken for an amount that is none, or one without its place."""
        found = []
        for number in range(1, ROWS + 1):
            place, amount, fee = (self[f"{name}_{number}"].data or "" for name in ("place", "amount", "fee"))
            if bool(place) != bool(amount.strip()):
                raise RuleBroken("funding.place_and_amount")
            if place:
                kind, _sep, key = place.partition(":")
                taken = read_amount(fee, currency).minor if fee.strip() else 0
                own = {"pledge_id": int(key)} if kind == "promise" else {"line_id": int(key)}
                found.append(Part(read_amount(amount, currency).minor, fee_minor=taken, **own))
        return found


for _number in range(1, ROWS + 1):
    setattr(ShareForm, f"place_{_number}", SelectField(_l("For which promise or line?"), default=""))
    setattr(ShareForm, f"amount_{_number}", StringField(_l("Amount"), [Optional(), Length(max=30)]))
    setattr(ShareForm, f"fee_{_number}", StringField(_l("Taken by banks on the way"), [Optional(), Length(max=30)]))


class CallForm(BaseForm):
    """Calling a promise: to which account, by which day."""

    form_key = KeyField()
    payee = SelectField(_l("To which account?"), coerce=int)
    what = SelectField(_l("How much of it?"), choices=[SelectChoice("all", "")], default="all")
    days = IntegerField(_l("Days to pay"), [InputRequired(), NumberRange(min=1, max=730)], default=30)

    def offer(self, accounts: Iterable[Any], part: str = "") -> "CallForm":
        """The accounts whose legal basis holds today; in words the instalment that comes next, where there is one."""
        named = [SelectChoice("part", part)] if part else []
        self.what.choices = [*named, SelectChoice("all", _l("All that is still promised"))]
        self.payee.choices = [
            SelectChoice(each.id, f"{each.holder} · {each.number[-6:]} · {each.currency}") for each in accounts
        ]
        return self
