"""Stage 8, priorities: what comes first, decided by marks of a panel, by ballots, or by both.

Earlier stages used: communes, people, rounds, proposals, review.  Law 09-08 (article 11) wants
decisions about persons to be taken by persons: the count shows, people decide.
"""
