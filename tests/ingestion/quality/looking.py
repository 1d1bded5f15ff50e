"""Looking at files, and what was found."""

from django.db import transaction

from upstream.ingestion.quality import queries, services


def look(again: bool = False) -> None:
    with transaction.atomic():
        services.measure_new(again=again)


def found(**fields: object) -> dict[str, tuple[int, int, int]]:
    """Open findings: check -> (count, of, cents)."""
    with transaction.atomic():
        rows = queries.open_findings().filter(**fields)
        return {row.check_name: (row.count, row.of, row.cents) for row in rows}
