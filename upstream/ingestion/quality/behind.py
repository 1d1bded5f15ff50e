"""The rows behind a finding: found by the very words that counted them, so that they add up to it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from upstream.core import tenancy
from upstream.ingestion.quality import queries
from upstream.ingestion.quality.models import Finding
from upstream.ingestion.quality.predicates import BASES, OF_FILE, PREDICATES


@dataclass(frozen=True)
class Row:
    """One row that failed: its claim (none for payments), its day and money, and where it stands in the file."""

    claim: UUID | None
    payer: str
    procedure_code: str
    check_number: str
    day: date | None
    cents: int
    position: int


COLUMNS = {
    "claims": "x.public_id, p.name, x.procedure_code, '', x.position",
    "answers": "c.public_id, p.name, c.procedure_code, x.check_number, x.position",
    "lines": "c.public_id, p.name, coalesce(l.procedure_code, c.procedure_code), x.check_number, x.position",
    "statuses": "c.public_id, p.name, coalesce(c.procedure_code, ''), x.category_code, x.position",
    "payments": "NULL::uuid, p.name, '', x.check_number, x.position",
}


def has_rows(name: str) -> bool:
    """Whether the check counts rows that can be listed."""
    return name in PREDICATES


def kind_of(name: str) -> str:
    """ "claims", "answers", "lines" or "payments"."""
    return PREDICATES[name].base


def total(finding: Finding) -> tuple[int, int]:
    """How many rows fail now and their money: those of `rows`, counted over all pages."""
    counted = f"count(*), coalesce(sum({BASES[kind_of(finding.check_name)].cents}), 0)"
    number, cents = _asked(finding, counted, "")[0]
    return int(number), int(cents)


def rows(finding: Finding, *, limit: int, offset: int = 0) -> list[Row]:
    """A page of the rows that fail now, in the order of the file. Nothing for checks that count no rows."""
    base = BASES[kind_of(finding.check_name)]
    columns = f"{COLUMNS[kind_of(finding.check_name)]}, {base.day}, {base.cents}"
    found = _asked(finding, columns, f"ORDER BY x.position, x.id LIMIT {int(limit)} OFFSET {int(offset)}")
    return [
        Row(claim, payer, procedure, check, day, int(cents or 0), position)
        for claim, payer, procedure, check, position, day, cents in found
    ]


def _asked(finding: Finding, columns: str, rest: str) -> list[tuple[Any, ...]]:
    predicate = PREDICATES[finding.check_name]
    payer = "AND x.payer_id = %(payer)s" if finding.payer_id else ""
    query = f"""SELECT {columns} FROM {BASES[predicate.base].rows}
        JOIN claims_payer p ON p.tenant_id = x.tenant_id AND p.id = x.payer_id
        WHERE {OF_FILE} AND ({predicate.among}) AND ({predicate.where}) {payer} {rest}"""
    values = {
        "tenant": tenancy.required(),
        "batch": finding.batch_id,
        "payer": finding.payer_id,
        "today": queries.known_on(finding.batch),
    }
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
