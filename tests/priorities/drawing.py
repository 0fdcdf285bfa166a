"""Small elections drawn at random, with many ties, and the plain values the oracle wants."""

from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

from cdp.priorities.rules.voting.election import Candidate, Election, Vote, VoteKind, election, marks

SUMS = {
    "ties": lambda draw: draw.choice([10, 20, 30, 60]),
    "tiny": lambda draw: draw.choice([0, 1, 2, 2, 3, 4, 6]),
    "any": lambda draw: draw.randint(0, 50),
    "huge": lambda draw: 3 * 10**15 + draw.randint(-1, 1),
}


@dataclass(frozen=True)
class Drawn:
    """An election as its parts, for both counts."""

    budget: int
    costs: dict[str, int]
    votes: tuple[Vote, ...]
    kind: VoteKind

    @property
    def election(self) -> Election:
        candidates = [Candidate(project, cost) for project, cost in self.costs.items()]
        return election(self.budget, candidates, self.votes, kind=self.kind)

    @property
    def ballots(self) -> list[dict[str, int]]:
        return [marks(vote, self.kind) for vote in self.votes]


def drawn(draw: Random, *, sums: str = "any", projects: int = 6, voters: int = 10) -> Drawn:
    """An election of up to so many projects and voters."""
    costs = {str(i): SUMS[sums](draw) for i in range(1, draw.randint(1, projects) + 1)}
    kind = draw.choice(list(VoteKind))
    votes = tuple(
        vote(draw, [one for one in costs if draw.random() < 0.45], kind) for _ in range(draw.randint(0, voters))
    )
    return Drawn(draw.randint(0, sum(costs.values()) * 6 // 5 + 1), costs, votes, kind)


def vote(draw: Random, named: list[str], kind: VoteKind) -> Vote:
    """One ballot that names these projects."""
    if kind is VoteKind.ORDINAL:
        draw.shuffle(named)
    if kind in (VoteKind.APPROVAL, VoteKind.ORDINAL):
        return tuple(named)
    return {project: draw.choice([1, 2, 3, 4, 5, -1]) for project in named}


def elections(projects: int = 6, voters: int = 8) -> st.SearchStrategy[Drawn]:
    """The same for hypothesis, which shrinks what fails by shrinking the seed's choices."""
    return st.builds(
        lambda seed, sums: drawn(Random(seed), sums=sums, projects=projects, voters=voters),
        st.integers(0, 2**32),
        st.sampled_from(["ties", "tiny", "any"]),
    )
