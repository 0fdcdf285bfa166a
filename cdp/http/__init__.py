"""One request: its database session, its actor, its language, its headers."""
