"""Where innocent causes look things up: how claims were sent and answered, files, and raw names of payers."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from upstream.claims.models import RawPayer
from upstream.core import tenancy
from upstream.detection.causes.sent import NOBODY, Answers, Books, File, Labelled, Sent
from upstream.detection.layout import NEVER
from upstream.ingestion.models import Batch

Ints = NDArray[np.int64]

# Facts as they stand from the week of their last correction on, and every earlier version until its end.
SENT = """
SELECT c.id, coalesce(date_trunc('week', e.ended AT TIME ZONE %(zone)s)::date - date '1970-01-01', %(ever)s), %(never)s,
    c.place_of_service, c.rendering_npi, c.batch_id, coalesce(c.raw_payer_id, -1)
FROM claims_claim c
LEFT JOIN (SELECT claim_id, max(known_until) AS ended FROM claims_claimrevision WHERE tenant_id = %(tenant)s
    GROUP BY claim_id) e ON e.claim_id = c.id
WHERE c.tenant_id = %(tenant)s AND c.payer_id = %(payer)s AND c.payer_order = 1 AND c.family_key = c.number_bidx
UNION ALL
SELECT v.claim_id, date_trunc('week', v.known_from AT TIME ZONE %(zone)s)::date - date '1970-01-01',
    date_trunc('week', v.known_until AT TIME ZONE %(zone)s)::date - date '1970-01-01',
    v.place_of_service, v.rendering_npi, v.batch_id, coalesce(v.raw_payer_id, -1)
FROM claims_claimrevision v JOIN claims_claim c ON c.tenant_id = v.tenant_id AND c.id = v.claim_id
WHERE v.tenant_id = %(tenant)s AND v.payer_id = %(payer)s AND v.payer_order = 1 AND v.family_key = c.number_bidx
ORDER BY 1, 2
"""
# The first answer, which never changes; a payment by the file and the place in it where it begins.
ANSWERED = """
SELECT DISTINCT ON (a.claim_id) a.claim_id, a.batch_id, r.id
FROM claims_adjudication a
JOIN claims_claim c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id AND c.decision_known_at = a.known_at
LEFT JOIN LATERAL (SELECT r.id FROM claims_remittance r WHERE r.tenant_id = a.tenant_id AND r.batch_id = a.batch_id
    AND r.check_number = a.check_number AND a.check_number <> '' ORDER BY r.id LIMIT 1) r ON true
WHERE a.tenant_id = %(tenant)s AND a.claim_id = ANY(%(claims)s) ORDER BY a.claim_id, a.id
"""


def books(time_zone: str) -> Books:
    """Of the bound practice; used inside the transaction in which it was made."""
    return Books(cache(lambda payer: _sent(payer, time_zone)), _answers, _files(ZoneInfo(time_zone)), _raws)


def _rows(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"tenant": tenancy.required(), **values})
        return list(cursor.fetchall())


def _sent(payer: int, time_zone: str) -> Sent:
    rows = _rows(SENT, {"payer": payer, "zone": time_zone, "never": NEVER, "ever": -NEVER})
    claim, since, until, place, provider, batch, raw = zip(*rows, strict=True) if rows else ((),) * 7
    return Sent(
        np.array(claim, dtype=np.int64), np.array(since, dtype="datetime64[D]"), np.array(until, dtype="datetime64[D]"),
        Labelled.of(place), Labelled.of(provider), np.array(batch, dtype=np.int64), np.array(raw, dtype=np.int64),
    )  # fmt: skip


def _answers(claims: Ints) -> Answers:
    rows = _rows(ANSWERED, {"claims": claims.tolist()}) if len(claims) else []
    return Answers(
        {claim: batch for claim, batch, _ in rows},
        {claim: NOBODY if payment is None else payment for claim, _, payment in rows},
    )


def _files(zone: ZoneInfo) -> Callable[[Ints], Mapping[int, File]]:
    known: dict[int, File] = {}

    def files(batches: Ints) -> Mapping[int, File]:
        missing = set(batches.tolist()) - set(known)
        for batch in Batch.objects.filter(pk__in=missing).select_related("mapping") if missing else ():
            day = (batch.known_at or batch.received_at).astimezone(zone).date()
            mapping = batch.mapping
            reader = f"mapping {mapping.name}, version {mapping.version}" if mapping else batch.format
            known[batch.pk] = File(f"{day.day} {day:%B %Y}", reader)
        return {number: known[number] for number in batches.tolist() if number in known}

    return files


def _raws(raws: Ints) -> Mapping[int, str]:
    wanted = [number for number in raws.tolist() if number >= 0]
    return dict(RawPayer.objects.filter(pk__in=wanted).values_list("pk", "raw_name")) if wanted else {}
