"""The floor: the least a page of 25 rows and an insert can cost with the same tools, served in the same way."""

import json
import os
import sys
from typing import Any

from flask import Flask, redirect, render_template_string, request
from gunicorn.app.base import BaseApplication
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, event, insert, select
from werkzeug.wrappers import Response

TABLE = Table(
    "floor",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("place", String(80), nullable=False),
    Column("state", String(20), nullable=False),
    Column("supports", Integer, nullable=False, index=True),
)

PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Proposals</title></head><body><main><h1>Proposals</h1>
{% for row in rows %}<article><h2><a href="/p/{{ row.id }}">{{ row.title }}</a></h2>
<p>{{ row.place }} · {{ row.state }} · {{ row.supports }}</p></article>
{% endfor %}</main></body></html>"""


def connect(url: str) -> Engine:
    """An engine as ours: WAL and full synchronous writes on SQLite."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

    return engine


def fill(url: str, rows: int = 2000) -> None:
    """A table with that many rows."""
    engine = connect(url)
    TABLE.metadata.create_all(engine)
    with engine.begin() as connection:
        values = [
            {"title": f"Un puits pour le douar {n}", "place": f"Douar {n % 40}", "state": "submitted", "supports": n}
            for n in range(rows)
        ]
        connection.execute(insert(TABLE), values)
    engine.dispose()


def create_floor(url: str) -> Flask:
    """One list, one insert."""
    app, engine = Flask("floor"), connect(url)
    page = app.jinja_env.from_string(PAGE)

    @app.get("/")
    def board() -> str:
        with engine.connect() as connection:
            rows = connection.execute(select(TABLE).order_by(TABLE.c.supports.desc()).limit(25)).all()
        return render_template_string(PAGE, rows=rows)

    @app.get("/compiled")
    def compiled() -> str:
        """The same list from a template that is compiled once: told beside the floor, no page is measured by it."""
        with engine.connect() as connection:
            rows = connection.execute(select(TABLE).order_by(TABLE.c.supports.desc()).limit(25)).all()
        return page.render(rows=rows)

    @app.post("/new")
    def new() -> Response:
        form = request.form
        with engine.begin() as connection:
            connection.execute(
                insert(TABLE).values(title=form["title"], place=form["place"], state="submitted", supports=0)
            )
        return redirect("/")

    return app


class Floor(BaseApplication):
    """The same gunicorn with the same settings, another application; nothing of ours is imported."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options as gunicorn's settings."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application of a worker."""
        return create_floor(os.environ["FLOOR_URL"])


if __name__ == "__main__":
    Floor(bind=f"127.0.0.1:{sys.argv[1]}", workers=2, **json.loads(os.environ["FLOOR_WORKERS"])).run()
