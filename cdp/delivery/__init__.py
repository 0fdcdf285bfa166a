"""Stage 11: works and milestones, with dated photos.

Ground: Decree 2-16-301 art. 14 (yearly evaluation). Uses: communes, people, proposals, teams, programme,
funding, notices.
"""
