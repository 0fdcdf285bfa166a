"""Bringing a database up to the newest version, and telling whether it is."""

import re
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

from cdp.config import ROOT
from cdp.kernel.late import late

if TYPE_CHECKING:
    from alembic import command, config
else:
    command, config = late("alembic.command"), late("alembic.config")

SAID = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)
"""What a version says of itself and of the one before, one line each."""


def configuration() -> "config.Config":
    """Alembic's configuration of this checkout."""
    made = config.Config(toml_file=str(ROOT / "pyproject.toml"))
    made.set_main_option("script_location", str(ROOT / "migrations"))
    return made


def upgrade(engine: Engine, target: str = "head") -> None:
    """Run all versions up to ``target``."""
    with engine.connect() as connection:
        chosen = configuration()
        chosen.attributes["connection"] = connection
        command.upgrade(chosen, target)
        connection.commit()


def downgrade(engine: Engine, target: str) -> None:
    """Run versions back down to ``target`` (``base`` for none)."""
    with engine.connect() as connection:
        chosen = configuration()
        chosen.attributes["connection"] = connection
        command.downgrade(chosen, target)
        connection.commit()


def newest() -> str | None:
    """The version no other comes after, by what the files say; the tool that runs them weighs too much to be asked."""
    said = [dict(SAID.findall(path.read_text())) for path in (ROOT / "migrations" / "versions").glob("*.py")]
    heads = {each["revision"] for each in said} - {each["down_revision"] for each in said}
    return heads.pop() if len(heads) == 1 else None


def is_current(engine: Engine) -> bool:
    """Whether the database stands at the newest version."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [newest()]
