"""Typed records become drafts: keys drawn, identifying values sealed, outcome decided. No database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from upstream.claims.choices import Outcome
from upstream.claims.models import ClaimIdentity, Patient
from upstream.claims.models.identity import packed
from upstream.claims.rules import CarcMap, Decision, outcome_of
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion.records import ClaimRecord, PatientRecord

REPLACEMENT_CODES = {"7", "8"}
PATIENTS_REMEMBERED = 20_000


class SealedIdentity(NamedTuple):
    """The sealed values of a claim with their blind indexes; `told` are they again where a payer tells its number."""

    account: bytes | None
    control: bytes | None
    sealed: bytes
    fingerprint: bytes
    told: bytes | None = None


class SealedPatient(NamedTuple):
    """The sealed values of a patient with their blind indexes."""

    key: bytes
    member: bytes | None
    account: bytes | None
    sealed: bytes
    fingerprint: bytes


class Draft(NamedTuple):
    """One claim record ready for the database but for ids; `event` is empty while the claim is undecided."""

    record: ClaimRecord
    number: bytes
    family: bytes
    submitted: date
    known_at: datetime
    identity: SealedIdentity
    patient: SealedPatient | None
    event: bytes
    decision: Decision
    decision_known_at: datetime | None


PENDING = Decision(Outcome.PENDING)


@dataclass
class Chunk:
    """Drafts of up to a chunk of claims; `weight` counts claims, lines and adjustments."""

    drafts: list[Draft] = field(default_factory=list)
    weight: int = 0


@dataclass(frozen=True)
class Timing:
    """When things became known: one time for the whole file, or each by its own date (a snapshot)."""

    known_at: datetime | None
    received_at: datetime
    start_of_day: Callable[[date], datetime]

    def on(self, day: date | None) -> datetime:
        if self.known_at or day is None:
            return self.known_at or self.received_at
        return min(self.start_of_day(day), self.received_at)


class Builder:
    """Builds chunks for one tenant. With `keep_identity` off, patients' values are dropped here, at the door."""

    def __init__(self, keys: TenantKeys, carcs: CarcMap, timing: Timing, *, keep_identity: bool) -> None:
        self.keys, self.carcs, self.timing, self.keep_identity = keys, carcs, timing, keep_identity
        self.seal_identity = keys.sealer(ClaimIdentity.TABLE, "sealed")
        self.seal_patient = keys.sealer(Patient.TABLE, "sealed")
        self.chunk = Chunk()
        self.patients: dict[tuple[Any, ...], SealedPatient | None] = {}

    def take(self) -> Chunk:
        """The chunk so far; a new one begins."""
        done, self.chunk = self.chunk, Chunk()
        return done

    def add(self, record: ClaimRecord) -> None:
        """Draft one claim record."""
        keys = self.keys
        family = number = keys.index("claim_number", record.claim_number)
        if record.original_claim_number and record.frequency_code in REPLACEMENT_CODES:
            family = keys.index("claim_number", record.original_claim_number)
        submitted = (
            record.submitted_date
            or record.received_date
            or record.service_date
            or record.decided_date
            or self.timing.received_at.date()
        )
        event, decision, decision_known_at = b"", PENDING, None
        if record.decision:
            event = keys.index("event", record.event_key)
            decision = outcome_of(record, self.carcs)
            decision_known_at = self.timing.on(record.decided_date)
        patient = self._patient(record.patient) if self.keep_identity and record.patient else None
        self.chunk.weight += 1 + len(record.lines) + len(record.adjustments)
        self.chunk.drafts.append(
            Draft(
                record,
                number,
                family,
                submitted,
                self.timing.on(submitted),
                self._identity(record, number, patient),
                patient,
                event,
                decision,
                decision_known_at,
            )
        )

    def _identity(self, record: ClaimRecord, number: bytes, patient: SealedPatient | None) -> SealedIdentity:
        control = account = None
        if record.payer_control_number:
            control = self.keys.index("payer_control_number", record.payer_control_number)
        if self.keep_identity:
            account = patient.account if patient else None
            known_as = record.patient.account if record.patient else ""
            plain = packed(record.claim_number, record.payer_control_number, record.authorization_number, known_as)
        else:
            plain = packed(record.claim_number, "", "", "")
        sealed = self.seal_identity(plain, number)
        told = sealed if control and self.keep_identity else None
        return SealedIdentity(account, control, sealed, self.keys.mark(plain), told)

    def _patient(self, patient: PatientRecord) -> SealedPatient | None:
        """The patient sealed, once for all claims of theirs that follow each other."""
        values = (patient.member_id, patient.account, patient.last_name, patient.first_name, patient.birth_date)
        if values not in self.patients:
            if len(self.patients) >= PATIENTS_REMEMBERED:
                self.patients.clear()
            self.patients[values] = self._sealed(patient)
        return self.patients[values]

    def _sealed(self, patient: PatientRecord) -> SealedPatient | None:
        member = self.keys.index("member_id", patient.member_id) if patient.member_id else None
        account = self.keys.index("account", patient.account) if patient.account else None
        key = member or account
        if key is None:
            return None
        born = patient.birth_date.isoformat() if patient.birth_date else ""
        plain = packed(patient.first_name, patient.last_name, born, patient.member_id, patient.account)
        return SealedPatient(key, member, account, self.seal_patient(plain, key), self.keys.mark(plain))
