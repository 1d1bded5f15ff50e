"""Files as the pages list them and open them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet, Sum

from upstream.claims.models import Payer, ProviderAdjustment, Remittance
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion import archives
from upstream.ingestion.choices import BatchState, RejectionState
from upstream.ingestion.models import Batch, Rejection
from upstream.ingestion.queries import progress_of

MEMBERS_SHOWN = 500
ON_THE_WAY = (BatchState.LANDED, BatchState.LOADED)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A file with its own name where the reader may see it; `progress` while it is being read."""

    batch: Batch
    name: str
    progress: dict[str, int] | None

    @property
    def moving(self) -> bool:
        return self.batch.state in ON_THE_WAY


def row_of(batch: Batch, keys: TenantKeys | None) -> BatchRow:
    """Without keys the name stays sealed and the file goes by the start of its fingerprint."""
    name = batch.name(keys) if keys else f"file {batch.sha256[:8]}"
    return BatchRow(batch, name, progress_of(batch) if batch.state == BatchState.LANDED else None)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A file of an archive: the batch it became, or the code of why it became none."""

    name: str
    row: BatchRow | None
    new: bool
    error_code: str


def members_of(batch: Batch, keys: TenantKeys | None) -> list[MemberRow]:
    """The first MEMBERS_SHOWN files of an archive, in its order; names as in `row_of`."""
    return [
        MemberRow(
            member.name(keys) if keys else f"file {member.ordinal}",
            row_of(member.batch, keys) if member.batch else None,
            member.new,
            member.error_code,
        )
        for member in archives.members_of(batch)[:MEMBERS_SHOWN]
    ]


def files_inside(batch: Batch, shown: Sequence[MemberRow]) -> int:
    """How many files the archive held; one query where not all of them are shown."""
    return len(shown) if len(shown) < MEMBERS_SHOWN else archives.members_of(batch).count()


def reasons_of(batch: Batch) -> QuerySet[Any, Any]:
    """What is wrong with the rows left out, commonest first, with the first place of each."""
    rows: QuerySet[Rejection] = Rejection.objects.filter(batch=batch, state=RejectionState.OPEN)
    counted = rows.values("field", "code").annotate(rows=Count("position", distinct=True), first=Min("position"))
    return counted.order_by("-rows", "field", "code")


@dataclass(frozen=True, slots=True)
class Payment:
    """One remittance against its deposit: amount = paid on claims - taken at provider level + difference, in cents."""

    payer: Payer
    remittance: Remittance
    adjustments_cents: int


def payments_in(batch: Batch) -> list[Payment]:
    """The remittances of one file in file order."""
    found: QuerySet[Remittance] = Remittance.objects.filter(batch_id=batch.pk)
    rows = list(found.select_related("payer").order_by("position", "pk"))
    taken = dict(
        ProviderAdjustment.objects.filter(remittance__in=rows).values_list("remittance_id").annotate(n=Sum("cents"))
    )
    return [Payment(row.payer, row, taken.get(row.pk, 0)) for row in rows]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over remittances, in cents."""

    amount: int
    claims_paid: int
    adjustments: int
    difference: int


def totals_of(payments: list[Payment]) -> Totals:
    """Of those that count: a cut-off remittance that came whole later is in the later file."""
    payments = [payment for payment in payments if not payment.remittance.superseded]
    return Totals(
        amount=sum(p.remittance.amount_cents for p in payments),
        claims_paid=sum(p.remittance.claims_paid_cents for p in payments),
        adjustments=sum(p.adjustments_cents for p in payments),
        difference=sum(p.remittance.difference_cents for p in payments),
    )
