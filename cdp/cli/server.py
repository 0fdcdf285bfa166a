"""Serving the pages, and bringing the database up."""

import contextlib
import ctypes
import gc
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from cdp.app import create_app
from cdp.config import settings
from cdp.i18n import catalogs
from cdp.store.engine import Store
from cdp.store.migrations import is_current, upgrade

WORKERS: dict[str, Any] = {
    "worker_class": "gthread",
    "threads": 4,
    "timeout": 60,
    "graceful_timeout": 10,
    "keepalive": 5,
    "accesslog": None,
    "forwarded_allow_ips": "127.0.0.1",
    "control_socket_disable": True,
    "preload_app": True,
}
"""How every worker runs."""


class Server(BaseApplication):
    """gunicorn with threads: workers share the application's code, each makes its own connections."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options as gunicorn's settings."""
        for name, value in self.options.items():
            self.cfg.set(name, value)
        self.cfg.set("post_request", tidy)

    def load(self) -> Flask:
        """The application, made once before the workers are forked: what they only read stays shared."""
        app = create_app()
        app.extensions["store"].dispose()
        settle()
        return app


MOST_ARENAS = -8
"""glibc's ``M_ARENA_MAX``: in how many heaps threads ask for memory."""


def settle() -> None:
    """Give back what starting left over, and keep the collector off what stays, so that its pages remain shared."""
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(MOST_ARENAS, 1)
    trim()


def tidy(worker: Any, _request: Any, _environ: Any, _response: Any) -> None:
    """Give back now and then what answering left over: a first page compiles much that is not kept."""
    if worker.nr % REQUESTS_TO_TIDY == 0:
        trim()


REQUESTS_TO_TIDY = 64
"""After so many answers a worker gives memory back; it takes a millisecond or two."""


def trim() -> None:
    """Let the C library return what is free to the system, where it can."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def run(host: str, port: int, *, workers: int = 2) -> None:
    """Serve until stopped."""
    catalogs.compile_all()
    Server(bind=f"{host}:{port}", workers=workers, **WORKERS).run()


@click.command()
@click.option("--host", help="Address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen at.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
def serve(host: str | None, port: int | None, *, workers: int) -> None:
    """Serve the pages with gunicorn."""
    chosen = settings()
    store = Store(chosen.database_url)
    if not is_current(store.engine):
        raise click.ClickException("the database is not at the newest version: run `python -m cdp migrate` first")
    store.dispose()
    run(host or chosen.host, port or chosen.port, workers=workers)


@click.command()
def migrate() -> None:
    """Bring the database to the newest version."""
    store = Store(settings().database_url)
    upgrade(store.engine)
    store.dispose()
    click.echo("the database stands at the newest version")
