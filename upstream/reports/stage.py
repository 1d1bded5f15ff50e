"""Two stages: schedules that have come due ask for a report, and reports asked for are rendered."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.reports import queries, services


def _ready() -> Iterable[int]:
    return queries.due_runs().values_list("pk", flat=True)


STAGE = Stage(name="reports", queue="reports", ready=_ready, take=services.render_run)
SCHEDULES = Stage(name="schedules", queue="default", ready=queries.due_schedules, take=services.take_schedule)
