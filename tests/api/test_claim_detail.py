"""One claim with its lines, and everything that happened to it."""

import json
from datetime import UTC, date, datetime
from typing import Any

from tests.api.conftest import Caller
from tests.api.test_claims import NAMED, denied, row_of
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Adjustment, Claim, LineAdjudication, ServiceLine
from upstream.core import tenancy
from upstream.ingestion.models import Batch

__all__ = ["denied"]

ANSWERED_LINE = {"procedure_code": "99213", "billed_code": "", "billed": "100.00", "allowed": None, "paid": None}


def answer_with_a_line(denied: Claim) -> None:
    """One service line, and the denial of it that became known on 17 March."""
    moment = datetime(2026, 3, 17, tzinfo=UTC)
    ServiceLine.objects.create(
        claim=denied,
        number=1,
        procedure_code="99213",
        modifiers="25",
        units="1.5",
        billed_cents=10_000,
        known_at=moment,
    )
    answer = Adjudication.objects.create(
        claim=denied, batch_id=denied.batch_id, payer=denied.payer, event_bidx=b"e" * 16, position=1,
        outcome=Outcome.DENIED, decided_date=date(2026, 3, 16), billed_cents=10_000, paid_cents=0, known_at=moment,
    )  # fmt: skip
    LineAdjudication.objects.create(adjudication=answer, number=1, procedure_code="99213", billed_cents=10_000)
    Adjustment.objects.create(adjudication=answer, ordinal=1, line=1, group_code="CO", carc="197", cents=10_000)


def events(denied: Claim, upload: str) -> list[dict[str, Any]]:
    """Its submission and its denial, as they are told."""
    return [
        {
            "day": "2026-03-02",
            "known_at": "2026-03-02T12:00:00Z",
            "words": "Submitted",
            "upload": upload,
            "position": 0,
            "answer": None,
            "status": None,
            "adjustments": [],
            "lines": [],
        },
        {
            "day": "2026-03-16",
            "known_at": "2026-03-17T00:00:00Z",
            "words": "Denied",
            "upload": upload,
            "position": 1,
            "answer": {
                "payer": {"id": str(denied.payer.public_id), "name": "Summit Mutual"},
                "payer_order": 1,
                "outcome": "denied",
                "billed": "100.00",
                "allowed": None,
                "paid": "0.00",
                "patient_responsibility": "0.00",
                "interest": "0.00",
                "payment_date": None,
            },
            "status": None,
            "adjustments": [{"line": 1, "group_code": "CO", "carc": "197", "remark_codes": "", "amount": "100.00"}],
            "lines": [
                {
                    "number": 1,
                    "procedure_code": "99213",
                    "billed_code": "",
                    "billed": "100.00",
                    "allowed": None,
                    "paid": None,
                }
            ],
        },
    ]


def test_a_claim_is_told_with_its_lines_and_answers(us: Caller, denied: Claim) -> None:
    with tenancy.bind(us.practice.pk):
        answer_with_a_line(denied)
        upload = str(Batch.objects.get(pk=denied.batch_id).public_id)
    told_of = json.loads(us.get(f"claims/{denied.public_id}/").content)
    assert told_of == {
        **row_of(denied),
        "matches": [],
        "lines": [
            {
                "number": 1,
                "procedure_code": "99213",
                "modifiers": "25",
                "revenue_code": "",
                "units": "1.500",
                "service_date": None,
                "billed": "100.00",
            }
        ],
        "events": events(denied, upload),
    }
    with_names = json.loads(us.get(f"claims/{denied.public_id}/?fields=identity").content)
    assert with_names == {**told_of, "identity": NAMED}
