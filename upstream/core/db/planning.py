"""Help for a planner that knows nothing yet of tables which were just filled."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def no_nested_loops(cursor: Any) -> Iterator[None]:
    """Within a transaction: no join goes through one table for each row of another."""
    cursor.execute("SET LOCAL enable_nestloop = off")
    yield
    cursor.execute("SET LOCAL enable_nestloop = on")
