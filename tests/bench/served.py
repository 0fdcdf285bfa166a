"""Processes that serve, what their workers use of the processor and of memory, and a client that asks them."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from cdp.config import ROOT


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(parent: int) -> list[int]:
    """Processes started by a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
    return found


def seconds(pid: int) -> float:
    """Processor time (user and system) of a process, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    coarse = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    with contextlib.suppress(OSError):
        threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
        fine = sum(int(path.read_text().split()[0]) for path in threads) / 1e9
        return fine or coarse
    return coarse


def _share(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


@dataclass
class Served:
    """A gunicorn with two workers: ours, or the floor."""

    port: int
    process: "subprocess.Popen[bytes]"
    asked: int = field(default=0)

    def workers(self) -> list[int]:
        """Its worker processes."""
        return children(self.process.pid)

    def used(self) -> float:
        """Processor seconds of its workers so far."""
        return sum(seconds(pid) for pid in self.workers())

    def memory(self) -> float:
        """Resident MB of the largest worker."""
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.workers()]
        return max(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def share(self) -> float:
        """Its proportional share (PSS) of the largest worker in MB: pages that processes share counted in parts."""
        return max(_share(pid) for pid in self.workers())

    def ask(
        self, address: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        """Status, body and location of one answer; each on a connection of its own, so that both workers serve."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = dict(headers or {})
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if form is not None else "GET", address, urlencode(form) if form else None, sent)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        self.asked += 1
        return answer.status, body, answer.getheader("Location") or ""


@contextlib.contextmanager
def serve(arguments: list[str], port: int, settings: Mapping[str, str]) -> Iterator[Served]:
    """Start a server in a process of its own, stop it at the end."""
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=os.environ | dict(settings), stderr=subprocess.DEVNULL
    )
    try:
        wait(port, process)
        yield Served(port, process)
    finally:
        process.terminate()
        process.wait(20)


def wait(port: int, process: "subprocess.Popen[bytes]", *, longest: float = 90) -> None:
    """Until it answers; RuntimeError when it ended before."""
    until = time.monotonic() + longest
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server at port {port} did not start")
