"""The order set by people over the order that was counted: places that were decided, the rest as counted."""

from collections.abc import Mapping, Sequence


def final_order(counted: Sequence[int], decided: Mapping[int, int | None]) -> tuple[int, ...]:
    """Proposals in their final order: a decided place is kept, None leaves out, the others fill up as counted.

    Places run from 1; one beyond the end comes last. Two decided for one place stand in counted order.
    """
    known = [each for each in counted if decided.get(each, 0) is not None]
    free = [each for each in known if each not in decided]
    placed = sorted(
        (each for each in known if each in decided), key=lambda each: (decided[each] or 0, known.index(each))
    )
    order: list[int] = []
    while free or placed:
        is_due = bool(placed) and (not free or (decided[placed[0]] or 0) <= len(order) + 1)
        order.append((placed if is_due else free).pop(0))
    return tuple(order)


def left_out(counted: Sequence[int], decided: Mapping[int, int | None]) -> tuple[int, ...]:
    """Proposals that a decision leaves without a place, in counted order."""
    return tuple(each for each in counted if each in decided and decided[each] is None)
