"""SQLAlchemy bricks: base, types, engine, audit, files. SQLite and PostgreSQL alike."""
