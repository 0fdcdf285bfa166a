"""Papers of strangers are opened in a process of their own: what they do to it ends with it, and so does its memory."""

import os
import subprocess  # nosec B404
import sys

from cdp.config import ROOT
from cdp.kernel.errors import RuleBroken

LOCKED = 3
"""How ``python -m cdp.store.papers`` ends for a paper behind a password."""

PATIENCE = 30
"""Seconds until the process is ended; it limits its own time and memory below that."""


def clean_paper(data: bytes) -> bytes:
    """The same pages without metadata (see :mod:`cdp.store.papers`).

    RuleBroken: "files.locked_paper" for one behind a password, "files.broken_paper" for one that cannot be read
    whole, and so could not be cleaned.
    """
    try:
        made = subprocess.run(  # nosec B603
            [sys.executable, "-m", "cdp.store.papers"],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            cwd=ROOT,
            env={"PATH": os.environ.get("PATH", "")},
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise RuleBroken("files.broken_paper") from late
    if made.returncode:
        raise RuleBroken("files.locked_paper" if made.returncode == LOCKED else "files.broken_paper")
    return made.stdout
