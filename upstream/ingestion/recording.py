"""What a file holds besides claims: rows for the quarantine, payments and provider adjustments."""

from upstream.claims.models import ProviderAdjustment, Remittance
from upstream.claims.services import Named, named_payers, source_of
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion.models import Batch, Rejection, rejection_place
from upstream.ingestion.records import RejectedRow, RemittanceRecord


def record_rejections(batch: Batch, rows: list[RejectedRow], keys: TenantKeys) -> None:
    """Quarantine the rows, each sealed to its place in the file; those that a person has settled stay settled."""
    settled = set(Rejection.objects.filter(batch=batch).values_list("position", flat=True)) if batch.loaded_at else ()
    rows = [row for row in rows if row.position not in settled]
    seal = keys.sealer(Rejection.TABLE, "sealed_raw")
    Rejection.objects.bulk_create(
        (
            Rejection(
                batch=batch,
                position=row.position,
                field=row.field[:40],
                code=row.code[:40],
                sealed_raw=seal(row.raw, rejection_place(batch.sha256, row.position)),
            )
            for row in rows
        ),
        batch_size=2000,
    )


def record_remittances(batch: Batch, records: list[RemittanceRecord], keys: TenantKeys) -> list[int]:
    """Keep each payment once, however often it is sent; a whole one supersedes its cut-off delivery.

    The id of the batch that first brought each: this one, or one before it.
    """
    if not records:
        return []
    payers = named_payers({(record.payer_name, record.payer_id) for record in records}, source_of(batch.format))
    return [_record(batch, record, payers[(record.payer_name, record.payer_id)], keys) for record in records]


def _record(batch: Batch, record: RemittanceRecord, payer: Named, keys: TenantKeys) -> int:
    # The key ends in a digest of the claims: one check may come in parts, and a cut delivery lacks some.
    transaction = keys.index("transaction", record.transaction_key.rpartition("|")[0])
    same = Remittance.objects.filter(transaction_bidx=transaction)
    remittance, new = Remittance.objects.get_or_create(
        key_bidx=keys.index("remittance", record.transaction_key),
        defaults={
            "transaction_bidx": transaction,
            "batch_id": batch.pk,
            "payer_id": payer.payer,
            "raw_payer_id": payer.raw,
            "position": record.position,
            "check_number": record.check_number[:50],
            "method": record.method[:3],
            "amount_cents": record.amount_cents,
            "payment_date": record.payment_date,
            "claims": record.claims,
            "claims_paid_cents": record.claims_paid_cents,
            "difference_cents": record.difference_cents,
            "complete": record.complete,
            "superseded": not record.complete and same.filter(complete=True).exists(),
            "known_at": batch.known_at or batch.received_at,
        },
    )
    if not new:
        return remittance.batch_id
    if record.complete:
        same.filter(complete=False).update(superseded=True)
    ProviderAdjustment.objects.bulk_create(
        ProviderAdjustment(
            remittance=remittance,
            ordinal=ordinal,
            reason=adjustment.reason[:8],
            reference_bidx=keys.index("payer_control_number", adjustment.reference) if adjustment.reference else None,
            cents=adjustment.cents,
        )
        for ordinal, adjustment in enumerate(record.provider_adjustments)
    )
    return remittance.batch_id
