"""The writes of priorities: the panel's sheets and interests, the places people set."""

from cdp.priorities.services.order import set_place
from cdp.priorities.services.panel import declare, hand_in, mark, take_back

__all__ = ["declare", "hand_in", "mark", "set_place", "take_back"]
