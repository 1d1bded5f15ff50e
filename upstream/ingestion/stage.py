"""Batch LANDED -> LOADED, one file of a tenant at a time, in the order received."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.ingestion import queries, services


def ready() -> Iterable[int]:
    return queries.waiting().values_list("pk", flat=True)[:1]


def take(batch_id: int) -> bool:
    return services.load(batch_id)


STAGE = Stage(name="ingestion", queue="ingest", ready=ready, take=take)
