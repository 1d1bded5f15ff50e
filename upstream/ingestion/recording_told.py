"""What is said of claims and patients beside the answers, kept once however often it is sent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from upstream.claims.models import Authorization, ClaimAuthorization, ClaimReplacement, ClaimStatus, Coverage
from upstream.claims.models.identity import packed
from upstream.claims.models.status import Told
from upstream.claims.services import named_payers, source_of
from upstream.core.db.models import TenantModel
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion.models import Acknowledgement, Batch
from upstream.ingestion.reading import Portion
from upstream.ingestion.records import (
    AcknowledgementRecord,
    AuthorizationRecord,
    ClaimStatusRecord,
    CoverageRecord,
    PatientRecord,
)

ROWS_AT_ONCE = 2000
NOBODY = PatientRecord()
NoClaim = ClaimStatusRecord | AuthorizationRecord | CoverageRecord


def record_told(batch: Batch, portion: Portion, keys: TenantKeys) -> int:
    """Keep the portion's statuses, authorizations, coverages and acknowledgements; how many the file holds.

    Which claims its claims replace, by the payer's numbers, and under which authorizations they were sent, is kept
    too and not counted.

    They are counted on the batch, which the caller saves. Nothing is added by what was told before.
    """
    if portion.sent_under:
        _add(ClaimAuthorization, (_sent_under(batch, keys, *named) for named in portion.sent_under))
    if portion.replacements:
        _add(ClaimReplacement, (_replacement(batch, keys, *named) for named in portion.replacements))
    records: list[NoClaim] = [*portion.statuses, *portion.authorizations, *portion.coverages]
    if not (records or portion.acknowledgements):
        return 0
    recorder = _Recorder(batch, keys, records)
    _add(ClaimStatus, map(recorder.status, portion.statuses))
    _add(Authorization, map(recorder.authorization, portion.authorizations))
    _add(Coverage, map(recorder.coverage, portion.coverages))
    _add(Acknowledgement, map(recorder.acknowledgement, portion.acknowledgements))
    batch.statuses += len(portion.statuses)
    batch.refusals += len({record.claim_number for record in portion.statuses if record.rejected})
    batch.authorizations += len(portion.authorizations)
    batch.coverages += len(portion.coverages)
    batch.acknowledgements += len(portion.acknowledgements)
    return len(records) + len(portion.acknowledgements)


def _replacement(batch: Batch, keys: TenantKeys, number: str, control: str) -> ClaimReplacement:
    """`control`: the payer's number of the claim that the one with this number replaces or voids."""
    return ClaimReplacement(
        batch_id=batch.pk,
        number_bidx=keys.index("claim_number", number),
        control_bidx=keys.index("payer_control_number", control),
    )


def _sent_under(batch: Batch, keys: TenantKeys, number: str, authorization: str) -> ClaimAuthorization:
    return ClaimAuthorization(
        batch_id=batch.pk,
        number_bidx=keys.index("claim_number", number),
        authorization_bidx=keys.index("authorization_number", authorization),
    )


def _add(model: type[TenantModel], rows: Iterable[TenantModel]) -> None:
    model.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)


class _Recorder:
    """Turns records of one file into rows. Where real data is off, only what names the thing itself is kept."""

    def __init__(self, batch: Batch, keys: TenantKeys, records: list[NoClaim]) -> None:
        self.batch, self.keys = batch, keys
        self.known_at: datetime = batch.known_at or batch.received_at
        self.keep_identity = settings.REAL_DATA_MODE
        self.payers = named_payers(
            {(record.payer_name, record.payer_id) for record in records}, source_of(batch.format)
        )

    def status(self, record: ClaimStatusRecord) -> ClaimStatus:
        patient = self._patient(record)
        named = (record.claim_number, record.payer_control_number if self.keep_identity else "")
        event = record.event_key or _event(
            record.kind, record.claim_number, record.line, record.category_code, record.status_code,
            record.entity_code, *record.further_codes, record.effective_date, record.billed_cents, record.paid_cents,
        )  # fmt: skip
        return ClaimStatus(
            **self._told(ClaimStatus, record, event),
            sealed=self._seal(ClaimStatus, event, *named, patient.first_name, patient.last_name, patient.member_id),
            number_bidx=self._index("claim_number", record.claim_number),
            control_bidx=self._index("payer_control_number", record.payer_control_number),
            kind=record.kind,
            rejected=record.rejected,
            category_code=record.category_code[:4],
            status_code=record.status_code[:8],
            entity_code=record.entity_code[:8],
            further_codes=" ".join(record.further_codes)[:60],
            line=min(record.line, 32_767),
            effective_date=record.effective_date,
            service_date=record.service_date,
            billed_cents=record.billed_cents,
            paid_cents=record.paid_cents,
        )

    def authorization(self, record: AuthorizationRecord) -> Authorization:
        patient = self._patient(record)
        event = record.event_key or _event(
            record.payer_id or record.payer_name, record.action, record.authorization_number, record.trace_number,
            record.procedure_code, record.service_type, record.decided_date, record.units,
        )  # fmt: skip
        named = (record.authorization_number, record.trace_number) if self.keep_identity else ("", "")
        return Authorization(
            **self._told(Authorization, record, event),
            sealed=self._seal(Authorization, event, *named, *_person(patient)),
            number_bidx=self._index("authorization_number", record.authorization_number),
            member_bidx=self._index("member_id", patient.member_id),
            action=record.action[:4],
            reason_code=record.reason_code[:8],
            service_type=record.service_type[:8],
            procedure_code=record.procedure_code[:16],
            diagnosis=record.diagnosis[:16],
            provider_npi=record.provider_npi[:10],
            units=record.units,
            requested_date=record.requested_date,
            decided_date=record.decided_date,
            valid_from=record.valid_from,
            valid_until=record.valid_until,
            trace_bidx=self._index("trace_number", record.trace_number),
            requested_units=record.requested_units,
            requested_at=record.requested_at,
            decided_at=record.decided_at,
            urgency=record.urgency,
        )

    def coverage(self, record: CoverageRecord) -> Coverage:
        patient = self._patient(record)
        event = record.event_key or _event(
            record.payer_id or record.payer_name, *_person(record.patient or NOBODY), record.plan_code,
            record.insurance_type, record.active, record.reject_code, record.on_date, record.valid_from,
        )  # fmt: skip
        return Coverage(
            **self._told(Coverage, record, event),
            sealed=self._seal(Coverage, event, *_person(patient)),
            member_bidx=self._index("member_id", patient.member_id),
            plan_code=record.plan_code[:50],
            plan=record.plan[:80],
            insurance_type=record.insurance_type[:4],
            active=record.active,
            reject_code=record.reject_code[:4],
            on_date=record.on_date,
            valid_from=record.valid_from,
            valid_until=record.valid_until,
        )

    def acknowledgement(self, record: AcknowledgementRecord) -> Acknowledgement:
        errors = " ".join(dict.fromkeys(record.error_codes))
        event = record.event_key or _event(
            record.kind, record.sender, record.control_number, record.transaction_type, record.code, errors,
            record.acknowledged_date,
        )  # fmt: skip
        return Acknowledgement(
            batch_id=self.batch.pk,
            position=record.position,
            event_bidx=self.keys.index("acknowledgement", event),
            kind=record.kind[:4],
            sender=record.sender[:20],
            control_number=record.control_number[:50],
            transaction_type=record.transaction_type[:4],
            code=record.code[:2],
            accepted=record.accepted,
            error_codes=errors[:80],
            acknowledged_date=record.acknowledged_date,
            known_at=self.known_at,
        )

    def _told(self, model: type[Told], record: NoClaim, event: str) -> dict[str, Any]:
        payer = self.payers[(record.payer_name, record.payer_id)]
        return {
            "batch_id": self.batch.pk,
            "position": record.position,
            "payer_id": payer.payer,
            "raw_payer_id": payer.raw,
            "event_bidx": self._key(model, event),
            "known_at": self.known_at,
        }

    def _key(self, model: type[Told], event: str) -> bytes:
        return self.keys.index(model.TABLE, event)

    def _seal(self, model: type[Told], event: str, *values: str) -> bytes:
        return self.keys.seal(packed(*values), model.TABLE, "sealed", self._key(model, event))

    def _patient(self, record: NoClaim) -> PatientRecord:
        return record.patient if record.patient and self.keep_identity else NOBODY

    def _index(self, field: str, value: str) -> bytes | None:
        return self.keys.index(field, value) if value else None


def _person(patient: PatientRecord) -> tuple[str, str, str, str]:
    born = patient.birth_date.isoformat() if patient.birth_date else ""
    return patient.first_name, patient.last_name, born, patient.member_id


def _event(*parts: object) -> str:
    """Names what was told where the file gives it no name: the same words again are the same event."""
    return "|".join("" if part is None else str(part) for part in parts)
