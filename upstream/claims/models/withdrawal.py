"""What a file was once understood to say and does not say, kept when it was read again."""

from typing import ClassVar

from django.db import models

from upstream.claims.choices import Withdrawn
from upstream.claims.models.claim import Claim
from upstream.core.db.models import TenantModel, tenant_key


class Withdrawal(TenantModel):
    """One answer, or one state of a claim's facts, that stood from `known_at` until it was withdrawn.

    `said` holds its columns, which name nobody; `event_bidx` knows an answer again.
    """

    batch_id = models.BigIntegerField()
    claim = tenant_key(Claim)
    kind = models.CharField(max_length=6, choices=Withdrawn.choices)
    event_bidx = models.BinaryField(max_length=16, null=True)
    said = models.JSONField()
    known_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=80)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "claim"], name="withdrawn_by_claim")]

    def __str__(self) -> str:
        return f"withdrawn {self.kind} of claim {self.claim_id}"
