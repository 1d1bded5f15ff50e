"""How every practice stands, for our own staff: counts and times, nothing of anybody's claims."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from upstream.core import tenancy
from upstream.delivery.choices import OutboxState
from upstream.ingestion.choices import BatchState
from upstream.tenants.models import Organization
from upstream.tenants.queries import customers
from upstream.watchers.choices import TroubleState

PAGE = 25
# One statement a practice: the wall shows one at a time, and none to a question across them.
STANDING = """
SELECT (SELECT max(known_at) FROM claims_remittance),
    (SELECT count(*) FROM ingestion_batch WHERE state = %(rejected)s),
    (SELECT count(*) FROM delivery_outbox WHERE state IN (%(failed)s, %(unknown)s)),
    (SELECT max(finished_at) FROM detection_detectionrun),
    (SELECT count(*) FROM watchers_trouble WHERE state <> %(over)s),
    (SELECT count(*) FROM reports_reportrun WHERE state = 'failed')
"""


@dataclass(frozen=True)
class Standing:
    """One practice: its newest remittance and look of detection, and what has come to a halt."""

    practice: Organization
    newest_remittance: datetime | None
    failed_files: int
    dead_letters: int
    last_look: datetime | None
    troubles: int
    failed_reports: int

    @property
    def is_well(self) -> bool:
        return not (self.failed_files or self.dead_letters or self.troubles or self.failed_reports)


def standing_of_all(*, after: str = "") -> list[Standing]:
    """A page of practices by slug, each asked for in one statement. Call inside `tenancy.directory()`, none bound."""
    practices = list(customers().filter(slug__gt=after)[:PAGE])
    return [_standing(practice) for practice in practices]


def _standing(practice: Organization) -> Standing:
    values = {
        "rejected": BatchState.REJECTED, "failed": OutboxState.FAILED, "unknown": OutboxState.UNKNOWN,
        "over": TroubleState.OVER,
    }  # fmt: skip
    with tenancy.bind(practice.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STANDING, {name: str(value.value) for name, value in values.items()})
        return Standing(practice, *cursor.fetchone())
