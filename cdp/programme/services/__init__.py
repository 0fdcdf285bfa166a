"""The writes of the plan: partners' shares, the draft and its decisions, the acts of the council, projects."""

from cdp.programme.services.council import adopt, publish, refuse_visa, reject, submit, visa
from cdp.programme.services.drafting import decide, draft_plan, exclude, move, pin, unpin
from cdp.programme.services.projects import drop, step
from cdp.programme.services.shares import set_shares

__all__ = [
    "adopt",
    "decide",
    "draft_plan",
    "drop",
    "exclude",
    "move",
    "pin",
    "publish",
    "refuse_visa",
    "reject",
    "set_shares",
    "step",
    "submit",
    "unpin",
    "visa",
]
