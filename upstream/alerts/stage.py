"""Detection runs with OPEN signals -> incidents, one run of a tenant at a time, in the order of their dates."""

from collections.abc import Iterable

from upstream.alerts import intake, queries
from upstream.core.stages import Stage


def ready() -> Iterable[int]:
    return queries.runs_waiting().values_list("pk", flat=True)[:1]


def take(run_id: int) -> bool:
    return intake.take_signals(run_id)


STAGE = Stage(name="alerts", queue="default", ready=ready, take=take)
