"""Files and what in them could not be loaded."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from upstream.claims.models import ProviderAdjustment, Remittance
from upstream.ingestion import progress
from upstream.ingestion.choices import BatchState, RejectionState
from upstream.ingestion.models import Acknowledgement, Batch, MappingProfile, Rejection


def batches() -> QuerySet[Batch]:
    """Newest first."""
    return Batch.objects.select_related("repeats").order_by("-received_at", "-pk")


def batch(public_id: uuid.UUID) -> Batch | None:
    return Batch.objects.select_related("corrects", "mapping", "repeats").filter(public_id=public_id).first()


def public_ids_of(batch_ids: Iterable[int]) -> dict[int, uuid.UUID]:
    """The public id of each of these files."""
    return dict(Batch.objects.filter(pk__in=set(batch_ids)).values_list("pk", "public_id"))


def waiting() -> QuerySet[Batch]:
    """Landed files, oldest first: a claim is read before the remittance that came after it."""
    return Batch.objects.filter(state=BatchState.LANDED).order_by("received_at", "pk")


def more_to_come() -> bool:
    """Whether files wait to be read: what sums up many files then waits for the last of them."""
    return waiting().exists()


def rejection(public_id: uuid.UUID) -> Rejection | None:
    return Rejection.objects.select_related("batch", "replayed_in").filter(public_id=public_id).first()


@dataclass(frozen=True)
class Zones:
    """How many things of a file stand in each zone: read, kept, waiting in quarantine, put right, left out for good."""

    staged: int
    curated: int
    open: int
    fixed: int
    discarded: int


def zones_of(batch: Batch) -> Zones:
    """Where the content of a file is now."""
    rows = Rejection.objects.filter(batch=batch)
    counts = dict(rows.order_by().values_list("state").annotate(rows=Count("position", distinct=True)))
    told = batch.statuses + batch.authorizations + batch.coverages + batch.acknowledgements
    kept = batch.claims + told
    waiting, fixed, discarded = (counts.get(state, 0) for state in RejectionState.values)
    return Zones(kept + batch.rejected, kept, waiting, fixed, discarded)


def batches_with_waiting_rows() -> QuerySet[Batch]:
    """Files of which rows wait in quarantine, oldest first."""
    waiting = Rejection.objects.filter(state=RejectionState.OPEN).values("batch_id")
    return Batch.objects.filter(pk__in=waiting).order_by("received_at", "pk")


def corrections_of(batch: Batch) -> QuerySet[Batch]:
    """The files in which rows of this one were put right."""
    return Batch.objects.filter(corrects=batch).order_by("pk")


def mappings() -> QuerySet[MappingProfile]:
    """One version of each mapping, by name: that in use, else the newest."""
    rows: QuerySet[MappingProfile] = MappingProfile.objects.order_by("name", "-active", "-version").distinct("name")
    return rows


def mapping(public_id: uuid.UUID) -> MappingProfile | None:
    found: MappingProfile | None = MappingProfile.objects.filter(public_id=public_id).first()
    return found


def versions_of(name: str) -> QuerySet[MappingProfile]:
    """Every version of a mapping, newest first."""
    rows: QuerySet[MappingProfile] = MappingProfile.objects.filter(name=name).order_by("-version")
    return rows


def files_read_by(name: str) -> dict[int, int]:
    """How many files each version of a mapping read, by its row's id."""
    rows = Batch.objects.filter(mapping__name=name).order_by()
    return dict(rows.values_list("mapping_id").annotate(files=Count("pk")))


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
