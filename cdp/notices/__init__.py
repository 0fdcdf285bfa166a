"""Common room: the outbox. A notice is a row written with the act; a job sends it later, once.

Ground: law 09-08 art. 10 (no unasked promotion, a stop address in each message). Uses: people.
"""
