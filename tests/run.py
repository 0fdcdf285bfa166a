"""The whole suite: once on SQLite, once on a real PostgreSQL, then the browser's walks; one closing count.

Run by ``make test``. Extra arguments go to pytest.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CORES = os.cpu_count() or 2


def run(title: str, *arguments: str) -> tuple[int, dict[str, int]]:
    """One run of pytest; its exit code and its counts."""
    print(f"\n== {title}", flush=True)
    start = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "--durations=15", *arguments, *sys.argv[1:]], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        last = line if re.search(r"\d+ (passed|failed|error)", line) else last
    code = process.wait()
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|skipped|error)", last)}
    print(f"== {title}: {counts or 'nothing ran'}, {time.monotonic() - start:.0f} s", flush=True)
    return code, counts


def main() -> int:
    """Exit code 0 only when every run passed and ran something."""
    has_browser = shutil.which("chromium") is not None
    runs = [
        run("SQLite", "-n", str(CORES), "--engine", "sqlite", "-m", "not browser"),
        run("PostgreSQL", "-n", str(CORES), "--engine", "postgresql", "-m", "not browser"),
    ]
    if has_browser:
        runs.append(run("Chromium", "-n", str(CORES), "--engine", "sqlite", "-m", "browser"))
    total = {word: sum(counts.get(word, 0) for _, counts in runs) for word in ("passed", "failed", "skipped", "error")}
    if not has_browser:
        print("\nNo chromium on this machine: the browser's walks were NOT run (counted as one skipped).")
        total["skipped"] += 1
    failed = total["failed"] + total["error"] + sum(1 for code, counts in runs if code and not counts.get("failed"))
    print(f"\n{total['passed']} passed, {failed} failed, {total['skipped']} skipped", flush=True)
    return 0 if not failed and all(code == 0 and counts.get("passed") for code, counts in runs) else 1


if __name__ == "__main__":
    for leftover in Path(tempfile.gettempdir()).glob("cdp-postgres-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    sys.exit(main())
