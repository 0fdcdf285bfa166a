"""Bringing a database up to the newest version, and telling whether it is."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from cdp.config import ROOT


def configuration() -> Config:
    """Alembic's configuration of this checkout."""
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def upgrade(engine: Engine, target: str = "head") -> None:
    """Run all versions up to ``target``."""
    with engine.connect() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, target)
        connection.commit()


def downgrade(engine: Engine, target: str) -> None:
    """Run versions back down to ``target`` (``base`` for none)."""
    with engine.connect() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, target)
        connection.commit()


def is_current(engine: Engine) -> bool:
    """Whether the database stands at the newest version."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
