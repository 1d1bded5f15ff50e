"""Large and small files after one another: what the planner does not know of a table just filled costs nothing.

The tables are empty and never analysed here, as in the hour in which a practice loads its first years. Rows read are
counted by the server, so that a plan that reads all of a table for each chunk is seen while the table is small.
"""

import os

import psycopg
import pytest
from django.db import connection, connections, transaction

from tests.ingestion.test_matching import answered, matches, practice_file, sent
from tests.ingestion.world import load, x12
from upstream.claims import matching
from upstream.claims.models import Claim, PayerWeek
from upstream.dev.names import with_database
from upstream.ingestion.models import Batch
from upstream.ingestion.quality import services as quality

MANY, CHUNK = 6_000, 250
TABLES = (
    "claims_patient",
    "claims_claim",
    "claims_claimidentity",
    "claims_claimrevision",
    "claims_serviceline",
    "claims_adjudication",
    "claims_payerweek",
)
READ = """
SELECT coalesce(sum(pg_stat_get_xact_tuples_returned(c.oid)), 0) FROM pg_class c
WHERE c.oid = %(table)s::regclass OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = %(table)s::regclass)
"""

pytestmark = pytest.mark.usefixtures("young_database", "practice")


@pytest.fixture(autouse=True)
def as_new():
    """Tables without what tests before this one left in them by being rolled back, and not analysed while one runs.

    A vacuum of the server's own that comes by in the middle would note pages without rows, since none is committed.
    """
    address = with_database(os.environ["DATABASE_OWNER_URL"], connections["owner"].settings_dict["NAME"])
    with psycopg.connect(address, autocommit=True) as owner:
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
        owner.execute(f"VACUUM (TRUNCATE) {', '.join(TABLES)}")


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr("upstream.ingestion.reading.CLAIMS_A_CHUNK", (CHUNK,))


def rows_read(table: str = "claims_claim") -> int:
    """How many rows of a table and entries of its indexes this transaction has read."""
    with connection.cursor() as cursor:
        cursor.execute(READ, {"table": table})
        return int(cursor.fetchone()[0])


def many(prefix: str = "A") -> str:
    numbers = range(MANY)
    rows = (sent(f"{prefix}{n:07d}", day=f"2026-02-{1 + n % 28:02d}", member=f"M{n % 500}") for n in numbers)
    return practice_file(*rows)


def test_no_chunk_of_a_large_file_reads_what_the_chunks_before_it_brought():
    load(practice_file(sent("C1")))
    first = rows_read()
    load(many())
    # A look through all rows for each new one would be some MANY * MANY / 2; the first chunks may read each other.
    assert rows_read() - first < 60 * MANY
    before = rows_read()
    load(many("B"))
    assert rows_read() - before < 8 * MANY


@pytest.mark.parametrize("few", [0, 1_000], ids=["held against all", "each by itself"])
def test_a_small_remittance_after_a_large_file_is_matched(monkeypatch, few):
    monkeypatch.setattr(matching, "FEW", few)
    load(many())
    answers = [answered(f"a{n:07d}", member=f"M{n % 500}", control=f"I{n}") for n in range(26, 26 + 28 * 20, 28)]
    before = rows_read()
    load(x12(*answers, amount=str(64 * 20)))
    assert len(matches()) == 20
    assert Claim.objects.exclude(decided_date=None).count() == 40
    # The week that is counted anew, and what was served on the one day.
    assert rows_read() - before < 6 * MANY


def test_data_quality_of_a_small_file_reads_the_large_one_no_more_than_a_few_times():
    load(many())
    small = load(practice_file(sent("C1"), sent("C2", charge="250.00")))
    before = rows_read()
    with transaction.atomic():
        quality.measure(Batch.objects.get(pk=small.pk))
    assert rows_read() - before < 12 * MANY


def test_weeks_that_lie_apart_are_counted_without_those_between():
    rows = [sent(f"A{n:05d}").replace("2026-03-02", f"2025-{1 + n % 12:02d}-15") for n in range(1_200)]
    load(practice_file(*rows))
    before = rows_read()
    load(practice_file(*(sent(f"N{n}").replace("2026-03-02", f"2025-{n:02d}-16") for n in (1, 12))))
    assert rows_read() - before < 1_200
    assert sum(PayerWeek.objects.filter(outcome=0).values_list("claims", flat=True)) == 1_202
