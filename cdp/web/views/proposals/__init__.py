"""Proposals: the board, writing one in five steps, its page, one's own, on behalf of another, files of them."""

from cdp.web.views.proposals import another, board, importing, show, writing
from cdp.web.views.proposals.room import bp

__all__ = ["another", "board", "bp", "importing", "show", "writing"]
