"""Rollups always equal a recount."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from tests.ingestion.world import csv_of, denied, load, paid, pending
from upstream.claims.models import PayerWeek, ProcedureWeek, ReasonWeek, SiteWeek

pytestmark = pytest.mark.usefixtures("practice")


RECOUNT = """
    SELECT payer_id, date_trunc('week', submitted_date)::date, outcome, count(*)::int, sum(billed_cents)::bigint
    FROM claims_claim WHERE outcome <> 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def test_rollups_equal_a_recount_after_each_file():
    files = [
        csv_of(*[pending(f"C{n}", f"2026-03-{n + 1:02d}") for n in range(20)]),
        csv_of(*[paid(f"C{n}", f"2026-03-{n + 1:02d}") for n in range(12)]),
        csv_of(*[denied(f"C{n}", f"2026-03-{n + 1:02d}") for n in range(12, 16)]),
        csv_of(*[pending(f"C{n}", "2026-02-02") for n in range(16, 20)]),
    ]
    for number, text in enumerate(files):
        load(text, known_at=datetime(2026, 4, 1 + number, tzinfo=UTC))
        with connection.cursor() as cursor:
            cursor.execute(RECOUNT)
            expected = cursor.fetchall()
        assert rolled(PayerWeek) == expected
        assert rolled(ProcedureWeek) == expected
        assert rolled(SiteWeek) == expected
    assert ReasonWeek.objects.filter(category="AUTH", reason="CO-197").count() == 2
    assert sum(PayerWeek.objects.filter(outcome=0).values_list("claims", flat=True)) == 20


def rolled(model: type) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT payer_id, submitted_week, outcome::int, sum(claims)::int, sum(billed_cents)::bigint"
            f" FROM {model._meta.db_table} WHERE outcome <> 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        )
        return cursor.fetchall()
