"""What payers answered by day, on each basis: kept by submission week, and read instead of the answers themselves.

Sums add up over days. Claims do not: one that is answered on two days of a week is one claim of that week. So each day
also tells how many of its claims have their first, or their last, day of that week or month there; a period that is
cut at its end counts first days, one that is cut at its beginning last days.
"""

from typing import Any

from upstream.claims.choices import Outcome
from upstream.ingestion.reconciliation.queries import BASIS_DAY

DAYS = ", ".join(f"('{basis}', {day})" for basis, day in BASIS_DAY.items())
EACH = f"""
CREATE TEMPORARY TABLE answer_day ON COMMIT DROP AS
SELECT a.payer_id, d.week AS sent_week, b.basis, b.day, c.id AS claim, count(*) AS answers,
    count(*) FILTER (WHERE a.outcome = {Outcome.DENIED}) AS denied, sum(a.billed_cents) AS billed,
    coalesce(sum(a.allowed_cents), 0) AS allowed, sum(a.paid_cents) AS paid, sum(a.patient_cents) AS patient
FROM summing d CROSS JOIN LATERAL (
    SELECT c.id, c.submitted_date, c.service_date FROM claims_claim c WHERE c.tenant_id = %(tenant)s
        AND c.submitted_date >= d.week AND c.submitted_date < d.week + 7 OFFSET 0) c
JOIN claims_adjudication a ON a.tenant_id = %(tenant)s AND a.claim_id = c.id
CROSS JOIN LATERAL (VALUES {DAYS}) AS b (basis, day)
GROUP BY a.payer_id, d.week, b.basis, b.day, c.id
"""


def _ranked(period: str, order: str) -> str:
    """Whether it is the first of a claim's days in the period, by that order."""
    return (
        f"(row_number() OVER (PARTITION BY claim, payer_id, basis, date_trunc('{period}', day) ORDER BY {order})) = 1"
    )


KEPT = f"""
INSERT INTO kpis_answerday (tenant_id, payer_id, sent_week, basis, day, claims, week_first, week_last, month_first,
    month_last, answers, denied, billed_cents, allowed_cents, paid_cents, patient_cents)
SELECT %(tenant)s, payer_id, sent_week, basis, day, count(*), count(*) FILTER (WHERE week_first),
    count(*) FILTER (WHERE week_last), count(*) FILTER (WHERE month_first), count(*) FILTER (WHERE month_last),
    sum(answers), sum(denied), sum(billed), sum(allowed), sum(paid), sum(patient)
FROM (SELECT *, {_ranked("week", "day")} AS week_first, {_ranked("week", "day DESC")} AS week_last,
        {_ranked("month", "day")} AS month_first, {_ranked("month", "day DESC")} AS month_last
    FROM answer_day) one
GROUP BY 2, 3, 4, 5
"""
GONE = "DELETE FROM kpis_answerday WHERE tenant_id = %(tenant)s AND sent_week IN (SELECT week FROM summing)"


def count(cursor: Any, values: dict[str, Any]) -> None:
    """The answers of the weeks in `summing` stand by day."""
    cursor.execute(GONE, values)
    cursor.execute(EACH, values)
    cursor.execute(KEPT, values)
    cursor.execute("DROP TABLE answer_day")
