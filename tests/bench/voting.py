"""How fast the counting is, at the size of a large city: ``python -m tests.bench.voting``.

A generated election: 160 projects, 90,494 voters who approve up to five, popularity falling as in
real ones, costs in round sums, voters clustered by district.  Each figure is the best of several.  Memory is what
``python -m cdp tally`` takes at its highest, in a process of its own: this one holds the benches too.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

from cdp.config import ROOT
from cdp.priorities.rules.voting.pabulib_votes import read
from cdp.priorities.rules.voting.register import RULES
from cdp.priorities.rules.voting.terms import Completion, Terms, Utility

PROJECTS, VOTERS, DISTRICTS = 160, 90_494, 8
GOALS = {
    "reading": 0.2,
    "greedy": 0.010,
    "greedy-per-cost": 0.010,
    "phragmen": 0.1,
    "equal shares by cost": 0.05,
    "equal shares by count": 0.05,
    "add1 by cost": 0.4,
    "add1 by count": 0.4,
    "memory MB": 150,
}


def generated(seed: int = 2022) -> bytes:
    """The ``.pb`` file of an invented city."""
    draw = Random(seed)
    costs = [draw.choice([20, 35, 50, 80, 120, 150, 200, 300, 500, 850]) * 1000 for _ in range(PROJECTS)]
    costs = [cost + draw.choice([0, 0, 0, draw.randrange(1000)]) for cost in costs]
    district = [draw.randrange(DISTRICTS) for _ in range(PROJECTS)]
    appeal = [draw.paretovariate(1.3) for _ in range(PROJECTS)]
    weights = [[appeal[p] * (8 if district[p] == d else 1) for p in range(PROJECTS)] for d in range(DISTRICTS)]
    rows = []
    for voter in range(VOTERS):
        picks = draw.choices(range(PROJECTS), weights[draw.randrange(DISTRICTS)], k=draw.choice([1, 2, 3, 4, 5, 5, 5]))
        vote = ",".join(str(pick + 1) for pick in dict.fromkeys(picks))
        rows.append(f"{voter};{draw.randint(16, 90)};{draw.choice('FM')};internet;{vote}")
    budget = sum(costs) // 3
    head = ["META", "key;value", "description;invented city", f"num_projects;{PROJECTS}", f"num_votes;{VOTERS}"]
    head += [f"budget;{budget}", "vote_type;approval", "rule;greedy", "max_length;5", "PROJECTS"]
    head += ["project_id;cost;name"] + [f"{p + 1};{cost};Project {p + 1}" for p, cost in enumerate(costs)]
    return "\n".join([*head, "VOTES", "voter_id;age;sex;voting_method;vote", *rows, ""]).encode()


def best(act: Callable[[], object], times: int = 5) -> float:
    """The shortest of several runs, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return min(taken)


def figures(data: bytes) -> dict[str, float]:
    """Seconds for reading and for each rule; nothing is remembered from one run to the next."""

    def counted(rule: str, terms: Terms) -> float:
        taken = []
        for _ in range(3):
            election = read(data).election
            taken.append(best(partial(RULES[rule], election, terms), times=1))
        return min(taken)

    found = {"reading": best(lambda: read(data), times=3)}
    for rule in ("greedy", "greedy-per-cost", "phragmen"):
        found[rule] = counted(rule, Terms())
    for utility in Utility:
        found[f"equal shares by {utility.value}"] = counted("equal-shares", Terms(utility=utility))
        terms = Terms(utility=utility, completion=Completion.ADD1)
        found[f"add1 by {utility.value}"] = counted("equal-shares", terms)
    found["memory MB"] = memory(data)
    return found


def memory(data: bytes) -> float:
    """The most that counting the file at the terminal takes, in MB."""
    words = ["-m", "cdp", "tally", "--rule", "equal-shares", "--completion", "add1", "--json"]
    with tempfile.TemporaryDirectory(prefix="cdp-voting-") as folder:
        file = Path(folder, "city.pb")
        file.write_bytes(data)
        script = (
            "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        asked = [sys.executable, "-c", script, sys.executable, *words, str(file)]
        told = subprocess.run(asked, check=True, capture_output=True, text=True, cwd=ROOT)
    return int(told.stdout) / 1024


def main() -> None:
    """Print each figure beside its goal, and one line of JSON."""
    found = figures(generated())
    for name, value in found.items():
        verdict = "ok" if value <= GOALS[name] else "over"
        sys.stdout.write(f"{name:24} {value:9.4f}  goal {GOALS[name]:8.3f}  {verdict}\n")
    sys.stdout.write(json.dumps({name: round(value, 4) for name, value in found.items()}) + "\n")


if __name__ == "__main__":
    main()
