"""The first large file of a practice that joins others whose rows the server has analysed costs no more than theirs."""

import os

import psycopg
import pytest
from django.db import connections, transaction

from tests.factories import organization
from tests.ingestion.test_large_after_small import many, rows_read
from tests.ingestion.test_matching import practice_file, sent
from tests.ingestion.world import load
from upstream.core import tenancy
from upstream.dev.names import with_database

MANY, CHUNK = 6_000, 250


@pytest.mark.django_db(transaction=True)
def test_no_chunk_reads_what_the_chunks_before_it_brought(monkeypatch):
    monkeypatch.setattr("upstream.ingestion.reading.CLAIMS_A_CHUNK", (CHUNK,))
    with tenancy.bind(organization("lakeside").pk), transaction.atomic():
        load(practice_file(*(sent(f"Z{n:05d}", member=f"M{n % 500}") for n in range(2_000))))
    address = with_database(os.environ["DATABASE_OWNER_URL"], connections["owner"].settings_dict["NAME"])
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("ANALYZE claims_claim, claims_claimidentity, claims_patient")
    with tenancy.bind(organization("quietwater").pk), transaction.atomic():
        before = rows_read()
        load(many())
        # Once for what refers to it and twice for the weeks; all of the tenant for each chunk would be 12 times more.
        assert rows_read() - before < 5 * MANY
