"""Makers of weekly sums and remittances, of the week of 23 February 2026."""

from datetime import UTC, date, datetime
from typing import Any

from tests import factories
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer, PayerWeek, ReasonWeek, Remittance
from upstream.kpis.choices import Fact
from upstream.kpis.models import WeekSum

WEEK = date(2026, 2, 23)


def payer_week(payer: Payer, outcome: Outcome, claims: int, dollars: int, **fields: Any) -> PayerWeek:
    """A cell of claims worth `dollars` each, billed; 80 % of that allowed and paid where it was paid."""
    billed = claims * dollars * 100
    paid = billed * 8 // 10 if outcome == Outcome.PAID else 0
    values: dict[str, Any] = {"submitted_week": WEEK, "known_week": WEEK, "allowed_cents": paid, "paid_cents": paid}
    return PayerWeek.objects.create(
        payer=payer, outcome=outcome, claims=claims, billed_cents=billed, **{**values, **fields}
    )


def reason_week(payer: Payer, category: str, reason: str, claims: int, dollars: int, **fields: Any) -> ReasonWeek:
    values: dict[str, Any] = {"submitted_week": WEEK, "known_week": WEEK, "outcome": Outcome.DENIED}
    billed = claims * dollars * 100
    return ReasonWeek.objects.create(
        payer=payer,
        category=category,
        reason=reason,
        claims=claims,
        billed_cents=billed,
        allowed_cents=0,
        paid_cents=0,
        **{**values, **fields},
    )


def first_answers(payer: Payer, fact: Fact, claims: int, dollars: int, **fields: Any) -> WeekSum:
    """So many first answers of a kind on claims worth `dollars` each, billed, as measures count them."""
    cents = claims * dollars * 100
    values: dict[str, Any] = {"sent_week": WEEK, "week": WEEK, "place": "73721", "most_cents": dollars * 100}
    return WeekSum.objects.create(payer=payer, fact=fact, number=claims, cents=cents, **{**values, **fields})


def remittance(payer: Payer, **fields: Any) -> Remittance:
    """A check of $1,000 for claims paid $1,020 less $20 taken back; it balances."""
    batch = factories.batch()
    values: dict[str, Any] = {
        "batch_id": batch.pk,
        "key_bidx": bytes.fromhex(f"{batch.pk:032x}"),
        "position": 1,
        "check_number": "EFT 884120",
        "method": "ACH",
        "amount_cents": 100_000,
        "payment_date": date(2026, 2, 26),
        "claims": 4,
        "claims_paid_cents": 102_000,
        "difference_cents": 0,
        "known_at": datetime(2026, 2, 26, 15, tzinfo=UTC),
    }
    return Remittance.objects.create(payer=payer, **{**values, **fields})
