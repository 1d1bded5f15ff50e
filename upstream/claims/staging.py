"""The temporary tables into which one chunk of a file is copied before it is merged set by set.

They live in the transaction, are emptied for each chunk, and have no row-level security, which COPY would refuse;
what leaves them goes through INSERT under the wall. Ids are given out before (see `known` and `fresh`), so that merging
needs no join between large tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from upstream.claims.choices import Outcome
from upstream.core.db.copying import copy_stream
from upstream.core.db.keys import rows_by_id, rows_by_key

FACTS: dict[str, str] = {
    "payer_id": "int8",
    "raw_payer_id": "int8",
    "site_id": "int8",
    "procedure_code": "text",
    "procedure_group": "text",
    "diagnosis": "text",
    "place_of_service": "text",
    "modifiers": "text",
    "rendering_npi": "text",
    "frequency_code": "text",
    "payer_order": "int2",
    "submitted_date": "date",
    "service_date": "date",
    "billed_cents": "int8",
}
DECISION: dict[str, str] = {
    "outcome": "int2",
    "decided_date": "date",
    "decision_known_at": "timestamptz",
    "denial_group": "text",
    "denial_carc": "text",
    "denial_category": "text",
    "allowed_cents": "int8",
    "paid_cents": "int8",
}
TABLES: dict[str, dict[str, str]] = {
    "staged_patient": {
        "id": "int8",
        "key_bidx": "bytea",
        "member_bidx": "bytea",
        "account_bidx": "bytea",
        "sealed": "bytea",
        "fingerprint": "bytea",
    },
    "staged_claim": {
        "id": "int8",
        "public_id": "uuid",
        "is_new": "bool",
        "full_facts": "bool",
        "number_bidx": "bytea",
        "family_key": "bytea",
        "patient_id": "int8",
        "position": "int4",
        "known_at": "timestamptz",
        **FACTS,
        **DECISION,
    },
    "staged_identity": {
        "claim_id": "int8",
        "number_bidx": "bytea",
        "account_bidx": "bytea",
        "control_bidx": "bytea",
        "sealed": "bytea",
        "fingerprint": "bytea",
    },
    "staged_line": {
        "claim_id": "int8",
        "number": "int2",
        "control_bidx": "bytea",
        "procedure_code": "text",
        "modifiers": "text",
        "revenue_code": "text",
        "units": "numeric",
        "service_date": "date",
        "billed_cents": "int8",
        "known_at": "timestamptz",
    },
    "staged_event": {
        "id": "int8",
        "claim_id": "int8",
        "payer_id": "int8",
        "raw_payer_id": "int8",
        "event_bidx": "bytea",
        "position": "int4",
        "payer_order": "int2",
        "claim_status_code": "text",
        "check_number": "text",
        "control_bidx": "bytea",
        "sealed_identity": "bytea",
        "received_date": "date",
        "payment_date": "date",
        "billed_cents": "int8",
        "patient_cents": "int8",
        "balance_cents": "int8",
        "interest_cents": "int8",
        **DECISION,
    },
    "staged_answer": {
        "adjudication_id": "int8",
        "number": "int2",
        "procedure_code": "text",
        "billed_code": "text",
        "control_bidx": "bytea",
        "billed_cents": "int8",
        "allowed_cents": "int8",
        "paid_cents": "int8",
    },
    "staged_adjustment": {
        "adjudication_id": "int8",
        "ordinal": "int2",
        "line": "int2",
        "group_code": "text",
        "carc": "text",
        "remark_codes": "text",
        "cents": "int8",
    },
}


def create(cursor: Any) -> None:
    """Empty staging tables for this transaction, which then works by key."""
    for table, columns in TABLES.items():
        body = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {table} ({body}) ON COMMIT DROP")
    for noted, column in (("dirty_week", "week"), ("touched_day", "day")):
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {noted} ({column} date PRIMARY KEY) ON COMMIT DROP")
    by_key(cursor, on=True)


def by_key(cursor: Any, *, on: bool) -> None:
    """Find rows by index and join the small sets that are found by hashing, whatever the planner's statistics say."""
    for method in ("seqscan", "nestloop"):
        cursor.execute(f"SET LOCAL enable_{method} = {'off' if on else 'on'}")


def streams(rows: Mapping[str, Sequence[Sequence[Any]]]) -> dict[str, bytes]:
    """Rows of staging tables, in the order of their columns, as what `fill` sends."""
    return {table: copy_stream(list(TABLES[table].values()), rows[table]) for table in TABLES if rows[table]}


def fill(cursor: Any, copies: Mapping[str, bytes]) -> None:
    """The staging tables hold these rows and no others."""
    cursor.execute(f"TRUNCATE {', '.join(TABLES)}")
    for table, stream in copies.items():
        with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(stream)


# One look into the key's own index for each. The tenant comes as a sub-select, so that the planner takes it for a
# tenant like the others: told which one, it takes one that it has not counted yet to have a row at most, finds all
# indexes alike, and may read all the tenant has once for each key.
_EACH = """SELECT found.* FROM unnest(%(keys)s::bytea[]) AS k (key) CROSS JOIN LATERAL (
    SELECT {0} FROM {1} WHERE tenant_id = (SELECT %(tenant)s::bigint) AND {2} = k.key OFFSET 0) AS found"""


def known_claims(cursor: Any, numbers: list[bytes]) -> dict[bytes, int]:
    """Ids of the tenant's claims that have one of these numbers."""
    return dict(rows_by_key(cursor, _EACH.format("number_bidx, id", "claims_claim", "number_bidx"), numbers))


_ANSWERS = """SELECT a.event_bidx, a.id FROM unnest(%(ids)s::bigint[]) AS k (claim) CROSS JOIN LATERAL (
    SELECT event_bidx, id FROM claims_adjudication
    WHERE tenant_id = (SELECT %(tenant)s::bigint) AND claim_id = k.claim OFFSET 0) AS a"""
_OPEN_REVERSALS = f"""SELECT DISTINCT claim_id FROM claims_adjudication
WHERE tenant_id = %(tenant)s AND claim_id = ANY(%(ids)s) AND outcome = {Outcome.REVERSED} AND reverses_id IS NULL"""


def known_answers(cursor: Any, claims: list[int]) -> dict[bytes, int]:
    """Ids of all answers to these claims (ascending) by their event."""
    return dict(rows_by_id(cursor, _ANSWERS, claims, {}))


def known_patients(cursor: Any, keys: list[bytes]) -> dict[bytes, tuple[int, bytes]]:
    """Id and fingerprint of each of the tenant's patients that has one of these keys."""
    found = rows_by_key(cursor, _EACH.format("key_bidx, id, fingerprint", "claims_patient", "key_bidx"), keys)
    return {key: (row_id, fingerprint) for key, row_id, fingerprint in found}


def families_of(cursor: Any, numbers: Iterable[bytes]) -> dict[bytes, bytes]:
    """Family of each of the tenant's claims that has one of these numbers."""
    statement = _EACH.format("number_bidx, family_key", "claims_claim", "number_bidx")
    return dict(rows_by_key(cursor, statement, list(numbers)))


def open_reversals(cursor: Any, claims: list[int]) -> list[int]:
    """Those of the claims that have a reversal whose original has not been seen."""
    return [claim for (claim,) in rows_by_id(cursor, _OPEN_REVERSALS, claims, {})]


def fresh(cursor: Any, table: str, count: int) -> list[int]:
    """New ids of a table."""
    if not count:
        return []
    cursor.execute(
        "SELECT nextval(s.name) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0) s,"
        " generate_series(1, %s)",
        [table, count],
    )
    return [row[0] for row in cursor.fetchall()]
