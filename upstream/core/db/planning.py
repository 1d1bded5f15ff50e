"""Help for a planner that knows nothing yet of tables which were just filled."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LARGE = ("seqscan", "hashjoin", "mergejoin")


@contextmanager
def no_nested_loops(cursor: Any) -> Iterator[None]:
    """Within a transaction: no join goes through one table for each row of another."""
    cursor.execute("SET LOCAL enable_nestloop = off")
    yield
    cursor.execute("SET LOCAL enable_nestloop = on")


@contextmanager
def only_nested_loops(cursor: Any) -> Iterator[None]:
    """Within a transaction: rows are looked up by index, one for each row of another table, and never all read."""
    for method in LARGE:
        cursor.execute(f"SET LOCAL enable_{method} = off")
    yield
    for method in LARGE:
        cursor.execute(f"SET LOCAL enable_{method} = on")
