"""The last stage: messages on their way out."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.delivery import queries, services


def _ready() -> Iterable[int]:
    return queries.due().values_list("pk", flat=True)


STAGE = Stage(name="delivery", queue="delivery", ready=_ready, take=services.send)
