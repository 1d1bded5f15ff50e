"""Remitted claims that belong to a claim of the practice under another number."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.claims.choices import MatchState
from upstream.claims.models.claim import Claim
from upstream.core.db.models import TenantModel, tenant_key


class ClaimMatch(TenantModel):
    """A claim known from remittances alone, and the practice's claim that it answers; both stay as they are.

    `agreed` names what the two have in common. `family_before` is the remitted claim's own family, which it goes back
    to when the match is taken back; a pair that a person took apart (UNDONE) is never put together again by rule.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    remitted = tenant_key(Claim)
    claim = tenant_key(Claim)
    state = models.CharField(max_length=7, choices=MatchState.choices, default=MatchState.MATCHED)
    agreed = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    undone_by = models.CharField(max_length=80, blank=True)
    undone_at = models.DateTimeField(null=True)
    family_before = models.BinaryField(max_length=16)

    class Meta(TenantModel.Meta):
        verbose_name_plural = "claim matches"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "remitted", "claim"], name="match_once"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="match_public_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "claim"], name="match_by_claim")]

    def __str__(self) -> str:
        return f"match {self.public_id}"


class ClaimReplacement(TenantModel):
    """What a claim said of the one that it replaces or voids: the payer's number of it, as a blind index.

    `original` is the claim that the payer answered under that number, once exactly one fits.
    """

    batch_id = models.BigIntegerField()
    number_bidx = models.BinaryField(max_length=16)
    control_bidx = models.BinaryField(max_length=16)
    original = tenant_key(Claim, null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number_bidx", "control_bidx"], name="replacement_once"),
        ]

    def __str__(self) -> str:
        return f"replacement {self.pk}"


class ClaimAuthorization(TenantModel):
    """The number of the authorization that a claim says it was sent under, as a blind index beside the claim's own."""

    batch_id = models.BigIntegerField()
    number_bidx = models.BinaryField(max_length=16)
    authorization_bidx = models.BinaryField(max_length=16)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number_bidx", "authorization_bidx"], name="sent_under_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "authorization_bidx"], name="sent_under_by_number")]

    def __str__(self) -> str:
        return f"authorization {self.pk} of a claim"
