"""Whatever order files come in, and however often, the same is known afterwards."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.ingestion.orders import known_after, orders
from tests.ingestion.world import CORRECTION, DENIED_835, PAID_835, REVERSAL, csv_of, denied, paid, pending, x12

# In the order in which they became known: the practice's files, answers, a take-back and its correction.
FILES = [
    csv_of(pending("C1"), pending("C2").replace("99213", "73721"), pending("C3")),
    x12(PAID_835, DENIED_835, amount="64"),
    csv_of(paid("C3"), pending("C4")),
    x12(REVERSAL, amount="-64", check="CHK2"),
    csv_of(denied("C4"), pending("C2").replace("99213", "73721").replace("Main", "North")),
    x12(CORRECTION, amount="70", check="CHK3"),
]

KNOWN = """
SELECT c.procedure_code, s.name, c.submitted_date, c.billed_cents, c.known_at, c.outcome, c.decided_date,
    c.decision_known_at, c.denial_carc, c.allowed_cents, c.paid_cents,
    (SELECT array_agg((a.outcome, a.paid_cents, a.known_at, o.known_at) ORDER BY a.known_at, a.position)::text
     FROM claims_adjudication a LEFT JOIN claims_adjudication o ON o.id = a.reverses_id WHERE a.claim_id = c.id),
    (SELECT array_agg((r.known_from, r.known_until, r.procedure_code, t.name) ORDER BY r.known_from)::text
     FROM claims_claimrevision r LEFT JOIN tenants_site t ON t.id = r.site_id WHERE r.claim_id = c.id)
FROM claims_claim c LEFT JOIN tenants_site s ON s.id = c.site_id
ORDER BY c.known_at, c.procedure_code, c.paid_cents, c.outcome, c.decision_known_at
"""
COUNTED = """
SELECT submitted_week, known_week, outcome, procedure_code, claims, billed_cents, allowed_cents, paid_cents
FROM claims_procedureweek ORDER BY 1, 2, 3, 4
"""


@pytest.fixture
def in_turn(db):
    return known_after(FILES, range(len(FILES)), KNOWN, COUNTED)


@pytest.mark.django_db
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=orders(FILES))
def test_any_order_of_files_and_any_repetition_gives_the_same(in_turn, order):
    assert known_after(FILES, order, KNOWN, COUNTED) == in_turn
