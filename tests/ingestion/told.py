"""What is told beside the answers, as readers yield it, and how it is recorded in the bound practice."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import connection

from tests import factories
from upstream.claims import linking, staging
from upstream.ingestion.models import Batch
from upstream.ingestion.reading import Portion
from upstream.ingestion.recording_told import record_told
from upstream.ingestion.records import (
    AcknowledgementRecord,
    AuthorizationRecord,
    ClaimStatusRecord,
    CoverageRecord,
    PatientRecord,
    Record,
)
from upstream.tenants.services import tenant_keys

ADA = PatientRecord("Ada", "Lovelace", date(1950, 12, 10), "M100")
APRIL = datetime(2026, 4, 1, 12, tzinfo=UTC)


def status(number: str = "C1", category: str = "A2", **more: object) -> ClaimStatusRecord:
    values = {"position": 9, "kind": "acknowledgement", "payer_name": "Summit Mutual", "status_code": "20"}
    rejected = category in {"A3", "A6", "A7", "A8"}
    effective = date(2026, 3, 3)
    fields = {**values, "rejected": rejected, "effective_date": effective, "patient": ADA, **more}
    return ClaimStatusRecord(claim_number=number, category_code=category, **fields)


def authorization(action: str = "A3", **more: object) -> AuthorizationRecord:
    fields = {
        "position": 12, "payer_name": "Summit Mutual", "authorization_number": "AUTH77", "procedure_code": "73721",
        "units": Decimal(2), "decided_date": date(2026, 3, 4), "patient": ADA, **more,
    }  # fmt: skip
    return AuthorizationRecord(action=action, **fields)


def coverage(active: bool | None = True, **more: object) -> CoverageRecord:
    fields = {"position": 7, "payer_name": "Summit Mutual", "plan": "Gold", "on_date": date(2026, 3, 1), **more}
    return CoverageRecord(active=active, patient=ADA, **fields)


def acknowledgement(code: str = "R", **more: object) -> AcknowledgementRecord:
    fields = {"kind": "999", "sender": "CLEARING", "control_number": "101/0001", "transaction_type": "837", **more}
    errors = ("8",) if code == "R" else ()
    return AcknowledgementRecord(3, code=code, accepted=code == "A", error_codes=errors, **fields)


def tell(*records: Record, known_at: datetime = APRIL) -> Batch:
    """The records as one file that was loaded."""
    portion = Portion()
    for record in records:
        portion.note(record)
    batch = factories.batch(format="x12", known_at=known_at)
    record_told(batch, portion, tenant_keys())
    batch.save()
    with connection.cursor() as cursor:
        staging.create(cursor)
        staging.by_key(cursor, on=False)
        linking.after_load(cursor, tenant=batch.tenant_id, batch=batch.pk)
    return batch
