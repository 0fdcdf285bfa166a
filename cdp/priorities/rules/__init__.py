"""Pure rules of the priorities: counting of votes and scoring by a panel; values in, values out."""
