"""What a programme in the making takes of each row, kept up to date as projects come and go."""

from cdp.programme.rules.fit.grid import Grid
from cdp.programme.rules.fit.options import Option


class Tally:
    """Projects placed so far and what they take; whole numbers only."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.placed: dict[str, Option] = {}
        self.taken = [0] * len(grid.rows)
        self._plain = [row.upper if row.portion is None or row.upper is None else None for row in grid.rows]
        self._most = [row.upper for row in grid.rows]
        self._least = [row.lower for row in grid.rows]

    def put(self, option: Option) -> None:
        """Place a project."""
        self.placed[option.project] = option
        for row, amount in self.grid.takes[option.project, option.start].items():
            self.taken[row] += amount

    def take_back(self, project: str) -> Option:
        """Remove a project that was placed."""
        option = self.placed.pop(project)
        for row, amount in self.grid.takes[project, option.start].items():
            self.taken[row] -= amount
        return option

    def has_room(self, option: Option) -> bool:
        """Whether every ceiling that is an amount still holds with this option."""
        taken, most = self.taken, self._plain
        for row, amount in self.grid.takes[option.project, option.start].items():
            limit = most[row]
            if limit is not None and amount > 0 and taken[row] + amount > limit:
                return False
        return True

    def holds_with(self, option: Option) -> bool:
        """Whether no row is broken by this option, or made worse that was broken before."""
        return not self.blocks(option)

    def blocks(self, option: Option) -> list[tuple[int, int]]:
        """(row, how much is missing) for each row this option would break or break further."""
        blocks = []
        taken, most, least = self.taken, self._most, self._least
        for row, amount in self.grid.takes[option.project, option.start].items():
            if amount > 0:
                limit = most[row]
                if limit is not None and taken[row] + amount > limit:
                    blocks.append((row, taken[row] + amount - limit))
            else:
                limit = least[row]
                if limit is not None and taken[row] + amount < limit:
                    blocks.append((row, limit - taken[row] - amount))
        return blocks

    def broken(self) -> list[tuple[int, int]]:
        """(row, by how much) for each row that does not hold now."""
        found = []
        for number, row in enumerate(self.grid.rows):
            if row.upper is not None and self.taken[number] > row.upper:
                found.append((number, self.taken[number] - row.upper))
            elif row.lower is not None and self.taken[number] < row.lower:
                found.append((number, row.lower - self.taken[number]))
        return found
