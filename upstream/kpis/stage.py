"""Submission weeks whose claims changed -> the sums that measures are made of."""

from collections.abc import Iterable

from upstream.core.stages import Stage
from upstream.ingestion.queries import more_to_come
from upstream.kpis.tallying import take_weeks, weeks_waiting


def ready() -> Iterable[int]:
    return [] if more_to_come() else [week.toordinal() for week in weeks_waiting()[:1]]


STAGE = Stage(name="kpis", queue="default", ready=ready, take=take_weeks)
