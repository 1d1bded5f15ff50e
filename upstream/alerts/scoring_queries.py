"""What scoring needs of the bound practice: every incident with its verdict, and what its claims brought since."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from upstream.alerts.models import Incident, Opening
from upstream.alerts.raising import month_end_report
from upstream.alerts.scoring import Brought, Judged
from upstream.claims.choices import Outcome
from upstream.core import tenancy
from upstream.detection.choices import Direction
from upstream.detection.models import DetectionRun
from upstream.detection.rules import DENIAL


@dataclass(frozen=True)
class Watch:
    """The days from the first live look to the newest; `first` is None before any."""

    first: date | None
    last: date | None

    @property
    def days(self) -> int:
        return (self.last - self.first).days if self.first and self.last else 0


def watch() -> Watch:
    found = DetectionRun.objects.aggregate(first=Min("as_of"), last=Max("as_of"))
    return Watch(found["first"], found["last"])


def judged(payer: int | None = None) -> list[Judged]:
    """Every change to the worse that was ever raised (at one payer), once, as told first; in the order of its days."""
    rows = Opening.objects.filter(direction=Direction.ADVERSE, again=False)
    rows = rows.select_related("incident__merged_into")
    if payer is not None:
        rows = rows.filter(incident__payer=payer)
    return [
        Judged(
            metric=row.metric,
            strength=row.strength,
            as_of=row.as_of,
            days_before_report=(month_end_report(row.onset_week) - row.as_of).days,
            outcome=_judged_as(row.incident).outcome,
            closed=not _judged_as(row.incident).is_open,
        )
        for row in rows.order_by("as_of", "pk")
    ]


def _judged_as(incident: Incident) -> Incident:
    """What is part of another incident turned out to be what that one did."""
    while incident.merged_into is not None:
        incident = incident.merged_into
    return incident


# Per claim behind a denial incident the most that one answer allowed, to it or to a claim that replaces it, which
# became known after the incident was last seen; it makes good so much of the claim's part of the loss.
PAID_SINCE = """
SELECT i.id, i.lost_low_cents, i.lost_cents, i.lost_high_cents, count(*), count(later.allowed),
    coalesce(sum(m.expected_cents) FILTER (WHERE later.allowed IS NOT NULL), 0), coalesce(sum(later.allowed), 0),
    coalesce(sum(m.lost_cents * least(later.allowed, m.expected_cents) / nullif(m.expected_cents, 0)), 0)
FROM alerts_incident i
JOIN alerts_incidentclaim m ON m.tenant_id = i.tenant_id AND m.incident_id = i.id
JOIN claims_claim c ON c.tenant_id = m.tenant_id AND c.id = m.claim_id
CROSS JOIN LATERAL (
    SELECT max(coalesce(a.allowed_cents, a.paid_cents + a.patient_cents)) AS allowed
    FROM (SELECT c.id UNION SELECT f.id FROM claims_claim f WHERE f.tenant_id = c.tenant_id
        AND f.family_key = c.family_key AND f.family_key <> f.number_bidx) family
    JOIN claims_adjudication a ON a.tenant_id = c.tenant_id AND a.claim_id = family.id
    WHERE a.outcome = ANY(%(paid)s) AND a.known_at > (i.last_as_of + 1)::timestamp AT TIME ZONE %(zone)s) later
WHERE i.tenant_id = %(tenant)s AND i.direction = 'adverse' AND i.finding ->> 'family' = %(family)s
GROUP BY i.id, i.lost_low_cents, i.lost_cents, i.lost_high_cents ORDER BY i.id
"""


def brought(time_zone: str) -> list[Brought]:
    """Denial incidents with what their claims brought since. One query."""
    values: dict[str, Any] = {
        "tenant": tenancy.required(), "zone": time_zone, "family": DENIAL,
        "paid": [int(Outcome.PAID), int(Outcome.PARTIAL)],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(PAID_SINCE, values)
        return [
            Brought(
                claims=claims, of=of, expected=int(expected), allowed=int(allowed), low=low, lost=lost, high=high,
                kept=lost - int(back),
            )
            for _, low, lost, high, of, claims, expected, allowed, back in cursor.fetchall()
        ]  # fmt: skip
