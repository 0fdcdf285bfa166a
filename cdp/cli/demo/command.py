"""The command: load the demonstration once, print who may be tried, serve pages and worker."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from cdp.cli import server
from cdp.cli.demo import ballots, bank, council, other_votes, people, promises, rounds, treasury
from cdp.cli.demo.accounts import accounts
from cdp.cli.demo.scene import Scene
from cdp.config import DEMO_DAY, Settings, demonstration, settings
from cdp.kernel import clock
from cdp.notices.services import take_as_sent
from cdp.store.engine import Store
from cdp.store.migrations import is_current, upgrade


def load(database: Path, files: Path) -> None:
    """Make the demonstration's database beside its place and move it there when it is whole."""
    partial = database.with_suffix(".part")
    for leftover in database.parent.glob(f"{partial.name}*"):
        leftover.unlink()
    shutil.rmtree(files, ignore_errors=True)
    store = Store(f"sqlite:///{partial}")
    upgrade(store.engine)
    with store.writer() as db:
        db.connection().exec_driver_sql("SELECT 1")
        scene = Scene(db, files)
        with clock.held_at(people.FIRST_DAY):
            people.territory_of(scene)
            db.commit()
        people.people_of(scene)
        people.groups_of(scene)
        people.second_commune(scene)
        before = council.RoundBefore(scene)
        before.load()
        ballots.BallotBefore(scene, before.asked).load()
        other_votes.other_votes(scene, before.asked)
        rounds.round_of_today(scene)
        ballots.ballot_of_today(scene, DEMO_DAY)
        bank.Bank(scene).plan()
        treasury.Treasury(scene).plan()
        promises.Promises(scene).plan()
        scene.live()
        take_as_sent(db)
        db.commit()
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.dispose()
    partial.replace(database)


def prepare(folder: Path) -> Settings:
    """Settings of the demonstration, for this process and those it starts."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(demonstration(folder))
    settings.cache_clear()
    return settings()


def tell(port: int) -> None:
    """Print the address and a few accounts of every kind; one looks around as any of them without a password."""
    click.echo(f"\nhttp://127.0.0.1:{port}/fr/tizi-nouzgar/   (also /ar/ and /en/)")
    click.echo(f"Look around as somebody: http://127.0.0.1:{port}/fr/look-around/")
    for account in accounts():
        click.echo(f"  {account.what:48} {account.name:20} {account.sign_in}")
    click.echo("Everything is invented. Its calendar stands at 12 April 2027. Stop with Ctrl-C.\n")


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--fresh", "how", flag_value="fresh", help="Load the demonstration anew.")
@click.option("--load-only", "how", flag_value="load", help="Load it and stop.")
def demo(port: int, how: str | None) -> None:
    """Show an invented commune with its round, on 127.0.0.1."""
    chosen = settings()
    folder = chosen.instance if "CDP_INSTANCE" in os.environ else chosen.instance / "demo"
    prepare(folder)
    database = folder.resolve() / "demo.sqlite3"
    if how == "fresh" or not database.exists() or not _is_current(database):
        click.echo("Loading the demonstration through its services: six years of a commune, about half a minute…")
        load(database, folder.resolve() / "files")
    tell(port)
    if how == "load":
        return
    worker = subprocess.Popen([sys.executable, "-m", "cdp", "work"])
    try:
        server.run("127.0.0.1", port)
    finally:
        worker.terminate()
        worker.wait(timeout=10)


def _is_current(database: Path) -> bool:
    store = Store(f"sqlite:///{database}")
    try:
        return is_current(store.engine)
    finally:
        store.dispose()
