"""Stage 6: who stands behind a project, from which day to which day, in which capacity.

A project is a proposal that goes on: the membership is tied to the proposal, which keeps its identity for
life. Uses: communes, people, rounds, proposals, notices.
"""
