"""What the books require and say, on plain values: no database, no clock, no web.

``units`` money, hours and things · ``ledger`` accounts, operations, balances, what may be posted · ``chain``
the seal on every entry · ``standing`` needed, pledged, committed, received, spent, gap · ``invariants`` what
must always hold · ``references`` RF references · ``accounts`` RIB and IBAN.
"""
