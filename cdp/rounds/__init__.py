"""Stage 3: planning rounds, their phases by date, and the charter (the rules of this round).

Ground: Organic Law 113-14 art. 78-83, Decree 2-16-301. Uses: communes, people.
"""
