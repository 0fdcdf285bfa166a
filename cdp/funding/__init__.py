"""Stage 10, funding: who promised what to a project, what became of it, and the books that say so.

Promises of people and groups, funding lines of institutions (convention, visa, schedule), payee accounts,
bank statements and an append-only ledger of moves between stage accounts. The tool holds no money and makes
no public appeal (laws 18-18 and 15-18): it writes down what others promise, pay and spend, and shows payment
instructions only where a legal basis is on record. Earlier stages used: programme, teams, people, communes.
"""
