"""What the books require and say, on plain values: no database, no clock, no web.

Books: ``units`` money, hours, things · ``ledger`` accounts, operations, balances · ``posting`` what may be
posted · ``chain`` the seal on every entry · ``standing`` needed, pledged, committed, received, spent, gap ·
``invariants`` what must always hold · ``trace`` whose money built what. Promises: ``promises`` one over its
life · ``conditions`` who waits for whom · ``match_funding`` · ``shares`` who must bring what. Payments:
``references`` · ``accounts`` RIB, IBAN · ``statements`` · ``matching`` with ``names``.
"""
