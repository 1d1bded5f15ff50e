"""Curated facts without identifying values as Parquet, for analysis: always derived, one file a month and table.

`curated/tenant=SLUG/TABLE/submitted_month=YYYY-MM/part-0.parquet` under STORAGE_URL: DuckDB, Spark or Polars read it
with hive partitioning. Money is integer cents. A month is written anew when its facts changed, and each file takes the
place of the one before at once, so that a reader sees the old month or the new one.
"""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from upstream.operations.exporting.services import complete_or_absent
from upstream.operations.exporting.shapes import Column, Kind, Row
from upstream.operations.exporting.writers import write_parquet

PART = "part-0.parquet"
WRITTEN = "written.json"
ROWS_AT_ONCE = 5000

CLAIMS = (
    Column("claim"), Column("family"), Column("counts"), Column("payer"), Column("site"), Column("procedure_code"),
    Column("procedure_group"), Column("diagnosis"), Column("place_of_service"), Column("rendering_npi"),
    Column("frequency_code"), Column("payer_order", Kind.NUMBER), Column("submitted_date", Kind.DATE),
    Column("service_date", Kind.DATE), Column("outcome", Kind.NUMBER), Column("decided_date", Kind.DATE),
    Column("denial_group"), Column("denial_carc"), Column("denial_category"), Column("billed_cents", Kind.NUMBER),
    Column("allowed_cents", Kind.NUMBER), Column("paid_cents", Kind.NUMBER), Column("known_at", Kind.MOMENT),
    Column("decision_known_at", Kind.MOMENT),
)  # fmt: skip
ANSWERS = (
    Column("claim"), Column("answer", Kind.NUMBER), Column("payer"), Column("payer_order", Kind.NUMBER),
    Column("outcome", Kind.NUMBER), Column("decided_date", Kind.DATE), Column("payment_date", Kind.DATE),
    Column("denial_group"), Column("denial_carc"), Column("denial_category"), Column("billed_cents", Kind.NUMBER),
    Column("allowed_cents", Kind.NUMBER), Column("paid_cents", Kind.NUMBER), Column("patient_cents", Kind.NUMBER),
    Column("known_at", Kind.MOMENT),
)  # fmt: skip
ADJUSTMENTS = (
    Column("claim"), Column("answer", Kind.NUMBER), Column("line", Kind.NUMBER), Column("group_code"), Column("carc"),
    Column("remark_codes"), Column("cents", Kind.NUMBER),
)  # fmt: skip
OF_MONTH = "c.tenant_id = %s AND c.submitted_date >= %s AND c.submitted_date < %s::date + interval '1 month'"
QUERIES: dict[str, tuple[tuple[Column, ...], str]] = {
    "claims": (CLAIMS, f"""
        SELECT c.public_id::text, coalesce(f.public_id, c.public_id)::text,
            CASE WHEN c.family_key = c.number_bidx AND c.payer_order = 1 THEN 'yes' ELSE 'no' END,
            p.name, s.name, c.procedure_code, c.procedure_group, c.diagnosis, c.place_of_service, c.rendering_npi,
            c.frequency_code, c.payer_order, c.submitted_date, c.service_date, c.outcome, c.decided_date,
            c.denial_group, c.denial_carc, c.denial_category, c.billed_cents, c.allowed_cents, c.paid_cents,
            c.known_at, c.decision_known_at
        FROM claims_claim c JOIN claims_payer p ON p.tenant_id = c.tenant_id AND p.id = c.payer_id
        LEFT JOIN tenants_site s ON s.tenant_id = c.tenant_id AND s.id = c.site_id
        LEFT JOIN claims_claim f ON f.tenant_id = c.tenant_id AND f.number_bidx = c.family_key
        WHERE {OF_MONTH} ORDER BY c.id"""),
    "answers": (ANSWERS, f"""
        SELECT c.public_id::text, a.id, p.name, a.payer_order, a.outcome, a.decided_date, a.payment_date,
            a.denial_group, a.denial_carc, a.denial_category, a.billed_cents, a.allowed_cents, a.paid_cents,
            a.patient_cents, a.known_at
        FROM claims_claim c JOIN claims_adjudication a ON a.tenant_id = c.tenant_id AND a.claim_id = c.id
        JOIN claims_payer p ON p.tenant_id = a.tenant_id AND p.id = a.payer_id
        WHERE {OF_MONTH} ORDER BY a.id"""),
    "adjustments": (ADJUSTMENTS, f"""
        SELECT c.public_id::text, a.id, j.line, j.group_code, j.carc, j.remark_codes, j.cents
        FROM claims_claim c JOIN claims_adjudication a ON a.tenant_id = c.tenant_id AND a.claim_id = c.id
        JOIN claims_adjustment j ON j.tenant_id = a.tenant_id AND j.adjudication_id = a.id
        WHERE {OF_MONTH} ORDER BY a.id, j.ordinal"""),
}  # fmt: skip
# What a month's files depend on, in numbers that change with it.
MONTHS = """
SELECT date_trunc('month', c.submitted_date)::date, count(*), sum(c.billed_cents), sum(c.allowed_cents),
    sum(c.paid_cents), sum(c.outcome), sum(hashtextextended(concat_ws('|', c.public_id, c.family_key, c.payer_id,
        c.site_id, c.procedure_code, c.submitted_date, c.service_date, c.denial_category, c.facts_known_at,
        c.decision_known_at), 0)::numeric)::text, coalesce(sum(a.answers), 0), coalesce(sum(a.mark), 0)::text
FROM claims_claim c LEFT JOIN LATERAL (
    SELECT count(*) AS answers, sum(hashtextextended(concat_ws('|', a.id, a.outcome, a.payer_id), 0)::numeric) AS mark
    FROM claims_adjudication a WHERE a.tenant_id = c.tenant_id AND a.claim_id = c.id
) AS a ON true
WHERE c.tenant_id = %s GROUP BY 1 ORDER BY 1
"""


def write_curated(tenant_id: int, slug: str, *, everything: bool = False) -> dict[str, int]:
    """The bound tenant's curated facts stand as Parquet; how many months were written, kept and removed.

    A month whose facts are as they were is kept, unless `everything` is wanted. A run that was killed leaves whole
    files, and the next one finishes.
    """
    root = Path(settings.VAR_DIR) / "curated" / f"tenant={slug}"
    root.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        months = {str(first)[:7]: [str(value) for value in rest] for first, *rest in _rows(MONTHS, [tenant_id])}
    written = {} if everything else _written(root)
    done = 0
    for month, mark in months.items():
        if written.get(month) != mark:
            _write_month(root, tenant_id, month)
            written[month] = mark
            done += 1
            _note(root, written)
    gone = _remove_others(root, months)
    _note(root, {month: mark for month, mark in written.items() if month in months})
    return {"written": done, "kept": len(months) - done, "removed": gone}


def _rows(statement: str, values: list[Any]) -> Iterable[Row]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows


def _write_month(root: Path, tenant_id: int, month: str) -> None:
    first = date.fromisoformat(f"{month}-01")
    for table, (columns, statement) in QUERIES.items():
        folder = root / table / f"submitted_month={month}"
        folder.mkdir(parents=True, exist_ok=True)
        with complete_or_absent(folder / PART) as part, transaction.atomic():
            write_parquet(part, columns, _rows(statement, [tenant_id, first, first]))


def _written(root: Path) -> dict[str, list[str]]:
    """What each month's files were written from; nothing where that is not known."""
    try:
        found: dict[str, list[str]] = json.loads((root / WRITTEN).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found


def _note(root: Path, written: dict[str, list[str]]) -> None:
    with complete_or_absent(root / WRITTEN) as part:
        part.write_text(json.dumps(written))


def _remove_others(root: Path, months: Iterable[str]) -> int:
    """Months that hold no claim any more."""
    names = {f"submitted_month={month}" for month in months}
    gone = {
        folder for table in QUERIES for folder in (root / table).glob("submitted_month=*") if folder.name not in names
    }
    for folder in gone:
        rmtree(folder)
    return len({folder.name for folder in gone})
