"""The temporary tables into which one chunk of a file is copied before it is merged set by set.

They live in the session, are emptied for each chunk, and have no row-level security, which COPY would refuse; what
leaves them goes through INSERT under the wall. `ord` numbers the claim records of a chunk.
"""

from collections.abc import Iterable, Sequence
from typing import Any

CLAIM_COLUMNS: dict[str, str] = {
    "ord": "int4",
    "position": "int4",
    "full_facts": "bool",
    "number_bidx": "bytea",
    "family_key": "bytea",
    "payer_id": "int8",
    "site_id": "int8",
    "procedure_code": "text",
    "procedure_group": "text",
    "diagnosis": "text",
    "place_of_service": "text",
    "rendering_npi": "text",
    "frequency_code": "text",
    "payer_order": "int2",
    "submitted_date": "date",
    "service_date": "date",
    "billed_cents": "int8",
    "known_at": "timestamptz",
    "identity_sealed": "bytea",
    "identity_print": "bytea",
    "control_bidx": "bytea",
    "account_bidx": "bytea",
    "patient_key": "bytea",
    "member_bidx": "bytea",
    "patient_account_bidx": "bytea",
    "patient_sealed": "bytea",
    "patient_print": "bytea",
    "event_bidx": "bytea",
    "outcome": "int2",
    "claim_status_code": "text",
    "denial_group": "text",
    "denial_carc": "text",
    "denial_category": "text",
    "check_number": "text",
    "decided_date": "date",
    "received_date": "date",
    "payment_date": "date",
    "event_billed_cents": "int8",
    "allowed_cents": "int8",
    "paid_cents": "int8",
    "patient_cents": "int8",
    "balance_cents": "int8",
    "decision_known_at": "timestamptz",
}
LINE_COLUMNS: dict[str, str] = {
    "ord": "int4",
    "number": "int2",
    "line_control": "text",
    "procedure_code": "text",
    "modifiers": "text",
    "revenue_code": "text",
    "units": "numeric",
    "service_date": "date",
    "billed_cents": "int8",
    "adjudicated_code": "text",
    "allowed_cents": "int8",
    "paid_cents": "int8",
}
ADJUSTMENT_COLUMNS: dict[str, str] = {
    "ord": "int4",
    "ordinal": "int2",
    "line": "int2",
    "group_code": "text",
    "carc": "text",
    "remark_codes": "text",
    "cents": "int8",
}
TABLES = {
    "staged_claim": CLAIM_COLUMNS,
    "staged_line": LINE_COLUMNS,
    "staged_adjustment": ADJUSTMENT_COLUMNS,
}


def create(cursor: Any) -> None:
    """Empty staging tables for this transaction."""
    for table, columns in TABLES.items():
        body = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({body}) ON COMMIT DROP")
    cursor.execute("CREATE TEMPORARY TABLE dirty_week (week date PRIMARY KEY) ON COMMIT DROP")


def fill(cursor: Any, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Replace the staging table's rows by these, in the order of its columns."""
    columns = TABLES[table]
    cursor.execute(f"TRUNCATE {table}")
    with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"ANALYZE {table}")
