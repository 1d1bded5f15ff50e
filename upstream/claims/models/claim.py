"""A claim as billed: narrow facts, no PHI, and what was known before each change."""

import uuid
from datetime import UTC, datetime
from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from upstream.claims.choices import Outcome
from upstream.claims.models.payer import Payer
from upstream.core.db.models import TenantModel, tenant_key


class BilledFacts(TenantModel):
    """The facts of a claim that its sender may correct later; `raw_payer_id` is the RawPayer that named its payer."""

    payer = tenant_key(Payer)
    raw_payer_id = models.BigIntegerField(null=True)
    site = tenant_key("tenants.Site", null=True)
    batch_id = models.BigIntegerField()
    family_key = models.BinaryField(max_length=16)
    procedure_code = models.CharField(max_length=16, blank=True)
    procedure_group = models.CharField(max_length=32, blank=True)
    diagnosis = models.CharField(max_length=16, blank=True)
    place_of_service = models.CharField(max_length=4, blank=True)
    modifiers = models.CharField(max_length=20, blank=True, db_default="", help_text="Those of its procedure's line.")
    rendering_npi = models.CharField(max_length=10, blank=True)
    frequency_code = models.CharField(max_length=1, default="1")
    payer_order = models.SmallIntegerField(default=1)
    submitted_date = models.DateField()
    service_date = models.DateField(null=True)
    billed_cents = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        abstract = True


class Claim(BilledFacts):
    """One claim number of one practice, with the facts as known now and its first primary decision.

    `known_at` is when we first learned of the claim, `facts_known_at` since when the present facts hold; earlier facts
    stand in ClaimRevision. The first decision, once known, never changes: later events are Adjudications.
    Claims of one `family_key` are versions of one another; rates count the family's first claim alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    number_bidx = models.BinaryField(max_length=16)
    patient = tenant_key("claims.Patient", null=True)
    position = models.IntegerField(default=0)
    known_at = models.DateTimeField()
    facts_known_at = models.DateTimeField()
    outcome = models.SmallIntegerField(choices=Outcome.choices, default=Outcome.PENDING)
    decided_date = models.DateField(null=True)
    decision_known_at = models.DateTimeField(null=True)
    denial_group = models.CharField(max_length=2, blank=True)
    denial_carc = models.CharField(max_length=8, blank=True)
    denial_category = models.CharField(max_length=16, blank=True)
    allowed_cents = models.BigIntegerField(default=0)
    paid_cents = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number_bidx"], name="claim_number_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "submitted_date", "payer"], name="claim_by_submission"),
            models.Index(fields=["tenant", "public_id"], name="claim_by_public_id"),
            # Claims that replace another one.
            models.Index(
                fields=["tenant", "family_key"],
                name="claim_in_family",
                condition=~models.Q(family_key=models.F("number_bidx")),
            ),
            # Claims of which no file of the practice has told (merge.NEVER).
            models.Index(
                fields=["tenant", "service_date"],
                name="remitted_alone",
                condition=models.Q(facts_known_at=datetime(1900, 1, 1, tzinfo=UTC)),
            ),
            # What a remitted claim may answer, whose number nobody knows. The tenant comes last: with it first, checks
            # of references to claims, planned once while the table is new, go by this index through all of its claims.
            models.Index(fields=["service_date", "payer", "tenant"], name="claim_by_service"),
            BrinIndex(fields=["tenant", "batch_id"], name="claim_by_file", autosummarize=True, pages_per_range=32),
        ]

    def __str__(self) -> str:
        return f"claim {self.public_id}"


class ClaimRevision(BilledFacts):
    """The facts of a claim as they were known from `known_from` until `known_until`."""

    claim = tenant_key(Claim)
    position = models.IntegerField(default=0, db_default=0)
    known_from = models.DateTimeField()
    known_until = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "claim", "known_from"], name="revision_once"),
        ]

    def __str__(self) -> str:
        return f"revision {self.pk} of claim {self.claim_id}"


class ServiceLine(TenantModel):
    """One billed line of a claim; `control_bidx` is the blind index of the practice's own number for it."""

    claim = tenant_key(Claim)
    number = models.SmallIntegerField()
    control_bidx = models.BinaryField(max_length=16, null=True)
    procedure_code = models.CharField(max_length=16, blank=True)
    modifiers = models.CharField(max_length=20, blank=True)
    revenue_code = models.CharField(max_length=8, blank=True)
    units = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    service_date = models.DateField(null=True)
    billed_cents = models.BigIntegerField()
    known_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "claim", "number"], name="line_once_per_claim"),
        ]

    def __str__(self) -> str:
        return f"line {self.number} of claim {self.claim_id}"
