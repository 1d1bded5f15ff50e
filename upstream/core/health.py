"""What this process needs in order to answer: each asked in a thread of its own, with a limit on the waiting."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from functools import cache
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from upstream.core.shelves import Folder, shelf

SECONDS = 2.0
Check = Callable[[], None]


def states_of(checks: Mapping[str, Check]) -> dict[str, str]:
    """ok, slow or failed for each check; they run side by side, and none is waited for longer than two seconds."""
    pool = ThreadPoolExecutor(max_workers=len(checks), thread_name_prefix="readyz")
    running = {name: pool.submit(_with_own_connection, check) for name, check in checks.items()}
    states = {name: _state_of(future) for name, future in running.items()}
    pool.shutdown(wait=False, cancel_futures=True)
    return states


def _with_own_connection(check: Check) -> None:
    try:
        check()
    finally:
        connection.close()


def _state_of(running: "Future[None]") -> str:
    try:
        running.result(timeout=SECONDS)
    except TooSlow:
        return "slow"
    except Exception:  # the edge where any failure becomes a state; what it was stands in that part's own log
        return "failed"
    return "ok"


def database() -> None:
    """The database answers within its own limit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1500ms'")
        cursor.execute("SELECT 1")


def migrations() -> None:
    """Every migration of this code was applied."""
    if _pending():
        _pending.cache_clear()
        raise RuntimeError("migrations are pending")


@cache
def _pending() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def broker() -> None:
    """Redis answers."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
        client.ping()


def storage() -> None:
    """A file can be written and removed on this machine, and kept where uploads and reports are."""
    Folder(Path(settings.VAR_DIR)).ready()
    shelf().ready()


CHECKS: dict[str, Check] = {"database": database, "migrations": migrations, "redis": broker, "storage": storage}
