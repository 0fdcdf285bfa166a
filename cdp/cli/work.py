"""The worker at the terminal: phases by their dates, letters, the duties of a day."""

import logging
import sys
from collections.abc import Callable, Mapping

import click
from flask import Flask

from cdp.app import create_app
from cdp.jobs import books, due, files, fits, outbox
from cdp.jobs.worker import SEARCHER, WORKER, AnotherWorker, Work, only_one, queue, schedule
from cdp.store.engine import Store
from cdp.store.migrations import is_current

Job = Callable[[Store], list[due.Done]]

EVERY: dict[str, tuple[int, Job]] = {
    "phases": (2, due.enter_phases),
    "letters": (1, outbox.letters),
    "programmes": (1, fits.find_best),
    "duties": (30, due.do_duties),
    "books": (30, books.check_books),
    "files": (60, files.sweep),
}
"""By name: every so many minutes, which work."""


@click.command("work")
@click.option("--once", "how", flag_value="once", help="Do what is due now and stop.")
@click.option(
    "--searches", "how", flag_value="searches", help="Only the searches that wait, then stop (used by the worker)."
)
def work(how: str | None) -> None:
    """Do what falls due: enter phases, send letters, tell whose days end. One worker an instance."""
    app = create_app()
    try:
        _work(app, how)
    except AnotherWorker as taken:
        raise click.ClickException("another worker is running for this instance") from taken
    finally:
        app.extensions["store"].dispose()


def _work(app: Flask, how: str | None) -> None:
    if not is_current(app.extensions["store"].engine):
        raise click.ClickException("the database is not at the newest version; bring it up to date first")
    instance = app.config["SETTINGS"].instance
    if how == "searches":
        with only_one(instance, SEARCHER):
            _once(app, {"programmes": EVERY["programmes"]})
        return
    with only_one(instance, WORKER):
        if how == "once":
            with only_one(instance, SEARCHER):
                _once(app, EVERY)
        else:
            _forever(app)


def _once(app: Flask, works: Mapping[str, tuple[int, Job]]) -> None:
    with app.app_context():
        done = [each for _, job in works.values() for each in job(app.extensions["store"])]
    for each in done:
        click.echo(str(each))
    if not any(each.count for each in done):
        click.echo("nothing was due")


def _forever(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    logging.getLogger("huey").setLevel(logging.WARNING)
    huey = queue(settings.database_url, settings.instance, settings.secret_key)
    searcher = fits.Searcher((sys.executable, "-m", "cdp", "work", "--searches"), settings.instance)
    works = {**EVERY, "programmes": (EVERY["programmes"][0], searcher.look)}
    schedule(huey, {name: (minutes, _bound(app, job)) for name, (minutes, job) in works.items()}, click.echo)
    try:
        _once(app, works)
        click.echo("working; stop with Ctrl-C")
        huey.create_consumer(workers=1, periodic=True, worker_type="thread").run()
    finally:
        searcher.stop()


def _bound(app: Flask, job: Job) -> Work:
    def run() -> list[due.Done]:
        with app.app_context():
            return job(app.extensions["store"])

    return run
