"""The writes of proposals: each asks who, checks the rule, changes, writes down, tells; none commits."""

from cdp.proposals.services.counting import recount
from cdp.proposals.services.files import attach, detach
from cdp.proposals.services.imports import import_rows
from cdp.proposals.services.moves import move
from cdp.proposals.services.submitting import submit, withdraw
from cdp.proposals.services.supports import support, take_back
from cdp.proposals.services.writing import Behalf, speak_for, start, start_for_another, write

__all__ = [
    "Behalf",
    "attach",
    "detach",
    "import_rows",
    "move",
    "recount",
    "speak_for",
    "start",
    "start_for_another",
    "submit",
    "support",
    "take_back",
    "withdraw",
    "write",
]
