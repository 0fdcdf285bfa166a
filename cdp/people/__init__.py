"""Stage 2: persons, groups, mandates, and the Actor who acts in a capacity.

Ground: law 09-08 (personal data: only what is needed, asked once, erased on request); law 09-08 art. 1
(no sensitive data: no nationality, papers, identity number, religion or health, no such field).
Uses: communes.
"""
