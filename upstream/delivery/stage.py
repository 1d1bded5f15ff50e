"""The last stages: messages on their way out, mail by mail, and to each endpoint in its order."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.delivery import queries, services


def _ready() -> Iterable[int]:
    return queries.due().values_list("pk", flat=True)


STAGE = Stage(name="delivery", queue="delivery", ready=_ready, take=services.send)
ENDPOINTS = Stage(name="endpoints", queue="delivery", ready=queries.endpoints_with_messages, take=services.send_to)
