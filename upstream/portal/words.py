"""Plain words for what the machine calls by codes. Pure: values in, text out."""

from datetime import date

from upstream.claims.choices import DenialCategory
from upstream.claims.statuses import words_for_status
from upstream.core.money import show_dollars
from upstream.detection.choices import Metric
from upstream.ingestion.formats.columns import FIELDS
from upstream.portal.account_words import ACCOUNT_ACTS

ROW_REASONS = {
    "bad_amount": "is not an amount in dollars and cents",
    "bad_code": "is not a code of letters and digits",
    "bad_date": "is not a date",
    "bad_json": "is not well-formed JSON",
    "bad_number": "is not a number",
    "bad_status": "is not a word of status that we know",
    "bad_text": "holds characters that cannot be read, or far too many",
    "claim_too_large": "belongs to a claim that is larger than any real one",
    "negative_amount": "is an amount below zero",
    "broken_quotes": "has a quotation mark that is never closed",
    "decided_before_requested": "is before the request was made",
    "decided_while_waiting": "is there, though the request is said to wait for a decision",
    "ends_before_start": "is before the first day",
    "cut_off": "is cut off where the file ends",
    "empty_file": "is empty",
    "member_damaged": "is damaged inside the archive, and cannot be unpacked",
    "missing_segment": "is not there",
    "missing_value": "is empty, but needed",
    "no_claim": "is no claim",
    "not_a_resource": "is no FHIR resource",
    "other_line_rejected": "belongs to a claim of which another line could not be read",
    "ragged_row": "has more or fewer cells than the header",
    "rounded_number": "was rounded by a spreadsheet, so that several claims could have it: send the column as text",
    "too_deep": "is nested deeper than any real one",
    "too_long": "is longer than any real one",
    "too_many_lines": "has more lines than a claim can have",
    "total_row": "is a total, not a claim",
    "unknown_date_order": "is before the day of submission; day and month may stand the other way round",
    "unsupported_version": "is of an older FHIR version, and its amounts cannot be told",
}
FILE_NOTICES = {
    "absent_columns": "Columns that were not there and are taken as blank",
    "authorization_request": "Requests for authorization, which nobody has answered yet",
    "bad_amount": "Amounts that could not be read and were left blank",
    "bad_code": "Codes that could not be read and were left blank",
    "bad_date": "Dates that could not be read and were left blank",
    "bad_segment_id": "Segments whose name is none were not read",
    "bad_text": "Texts that could not be read and were left blank",
    "charges_differ": "Claims whose lines add up to another charge",
    "draft": "Drafts, which nobody has sent yet",
    "implicit_reversal": "Negative charges taken as reversals",
    "isa_width": "The interchange header has an unusual width",
    "missing_segment": "Transactions or claims that lack the part that tells something",
    "missing_trailer": "A closing segment is missing",
    "missing_value": "Values that should be there are blank",
    "new_code": "Reason codes of payers that are on no map yet: see the list of new codes",
    "no_amounts": "Answers without any amount: how they were decided is not known",
    "no_component_separator": "The interchange names no component separator",
    "older_version": "Resources of an older FHIR version, read where they mean the same",
    "operation_outcome": "Messages of the sender's server, not of a payer",
    "other_resource": "FHIR resources of kinds that are not loaded",
    "other_sheets": "The workbook has other sheets, which were not read",
    "outside_claim": "Lines or adjustments that stand outside of a claim were not read",
    "outside_transaction": "Segments that stand outside of a transaction were not read",
    "predetermination": "Claims that ask for a price, not for payment",
    "repeated_column": "A column stands twice; the first one was read",
    "repeated_header": "A payer's header stands twice",
    "skipped_transaction_type": "Transactions of a kind that is not loaded, such as requests",
    "too_long": "Values longer than their field were cut",
    "total_row": "Rows of totals were not read",
    "footer_row": "Page numbers and closing words were not read",
    "header_again": "The row of titles stood again between the claims, and was passed over",
    "truncated": "The file ends in the middle; what came before was loaded. Send the whole file again",
    "unknown_columns": "Columns that were not read",
    "wrong_guide": "Claims of another form than the file says",
    "wrong_control_number": "Control numbers of opening and closing segments differ",
    "wrong_count": "A counted total does not fit what was found",
    "withdrawn_answers": "Answers that an earlier reading of this file saw in it, and that were withdrawn",
    "withdrawn_claims": "Claims of which an earlier reading of this file told something else",
}
FILE_STATUSES = {
    "loaded": "Loaded", "partly_loaded": "Partly loaded", "rejected": "Refused", "needs_mapping": "Needs a mapping",
}  # fmt: skip
CLAIM_STATUSES = {
    "": "decided, how is worked out from amounts and codes",
    "paid": "paid",
    "denied": "denied",
    "partial": "partly denied",
    "pending": "not decided yet",
    "reversed": "taken back",
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
    "CONTRACT": "the contract's price, not a denial",
    "PATIENT": "the patient's share, not a denial",
    "COBADJ": "settled by an earlier payer, not a denial",
    "APPEALRESULT": "the payer kept to its answer after an appeal",
}
MEANINGS = [
    *DenialCategory.choices,
    ("CONTRACT", "no denial: the contract's price"),
    ("PATIENT", "no denial: the patient owes it"),
    ("COBADJ", "no denial: an earlier payer settled it"),
    ("INFO", "no denial: for information"),
    ("PENDED", "not decided yet"),
    ("APPEALRESULT", "the payer kept to its answer after an appeal"),
]
CLOCKS = {
    "appeal": "Appeal within the payer's appeal window.",
    "refile": "Send a corrected claim within the filing window.",
    "docreq": "Send the records asked for within the request's window.",
    "depends": "The clock depends on the remark; read it first.",
    "none": "No clock runs.",
}
# What to do first where nothing was denied, and what runs out.
FIRST_STEPS: dict[str, str] = {
    Metric.DOWN_CODING: "compare a few notes with the code that was paid, then dispute with records, and ask the payer"
    " which edit changed the code",
    Metric.TAKE_BACKS: "ask the payer for the notice and the reason of each amount, and check the claims before the"
    " money is set off",
    Metric.SILENT_CLAIMS: "call the payer or send a claim status request (276); where the payer has no such claim,"
    " send it again",
}
WHAT_RUNS: dict[str, str] = {
    Metric.DOWN_CODING: "Dispute within the payer's window for disputes of an amount.",
    Metric.TAKE_BACKS: "A notice gives a short time to object; it begins with its date.",
    Metric.SILENT_CLAIMS: "The filing limit goes on from the day of service while nothing is heard.",
}


ACCESSES = {
    "show_claim_number": "Showed a claim's number",
    "preview_file": "Looked at the first rows of a file",
    "show_claim_numbers": "Showed claim numbers of an incident",
    "show_claim_source": "Showed what the files say of a claim",
    "open_rejected_row": "Opened a row that was left out",
    "worklist.step": "Moved claims of the worklist",
    "worklist.assign": "Gave claims of the worklist to somebody",
    "worklist.snooze": "Put claims of the worklist aside",
    "worklist.note": "Wrote a note at a claim of the worklist",
    "worklist.undo": "Took an act on the worklist back",
    "show_secret": "Showed the signing secret of a channel",
    "new_secret": "Made a new signing secret of a channel",
    "letter.draft": "Drafted letters",
    "open_letter": "Opened a letter",
    "packet.ask": "Asked for a payer packet",
    "find_claim": "Looked for a claim by its number",
    "find_looks": "Asked who looked at a record",
    "open_report_pdf": "Opened a report as PDF",
    "open_report_xlsx": "Opened a report as Excel",
    "download_bundle": "Downloaded what an incident was worked out from",
    "export_claims": "Exported claims",
    "export_audit": "Exported the audit trail",
    "staff_open": "Upstream's staff opened the practice",
    "staff_switch": "Upstream's staff switched an area off or on",
    "staff_visit": "Upstream's staff looked at the portal as a member",
    "staff_visit_end": "The look of Upstream's staff was ended",
    **ACCOUNT_ACTS,
    "send_again": "Upstream's staff sent a message again",
    "retention": "Entries past six years were removed",
    "api.refused": "An API client was refused",
}


def access(action: str) -> str:
    """What was done, as the access log says it; an unlisted action is spelled out."""
    return ACCESSES.get(action, action.replace("_", " ").replace(".", " ").capitalize())


THINGS = {
    "tenants.Organization": "The practice",
    "tenants.Site": "Place",
    "tenants.User": "Account",
    "tenants.Membership": "Membership and role",
    "tenants.ApiClient": "API client",
    "ingestion.MappingProfile": "Mapping",
    "delivery.Endpoint": "Channel",
    "delivery.Address": "Mail address",
    "quality.Threshold": "Limit of a data check",
    "watchers.OwnLimit": "Limit of a watcher",
    "kpis.ReworkCost": "Cost of a touch",
}


def thing(label: str) -> str:
    """What a setting is called, by its model's label; one that is not listed is spelled out."""
    spelled = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in label.partition(".")[2])
    return THINGS.get(label, spelled.strip().capitalize())


FREQUENCIES = {"1": "sent anew", "7": "replaces an earlier one", "8": "takes an earlier one back"}


def frequency(code: str) -> str:
    """What a claim's frequency code says of it."""
    return FREQUENCIES.get(code, f"frequency {code}")


PLACES = {"csv": "line", "x12": "segment", "xlsx": "row"}


def place(file_format: str) -> str:
    """What the places of a file of this format are."""
    return PLACES.get(file_format, "place")


def claim_status(codes: str) -> str:
    """What a 277CA's category says, from "A7:21"."""
    return words_for_status(codes.partition(":")[0], rejected=True)


def row_reason(code: str) -> str:
    """What is wrong with a field, to stand after its name; an unlisted code is spelled out."""
    return ROW_REASONS.get(code, code.replace("_", " "))


def field_words(field: str) -> str:
    """A column or segment's name as people write it."""
    return field.replace("_", " ") or "the row"


def column_words(column: str) -> str:
    """One of our columns as the pages call it."""
    return FIELDS[column].label if column in FIELDS else "the row"


def stated(status: str) -> str:
    """The status that a row states, in words; "" is worked out."""
    return CLAIM_STATUSES.get(status, status)


def notice(code: str) -> str:
    return FILE_NOTICES.get(code, code.replace("_", " ").capitalize())


def category(key: str) -> str:
    """A denial category's meaning."""
    return CATEGORIES.get(key, key.lower() or "reason not given")


def status_word(status: str) -> str:
    """Status of a file: the API's key in words."""
    return FILE_STATUSES.get(status, "On the way")


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 incident", "1,204 incidents"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day(when: date) -> str:
    """3 March; with the year when it is needed, use `long_day`."""
    return f"{when.day} {when:%B}"


def long_day(when: date) -> str:
    return f"{when.day} {when:%B %Y}"


def money_range(low_cents: int, high_cents: int) -> str:
    """ "$9,200 to $14,800", to the whole dollar."""
    return f"{show_dollars(low_cents, whole=True)} to {show_dollars(high_cents, whole=True)}"


def points(share: float) -> str:
    """A difference of shares in percentage points: "+9 points", "-0.5 points"."""
    value = round(100 * share, 1)
    if value == 0:
        return "no change"
    return f"{value:+.0f} points" if abs(value) >= 3 else f"{value:+.1f} points"
