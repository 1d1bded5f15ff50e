"""Curated facts as Parquet: the same sums as the tables to the cent, nobody named, a month written when it changed."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests.factories import organization
from tests.ingestion.world import CORRECTION, DENIED_835, PAID_835, PHI, REVERSAL, csv_of, load, paid, pending, x12
from tests.ingestion.world import HEADER as COLUMNS
from upstream.core import tenancy
from upstream.operations.canaries import CANARIES, plant
from upstream.tenants.models import Organization

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def practice() -> Organization:
    """Claims of two months, answers, a take-back and its correction."""
    made = organization("hillside")
    with tenancy.bind(made.pk), transaction.atomic():
        load(csv_of(pending("C1"), pending("C2"), paid("C3", day="2026-02-02")), known_at=MARCH)
        load(x12(PAID_835, DENIED_835, amount="64"))
        load(x12(REVERSAL, CORRECTION, amount="6", check="CHK2"))
    return made


def write(*arguments: str) -> dict[str, int]:
    out = io.StringIO()
    call_command("write_curated", "--tenant", "hillside", "--json", *arguments, stdout=out)
    told = json.loads(out.getvalue())
    return {name: told[name] for name in ("written", "kept", "removed")}


def curated(var: Path, table: str, what: str) -> tuple[object, ...]:
    files = f"{var}/curated/*/{table}/*/*.parquet"
    with duckdb.connect(":memory:") as engine:
        found = engine.sql(f"SELECT {what} FROM read_parquet('{files}', hive_partitioning = true)").fetchall()
    return tuple(found[0])


def stored(practice: Organization, table: str, what: str) -> tuple[object, ...]:
    with tenancy.bind(practice.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {what} FROM {table}")
        return tuple(cursor.fetchone())


SUMS = "count(*), sum(billed_cents)::bigint, sum(allowed_cents)::bigint, sum(paid_cents)::bigint"


def test_sums_equal_the_tables_to_the_cent(practice, own_var):
    assert write() == {"written": 2, "kept": 0, "removed": 0}
    assert curated(own_var, "claims", SUMS) == stored(practice, "claims_claim", SUMS)
    assert curated(own_var, "answers", SUMS) == stored(practice, "claims_adjudication", SUMS)
    cents = "count(*), sum(cents)::bigint"
    assert curated(own_var, "adjustments", cents) == stored(practice, "claims_adjustment", cents)
    assert curated(own_var, "claims", "min(submitted_month), max(submitted_month), min(tenant)") == (
        "2026-02", "2026-03", "hillside",
    )  # fmt: skip


def test_a_month_is_written_again_when_its_facts_changed(practice, own_var):
    write()
    assert write() == {"written": 0, "kept": 2, "removed": 0}
    with tenancy.bind(practice.pk), transaction.atomic():
        load(csv_of(paid("C9", day="2026-02-09")), known_at=MARCH)
    assert write() == {"written": 1, "kept": 1, "removed": 0}
    assert write("--all") == {"written": 2, "kept": 0, "removed": 0}
    assert curated(own_var, "claims", SUMS) == stored(practice, "claims_claim", SUMS)


def test_a_month_without_claims_goes(practice, own_var):
    write()
    with tenancy.bind(practice.pk), transaction.atomic():
        load(csv_of(paid("C3", day="2026-03-09")), known_at=datetime(2026, 4, 1, tzinfo=UTC))
    assert write() == {"written": 1, "kept": 0, "removed": 1}
    assert curated(own_var, "claims", SUMS) == stored(practice, "claims_claim", SUMS)


def test_nobody_is_named(own_var, settings):
    settings.REAL_DATA_MODE = True
    made = organization("hillside")
    row = paid("C1") + ",Ada,Lovelace,1950-12-10,M100,A100"
    with tenancy.bind(made.pk), transaction.atomic():
        load(csv_of(row, header=COLUMNS + PHI))
        plant()
    write()
    for table in ("claims", "answers", "adjustments"):
        files = f"{own_var}/curated/*/{table}/*/*.parquet"
        with duckdb.connect(":memory:") as engine:
            text = str(engine.sql(f"SELECT * FROM read_parquet('{files}')").fetchall())
        assert not [value for value in (*CANARIES.values(), "Lovelace", "M100") if value in text]
