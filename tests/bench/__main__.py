"""``make bench``: the pages beside the floor, then all other benches, or those that are named. It judges nobody."""

import argparse
import subprocess
import sys

from tests.bench.pages import run
from tests.bench.table import Line, show, summary

OTHERS = ("writing", "voting", "casting", "programme", "statements", "documents", "ledger")
ENGINES = ("sqlite", "postgresql")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all, unless said: pages, {', '.join(OTHERS)}")
    parser.add_argument("--quick", action="store_true", help="500 and 4,000 proposals, fewer requests")
    parser.add_argument("--engine", choices=ENGINES, help="one engine instead of both")
    parser.add_argument("--only", default="", metavar="WORD", help="pages whose name has this word")
    given = parser.parse_args()
    for name in given.names or ("pages", *OTHERS):
        print(f"\n== {name}", flush=True)
        if name == "pages":
            _pages([given.engine] if given.engine else ENGINES, quick=given.quick, only=given.only)
        elif name in OTHERS:
            subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False)  # its memory is its own
        else:
            parser.error(f"there is no bench {name!r}")


def _pages(engines: "tuple[str, ...] | list[str]", *, quick: bool, only: str) -> None:
    lines: list[Line] = []
    for engine in engines:
        for line in run(engine, quick=quick, only=only):
            show(line)
            lines.append(line)
    print(summary(lines))


if __name__ == "__main__":
    main()
