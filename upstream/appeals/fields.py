"""What a letter may name: every field with what stands in its place when it is not known, and an invented value.

Pure: nothing but these names can be reached by a template.
"""

from dataclasses import dataclass
from typing import Any


class Blank(str):
    """Shown as its text, but counted as nothing by `{% if field %}`."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True)
class Field:
    """One name that templates may use; `stand_in` is shown while the value is not known."""

    name: str
    meaning: str
    stand_in: str
    sample: str


FIELDS = (
    Field("practice_name", "Name of the practice", "", "Riverbend Clinic"),
    Field("today", "Day of the letter", "", "March 2, 2026"),
    Field("payer_name", "Payer", "", "Summit Mutual"),
    Field("kind", "What the letter is: appeal, dispute, cover", "", "Appeal"),
    Field("claim_number", "The practice's claim number", "[claim number]", "LK-204417"),
    Field("payer_claim_number", "The payer's claim number", "[payer's claim number]", "2026061550013"),
    Field("account_number", "Patient account", "[account]", "AC-88120"),
    Field("patient_name", "Patient", "[patient name]", "Robin Example"),
    Field("birth_date", "Patient's date of birth", "[date of birth]", "April 9, 1971"),
    Field("member_id", "Member number with the payer", "[member number]", "SMX000123456"),
    Field("authorization_number", "Authorization", "[authorization number]", "A-55310"),
    Field("service_date", "Date of service", "[date of service]", "January 12, 2026"),
    Field("submitted_date", "Day the claim was submitted", "[day submitted]", "January 14, 2026"),
    Field("decided_date", "Day the payer decided", "[day decided]", "February 3, 2026"),
    Field("procedure_codes", "Procedure codes", "[procedure codes]", "73721, 99213"),
    Field("diagnosis", "Diagnosis code", "[diagnosis code]", "M23.51"),
    Field("location", "Place", "[place]", "Main Street"),
    Field("provider_npi", "NPI of the rendering provider", "[provider's NPI]", "1234567893"),
    Field("billed", "Billed", "[amount billed]", "$980.00"),
    Field("allowed", "Allowed", "[amount allowed]", "$0.00"),
    Field("paid", "Paid", "[amount paid]", "$0.00"),
    Field("disputed", "Amount in dispute", "[amount in dispute]", "$980.00"),
    Field("denial_code", "The payer's code", "[denial code]", "CO-197"),
    Field("denial_reason", "What the code means, in our words", "[reason]", "missing authorization"),
    Field("deadline", "Last day for the answer, where a clock runs", "[deadline]", "August 2, 2026"),
    Field("writer", "Who drafted the letter", "", "Maria Sandoval"),
)
LINE_FIELDS = (
    Field("number", "Line number", "", "1"),
    Field("procedure_code", "Procedure code", "", "73721"),
    Field("modifiers", "Modifiers", "", "RT"),
    Field("units", "Units", "", "1"),
    Field("service_date", "Date of service", "", "January 12, 2026"),
    Field("billed", "Billed", "", "$980.00"),
)
PARAGRAPHS, LINES = "paragraphs", "lines"
LISTS = {PARAGRAPHS: frozenset[str](), LINES: frozenset(field.name for field in LINE_FIELDS)}
BY_NAME = {field.name: field for field in FIELDS}


def offered(known: dict[str, str]) -> dict[str, Any]:
    """Every field by its name: its value, or what stands in its place."""
    return {name: known.get(name) or Blank(field.stand_in) for name, field in BY_NAME.items()}


def invented() -> dict[str, Any]:
    """All fields with invented values, for previews; without paragraphs."""
    line = {field.name: field.sample for field in LINE_FIELDS}
    other = {**line, "number": "2", "procedure_code": "99213", "modifiers": "25", "billed": "$185.00"}
    return {**offered({field.name: field.sample for field in FIELDS}), LINES: [line, other]}
