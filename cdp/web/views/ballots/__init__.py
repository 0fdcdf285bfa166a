"""Ballots: their public page, the booth, the office's desk with roll, codes and paper."""

from cdp.web.views.ballots import booth, desk, paper, public, roll, setting
from cdp.web.views.ballots.room import bp

__all__ = ["booth", "bp", "desk", "paper", "public", "roll", "setting"]
