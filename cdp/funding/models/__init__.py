"""Tables of co-financing. No money is ever held: promises, agreements and receipts are recorded."""

from cdp.funding.models.banking import BankStatement, PayeeAccount, PaymentCall, SavedMap, SetAside, StatementLine
from cdp.funding.models.books import Agreement, EntrySum, FundingLine, LedgerEntry, Pledge, Rate
from cdp.funding.models.checks import BooksCheck
from cdp.funding.models.partners import AgreementInstalment, AgreementVersion, PartnerPromise, PartnerStep
from cdp.funding.models.promises import (
    Appointment,
    ClubShare,
    Instalment,
    PledgeTerm,
    PromiseBatch,
    PromiseReading,
    StillMeant,
)
from cdp.funding.models.receipts import Receipt, Refund
from cdp.funding.models.reminders import Reminder
from cdp.funding.models.rules import MoneyRule, ProjectRule
from cdp.funding.models.spending import Expense
from cdp.funding.models.transfers import Transfer

__all__ = [
    "Agreement",
    "AgreementInstalment",
    "AgreementVersion",
    "Appointment",
    "BankStatement",
    "BooksCheck",
    "ClubShare",
    "EntrySum",
    "Expense",
    "FundingLine",
    "Instalment",
    "LedgerEntry",
    "MoneyRule",
    "PartnerPromise",
    "PartnerStep",
    "PayeeAccount",
    "PaymentCall",
    "Pledge",
    "PledgeTerm",
    "ProjectRule",
    "PromiseBatch",
    "PromiseReading",
    "Rate",
    "Receipt",
    "Refund",
    "Reminder",
    "SavedMap",
    "SetAside",
    "StatementLine",
    "StillMeant",
    "Transfer",
]
