"""All stages in their order, and the ways to run them: by workers, by the sweep, or to the end in this process."""

import time

from django.db import transaction

from upstream.alerts.stage import DEADLINES, REPLAYS, VALUE, WAKING
from upstream.alerts.stage import STAGE as ALERTS
from upstream.appeals import stage as appeals
from upstream.authorizations.stage import DAYS as AUTHORIZATION_DAYS
from upstream.authorizations.stage import STAGE as AUTHORIZATIONS
from upstream.claims.payer_moves import STAGE as PAYERS
from upstream.contracts.stage import STAGE as CONTRACTS
from upstream.core import tenancy
from upstream.core.db.claiming import exclusive
from upstream.core.stages import Stage
from upstream.delivery.stage import ENDPOINTS
from upstream.delivery.stage import STAGE as DELIVERY
from upstream.detection.stage import STAGE as DETECTION
from upstream.explore.stage import STAGE as FACTS
from upstream.forecast.stage import STAGE as FORECAST
from upstream.ingestion.sources.stage import STAGE as SOURCES
from upstream.ingestion.stage import STAGE as INGESTION
from upstream.kpis.stage import STAGE as KPIS
from upstream.reports.stage import FILES as REPORT_FILES
from upstream.reports.stage import SCHEDULES
from upstream.reports.stage import STAGE as REPORTS
from upstream.routing.stage import CLOSINGS, DIGESTS, NOTICES, OPENINGS, WAKINGS
from upstream.samples.stage import STAGE as SAMPLES
from upstream.tenants.choices import SampleState
from upstream.tenants.models import Organization
from upstream.tenants.queries import customers, organizations
from upstream.watchers.stage import STAGE as WATCH
from upstream.worklist.stage import CLOCKS, LOOKS
from upstream.worklist.stage import STAGE as WORKLIST

STAGES: tuple[Stage, ...] = (
    SOURCES, INGESTION, PAYERS, DETECTION, ALERTS, DEADLINES, WAKING, VALUE, AUTHORIZATIONS, AUTHORIZATION_DAYS,
    WORKLIST, LOOKS, CLOCKS, OPENINGS, CLOSINGS, WAKINGS, SCHEDULES, REPORTS, REPORT_FILES, NOTICES, DIGESTS, DELIVERY,
    ENDPOINTS, REPLAYS, appeals.LETTERS, appeals.ANSWERS, appeals.SENT, appeals.FILES, appeals.PACKETS, CONTRACTS,
    KPIS, FORECAST, FACTS, WATCH, SAMPLES,
)  # fmt: skip
BY_NAME = {stage.name: stage for stage in STAGES}


def open_stages() -> tuple[Stage, ...]:
    """The stages that work for the bound tenant: of a sample that goes its removal, of one that is gone none."""
    with transaction.atomic():
        state = Organization.objects.filter(pk=tenancy.required()).values_list("sample_state", flat=True).first()
    if state is None:
        return ()
    return (SAMPLES,) if state == SampleState.LEAVING else STAGES


def ready(stage: Stage) -> list[int]:
    """Rows of the bound tenant that the stage can take now."""
    with transaction.atomic():
        return list(stage.ready())


def take(stage: Stage, row_id: int) -> bool:
    """Take one row of the bound tenant to the end of its stage; False: nothing to do, or another has it."""
    with exclusive(stage.name, row_id) as mine:
        return mine and stage.take(row_id)


def take_on(stage: Stage, row_id: int, *, seconds: float) -> bool:
    """Take one row and, until that time is over, the stage's next ones; False: nothing to do, or another has it.

    Staying in a stage spares asking all the others after each of its rows.
    """
    ends = time.monotonic() + seconds
    taken = took = take(stage, row_id)
    while took and time.monotonic() < ends:
        following = ready(stage)[:1]
        took = bool(following) and take(stage, following[0])
    return taken


def tenant_ids() -> list[int]:
    """Every tenant's id, for the sweep and for commands that concern all."""
    with tenancy.directory(), transaction.atomic():
        return list(organizations().values_list("pk", flat=True))


def customer_ids() -> list[int]:
    """Every tenant's id but those of sample practices."""
    with tenancy.directory(), transaction.atomic():
        return list(customers().values_list("pk", flat=True))


def run_to_end() -> int:
    """Take every ready row of the bound tenant through all stages; how many were taken."""
    taken = 0
    for _round in range(1000):
        done = sum(take(stage, row_id) for stage in open_stages() for row_id in ready(stage))
        if not done:
            break
        taken += done
    return taken
