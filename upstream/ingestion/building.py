"""Typed records become staged rows: keys drawn, identifying values sealed, outcome decided. No database."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from upstream.claims.models import ClaimIdentity, Patient
from upstream.claims.rules import CarcMap, Decision, outcome_of, procedure_group
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion.records import ClaimRecord, PatientRecord

REPLACEMENT_CODES = {"7", "8"}


@dataclass
class Chunk:
    """Staged rows of up to a chunk of claims; `payers` and `sites` name what the rows' slots number."""

    claims: list[list[Any]] = field(default_factory=list)
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    adjustments: list[tuple[Any, ...]] = field(default_factory=list)
    payers: dict[tuple[str, str], int] = field(default_factory=dict)
    sites: dict[str, int] = field(default_factory=dict)
    families: bool = False
    reversals: bool = False
    adjudications: int = 0
    paid_cents: int = 0


@dataclass(frozen=True)
class Timing:
    """When things became known: one time for the whole file, or each by its own date (a snapshot)."""

    known_at: datetime | None
    received_at: datetime
    start_of_day: Callable[[date], datetime]

    def claim(self, record: ClaimRecord, submitted: date) -> datetime:
        return self.known_at or min(self.start_of_day(submitted), self.received_at)

    def decision(self, record: ClaimRecord) -> datetime:
        if self.known_at or record.decided_date is None:
            return self.known_at or self.received_at
        return min(self.start_of_day(record.decided_date), self.received_at)


class Builder:
    """Builds chunks for one tenant. With `keep_identity` off, patients' values are dropped here, at the door."""

    def __init__(self, keys: TenantKeys, carcs: CarcMap, timing: Timing, *, keep_identity: bool) -> None:
        self.keys, self.carcs, self.timing, self.keep_identity = keys, carcs, timing, keep_identity
        self.chunk = Chunk()

    def take(self) -> Chunk:
        """The chunk so far; a new one begins."""
        done, self.chunk = self.chunk, Chunk()
        return done

    def add(self, record: ClaimRecord) -> None:
        """Stage one claim record."""
        chunk, keys = self.chunk, self.keys
        number = keys.index("claim_number", record.claim_number)
        family = number
        if record.frequency_code in REPLACEMENT_CODES:
            chunk.families = True
            if record.original_claim_number:
                family = keys.index("claim_number", record.original_claim_number)
        submitted = record.submitted_date or record.received_date or record.service_date or record.decided_date
        if submitted is None:
            submitted = self.timing.received_at.date()
        ordinal = len(chunk.claims)
        chunk.claims.append(
            [
                ordinal,
                record.position,
                record.submitted_date is not None,
                number,
                family,
                chunk.payers.setdefault((record.payer_name, record.payer_id), len(chunk.payers)),
                chunk.sites.setdefault(record.location, len(chunk.sites)) if record.location else None,
                record.procedure_code,
                procedure_group(record.procedure_code),
                record.diagnosis,
                record.place_of_service,
                record.rendering_npi,
                record.frequency_code,
                record.payer_order,
                submitted,
                record.service_date,
                abs(record.billed_cents) if record.reversal else record.billed_cents,
                self.timing.claim(record, submitted),
                *self._identity(record, number),
                *self._patient(record.patient),
                *self._decision(record),
            ]
        )
        self._details(record, ordinal)

    def _identity(self, record: ClaimRecord, number: bytes) -> tuple[Any, ...]:
        values = {"claim_number": record.claim_number}
        control = account = None
        if record.payer_control_number:
            control = self.keys.index("payer_control_number", record.payer_control_number)
        if self.keep_identity:
            values["payer_control_number"] = record.payer_control_number
            values["authorization_number"] = record.authorization_number
            if record.patient and record.patient.account:
                values["account"] = record.patient.account
                account = self.keys.index("account", record.patient.account)
        sealed, mark = self._sealed(values, ClaimIdentity.TABLE, number)
        return sealed, mark, control, account

    def _patient(self, patient: PatientRecord | None) -> tuple[Any, ...]:
        if patient is None or not self.keep_identity or not (patient.member_id or patient.account):
            return (None,) * 5
        member = self.keys.index("member_id", patient.member_id) if patient.member_id else None
        account = self.keys.index("account", patient.account) if patient.account else None
        values = {
            "first_name": patient.first_name,
            "last_name": patient.last_name,
            "birth_date": patient.birth_date.isoformat() if patient.birth_date else "",
            "member_id": patient.member_id,
            "account": patient.account,
        }
        key = member or account
        assert key is not None  # noqa: S101 - one of the two stands, or we had returned
        return key, member, account, *self._sealed(values, Patient.TABLE, key)

    def _sealed(self, values: dict[str, str], table: str, row: bytes) -> tuple[bytes, bytes]:
        text = json.dumps(values, separators=(",", ":"))
        return self.keys.seal(text.encode(), table, "sealed", row), self.keys.index(table, text)

    def _decision(self, record: ClaimRecord) -> tuple[Any, ...]:
        if not record.decision:
            return (None, 0, "", "", "", "", "", None, None, None, 0, None, 0, 0, 0, None)
        decided = self.decide(record)
        chunk = self.chunk
        chunk.adjudications += 1
        chunk.paid_cents += record.paid_cents
        chunk.reversals |= record.reversal
        return (
            self.keys.index("event", record.event_key),
            int(decided.outcome),
            record.claim_status_code,
            decided.group,
            decided.carc,
            decided.category,
            record.check_number,
            record.decided_date,
            record.received_date,
            record.payment_date,
            record.billed_cents,
            record.allowed_cents,
            record.paid_cents,
            record.patient_cents,
            record.balance_cents,
            self.timing.decision(record),
        )

    def decide(self, record: ClaimRecord) -> Decision:
        return outcome_of(record, self.carcs)

    def _details(self, record: ClaimRecord, ordinal: int) -> None:
        remarks: dict[int, str] = {0: ":".join(record.remark_codes)} if record.remark_codes else {}
        for line in record.lines:
            if line.remark_codes:
                remarks[line.number] = ":".join(line.remark_codes)
            self.chunk.lines.append(
                (
                    ordinal,
                    line.number,
                    line.line_control,
                    line.procedure_code,
                    line.modifiers,
                    line.revenue_code,
                    line.units,
                    line.service_date,
                    line.billed_cents,
                    line.adjudicated_procedure_code or line.procedure_code,
                    line.allowed_cents,
                    line.paid_cents,
                )
            )
        for place, adjustment in enumerate(record.adjustments):
            mark = remarks.get(adjustment.line) or remarks.get(0, "")
            self.chunk.adjustments.append(
                (ordinal, place, adjustment.line, adjustment.group, adjustment.carc, mark[:60], adjustment.cents)
            )
