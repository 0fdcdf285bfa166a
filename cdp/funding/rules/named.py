"""The invariants of the books by name, in the order they are read aloud; the words are in the catalogs."""

INVARIANTS = tuple(f"L{number}" for number in range(1, 24))
"""L1 to L23: each has a sentence ``invariants.<name>``."""

FROM_ENTRIES = ("L1", "L2", "L3", "L4", "L5", "L9", "L10", "L11", "L12", "L14", "L22")
"""What reading the entries one by one proves."""
