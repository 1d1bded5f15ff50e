"""How far a load has come, for the screen alone: kept in the cache, and nothing is lost with it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache

from upstream.core.caching import outages

log = logging.getLogger(__name__)


@contextmanager
def _without_fail() -> Iterator[None]:
    try:
        yield
    except outages():
        log.info("progress_not_told")


def tell(batch_id: int, bytes_done: int, bytes_total: int, claims: int) -> None:
    with _without_fail():
        cache.set(
            f"load:{batch_id}",
            {"bytes_done": min(bytes_done, bytes_total), "bytes_total": bytes_total, "claims": claims},
            timeout=3600,
        )


def of(batch_id: int) -> dict[str, int] | None:
    """bytes_done, bytes_total and claims so far, or None when nothing is known."""
    with _without_fail():
        found: dict[str, int] | None = cache.get(f"load:{batch_id}")
        return found
    return None


def forget(batch_id: int) -> None:
    with _without_fail():
        cache.delete(f"load:{batch_id}")
