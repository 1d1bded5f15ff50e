"""The stages of the work. Each finds the rows that the stage before has finished, and takes one to its end.

The row says what has to be done; a queue message only wakes somebody up. `take` runs with the tenant bound, outside a
transaction, as the only one on that row, and may be repeated; it returns whether there was something to do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from celery import current_app
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError

from upstream.core import crash, tenancy
from upstream.core.caching import outages

WOKEN, WOKEN_FOR = "woken", 10


@dataclass(frozen=True)
class Stage:
    """`ready` lists row ids of the bound tenant, oldest first, inside a transaction; `take` takes one of them."""

    name: str
    queue: str
    ready: Callable[[], Iterable[int]]
    take: Callable[[int], bool]


def nudge() -> None:
    """Once the open transaction commits, wake the workers for the bound tenant; the sweep makes up a lost message."""
    tenant_id = tenancy.required()
    transaction.on_commit(lambda: wake(tenant_id))


def wake(tenant_id: int) -> None:
    """Make a worker look for ready rows of this tenant; silent when the broker is away.

    While such a message waits, no second one is sent: the look that comes sees everything committed before it.
    """
    crash.point("before_publish")
    try:
        with tenancy.bind(tenant_id):
            if not cache.add(WOKEN, True, timeout=WOKEN_FOR):
                return
        current_app.send_task(
            "upstream.dispatch", headers={"tenant": tenant_id}, argsrepr="", kwargsrepr="", retry=False
        )
    except outages(OperationalError):
        return


def awake() -> None:
    """The bound tenant is being looked at: what becomes ready from now on needs a new message."""
    try:
        cache.delete(WOKEN)
    except outages():
        return
