"""Who works on a row right now: a PostgreSQL session lock, which dies with its holder.

No lease and no clock: when a worker is killed its connection closes, the lock is free, and whoever comes next finds
the row in the state it was left in.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def _lock_number(stage: str, row_id: int) -> int:
    digest = hashlib.blake2b(f"{stage}:{row_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


@contextmanager
def exclusive(stage: str, row_id: int) -> Iterator[bool]:
    """True when this process alone works on the row, False when another does; free again afterwards."""
    number = _lock_number(stage, row_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        won = bool(cursor.fetchone()[0])
    try:
        yield won
    finally:
        if won and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def one_at_a_time(stage: str, row_id: int) -> None:
    """Wait until no other transaction does this for the row; held to the end of the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock_number(stage, row_id)])
