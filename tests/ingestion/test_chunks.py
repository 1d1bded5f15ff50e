"""Where a file is cut into chunks makes no difference, though rows are built before the last chunk is merged."""

import pytest
from django.db import connection

from tests.factories import organization
from tests.ingestion.test_any_order import COUNTED, KNOWN
from tests.ingestion.world import CORRECTION, DENIED_835, PAID_835, REVERSAL, csv_of, load, paid, pending, x12
from upstream.core import tenancy
from upstream.ingestion import reading, services

# The same claims again and again: answered, taken back, answered anew, and once more as the practice tells them.
FILES = [
    x12(PAID_835, REVERSAL, CORRECTION, DENIED_835, PAID_835, amount="134"),
    csv_of(pending("C1"), paid("C3"), pending("C2"), paid("C1", "2026-03-03"), paid("C3")),
]


@pytest.mark.django_db
@pytest.mark.parametrize("large", [1 << 40, 0], ids=["thread", "process"])
def test_a_claim_that_comes_in_many_chunks_is_known_as_from_one(monkeypatch, settings, large):
    settings.REAL_DATA_MODE = True
    monkeypatch.setattr(services, "LARGE_BYTES", large)
    known = []
    for sizes in ((1000,), (1,), (2,)):
        monkeypatch.setattr(reading, "CLAIMS_A_CHUNK", sizes)
        with tenancy.bind(organization().pk), connection.cursor() as cursor:
            states = [load(content).state for content in FILES]
            found = []
            for question in (KNOWN, COUNTED):
                cursor.execute(question.replace("c.known_at, ", "").replace("c.decision_known_at, ", ""))
                found.append(list(cursor.fetchall()))
            cursor.execute("SELECT count(*), count(DISTINCT claim_id) FROM claims_adjudication")
            known.append((states, len(found[0]), found[1], cursor.fetchone()))
    assert known[0] == known[1] == known[2]
    assert known[0][0] == ["loaded", "loaded"]
