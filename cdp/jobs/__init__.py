"""What runs outside a request: it wakes, and does what rows written with the acts say is due. Safe to run twice."""
