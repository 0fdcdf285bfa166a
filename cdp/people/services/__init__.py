"""The writes about people: one module a kind of thing."""
