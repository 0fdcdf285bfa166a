"""Every address for every role against one table: who is let in and who is refused, reading and sending."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from cdp.http.limits import GUARDED
from cdp.store.rates import RateCount
from tests.web.scene_of_rights import Scene
from tests.web.stage_of_rights import asked, staged

ROLES = (
    "nobody",
    "stranger",
    "resident",
    "speaker",
    "member",
    "former",
    "facilitator",
    "officer",
    "treasurer",
    "panel",
    "councillor",
    "president",
    "foreign",
)
"""Nobody; signed in, no more; living here; speaking for the group; in the project's team today; in it until
yesterday; the mandates of this commune; an officer of another commune."""

EVERYBODY = frozenset(ROLES)
NOBODY = frozenset({"nobody"})
NO_ONE: frozenset[str] = frozenset()
SIGNED_IN = EVERYBODY - NOBODY
KEEPERS = frozenset({"officer", "president"})
OFFICE = KEEPERS | {"facilitator"}
MEETING = frozenset({"officer", "facilitator"})
BELONGING = frozenset({"resident"})
SPEAKER = frozenset({"speaker"})
PANEL = frozenset({"panel"})
MEMBER = frozenset({"member"})
TREASURER = frozenset({"treasurer"})
OFFICER = frozenset({"officer"})
TREASURY = TREASURER | OFFICER
ROOM = OFFICE | SPEAKER | MEMBER | TREASURER

TABLE: dict[str, frozenset[str]] = {
    "root": EVERYBODY,
    "static": EVERYBODY,
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
    "home.show": EVERYBODY,
    "home.data": EVERYBODY,
    "communes.show": EVERYBODY,
    "files.show": EVERYBODY,
    "data.rounds": EVERYBODY,
    "data.groups": EVERYBODY,
    "data.proposals": EVERYBODY,
    "data.projects": EVERYBODY,
    "data.money": EVERYBODY,
    "data.marks": EVERYBODY,
    "data.money_moves": EVERYBODY,
    "data.iati": EVERYBODY,
    "data.money_package": EVERYBODY,
    "data.oc4ids": EVERYBODY,
    "data.schema": EVERYBODY,
    "about.accessibility": EVERYBODY,
    "about.personal_data": EVERYBODY,
    "about.open_data": EVERYBODY,
    "about.taking_part": EVERYBODY,
    "api.all_communes": EVERYBODY,
    "api.commune": EVERYBODY,
    "api.all_rounds": EVERYBODY,
    "api.all_groups": EVERYBODY,
    "api.all_proposals": EVERYBODY,
    "api.proposal": EVERYBODY,
    "api.all_projects": EVERYBODY,
    "api.project": EVERYBODY,
    "api.accounts": EVERYBODY,
    "api.description": EVERYBODY,
    "invitations.show": EVERYBODY,
    "accounts.link": EVERYBODY,
    "accounts.registered": EVERYBODY,
    "accounts.strong": SIGNED_IN,
    "accounts.welcome": SIGNED_IN,
    "cards.sign_in": EVERYBODY,
    "cards.board": MEETING,
    "cards.new": MEETING,
    "cards.print_card": MEETING,
    "cards.revoke": MEETING,
    "cards.show": MEETING,
    "demo.show": EVERYBODY,
    "demo.switch": EVERYBODY,
    "desk.show": OFFICE,
    "groups.board": EVERYBODY,
    "groups.show": EVERYBODY,
    "groups.new": SIGNED_IN,
    "groups.join": SIGNED_IN,
    "groups.new_for_others": MEETING,
    "groups.check": KEEPERS,
    "groups.close": KEEPERS | SPEAKER,
    "groups.invite": SPEAKER,
    "groups.leave": SPEAKER,
    "groups.trust": SPEAKER,
    "mandates.board": KEEPERS,
    "mandates.new": KEEPERS,
    "mandates.end": KEEPERS,
    "me.show": SIGNED_IN,
    "me.data": SIGNED_IN,
    "me.export": SIGNED_IN,
    "me.places": SIGNED_IN,
    "me.seen": SIGNED_IN,
    "me.settings": SIGNED_IN,
    "me.tie": SIGNED_IN,
    "me.untie": BELONGING,
    "panel.show": PANEL,
    "panel.sheet": PANEL,
    "panel.declare": PANEL,
    "panel.keep": PANEL,
    "panel.take_back": PANEL,
    "accounts_open.show": EVERYBODY,
    "accounts_open.seals": EVERYBODY,
    "plans.show": EVERYBODY,
    "plans.edit": KEEPERS,
    "meetings.show": EVERYBODY,
    "meetings.new": OFFICE,
    "meetings.account": OFFICE,
    "meetings.change": OFFICE,
    "meetings.call_off": OFFICE,
    "meetings.figures": OFFICE,
    "meetings.take_back": OFFICE,
    "path.show": EVERYBODY,
    "path.calendar": EVERYBODY,
    "path.step": KEEPERS,
    "path.day": KEEPERS,
    "path.scan": KEEPERS,
    "path.paper": KEEPERS,
    "documents.plan_pdf": KEEPERS,
    "documents.plan_xlsx": KEEPERS,
    "documents.plan_json": KEEPERS,
    "documents.plan_csv": KEEPERS,
    "documents.frozen": NO_ONE,
    "plans.draft": OFFICER,
    "plans.line": KEEPERS,
    "plans.shares": KEEPERS,
    "plans.submit": OFFICER,
    "plans.update": NO_ONE,
    "plans.vote": KEEPERS,
    "plans.visa": KEEPERS,
    "plans.silence": KEEPERS,
    "plans.publish": KEEPERS,
    "plan_runs.show": KEEPERS,
    "plan_runs.ask": KEEPERS,
    "plan_runs.cancel": OFFICER,
    "plan_runs.take": OFFICER,
    "plan_terms.show": KEEPERS,
    "plan_terms.project": KEEPERS,
    "plan_scenarios.show": EVERYBODY,
    "plan_scenarios.new": KEEPERS,
    "plan_scenarios.best": OFFICER,
    "plan_scenarios.stop": OFFICER,
    "plan_scenarios.publish": OFFICER,
    "plan_scenarios.withdraw": OFFICER,
    "plan_try.show": EVERYBODY,
    "plan_why.show": EVERYBODY,
    "plan_versions.show": EVERYBODY,
    "projects.board": EVERYBODY,
    "treasury.show": TREASURY,
    "treasury_rooms.projects": TREASURY,
    "treasury_rooms.agreements": TREASURY,
    "treasury_rooms.spending": TREASURY | KEEPERS,
    "share_rules.board": TREASURY,
    "partner_names.board": TREASURY,
    "partner_names.name": TREASURY,
    "agreed.new": TREASURER,
    "agreed.take_back": TREASURER,
    "share_rules.keep": TREASURY,
    "share_rules.choose": TREASURY,
    "share_rules.own": TREASURY,
    "share_rules.match": TREASURY,
    "treasury.project": TREASURY,
    "treasury.books": TREASURY,
    "treasury.beancount": TREASURY,
    "accounts_open.spent": EVERYBODY,
    "spending.board": TREASURY | KEEPERS,
    "spending.new": TREASURY,
    "spending.step": KEEPERS,
    **dict.fromkeys(("partners.show", "partners.step", "partners.amend", "partners.schedule"), TREASURER),
    **dict.fromkeys(("receipts.board", "receipts.issue_all", "receipts.issue", "receipts.cancel"), TREASURER),
    **dict.fromkeys(("receipts.show", "receipts.paper"), TREASURER | MEMBER),
    **dict.fromkeys(("receipts.mine", "receipts.mine_paper"), SIGNED_IN),
    **{"transfers.board": TREASURY, "transfers.new": TREASURY, "transfers.carry_out": TREASURER},
    **{"refunds.board": TREASURY, "refunds.new": TREASURY, "refunds.pay": TREASURER},
    "payments.show": MEMBER,
    "payments.paper": MEMBER,
    **dict.fromkeys(("bank.show", "bank.bring", "bank.confirm", "bank.decided", "bank.line"), TREASURER),
    **dict.fromkeys(("bank.undo", "bank.aside", "bank.take_up", "bank.lines"), TREASURER),
    "bank.accounts": TREASURER,
    "bank.account": TREASURER,
    "bank.close": TREASURER,
    "bank.new_map": TREASURER,
    "bank.call": TREASURER,
    "treasury.hours": TREASURY,
    "treasury.rates": TREASURER,
    "treasury.receive": TREASURER,
    "treasury.rule": TREASURER,
    "treasury.reverse": TREASURER,
    "treasury.sign": TREASURER,
    "treasury.spend": TREASURER,
    "works.show": KEEPERS | SPEAKER | MEMBER,
    "works.expect": KEEPERS,
    "works.report": KEEPERS | SPEAKER | MEMBER,
    "works.undo": KEEPERS,
    "pledges.mine": SIGNED_IN,
    "pledges.new": MEMBER | SPEAKER,
    "pledges.receipt": MEMBER,
    "pledges.withdraw": MEMBER,
    "pledges.change": MEMBER,
    "pledges.stands": MEMBER,
    "villages.board": MEETING,
    "villages.batch": MEETING,
    "villages.shares": SPEAKER | TREASURER,
    "villages.mark": SPEAKER,
    "villages.write": SPEAKER,
    "giving.agree": TREASURY | MEMBER,
    "giving.given": TREASURY | MEMBER,
    "giving.missed": TREASURY | MEMBER,
    "giving.verify": TREASURY,
    "projects.show": EVERYBODY,
    "projects.history": EVERYBODY,
    "proposals.board": EVERYBODY,
    "proposals.show": EVERYBODY,
    "proposals.receipt": EVERYBODY,
    "proposals.mine": SIGNED_IN,
    "proposals.new": SIGNED_IN,
    "proposals.write": SPEAKER,
    "proposals.drop": SPEAKER,
    "proposals.withdraw": SPEAKER,
    "proposals.for_another": MEETING,
    "proposals.bring": KEEPERS,
    "proposals.support": BELONGING,
    "proposals.take_back": SIGNED_IN,
    "ballots.board": EVERYBODY,
    "ballots.show": EVERYBODY,
    "ballots.file": EVERYBODY,
    "ballots.sheet": EVERYBODY,
    "ballots.booth": EVERYBODY,
    "ballots.by_code": EVERYBODY,
    "ballots.change": EVERYBODY,
    "ballots.receipt": EVERYBODY,
    "ballots.station": OFFICE,
    "ballots.at_station": OFFICE,
    "ballots.new": KEEPERS,
    "ballots.edit": KEEPERS,
    "ballots.project": KEEPERS,
    "ballots.bonds": KEEPERS,
    "ballots.untie": KEEPERS,
    "ballots.desk": OFFICE,
    "ballots.act": KEEPERS,
    "ballots.roll": OFFICE,
    "ballots.tick": OFFICE,
    "ballots.strike": KEEPERS,
    "ballots.codes": KEEPERS,
    "ballots.void": KEEPERS,
    "ballots.batches": OFFICE,
    "ballots.batch": OFFICE,
    "ballots.read": OFFICE,
    "ballots.settle": KEEPERS,
    "ballots.scan": OFFICE,
    "results.show": EVERYBODY,
    "ranking.show": EVERYBODY,
    "ranking.place": KEEPERS,
    "review.board": KEEPERS,
    "review.show": KEEPERS,
    "review.find": KEEPERS,
    "review.estimate": KEEPERS,
    "review.conclude": KEEPERS,
    "review.merge": KEEPERS,
    "review.reopen": KEEPERS,
    "rounds.board": EVERYBODY,
    "rounds.new": KEEPERS,
    "rounds.charter": KEEPERS,
    "rounds.phases": KEEPERS,
    "rounds.decision": KEEPERS,
    "rounds.rules": EVERYBODY,
    "rounds.show": EVERYBODY,
    "teams.invite": OFFICE | SPEAKER,
    "teams.invitation": OFFICE | SPEAKER,
    "teams.revoke": OFFICE | SPEAKER,
    "teams.needs": OFFICE | SPEAKER,
    "teams.found": OFFICE | SPEAKER,
    "teams.join": SIGNED_IN,
    "teams.room": ROOM,
    "teams.hide": OFFICE,
    "teams.let_go": OFFICE,
    "teams.leave": MEMBER,
    "teams.prolong": MEMBER,
    "wishes.board": KEEPERS,
    "wishes.answer": KEEPERS,
    "wishes.erase": KEEPERS,
    "security.login": EVERYBODY,
    "security.logout": EVERYBODY,
    "security.register": EVERYBODY,
    "security.forgot_password": EVERYBODY,
    "security.send_confirmation": EVERYBODY,
    "security.change_email": SIGNED_IN,
    "security.change_password": SIGNED_IN,
    "security.verify": SIGNED_IN,
    "security.mf_recovery_codes": SIGNED_IN,
    "security.two_factor_setup": SIGNED_IN,
    "security.wan_register": SIGNED_IN,
    "security.wan_delete": SIGNED_IN,
    "security.wan_verify": SIGNED_IN,
}
"""Endpoint -> who may, by reading and by sending; all others are refused."""

SENDING: dict[str, frozenset[str]] = {"works.show": KEEPERS, "ballots.roll": KEEPERS}
"""Pages that more may read than send."""

BY_TOKEN = frozenset(
    {
        "accounts.link_open",
        "security.change_email_confirm",
        "security.confirm_email",
        "security.reset_password",
        "security.mf_recovery",
        "security.tf_select",
        "security.two_factor_rescue",
        "security.two_factor_setup_validate",
        "security.two_factor_token_validation",
        "security.wan_register_response",
        "security.wan_signin",
        "security.wan_signin_response",
        "security.wan_verify_response",
    }
)
"""Half-way places of signing in: what was sent or begun before lets in, no role does."""


@pytest.fixture(scope="module")
def stage(template: str, engine_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Scene]]:
    """One application on one filled database for all tests of this file."""
    with staged(template, engine_name, tmp_path_factory.mktemp("rights")) as made:
        yield made


def rules_of(app: Flask) -> list[Rule]:
    """All addresses, by the name of their page."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


def test_every_page_has_its_line_in_the_table_and_every_line_its_page(stage: tuple[Flask, Scene]) -> None:
    app, _scene = stage
    assert sorted({rule.endpoint for rule in rules_of(app)} ^ (set(TABLE) | BY_TOKEN)) == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_let_in_where_the_table_says_so_and_nowhere_else(stage: tuple[Flask, Scene], role: str) -> None:
    app, scene = stage
    wrong = []
    for rule in rules_of(app):
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            address = address_of(app, scene, rule)
            answer = asked(app, scene.people[role], address, method=method)
            if rule.endpoint in GUARDED:
                with app.extensions["store"].begin() as db:
                    db.execute(delete(RateCount))
            expected = rule.endpoint in BY_TOKEN or role in who_may(rule.endpoint, method)
            if not agrees(answer, is_open=expected, by_token=rule.endpoint in BY_TOKEN):
                wrong.append(f"{method} {address} ({rule.endpoint}) answers {answer.status_code} {answer.location}")
    assert wrong == []


def who_may(endpoint: str, method: str) -> frozenset[str]:
    """Who may, as the table says it; no one where it says nothing."""
    readers = TABLE.get(endpoint, NO_ONE)
    return readers if method == "GET" else SENDING.get(endpoint, readers)


def agrees(answer: TestResponse, *, is_open: bool, by_token: bool) -> bool:
    """Whether an answer is what the table wants; half-way places may answer anything but a failure."""
    if by_token:
        return answer.status_code < 500
    return answer.status_code < 500 and is_refused(answer) is not is_open and answer.status_code not in {400, 405}


def is_refused(answer: TestResponse) -> bool:
    """Sent away: forbidden, not there, or to the sign-in."""
    to_sign_in = answer.status_code in {302, 303} and "/account/login" in (answer.location or "")
    return answer.status_code in {401, 403, 404} or to_sign_in


def address_of(app: Flask, scene: Scene, rule: Rule) -> str:
    """An address of the scene for a rule; KeyError when a page asks for something the scene does not have."""
    room = rule.endpoint.split(".")[0] + "."
    values = scene.values | scene.own.get(room, {}) | scene.own.get(rule.endpoint, {})
    return app.url_map.bind("localhost").build(rule.endpoint, {name: values[name] for name in rule.arguments})
