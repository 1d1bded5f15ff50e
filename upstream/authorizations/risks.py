"""Claims that nobody has decided and that may be denied for their authorization: worked out anew, set by set."""

from datetime import date, timedelta
from typing import Any

from upstream.authorizations.choices import Reason
from upstream.authorizations.matching import STANDS
from upstream.claims.choices import Outcome
from upstream.core import tenancy

YEAR, PENDING_FOR = timedelta(days=365), timedelta(days=120)
# Fewer denials than these are chance, and a payer that denies one in fifty does not ask for authorizations. Ours.
FEWEST_DENIED, LEAST_SHARE = 3, 0.05
NEEDS = f"""
WITH seen AS (
    SELECT payer_id, procedure_code, count(*) AS decided, count(*) FILTER (WHERE denial_category = 'AUTH'
        AND outcome IN ({Outcome.DENIED}, {Outcome.PARTIAL})) AS denied
    FROM claims_claim WHERE tenant_id = %(tenant)s AND submitted_date >= %(since)s AND outcome <> {Outcome.PENDING}
        AND payer_order = 1 AND family_key = number_bidx AND procedure_code <> '' GROUP BY payer_id, procedure_code),
wanted AS (SELECT * FROM seen WHERE denied >= {FEWEST_DENIED} AND denied >= {LEAST_SHARE} * decided),
gone AS (DELETE FROM authorizations_need n WHERE n.tenant_id = %(tenant)s AND NOT EXISTS (SELECT FROM wanted w
    WHERE w.payer_id = n.payer_id AND w.procedure_code = n.procedure_code))
INSERT INTO authorizations_need (tenant_id, payer_id, procedure_code, decided, denied)
SELECT %(tenant)s, payer_id, procedure_code, decided, denied FROM wanted
ON CONFLICT (tenant_id, payer_id, procedure_code) DO UPDATE SET decided = excluded.decided, denied = excluded.denied
"""
# Of several faults of a claim the first in the order of Reason is told. A claim that is covered by one entry has no
# fault by another: a number may stand for several services.
RISKS = f"""
WITH waiting AS MATERIALIZED (
    SELECT id, number_bidx, payer_id, procedure_code, service_date FROM claims_claim WHERE tenant_id = %(tenant)s
        AND submitted_date >= %(since)s AND outcome = {Outcome.PENDING} AND decided_date IS NULL AND payer_order = 1
        AND frequency_code <> '8'),
drawn AS (
    SELECT u.claim_id, u.entry_id, u.covers, u.inside, e.action, e.approved_units,
        sum(CASE WHEN u.covers AND u.inside THEN u.units ELSE 0 END)
            OVER (PARTITION BY u.entry_id ORDER BY u.service_date, u.claim_id) AS through
    FROM authorizations_use u JOIN authorizations_entry e ON e.tenant_id = u.tenant_id AND e.id = u.entry_id
    JOIN claims_claim c ON c.tenant_id = u.tenant_id AND c.id = u.claim_id
    WHERE u.tenant_id = %(tenant)s AND {STANDS} AND e.id IN (SELECT o.entry_id FROM authorizations_use o
            JOIN waiting w ON w.id = o.claim_id WHERE o.tenant_id = %(tenant)s)),
judged AS (
    SELECT w.id AS claim_id, d.entry_id, w.service_date, CASE
        WHEN d.action IN ('A3', 'C') THEN 1 WHEN d.action NOT IN ('A1', 'A2', 'A6', 'NA') THEN 2
        WHEN NOT d.covers THEN 3 WHEN NOT d.inside THEN 4 WHEN d.through > d.approved_units THEN 5 ELSE 0 END AS fault
    FROM waiting w JOIN drawn d ON d.claim_id = w.id),
drawing AS (SELECT DISTINCT ON (claim_id) * FROM judged ORDER BY claim_id, fault = 0 DESC, fault, entry_id),
found AS (
    SELECT claim_id, entry_id, service_date, fault FROM drawing WHERE fault > 0
    UNION ALL
    SELECT w.id, NULL, w.service_date, 6 FROM waiting w JOIN authorizations_need n ON n.tenant_id = %(tenant)s
        AND n.payer_id = w.payer_id AND n.procedure_code = w.procedure_code
    WHERE NOT EXISTS (SELECT FROM drawing d WHERE d.claim_id = w.id) AND NOT EXISTS (
        SELECT FROM claims_claimauthorization a WHERE a.tenant_id = %(tenant)s AND a.number_bidx = w.number_bidx)),
gone AS (DELETE FROM authorizations_risk r WHERE r.tenant_id = %(tenant)s
    AND NOT EXISTS (SELECT FROM found f WHERE f.claim_id = r.claim_id))
INSERT INTO authorizations_risk (tenant_id, claim_id, entry_id, reason, found_on, service_date)
SELECT %(tenant)s, claim_id, entry_id, (%(reasons)s::text[])[fault], %(today)s, service_date FROM found
ON CONFLICT (tenant_id, claim_id) DO UPDATE SET reason = excluded.reason, entry_id = excluded.entry_id,
    service_date = excluded.service_date
WHERE (authorizations_risk.reason, authorizations_risk.entry_id, authorizations_risk.service_date)
    IS DISTINCT FROM (excluded.reason, excluded.entry_id, excluded.service_date)
"""


def tell_needs(cursor: Any, today: date) -> None:
    """Which procedures each payer denied for lack of authorization, in the year before today."""
    cursor.execute(NEEDS, {"tenant": tenancy.required(), "since": today - YEAR})


def tell_risks(cursor: Any, today: date) -> None:
    """The list of claims at risk is today's."""
    values = {
        "tenant": tenancy.required(), "since": today - PENDING_FOR, "today": today,
        "reasons": [reason.value for reason in Reason],
    }  # fmt: skip
    cursor.execute(RISKS, values)
