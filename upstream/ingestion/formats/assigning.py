"""Pairs of rows and columns of a grid of scores, each at most once, with the largest sum (the Hungarian method)."""

from collections.abc import Sequence

INFINITE = float("inf")


def best_pairs(grid: Sequence[Sequence[float]], threshold: float) -> list[tuple[int, int]]:
    """(row, column) pairs in row order; scores below the threshold pair nothing."""
    rows, columns = len(grid), len(grid[0]) if grid else 0
    if not rows or not columns:
        return []
    size = rows + columns  # every row may stay single
    costs = [[-score if score >= threshold else 0.0 for score in line] + [0.0] * rows for line in grid]
    row_of = _solved(costs, rows, size)
    pairs = ((row, column) for column, row in enumerate(row_of) if row >= 0)
    return sorted((row, column) for row, column in pairs if column < columns and grid[row][column] >= threshold)


def _solved(costs: Sequence[Sequence[float]], rows: int, columns: int) -> list[int]:
    """The row of each column (-1 for none) of the cheapest assignment of every row: shortest augmenting paths."""
    potential_row, potential = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner = [0] * (columns + 1)  # 1-based row that holds a column; column 0 is the start
    for row in range(1, rows + 1):
        owner[0] = row
        at, way = 0, [0] * (columns + 1)
        shortest, seen = [INFINITE] * (columns + 1), [False] * (columns + 1)
        while owner[at]:
            seen[at] = True
            current, step, nearest = owner[at], INFINITE, 0
            for column in range(1, columns + 1):
                if seen[column]:
                    continue
                cost = costs[current - 1][column - 1] - potential_row[current] - potential[column]
                if cost < shortest[column]:
                    shortest[column], way[column] = cost, at
                if shortest[column] < step:
                    step, nearest = shortest[column], column
            for column in range(columns + 1):
                if seen[column]:
                    potential_row[owner[column]] += step
                    potential[column] -= step
                else:
                    shortest[column] -= step
            at = nearest
        while at:
            owner[at], at = owner[way[at]], way[at]
    return [row - 1 for row in owner[1:]]
