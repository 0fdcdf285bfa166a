"""The worker: one consumer that wakes every minute. It carries no truth: a message lost is work found again."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.serializer import SignedSerializer

from cdp.jobs.due import Done

Work = Callable[[], list[Done]]
Report = Callable[[str], None]


WORKER, SEARCHER = "worker.lock", "searcher.lock"
"""Places of an instance that one process holds at a time."""


class AnotherWorker(Exception):
    """There is already a worker for this instance."""


def queue(database_url: str, instance: Path, secret: str) -> Huey:
    """The queue beside the data: a file of the instance, or tables of the same PostgreSQL. Messages are signed."""
    serializer = SignedSerializer(secret=secret, salt="cdp.jobs")
    if database_url.startswith("postgresql"):
        dsn = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
        return PostgresHuey("cdp", dsn=dsn, results=False, serializer=serializer)
    return SqliteHuey("cdp", filename=str(instance / "jobs.sqlite3"), results=False, serializer=serializer)


def schedule(huey: Huey, works: dict[str, tuple[int, Work]], report: Report) -> None:
    """Let each work run every so many minutes; what it did is reported, line by line, unless it was nothing."""
    for name, (minutes, work) in works.items():
        huey.periodic_task(crontab(minute=f"*/{minutes}"), name=name)(_reporting(work, report))


def _reporting(work: Work, report: Report) -> Callable[[], None]:
    def run() -> None:
        for done in work():
            if done.count:
                report(str(done))

    return run


@contextmanager
def only_one(instance: Path, place: str = WORKER) -> Iterator[None]:
    """Hold a place of an instance; AnotherWorker when it is taken. A killed process frees it."""
    with (instance / place).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AnotherWorker from error
        yield
