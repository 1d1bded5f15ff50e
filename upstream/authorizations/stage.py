"""Files that were read -> the register, all that wait at once; and every day what ends, is used up, or is at risk."""

from collections.abc import Iterable

from upstream.authorizations import queries, services
from upstream.core.stages import Stage
from upstream.ingestion.queries import more_to_come


def ready() -> Iterable[int]:
    return [] if more_to_come() else queries.files_waiting().values_list("pk", flat=True)[:1]


STAGE = Stage(name="authorizations", queue="default", ready=ready, take=services.take_files)
DAYS = Stage(name="authorization_days", queue="default", ready=queries.days_due, take=services.tell_day)
