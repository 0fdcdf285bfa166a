"""Stage 12: the round as a whole: what lies open in every stage, what each phase sets going, what waits.

It looks at all stages before it and writes through their services only. Uses: everything below.
"""
