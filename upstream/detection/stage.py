"""Batches LOADED -> ANALYSED, all of a tenant's at once, when no other file waits to be read; and a look every day."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.detection import queries, services


def ready() -> Iterable[int]:
    return queries.batches_to_look_at().values_list("pk", flat=True)[:1]


def take(batch_id: int) -> bool:
    return services.analyse(batch_id)


STAGE = Stage(name="detection", queue="default", ready=ready, take=take)
