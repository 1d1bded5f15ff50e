"""Why the day by which claims are counted decides everything: a payer that only pays later denies no more."""

from datetime import date, timedelta

import pytest
from django.db import connection

from tests.factories import organization, worlds
from upstream.core import tenancy
from upstream.detection import services
from upstream.kpis.measures import measures

# Payments, not denials, of claims submitted from the step on come 14 days later; what is not due yet is not known.
SLOWER = """
UPDATE claims_claim SET decided_date = decided_date + 14, decision_known_at = decision_known_at + interval '14 days'
WHERE tenant_id = %(tenant)s AND outcome = 1 AND submitted_date >= %(step)s
"""
NOT_YET = """
UPDATE claims_claim SET outcome = 0, decided_date = NULL, decision_known_at = NULL, allowed_cents = 0, paid_cents = 0
WHERE tenant_id = %(tenant)s AND decided_date > %(end)s
"""


@pytest.mark.django_db
def test_slower_payments_move_the_remittance_rate_and_not_the_estimated_one() -> None:
    made = organization()
    with tenancy.bind(made.pk):
        worlds.build(made)
        step = worlds.LAST_SUNDAY - timedelta(days=34)
        with connection.cursor() as cursor:
            for statement in (SLOWER, NOT_YET):
                cursor.execute(statement, {"tenant": made.pk, "step": step, "end": worlds.LAST_SUNDAY})
        worlds.recount(made)
        services.run(worlds.LAST_SUNDAY)
        week = timedelta(days=7)
        slowed: date = step + 2 * week
        before, after = measures(step - 10 * week, step - 3 * week), measures(slowed, slowed + week)
        cohort = measures(step, step + 2 * week)
    assert before["denial_rate_remitted"].value == pytest.approx(0.15, abs=0.001)
    assert after["denial_rate_remitted"].value > 0.5
    assert before["denial_rate"].value == pytest.approx(0.15, abs=0.01)
    assert cohort["denial_rate"].low < 0.15 < cohort["denial_rate"].high
    assert cohort["denial_rate"].value == pytest.approx(0.15, abs=0.05)
    assert cohort["denial_rate"].maturity < before["denial_rate"].maturity
