"""Stage 7: eligibility against the charter's checklist, costing by lines, a conclusion with a public reason.

Ground: Decree 2-16-301 art. 6-7 (diagnosis, stock of projects). Uses: communes, people, rounds, proposals,
teams, notices.
"""
