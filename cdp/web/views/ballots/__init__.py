"""Ballots: their public page, the booth, the office's desk with roll, codes and paper."""

from cdp.web.views.ballots import bonds, booth, desk, paper, public, roll, setting
from cdp.web.views.ballots.room import bp

__all__ = ["bonds", "booth", "bp", "desk", "paper", "public", "roll", "setting"]
