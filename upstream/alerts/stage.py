"""Detection runs with OPEN signals -> incidents, one run of a tenant at a time, in the order of their dates.

And once a day every open incident's deadlines, and which snoozed ones wake; the value ledger; and replays that people
asked for.
"""

from collections.abc import Iterable

from upstream.alerts import intake, ledger, queries, replay_queries, replays, services, upkeep
from upstream.core import clock, tenancy
from upstream.core.stages import Stage
from upstream.ingestion.queries import more_to_come
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


def sleepers_due() -> Iterable[int]:
    """Snoozed incidents whose day has come, or whose numbers have passed a mark."""
    today = clock.today(bound_organization().time_zone)
    return [incident.pk for incident in queries.snoozed().defer("finding") if queries.why_awake(incident, today)]


WAKING = Stage(name="waking", queue="default", ready=sleepers_due, take=services.wake_due)


def value_unsettled() -> Iterable[int]:
    """The practice itself, when anything came since its value ledger was settled and no file waits to be read."""
    return [tenancy.required()] if not more_to_come() and ledger.unsettled() else []


def settle_value(_practice: int) -> bool:
    return ledger.settle()


VALUE = Stage(name="value", queue="default", ready=value_unsettled, take=settle_value)


def replays_due() -> Iterable[int]:
    return replay_queries.replays_due().values_list("pk", flat=True)


REPLAYS = Stage(name="replays", queue="reports", ready=replays_due, take=replays.take_replay)
