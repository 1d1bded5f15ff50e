"""The practice system's weekly export: one canonical claims CSV, a row for each service line, nothing decided yet."""

import csv
import io

from upstream.core.money import dollars_of
from upstream.samples.invented.practices import Practice
from upstream.samples.invented.submissions import Claim, Line

HEADER = (
    "claim_id", "line_id", "payer", "payer_id", "procedure_code", "modifiers", "units", "diagnosis", "location",
    "place_of_service", "service_date", "submitted_date", "decided_date", "status", "denial_reason", "billed",
    "allowed", "paid", "rendering_npi", "billing_npi", "frequency_code", "original_claim_id", "payer_order",
    "patient_account", "patient_first_name", "patient_last_name", "patient_birth_date", "member_id",
)  # fmt: skip


def claims_csv(practice: Practice, claims: list[Claim]) -> bytes:
    """UTF-8 CSV with a header row; amounts in dollars, dates in ISO form."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEADER)
    rows.writerows(_row(practice, claim, line) for claim in claims for line in claim.lines)
    return text.getvalue().encode()


def _row(practice: Practice, claim: Claim, line: Line) -> tuple[object, ...]:
    patient = claim.patient
    return (
        claim.number, line.number, claim.payer.name, claim.payer.payer_id, line.procedure.code, line.modifiers,
        line.units, claim.diagnosis, claim.site.name, claim.lines[0].procedure.place, claim.service, claim.submitted,
        "", "pending", "", dollars_of(line.charge_cents), "", "", claim.clinician.npi, practice.npi, claim.frequency,
        claim.original, claim.payer_order, claim.account, patient.first_name, patient.last_name, patient.birth_date,
        patient.member_id,
    )  # fmt: skip
