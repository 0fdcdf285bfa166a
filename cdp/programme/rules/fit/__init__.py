"""The fit of a programme: which projects stand in which year, within what there is, and why not the others.

``terms`` says what goes in and what comes out; ``greedy.fit`` is fast and explained, ``exact.fit``
proves how near it is to the best; ``check.violations`` looks at any result with whole numbers alone.
"""
