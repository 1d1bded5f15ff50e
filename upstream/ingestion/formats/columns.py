"""Our columns: what each is called in plain words, what kind of thing stands in it, and whether it names a person."""

from collections.abc import Mapping
from typing import NamedTuple


class Field(NamedTuple):
    """`kind` decides which values fit; `group` is the heading under which people look for it."""

    label: str
    kind: str
    group: str


CLAIM, DATES, MONEY, CODES, PROVIDERS, LINES, PATIENT = (
    "Claim", "Dates", "Money", "Answer of the payer", "Providers", "Service", "Patient",
)  # fmt: skip

FIELDS: Mapping[str, Field] = {
    "claim_id": Field("Claim number", "number", CLAIM),
    "payer": Field("Payer", "name", CLAIM),
    "submitted_date": Field("Submitted on", "day", DATES),
    "service_date": Field("Date of service", "day", DATES),
    "decided_date": Field("Decided on", "day", DATES),
    "received_date": Field("Received by the payer on", "day", DATES),
    "payment_date": Field("Paid on", "day", DATES),
    "billed": Field("Billed amount", "money", MONEY),
    "allowed": Field("Allowed amount", "money", MONEY),
    "paid": Field("Paid amount", "money", MONEY),
    "patient_responsibility": Field("Patient's share", "money", MONEY),
    "status": Field("Status", "status", CODES),
    "denial_reason": Field("Denial or adjustment codes", "reason", CODES),
    "denial_group": Field("Group of the adjustment code (CO, PR)", "group", CODES),
    "remark_codes": Field("Remark codes", "remark", CODES),
    "check_number": Field("Check or EFT number", "number", CODES),
    "payer_control_number": Field("Payer's claim number (ICN)", "number", CODES),
    "procedure_code": Field("Procedure code", "procedure", LINES),
    "modifiers": Field("Modifiers", "modifier", LINES),
    "units": Field("Units", "count", LINES),
    "diagnosis": Field("Diagnosis", "diagnosis", LINES),
    "revenue_code": Field("Revenue code", "revenue", LINES),
    "place_of_service": Field("Place of service", "place", LINES),
    "adjudicated_procedure_code": Field("Procedure code that the payer priced", "procedure", LINES),
    "line_id": Field("Line number or line control number", "line", LINES),
    "location": Field("Location", "name", PROVIDERS),
    "rendering_npi": Field("Rendering provider's NPI", "npi", PROVIDERS),
    "billing_npi": Field("Billing provider's NPI", "npi", PROVIDERS),
    "payer_id": Field("Payer's id", "number", CLAIM),
    "product": Field("Plan or product", "name", CLAIM),
    "frequency_code": Field("Claim frequency code", "frequency", CLAIM),
    "original_claim_id": Field("Number of the claim that this one replaces", "number", CLAIM),
    "payer_order": Field("Primary, secondary or tertiary", "order", CLAIM),
    "authorization_number": Field("Authorization number", "number", CLAIM),
    "patient_account": Field("Patient's account", "number", PATIENT),
    "member_id": Field("Member id", "number", PATIENT),
    "patient_first_name": Field("Patient's first name", "person", PATIENT),
    "patient_last_name": Field("Patient's last name", "person", PATIENT),
    "patient_name": Field("Patient's whole name", "person", PATIENT),
    "patient_birth_date": Field("Patient's date of birth", "birthday", PATIENT),
}
PROFILE_ONLY = frozenset({"denial_group", "patient_name"})  # read into other columns
DATE_COLUMNS = ("submitted_date", "service_date", "received_date", "decided_date", "payment_date")
AMOUNT_COLUMNS = ("billed", "allowed", "paid", "patient_responsibility")
