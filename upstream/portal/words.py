"""Plain words for what the machine calls by codes. Pure: values in, text out."""

from datetime import date
from typing import Protocol

from upstream.core.money import show_dollars

class Counted(Protocol):
    """What the sentence of an incident needs to know."""

    observed: int
    decided: int
    expected: float
    lost_low_cents: int
    lost_high_cents: int
    deadline: date | None


ROW_REASONS = {
    "amount": "is not an amount in dollars and cents",
    "date": "is not a date",
    "date_order": "comes before a date that it should follow",
    "status": "is not one of paid, denied, partial, pending or reversed",
    "required": "is empty, but needed",
    "missing": "is empty, but needed",
    "too_long": "is longer than the field allows",
    "number": "is not a whole number",
    "negative": "is below zero",
    "unknown_code": "holds a code that we do not know",
    "columns": "has more or fewer cells than the header",
    "encoding": "holds characters that cannot be read",
    "not_matched": "belongs to no claim that we know",
}
FILE_NOTICES = {
    "truncated": "The file ends in the middle. What came before was loaded; send the whole file again.",
    "out_of_balance": "A remittance does not add up to its deposit.",
    "new_codes": "Denial codes that are not on our map yet",
    "new_payers": "Payers seen for the first time",
    "unknown_columns": "Columns that were not read",
    "dropped_columns": "Columns with patients' values, dropped at the door",
    "unmatched": "Answers to claims that are not here yet",
    "duplicates": "Rows that say again what we know",
}
CATEGORIES = {
    "ELIG": "member or coverage not found or not active on the date",
    "AUTH": "approval or referral missing, late, used up or not matching",
    "MEDNEC": "payer disputes need, level or setting",
    "DOC": "records or forms wanted, missing or late",
    "DATA": "a field of the claim is missing or invalid",
    "CODING": "codes do not fit each other or the patient",
    "BUNDLE": "considered part of another service",
    "COB": "another payer or product is responsible",
    "TIMELY": "filed or appealed too late",
    "DUP": "looks already processed",
    "NONCOV": "the plan does not cover it",
    "LIMIT": "a cap on visits, units or money is reached",
    "CRED": "provider, site or contract not loaded at the payer",
    "UNSPEC": "no usable reason",
    "PRICE": "the contract's price, not a denial",
    "PATRESP": "the patient's share, not a denial",
    "PRIORPAY": "paid by an earlier payer, not a denial",
    "INFO": "for information, not a denial",
    "PENDED": "the payer has not decided yet",
    "UPHELD": "the payer kept to its answer after an appeal",
}
CLOCKS = {
    "appeal": "Appeal within the payer's appeal window.",
    "refile": "Send a corrected claim within the filing window.",
    "docreq": "Send the records asked for within the request's window.",
    "depends": "The clock depends on the remark; read it first.",
    "none": "No clock runs.",
}


def row_reason(code: str) -> str:
    """What is wrong with a field, to stand after its name; an unlisted code is spelled out."""
    return ROW_REASONS.get(code, code.replace("_", " "))


def notice(code: str) -> str:
    return FILE_NOTICES.get(code, code.replace("_", " ").capitalize())


def category(key: str) -> str:
    """A denial category's meaning."""
    return CATEGORIES.get(key, key.lower() or "reason not given")


def status_word(status: str) -> str:
    """Status of a file: the API's key in words."""
    return {"loaded": "Loaded", "partly_loaded": "Partly loaded", "rejected": "Refused"}.get(status, "On the way")


def counted(number: int, one: str, many: str = "") -> str:
    """"1 incident", "1,204 incidents"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day(when: date) -> str:
    """3 March; with the year when it is needed, use `long_day`."""
    return f"{when.day} {when:%B}"


def long_day(when: date) -> str:
    return f"{when.day} {when:%B %Y}"


def money_range(low_cents: int, high_cents: int) -> str:
    """"$9,200 to $14,800", to the whole dollar."""
    return f"{show_dollars(low_cents, whole=True)} to {show_dollars(high_cents, whole=True)}"


def incident_sentence(incident: "Counted") -> str:
    """"14 of 31 claims, usual 3. About $9,200 to $14,800. First deadline 2 April."."""
    said = f"{incident.observed:,} of {counted(incident.decided, 'decided claim')} denied, usual {incident.expected:.0f}."
    said += f" About {money_range(incident.lost_low_cents, incident.lost_high_cents)}."
    return said + (f" First deadline {day(incident.deadline)}." if incident.deadline else "")


def points(share: float) -> str:
    """A difference of shares in percentage points: "+9 points"."""
    value = round(100 * share, 1)
    shown = f"{value:+.0f}" if abs(value) >= 3 else f"{value:+.1f}"
    return f"{shown} points"
