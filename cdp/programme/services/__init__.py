"""The writes of the plan: shares, conditions, the draft and its decisions, searches, scenarios, acts, projects."""

from cdp.programme.services.conditions import set_project_terms, set_terms
from cdp.programme.services.council import adopt, publish, refuse_visa, reject, submit, visa, visa_by_silence
from cdp.programme.services.drafting import decide, draft_best, draft_plan, exclude, instance_now, move, pin, unpin
from cdp.programme.services.partners import name_partner, party_of
from cdp.programme.services.projects import drop, step
from cdp.programme.services.runs import ask_best, ask_best_of_scenario, ask_least_change, cancel, stop_best_of_scenario
from cdp.programme.services.scenarios import imagine, publish_scenario, withdraw_scenario
from cdp.programme.services.shares import set_shares
from cdp.programme.services.updating import first_day, open_update

__all__ = [
    "adopt",
    "ask_best",
    "ask_best_of_scenario",
    "ask_least_change",
    "cancel",
    "decide",
    "draft_best",
    "draft_plan",
    "drop",
    "exclude",
    "first_day",
    "imagine",
    "instance_now",
    "move",
    "name_partner",
    "open_update",
    "party_of",
    "pin",
    "publish",
    "publish_scenario",
    "refuse_visa",
    "reject",
    "set_project_terms",
    "set_shares",
    "set_terms",
    "step",
    "stop_best_of_scenario",
    "submit",
    "unpin",
    "visa",
    "visa_by_silence",
    "withdraw_scenario",
]
