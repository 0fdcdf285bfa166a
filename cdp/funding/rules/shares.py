"""A total split by weights, exact to the last unit."""

from collections.abc import Sequence


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Parts of a total by weights, in whole units that sum to it; equal remainders go to the earlier.

    The largest remainder takes what rounding leaves. ValueError for a negative total, a negative weight, or
    a positive total and no weight at all.
    """
    whole = sum(weights)
    if total < 0 or any(weight < 0 for weight in weights) or (total and not whole):
        raise ValueError("a total is split by weights that are not negative and not all zero")
    if not whole:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    rests = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in rests[: total - sum(parts)]:
        parts[place] += 1
    return parts
