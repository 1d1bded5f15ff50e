"""What every format reader yields: typed records with the place they came from, before any database is asked.

Readers are pure: bytes in, these records out, in file order and constant memory.
Money is integer cents, signed as the source has it; dates are dates; `position` is the 1-based CSV line
or the 1-based segment number inside the file.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


@dataclass(slots=True)
class AdjustmentRecord:
    """One CAS triplet or one denial reason; `line` is 0 for claim level, else the 1-based line it stands on."""

    line: int
    group: str
    carc: str
    cents: int
    quantity: Decimal | None = None


@dataclass(slots=True)
class LineRecord:
    """One service line as billed and, where the source says so, as adjudicated."""

    number: int
    procedure_code: str = ""
    modifiers: str = ""  # up to four, joined by ":"
    revenue_code: str = ""
    units: Decimal | None = None
    service_date: date | None = None
    billed_cents: int = 0
    allowed_cents: int | None = None
    paid_cents: int | None = None
    adjudicated_procedure_code: str = ""
    line_control: str = ""  # REF*6R or the CSV line_id
    remark_codes: tuple[str, ...] = ()


@dataclass(slots=True)
class PatientRecord:
    """Identifying values of one patient: PHI, sealed before it is stored."""

    first_name: str = ""
    last_name: str = ""
    birth_date: date | None = None
    member_id: str = ""
    account: str = ""


@dataclass(slots=True)
class ClaimRecord:
    """One claim as one source tells it: what was billed and, when decided, how it was adjudicated.

    `status` is "paid", "denied", "partial", "pending" or "reversed" where the source states it (CSV), and "" where it
    must be worked out from the adjustments (835). `decision` is True when the record carries an adjudication.
    `event_key` names the adjudication event: equal for the same event in a re-sent file, different for another event.
    `stated` names the facts of the claims table that the source tells, so that one that it has no column for is not
    taken for blank; None when it tells them all. One set is shared by all claims of a file.
    """

    position: int
    claim_number: str
    payer_name: str
    payer_id: str = ""
    product: str = ""
    procedure_code: str = ""
    diagnosis: str = ""
    location: str = ""
    submitted_date: date | None = None
    service_date: date | None = None
    received_date: date | None = None
    decided_date: date | None = None
    payment_date: date | None = None
    status: str = ""
    decision: bool = False
    reversal: bool = False
    claim_status_code: str = ""  # CLP02
    frequency_code: str = "1"
    original_claim_number: str = ""
    original_control_number: str = ""  # 837 REF*F8: the payer's number of the claim that this one replaces or voids
    payer_order: int = 1
    billed_cents: int = 0
    allowed_cents: int | None = None
    paid_cents: int = 0
    patient_cents: int = 0
    place_of_service: str = ""
    rendering_npi: str = ""
    billing_npi: str = ""
    check_number: str = ""
    payer_control_number: str = ""
    authorization_number: str = ""
    event_key: str = ""
    interest_cents: int = 0  # AMT*I: what the payer says it paid for being late; stands in a PLB, never in paid_cents
    balance_cents: int = 0  # charge - adjustments - paid; 0 when the claim balances
    lines: list[LineRecord] = field(default_factory=list)
    adjustments: list[AdjustmentRecord] = field(default_factory=list)
    remark_codes: tuple[str, ...] = ()
    patient: PatientRecord | None = None
    stated: frozenset[str] | None = None


# Columns of a claims table and the facts (columns of the claims' own table) that each of them tells.
FACTS_OF_COLUMNS: dict[str, tuple[str, ...]] = {
    "payer": ("payer_id", "raw_payer_id"),
    "location": ("site_id",),
    "procedure_code": ("procedure_code", "procedure_group"),
    "diagnosis": ("diagnosis",),
    "place_of_service": ("place_of_service",),
    "modifiers": ("modifiers",),
    "rendering_npi": ("rendering_npi",),
    "frequency_code": ("frequency_code",),
    "payer_order": ("payer_order",),
    "submitted_date": ("submitted_date",),
    "service_date": ("service_date",),
    "billed": ("billed_cents",),
}


class ProviderAdjustmentRecord(NamedTuple):
    """One PLB pair: money that belongs to the provider and payer, never to a claim; positive takes money away."""

    reason: str
    reference: str
    cents: int


@dataclass(slots=True)
class RemittanceRecord:
    """One 835 transaction, yielded after its claims: the payment and whether it adds up.

    `difference_cents` = amount - (sum of claim paid - sum of PLB); 0 when the transaction balances (X12 RFI 758).
    `complete` is False when the file ended before its SE.
    """

    position: int
    transaction_key: str
    payer_name: str
    payer_id: str
    payee_npi: str
    check_number: str
    method: str
    amount_cents: int
    payment_date: date | None
    claims: int
    claims_paid_cents: int
    provider_adjustments: list[ProviderAdjustmentRecord]
    difference_cents: int
    complete: bool = True


class RejectedRow(NamedTuple):
    """A row or claim that cannot be loaded as it stands; `raw` is kept sealed, to be fixed and replayed."""

    position: int
    field: str
    code: str
    raw: bytes


class Notice(NamedTuple):
    """Something odd that lost nothing: a wrong control total, an unreadable date, a skipped transaction type."""

    position: int
    field: str
    code: str


@dataclass(slots=True)
class ClaimStatusRecord:
    """What a payer or clearinghouse says of a claim before it is adjudicated: one STC of a 277CA or a 277.

    `kind` is "acknowledgement" (277CA, X214) or "status" (277, X212). `rejected` is True for a refusal before
    adjudication (277CA A3, A6, A7, A8, or STC03 U), which is no denial. `line` is 0 for the whole claim, else it counts
    the lines that are told of: `line_control` says which one of the claim it is.
    """

    position: int
    kind: str
    claim_number: str
    payer_name: str
    payer_id: str = ""
    category_code: str = ""  # STC01-1
    status_code: str = ""  # STC01-2
    entity_code: str = ""  # STC01-3
    further_codes: tuple[str, ...] = ()  # STC10 and STC11, as category:status:entity
    rejected: bool = False
    line: int = 0
    line_control: str = ""  # REF*FJ: our REF*6R
    effective_date: date | None = None
    service_date: date | None = None
    billed_cents: int | None = None
    paid_cents: int | None = None
    payer_control_number: str = ""
    check_number: str = ""
    patient: PatientRecord | None = None
    event_key: str = ""


@dataclass(slots=True)
class AcknowledgementRecord:
    """What a receiver says of a whole delivery: a TA1 (interchange), a 999/997 (one transaction set of ours, or a
    group where its sets are not named) or a 277 (a batch, or one provider's claims in it).

    `code` is TA104, AK5/IK5-01 or AK901 (A, E, P, R, M, W, X), of a 277 the category (A1, A3, ...); `error_codes` are
    syntax codes after the segment and element that they stand at ("CLM02:1"), never values in error.
    """

    position: int
    kind: str  # "TA1", "999", "997" or "277"
    sender: str  # who acknowledges: ISA06
    control_number: str  # ISA13 or GS06 and ST02 of what is acknowledged, joined by "/"
    transaction_type: str  # ST01 of what is acknowledged, "" for a TA1
    code: str
    accepted: bool
    error_codes: tuple[str, ...] = ()
    acknowledged_date: date | None = None
    event_key: str = ""


@dataclass(slots=True)
class AuthorizationRecord:
    """One review decision of a 278 response, of a FHIR ClaimResponse with use preauthorization, or of a table's row.

    `action` is HCR01: A1 certified, A2 partial, A3 not certified, A4 pended, A6 modified, C cancelled, CT contact
    payer, NA no action required. `units` are what was granted, None where nothing is said. Instants are aware.
    """

    position: int
    payer_name: str
    payer_id: str = ""
    action: str = ""
    reason_code: str = ""  # HCR03
    authorization_number: str = ""  # HCR02
    trace_number: str = ""  # TRN02 of the request
    service_type: str = ""
    procedure_code: str = ""
    diagnosis: str = ""
    units: Decimal | None = None
    requested_date: date | None = None
    decided_date: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    provider_npi: str = ""
    patient: PatientRecord | None = None
    event_key: str = ""
    requested_units: Decimal | None = None
    requested_at: datetime | None = None
    decided_at: datetime | None = None
    urgency: str = ""  # standard or expedited, where it is said


@dataclass(slots=True)
class CoverageRecord:
    """What a 271 says of one member's coverage on a date, kept to plan, payer and active or not.

    `active` is None where the payer says neither; `reject_code` is AAA03 where the request was refused.
    """

    position: int
    payer_name: str
    payer_id: str = ""
    plan: str = ""
    plan_code: str = ""
    insurance_type: str = ""  # EB04
    active: bool | None = None
    reject_code: str = ""
    on_date: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    patient: PatientRecord | None = None
    event_key: str = ""


Record = (
    ClaimRecord
    | RemittanceRecord
    | ClaimStatusRecord
    | AcknowledgementRecord
    | AuthorizationRecord
    | CoverageRecord
    | RejectedRow
    | Notice
)
