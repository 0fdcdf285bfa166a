"""Stage 13: what the public may see. Reads all stages, writes nothing; one value, many readers.

Ground: law 31-13 art. 10 (what is published unasked), law 09-08 (names only as people chose). Uses: all stages.
"""
