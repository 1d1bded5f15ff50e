"""What every format reader yields: typed records with the place they came from, before any database is asked.

Readers are pure: bytes in, these records out, in file order and constant memory.
Money is integer cents, signed as the source has it; dates are dates; `position` is the 1-based CSV line
or the 1-based segment number inside the file.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class AdjustmentRecord(NamedTuple):
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
    balance_cents: int = 0  # charge - adjustments - paid; 0 when the claim balances
    lines: list[LineRecord] = field(default_factory=list)
    adjustments: list[AdjustmentRecord] = field(default_factory=list)
    remark_codes: tuple[str, ...] = ()
    patient: PatientRecord | None = None


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


Record = ClaimRecord | RemittanceRecord | RejectedRow | Notice
