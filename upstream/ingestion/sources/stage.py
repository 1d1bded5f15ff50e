"""Sources whose time has come are pulled; what they bring lands as files that the next stage reads."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.ingestion.sources import pulling, queries


def ready() -> Iterable[int]:
    return queries.due().values_list("pk", flat=True)


def take(source_id: int) -> bool:
    return pulling.pull(source_id) is not None


STAGE = Stage(name="sources", queue="sources", ready=ready, take=take)
