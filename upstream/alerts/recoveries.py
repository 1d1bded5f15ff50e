"""How much of what a payer denied this practice got back later: claim by claim, and as a share by kind of denial."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from upstream.alerts.rules import PRIOR_CLAIMS, PRIOR_WON
from upstream.claims.choices import Outcome
from upstream.claims.rules import CarcMap
from upstream.core.db.keys import rows_by_id
from upstream.detection.bootstrap import INSIDE, generator, seed_of
from upstream.detection.claimrows import FAR, Claims
from upstream.tenants.queries import bound_organization

Bools = NDArray[np.bool_]

# A denial of the last 13 weeks may still be won; one of more than two years ago tells little of today.
SETTLED, REMEMBERED = timedelta(weeks=13), timedelta(weeks=104)
PAYER_CLAIMS = 20.0
DRAWS = 4000

# First payments of the claim, or of one that replaces it, that were not taken back by then. Answers are met by claim,
# and the claim itself is read only where one of them pays.
LATER_PAYMENTS = """
WITH asked AS MATERIALIZED (SELECT id FROM unnest(%(ids)s::bigint[]) AS id),
replacing AS MATERIALIZED (SELECT id, family_key FROM claims_claim
    WHERE tenant_id = %(tenant)s AND family_key <> number_bidx),
family AS (SELECT id AS first, id AS claim FROM asked
    UNION ALL SELECT f.id, r.id FROM replacing r
        JOIN claims_claim f ON f.tenant_id = %(tenant)s AND f.number_bidx = r.family_key
        JOIN asked a ON a.id = f.id),
paying AS MATERIALIZED (SELECT f.first, j.id, j.claim_id, j.known_at FROM family f
    JOIN claims_adjudication j ON j.tenant_id = %(tenant)s AND j.claim_id = f.claim
    WHERE j.payer_order = 1 AND j.outcome IN (%(paid)s, %(partial)s) AND j.paid_cents > 0 AND j.known_at < %(until)s)
SELECT j.first, min(j.known_at) FROM paying j
JOIN claims_claim f ON f.tenant_id = %(tenant)s AND f.id = j.first
WHERE j.known_at > f.decision_known_at
  AND NOT EXISTS (SELECT 1 FROM claims_adjudication r WHERE r.tenant_id = %(tenant)s AND r.claim_id = j.claim_id
      AND r.reverses_id = j.id AND r.known_at < %(until)s)
GROUP BY j.first
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


@dataclass(frozen=True)
class Records:
    """Each payer's record as known at the end of `week`; `claims` as known then. Two queries for them all."""

    claims: Claims
    week: np.datetime64
    meanings: CarcMap

    def of(self, payer: int) -> Record:
        every, won = self._tally(payer)
        whole = share_of(every.total(), won.total(), PRIOR_WON / PRIOR_CLAIMS, PRIOR_CLAIMS)
        own = {name: share_of(every[name], won[name], whole.share, PAYER_CLAIMS) for name in sorted(every)}
        back = self._denied.claim[(self._denied.payer == payer) & self._back].tolist()
        return Record(whole, own, {claim: self._paid[claim] for claim in back})

    def tallies(self) -> dict[tuple[int, str], tuple[int, int]]:
        """Settled denials and those of them that were paid later, by payer and category."""
        found = {}
        for payer in np.unique(self._denied.payer).tolist():
            every, won = self._tally(payer)
            found.update({(payer, name): (every[name], won[name]) for name in sorted(every)})
        return found

    def _tally(self, payer: int) -> tuple[Counter[str], Counter[str]]:
        """The payer's settled denials by category, and those of them that were paid later."""
        first, after = (np.datetime64(self._end - long, "D") for long in (REMEMBERED, SETTLED))
        settled = self._denied.payer == payer
        settled &= (self._denied.decided_date < after) & (self._denied.decided_date >= first)
        return self._by_category(settled), self._by_category(settled & self._back)

    def _by_category(self, chosen: Bools) -> Counter[str]:
        counts: Counter[str] = Counter()
        labels = (*self.claims.labels.reasons, "")
        reasons, sizes = np.unique(self._denied.reason[chosen], return_counts=True)
        for reason, size in zip(reasons.tolist(), sizes.tolist(), strict=True):
            counts[self.meanings.category(labels[reason].rpartition("-")[2])] += size
        return counts

    @property
    def _end(self) -> date:
        """The first day after the week."""
        end: date = self.week.astype(date) + timedelta(days=7)
        return end

    @cached_property
    def _denied(self) -> Claims:
        return self.claims.only(np.asarray(self.claims.denied & (self.claims.decided_date < FAR), dtype=np.bool_))

    @cached_property
    def _paid(self) -> dict[int, date]:
        zone = ZoneInfo(bound_organization().time_zone)
        until = datetime.combine(self._end, time.min, tzinfo=zone)
        paid = later_payments(self._denied.claim.tolist(), until)
        return {claim: at.astimezone(zone).date() for claim, at in paid.items()}

    @cached_property
    def _back(self) -> Bools:
        """The denials that were paid later."""
        return np.isin(self._denied.claim, np.array(sorted(self._paid), dtype=np.int64))


def later_payments(claims: Iterable[int], until: datetime) -> dict[int, datetime]:
    """When the first payment after its first decision became known, for each claim that had one by then."""
    outcomes = {"paid": int(Outcome.PAID), "partial": int(Outcome.PARTIAL)}
    with connection.cursor() as cursor:
        return dict(rows_by_id(cursor, LATER_PAYMENTS, list(claims), {**outcomes, "until": until}))


def share_of(claims: int, won: int, usual: float, weight: float) -> Share:
    """A beta posterior: the mean and the central 80 %, by draws that are the same for the same numbers."""
    a, b = won + weight * usual, claims - won + weight * (1.0 - usual)
    draws = generator(seed_of("recovery", claims, won, round(usual, 9), weight)).beta(a, b, DRAWS)
    low, high = np.quantile(draws, ((1 - INSIDE) / 2, (1 + INSIDE) / 2))
    middle = a / (a + b)
    return Share(claims, won, round(middle, 4), round(min(low, middle), 4), round(max(high, middle), 4))
