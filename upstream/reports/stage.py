"""Three stages: schedules ask for reports, reports asked for are rendered, files whose time is over are removed."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.reports import keeping, queries, services
from upstream.reports.rendering import render_run


def _ready() -> Iterable[int]:
    return queries.due_runs().values_list("pk", flat=True)


STAGE = Stage(name="reports", queue="reports", ready=_ready, take=render_run)
SCHEDULES = Stage(name="schedules", queue="default", ready=queries.due_schedules, take=services.take_schedule)
FILES = Stage(name="report_files", queue="default", ready=keeping.due_for_removal, take=keeping.remove_artifact)
