"""Files and what in them could not be loaded."""

import uuid
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from upstream.claims.models import ProviderAdjustment, Remittance
from upstream.ingestion import progress
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Acknowledgement, Batch, Rejection


def batches() -> QuerySet[Batch]:
    """Newest first."""
    return Batch.objects.order_by("-received_at", "-pk")


def batch(public_id: uuid.UUID) -> Batch | None:
    return Batch.objects.filter(public_id=public_id).first()


def waiting() -> QuerySet[Batch]:
    """Landed files, oldest first: a claim is read before the remittance that came after it."""
    return Batch.objects.filter(state=BatchState.LANDED).order_by("received_at", "pk")


def rejections_of(batch: Batch) -> QuerySet[Rejection]:
    return Rejection.objects.filter(batch=batch).order_by("position", "pk")


def acknowledgements_in(batch: Batch) -> QuerySet[Acknowledgement]:
    """What a file said of our deliveries, refusals first."""
    return Acknowledgement.objects.filter(batch=batch).order_by("accepted", "position", "pk")


@dataclass(frozen=True)
class Balance:
    """A file's payments in cents: `paid_cents` on claims less `provider_adjustments_cents` is `amount_cents`, but for
    the `difference_cents` of `out_of_balance` payments."""

    payments: int
    amount_cents: int
    paid_cents: int
    provider_adjustments_cents: int
    out_of_balance: int
    difference_cents: int


def balance_of(batch: Batch) -> Balance:
    """What the payments that this file brought add up to; payments that came before in another file stand there."""
    rows = Remittance.objects.filter(batch_id=batch.pk)
    sums = rows.aggregate(
        payments=Count("pk"),
        amount_cents=Coalesce(Sum("amount_cents"), 0),
        paid_cents=Coalesce(Sum("claims_paid_cents"), 0),
        out_of_balance=Count("pk", filter=~Q(difference_cents=0)),
        difference_cents=Coalesce(Sum("difference_cents"), 0),
    )
    taken = ProviderAdjustment.objects.filter(remittance__in=rows).aggregate(cents=Coalesce(Sum("cents"), 0))
    return Balance(**sums, provider_adjustments_cents=taken["cents"])


def progress_of(batch: Batch) -> dict[str, int] | None:
    return progress.of(batch.pk)
