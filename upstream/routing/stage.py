"""What is due is let go to delivery."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.routing import queries, services


def _due() -> Iterable[int]:
    return queries.notices_due().values_list("pk", flat=True)


NOTICES = Stage(name="notices", queue="default", ready=_due, take=services.let_go)
