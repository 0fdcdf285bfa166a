"""Version 1: communes, rounds, proposals, projects, money, as plain JSON described by OpenAPI 3.1."""
