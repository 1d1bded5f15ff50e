"""One row of canonical cells becomes a claim, or is said to be at fault in one named cell."""

from collections.abc import Callable
from datetime import date

from upstream.ingestion.formats.csv_cells import (
    ADJUDICATED,
    AMOUNTS,
    CODES,
    DAYS,
    DIAGNOSES,
    NAMES,
    REASONS,
    STATUS_WORDS,
    amount_of,
    code_of,
    day_of,
    diagnosis_of,
    name_of,
    number_of,
    reasons_of,
    status_of,
    unrounded,
)
from upstream.ingestion.formats.csv_header import BASE
from upstream.ingestion.formats.csv_lines import event_key
from upstream.ingestion.records import AdjustmentRecord, ClaimRecord

ADJUSTED = frozenset({"denied", "partial", ADJUDICATED})
# Adjustment codes that refuse nothing: contract, patient's share, earlier payer, information. Of several codes in one
# cell without amounts, what was not paid is laid on the first that is none of these.
NO_REFUSAL = frozenset({
    "1", "2", "3", "23", "24", "44", "45", "59", "66", "69", "70", "74", "75", "76", "85", "89", "90", "91", "94",
    "A0", "A5", "100", "101", "102", "103", "104", "105", "106", "118", "121", "122", "130", "131", "132", "133",
    "137", "142", "143", "144", "161", "162", "187", "193", "195", "201", "205", "209", "223", "225", "229", "232",
    "235", "237", "241", "245", "246", "247", "248", "253", "259", "260", "262", "263", "264", "265", "266", "271",
    "275", "281", "293", "303",
})  # fmt: skip
REQUIRED = ("claim_id", "payer", "submitted_date", "status", "billed")
JUDGED: tuple[tuple[str, Callable[[str], object], str], ...] = (
    ("claim_id", unrounded, "rounded_number"),
    ("claim_id", number_of, "bad_code"),
    ("payer", name_of, "bad_text"),
    ("procedure_code", code_of, "bad_code"),
    ("diagnosis", diagnosis_of, "bad_code"),
    ("location", name_of, "bad_text"),
    ("submitted_date", day_of, "bad_date"),
    ("decided_date", day_of, "bad_date"),
    ("status", status_of, "bad_status"),
    ("denial_reason", reasons_of, "bad_code"),
    ("billed", amount_of, "bad_amount"),
    ("allowed", amount_of, "bad_amount"),
    ("paid", amount_of, "bad_amount"),
)


def claim_of(position: int, base: tuple[str, ...], *, undated: bool = False) -> ClaimRecord | None:
    """The claim of one good row, None when any of its base cells will not do (`fault_of` says which).

    With `undated` a decision may come without its date.
    """
    number, payer, procedure, diagnosis, location, submitted, decided, status, denial, billed, allowed, paid = base
    number = number.strip()
    payer_name, procedure_code, diagnosis_code = NAMES[payer], CODES[procedure], DIAGNOSES[diagnosis]
    place, word, reasons = NAMES[location], STATUS_WORDS[status], REASONS[denial]
    submitted_date, decided_date = DAYS[submitted], DAYS[decided]
    billed_cents, allowed_cents, paid_cents = AMOUNTS[billed], AMOUNTS[allowed], AMOUNTS[paid]
    decision = word != "pending"
    if paid_cents is None and not paid.strip():
        paid_cents = 0
    if (
        not payer_name
        or word is None
        or procedure_code is None
        or diagnosis_code is None
        or place is None
        or reasons is None
        or submitted_date is None
        or billed_cents is None
        or paid_cents is None
        or (allowed_cents is None and allowed.strip())
        or (decision and not _dated(submitted_date, decided_date, decided, undated))
        or (word != "reversed" and (billed_cents < 0 or paid_cents < 0 or (allowed_cents or 0) < 0))
        or not number
        or number_of(number) is None
    ):
        return None
    claim = ClaimRecord(
        position=position,
        claim_number=number,
        payer_name=payer_name,
        procedure_code=procedure_code,
        diagnosis=diagnosis_code,
        location=place,
        submitted_date=submitted_date,
        decided_date=decided_date if decision else None,
        status=word if word != ADJUDICATED else "",
        decision=decision,
        reversal=word == "reversed",
        billed_cents=billed_cents,
        allowed_cents=allowed_cents,
        paid_cents=paid_cents,
    )
    claim.event_key = event_key(claim, reasons.text)
    if reasons.pairs and word in ADJUSTED:
        unpaid = billed_cents - (allowed_cents or paid_cents)
        claim.adjustments = adjustments_of(reasons.pairs, unpaid)
    return claim


def _dated(submitted: date, decided: date | None, text: str, undated: bool) -> bool:
    if decided is None:
        return undated and not text.strip()
    return decided >= submitted


def adjustments_of(pairs: tuple[tuple[str, str], ...], unpaid: int) -> list[AdjustmentRecord]:
    """One adjustment for each (group, CARC); the unpaid cents stand on the first that refuses, else on the first."""
    refusing = next((place for place, (_, carc) in enumerate(pairs) if carc not in NO_REFUSAL), 0)
    return [
        AdjustmentRecord(0, group, carc, unpaid if place == refusing else 0)
        for place, (group, carc) in enumerate(pairs)
    ]


def fault_of(base: tuple[str, ...], *, undated: bool = False) -> tuple[str, str]:
    """(column, code) of the first base cell that makes the row unusable."""
    values = dict(zip(BASE, (cell.strip() for cell in base), strict=True))
    for name in REQUIRED:
        if not values[name]:
            return name, "missing_value"
    for name, judge, code in JUDGED:
        if values[name] and judge(values[name]) is None:
            return name, code
    if values["status"].lower() != "pending":
        if not values["decided_date"] and not undated:
            return "decided_date", "missing_value"
        if (day_of(values["decided_date"]) or date.max) < (day_of(values["submitted_date"]) or date.max):
            return "decided_date", "unknown_date_order"
    negative = (name for name in ("billed", "allowed", "paid") if (amount_of(values[name]) or 0) < 0)
    return next(negative, ""), "negative_amount"
