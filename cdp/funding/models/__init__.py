"""Tables of co-financing. No money is ever held: promises, agreements and receipts are recorded."""

from cdp.funding.models.banking import BankStatement, PayeeAccount, PaymentCall, SavedMap, SetAside, StatementLine
from cdp.funding.models.books import Agreement, FundingLine, LedgerEntry, Pledge, Rate
from cdp.funding.models.checks import BooksCheck
from cdp.funding.models.promises import (
    Appointment,
    ClubShare,
    Instalment,
    PledgeTerm,
    PromiseBatch,
    PromiseReading,
    StillMeant,
)
from cdp.funding.models.reminders import Reminder
from cdp.funding.models.rules import MoneyRule
from cdp.funding.models.spending import Expense

__all__ = [
    "Agreement",
    "Appointment",
    "BankStatement",
    "BooksCheck",
    "ClubShare",
    "Expense",
    "FundingLine",
    "Instalment",
    "LedgerEntry",
    "MoneyRule",
    "PayeeAccount",
    "PaymentCall",
    "Pledge",
    "PledgeTerm",
    "PromiseBatch",
    "PromiseReading",
    "Rate",
    "Reminder",
    "SavedMap",
    "SetAside",
    "StatementLine",
    "StillMeant",
]
