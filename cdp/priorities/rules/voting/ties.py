"""What settles a tie, written down before anybody votes.

``name`` prefers the smallest project number, compared as text.  ``lot:SEED`` draws: the project whose
SHA-256 of ``SEED:NUMBER`` (in UTF-8) is smallest comes first.  Anyone can repeat the draw of a
published seed: ``printf '%s' 'SEED:NUMBER' | sha256sum``.
"""

from collections.abc import Iterable
from hashlib import sha256

from cdp.kernel.errors import RuleBroken

BY_NAME = "name"
LOT = "lot:"


def drawn(seed: str, project: str) -> str:
    """The lot of a project: 64 hexadecimal digits that nobody can choose."""
    return sha256(f"{seed}:{project}".encode()).hexdigest()


def precedence(rule: str, projects: Iterable[str]) -> dict[str, int]:
    """The place of every project when all are tied: 0 wins; raises RuleBroken."""
    if rule == BY_NAME:
        ordered = sorted(projects)
    elif rule.startswith(LOT) and len(rule) > len(LOT):
        seed = rule.removeprefix(LOT)
        ordered = sorted(projects, key=lambda project: (drawn(seed, project), project))
    else:
        raise RuleBroken("voting.unknown_tie_rule", rule=rule)
    return {project: place for place, project in enumerate(ordered)}
