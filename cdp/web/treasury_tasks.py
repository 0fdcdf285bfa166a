"""The tasks of the treasury as its front page shows them: what waits, how many, where it is done; and its rooms."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from cdp.funding.queries.treasury_desk import WaitsToday


@dataclass(frozen=True)
class Row:
    """Something that waits: how many, what, what to do, where."""

    due_text: str
    due_tone: str
    title: str
    note: str
    url: str
    action: str


def rows(waits: WaitsToday, *, may_enter: bool) -> list[Row]:
    """The tasks that wait, first what is late; those of the bank and of receipts are the treasurer's alone."""
    spending, agreements = url_for("treasury_rooms.spending"), url_for("treasury_rooms.agreements")
    bank, receipts = (url_for("bank.show"), url_for("receipts.board")) if may_enter else ("", "")
    projects = url_for("treasury_rooms.projects")
    told = [
        (waits.late_partners, "danger", _partners(waits.late_partners), agreements, _("See which")),
        (waits.overdue, "danger", _promises(waits.overdue), projects, _("See which")),
        (waits.lines, "warning", _lines(waits.lines), bank, _("Match them")),
        (waits.to_pay, "warning", _to_pay(waits.to_pay), spending, _("Pay")),
        (waits.refunds, "warning", _refunds(waits.refunds), projects, _("See which")),
        (waits.transfers, "warning", _transfers(waits.transfers), projects, _("See which")),
        (waits.to_mandate, "next", _to_mandate(waits.to_mandate), spending, _("See which")),
        (waits.to_certify, "next", _to_certify(waits.to_certify), spending, _("See which")),
        (waits.to_verify, "next", _to_verify(waits.to_verify), projects, _("See which")),
        (waits.receipts, "next", _receipts(waits.receipts), receipts, _("Give receipts")),
    ]
    said = {"danger": _("late"), "warning": _("today"), "next": _("waits")}
    return [Row(said[tone], tone, title, "", url, action) for count, tone, title, url, action in told if count and url]


def _partners(count: int) -> str:
    return str(
        ngettext(
            "%(num)d partner is late with an instalment",
            "%(num)d partners are late with an instalment",
            count,
        )
    )


def _promises(count: int) -> str:
    return str(
        ngettext(
            "%(num)d promise was called and is not here by its day",
            "%(num)d promises were called and are not here by their day",
            count,
        )
    )


def _lines(count: int) -> str:
    return str(
        ngettext(
            "%(num)d line of the bank waits for its place",
            "%(num)d lines of the bank wait for their place",
            count,
        )
    )


def _to_pay(count: int) -> str:
    return str(
        ngettext(
            "%(num)d spending was ordered and is to be paid",
            "%(num)d spendings were ordered and are to be paid",
            count,
        )
    )


def _to_mandate(count: int) -> str:
    return str(
        ngettext(
            "%(num)d service is done and its payment not ordered",
            "%(num)d services are done and their payment not ordered",
            count,
        )
    )


def _to_certify(count: int) -> str:
    return str(
        ngettext(
            "%(num)d engaged spending waits for its service to be certified",
            "%(num)d engaged spendings wait for their service to be certified",
            count,
        )
    )


def _transfers(count: int) -> str:
    return str(
        ngettext(
            "%(num)d sum is to be moved to another project",
            "%(num)d sums are to be moved to another project",
            count,
        )
    )


def _refunds(count: int) -> str:
    return str(
        ngettext(
            "%(num)d sum is to be given back",
            "%(num)d sums are to be given back",
            count,
        )
    )


def _to_verify(count: int) -> str:
    return str(
        ngettext(
            "%(num)d gift of hours or goods is to be verified",
            "%(num)d gifts of hours or goods are to be verified",
            count,
        )
    )


def _receipts(count: int) -> str:
    return str(
        ngettext(
            "%(num)d payment from the bank has no receipt yet",
            "%(num)d payments from the bank have no receipt yet",
            count,
        )
    )


def rooms(*, may_enter: bool) -> list[tuple[str, str, str]]:
    """Where things are kept: words, address, what is found there."""
    open_to_all = [
        (_("Projects"), url_for("treasury_rooms.projects"), _("received, promised, still sought, one by one")),
        (_("Signed agreements"), url_for("treasury_rooms.agreements"), _("visa, instalments, amendments, default")),
        (_("Spending"), url_for("treasury_rooms.spending"), _("engaged, done, ordered, paid")),
        (_("The books"), url_for("treasury.books"), _("every entry, the seal, the checks")),
        (_("Share rules"), url_for("share_rules.board"), _("who brings which part, where it is written")),
        (_("Names of partners"), url_for("partner_names.board"), _("each once, in the languages that are known")),
    ]
    own = [
        (_("Statements"), url_for("bank.show"), _("what came in, matched or waiting; books against bank")),
        (_("Accounts"), url_for("bank.accounts"), _("who may be paid, on which legal basis")),
        (_("Receipts"), url_for("receipts.board"), _("numbered by account and year")),
        (_("Rates"), url_for("treasury.rates"), _("what a currency is worth, who says so")),
    ]
    return [*own[:2], *open_to_all[:3], own[2], *open_to_all[3:], own[3]] if may_enter else open_to_all
