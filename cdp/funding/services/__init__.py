"""Writes of co-financing: the ledger, pledges, agreements, receipts, spending."""
