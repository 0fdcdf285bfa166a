"""``python -m tests.faults killing|last_dirham [--engine …] [--times N]``: prints figures, exits 1 when wrong."""

import argparse
import sys

from tests.faults import killing, last_dirham

ENGINES = ("sqlite", "postgresql")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="killing, last_dirham (both unless said)")
    parser.add_argument("--engine", choices=ENGINES, help="one engine instead of both")
    parser.add_argument("--times", type=int, default=100, help="how often a worker is killed (100)")
    given = parser.parse_args()
    wrong: list[str] = []
    for engine in (given.engine,) if given.engine else ENGINES:
        for name in given.names or ["killing", "last_dirham"]:
            wrong += killing.run(engine, given.times) if name == "killing" else last_dirham.run(engine)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
