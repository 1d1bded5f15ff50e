"""Denied claims as rows: with the payer's answers, or as items of the worklist."""

from datetime import date, timedelta
from typing import Any

from tests.factories import NOON, _count, batch, claim
from upstream.alerts.choices import ClockAction
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim, Payer
from upstream.worklist.models import Item

DECIDED = date(2026, 2, 20)


def item(of_payer: Payer, **fields: Any) -> Item:
    """A denial of 20 February for want of an authorization, of which half of $200 should come back by 21 April."""
    made = fields.pop("claim", None) or claim(of_payer, outcome=Outcome.DENIED)
    values: dict[str, Any] = {
        "payer": of_payer, "decision_id": next(_count), "decided_date": DECIDED, "service_date": date(2026, 2, 6),
        "procedure_code": "73721", "category": "AUTH", "denial_group": "CO", "denial_carc": "197",
        "billed_cents": 50_000, "expected_cents": 20_000, "share": 0.5, "recovery_cents": 10_000,
        "action": ClockAction.APPEAL, "deadline": DECIDED + timedelta(days=60), "internal_due": date(2026, 4, 14),
        "clock_days": 60, "clock_basis": "contract", "clock_source": "contract", "clock_confidence": "high",
        "opened_at": NOON, "changed_at": NOON,
    }  # fmt: skip
    return Item.objects.create(claim=made, **{**values, **fields})


def answer(to: Claim, outcome: Outcome = Outcome.DENIED, **fields: Any) -> Adjudication:
    """The payer's answer to the claim, in a file of its own: a denial for want of an authorization."""
    denied = outcome in (Outcome.DENIED, Outcome.PARTIAL)
    values: dict[str, Any] = {
        "payer": to.payer, "event_bidx": next(_count).to_bytes(16, "big"), "position": 1, "outcome": outcome,
        "denial_group": "CO" if denied else "", "denial_carc": "197" if denied else "",
        "denial_category": "AUTH" if denied else "", "decided_date": DECIDED, "billed_cents": to.billed_cents,
        "allowed_cents": 0, "paid_cents": 0, "known_at": NOON,
    }  # fmt: skip
    batch_id = fields.pop("batch_id", None) or batch(adjudications=1).pk
    return Adjudication.objects.create(claim=to, batch_id=batch_id, **{**values, **fields})
