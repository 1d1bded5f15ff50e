"""Makers of findings and scores."""

from datetime import date
from typing import Any

from tests.factories import NOON
from upstream.claims.models import Payer
from upstream.ingestion.models import Batch
from upstream.ingestion.quality.models import FileScore, Finding


def finding(file: Batch | None, of_payer: Payer | None = None, **fields: Any) -> Finding:
    """A payment of this file that is out of balance by $4.00 on 20 February 2026, open."""
    values: dict[str, Any] = {
        "check_name": "unbalanced_payments",
        "severity": "fault",
        "count": 1,
        "of": 2,
        "share": 0.5,
        "limit": 0.0,
        "cents": 400,
        "first_day": date(2026, 2, 20),
        "last_day": date(2026, 2, 20),
        "found_at": NOON,
        "changed_at": NOON,
    }
    values |= fields
    key = f"{values['check_name']}/b{file.pk if file else 0}/p{of_payer.pk if of_payer else 0}"
    return Finding.objects.create(batch=file, payer=of_payer, key=key, **values)


def score(file: Batch, of_payer: Payer | None = None, **fields: Any) -> FileScore:
    values: dict[str, Any] = {
        "kind": "csv",
        "claims": 90,
        "answers": 10,
        "score": 75,
        "method": "quality 2",
        "received_at": file.received_at,
        "measured_at": NOON,
    }
    return FileScore.objects.create(batch=file, payer=of_payer, **{**values, **fields})
