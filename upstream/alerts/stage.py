"""Detection runs with OPEN signals -> incidents, one run of a tenant at a time, in the order of their dates.

And once a day every open incident's deadlines; and replays that people asked for.
"""

from collections.abc import Iterable

from upstream.alerts import intake, queries, replay_queries, replays, upkeep
from upstream.core import clock
from upstream.core.stages import Stage
from upstream.tenants.queries import bound_organization


def ready() -> Iterable[int]:
    return queries.runs_waiting().values_list("pk", flat=True)[:1]


def take(run_id: int) -> bool:
    return intake.take_signals(run_id)


STAGE = Stage(name="alerts", queue="default", ready=ready, take=take)


def with_older_dates() -> Iterable[int]:
    today = clock.today(bound_organization().time_zone)
    return queries.incidents_with_older_dates(today).values_list("pk", flat=True)


DEADLINES = Stage(name="deadlines", queue="default", ready=with_older_dates, take=upkeep.tell_dates)


def replays_due() -> Iterable[int]:
    return replay_queries.replays_due().values_list("pk", flat=True)


REPLAYS = Stage(name="replays", queue="reports", ready=replays_due, take=replays.take_replay)
