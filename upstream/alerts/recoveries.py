"""How much of what a payer denied this practice got back later: claim by claim, and as a share by kind of denial."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from upstream.claims.choices import Outcome
from upstream.claims.rules import CarcMap
from upstream.core import tenancy
from upstream.detection.bootstrap import INSIDE, generator, seed_of
from upstream.detection.claimrows import FAR, Claims
from upstream.tenants.queries import bound_organization

Ints = NDArray[np.int64]

# A denial of the last 13 weeks may still be won; one of more than two years ago tells little of today.
SETTLED, REMEMBERED = timedelta(weeks=13), timedelta(weeks=104)
# Before anything is known one denial in ten is taken to come back, as firmly as ten claims would say so.
PRIOR_WON, PRIOR_CLAIMS = 1.0, 10.0
PAYER_CLAIMS = 20.0
DRAWS = 4000

# First payments of the claim, or of one that replaces it, that were not taken back by then.
LATER_PAYMENTS = """
WITH asked AS (SELECT id, number_bidx, decision_known_at FROM claims_claim
    WHERE tenant_id = %(tenant)s AND id = ANY(%(claims)s)),
family AS (SELECT a.id AS first, a.id AS claim, a.decision_known_at FROM asked a
    UNION ALL SELECT a.id, c.id, a.decision_known_at FROM asked a JOIN claims_claim c ON c.tenant_id = %(tenant)s
        AND c.family_key = a.number_bidx AND c.family_key <> c.number_bidx)
SELECT f.first, min(j.known_at) FROM family f
JOIN claims_adjudication j ON j.tenant_id = %(tenant)s AND j.claim_id = f.claim
WHERE j.payer_order = 1 AND j.outcome IN (%(paid)s, %(partial)s) AND j.paid_cents > 0
  AND j.known_at > f.decision_known_at AND j.known_at < %(until)s
  AND NOT EXISTS (SELECT 1 FROM claims_adjudication r WHERE r.tenant_id = %(tenant)s AND r.claim_id = j.claim_id
      AND r.reverses_id = j.id AND r.known_at < %(until)s)
GROUP BY f.first
"""


@dataclass(frozen=True)
class Share:
    """Of `claims` settled denials `won` were paid later; `share` leans on what is usual, with its 80 % interval."""

    claims: int
    won: int
    share: float
    low: float
    high: float

    def kept(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("claims", "won", "share", "low", "high")}


@dataclass(frozen=True)
class Record:
    """What came back of one payer's denials: together, by category, and the days on which claims were paid at last."""

    payer: Share
    categories: Mapping[str, Share]
    paid_on: Mapping[int, date]

    def share_for(self, category: str) -> Share:
        """That of the category, else that of the payer."""
        return self.categories.get(category, self.payer)


def record_of(claims: Claims, payer: int, week: np.datetime64, meanings: CarcMap) -> Record:
    """The payer's record as known at the end of the week; `claims` as known then. Two queries."""
    denied = (claims.payer == payer) & claims.denied & (claims.decided_date < FAR)
    end = week.astype(date) + timedelta(days=7)
    until = datetime.combine(end, time.min, tzinfo=ZoneInfo(bound_organization().time_zone))
    paid = later_payments(claims.claim[denied].tolist(), until)
    settled = denied & (claims.decided_date < end - SETTLED) & (claims.decided_date >= end - REMEMBERED)
    counts: dict[str, list[int]] = {}
    for claim, (_, carc) in claims.decisions_of(claims.claim[settled]).items():
        count = counts.setdefault(meanings.category(carc), [0, 0])
        count[0] += 1
        count[1] += claim in paid
    number, won = (sum(count[i] for count in counts.values()) for i in (0, 1))
    whole = share_of(number, won, PRIOR_WON / PRIOR_CLAIMS, PRIOR_CLAIMS)
    own = {name: share_of(n, k, whole.share, PAYER_CLAIMS) for name, (n, k) in sorted(counts.items())}
    zone = until.tzinfo
    return Record(whole, own, {claim: at.astimezone(zone).date() for claim, at in paid.items()})


def later_payments(claims: Iterable[int], until: datetime) -> dict[int, datetime]:
    """When the first payment after its first decision became known, for each claim that had one by then."""
    values: dict[str, Any] = {
        "tenant": tenancy.required(), "claims": list(claims), "until": until,
        "paid": int(Outcome.PAID), "partial": int(Outcome.PARTIAL),
    }  # fmt: skip
    if not values["claims"]:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LATER_PAYMENTS, values)
        return dict(cursor.fetchall())


def share_of(claims: int, won: int, usual: float, weight: float) -> Share:
    """A beta posterior: the mean and the central 80 %, by draws that are the same for the same numbers."""
    a, b = won + weight * usual, claims - won + weight * (1.0 - usual)
    draws = generator(seed_of("recovery", claims, won, round(usual, 9), weight)).beta(a, b, DRAWS)
    low, high = np.quantile(draws, ((1 - INSIDE) / 2, (1 + INSIDE) / 2))
    middle = a / (a + b)
    return Share(claims, won, round(middle, 4), round(min(low, middle), 4), round(max(high, middle), 4))
