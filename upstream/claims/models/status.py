"""What was said of claims and patients beside the answers: statuses, authorizations, coverage. PHI is sealed."""

from typing import ClassVar

from django.db import models

from upstream.claims.choices import Approval, Covered, StatusKind, Urgency
from upstream.claims.models.claim import Claim
from upstream.claims.models.identity import unpacked
from upstream.claims.models.payer import Payer
from upstream.core.db.models import TenantModel, tenant_key
from upstream.core.phi.fields import SealedField
from upstream.core.phi.keyring import TenantKeys

STATUS_FIELDS = ("claim_number", "payer_control_number", "first_name", "last_name", "member_id")
AUTHORIZATION_FIELDS = ("authorization_number", "trace_number", "first_name", "last_name", "birth_date", "member_id")
COVERAGE_FIELDS = ("first_name", "last_name", "birth_date", "member_id")


class Told(TenantModel):
    """Something told once, known by its event; `sealed` holds the identifying values, bound to that event."""

    batch_id = models.BigIntegerField()
    position = models.IntegerField()
    payer = tenant_key(Payer)
    raw_payer_id = models.BigIntegerField(null=True)
    event_bidx = models.BinaryField(max_length=16)
    known_at = models.DateTimeField()
    sealed = SealedField()

    TABLE: ClassVar[str]
    SEALED_FIELDS: ClassVar[tuple[str, ...]]

    class Meta(TenantModel.Meta):
        abstract = True

    def opened(self, keys: TenantKeys) -> dict[str, str]:
        """Those of SEALED_FIELDS that are known; UnreadablePHI when the envelope is not this row's."""
        plain = keys.unseal(self.sealed, self.TABLE, "sealed", bytes(self.event_bidx))
        return unpacked(self.SEALED_FIELDS, plain)


class ClaimStatus(Told):
    """One status of a claim before it was answered. `claim` is empty while no file has told of the claim.

    `rejected`: refused before adjudication, which is no denial and is never followed by a remittance.
    """

    claim = tenant_key(Claim, null=True)
    number_bidx = models.BinaryField(max_length=16, null=True)
    control_bidx = models.BinaryField(max_length=16, null=True)
    kind = models.CharField(max_length=16, choices=StatusKind.choices)
    rejected = models.BooleanField(default=False)
    category_code = models.CharField(max_length=4, blank=True)
    status_code = models.CharField(max_length=8, blank=True)
    entity_code = models.CharField(max_length=8, blank=True)
    further_codes = models.CharField(max_length=60, blank=True)
    line = models.SmallIntegerField(default=0)
    effective_date = models.DateField(null=True)
    service_date = models.DateField(null=True)
    billed_cents = models.BigIntegerField(null=True)
    paid_cents = models.BigIntegerField(null=True)

    TABLE = "claims_claimstatus"
    SEALED_FIELDS = STATUS_FIELDS

    class Meta(TenantModel.Meta):
        verbose_name_plural = "claim statuses"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "event_bidx"], name="claim_status_once")]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "claim"], name="claim_status_by_claim"),
            models.Index(fields=["tenant", "control_bidx"], name="claim_status_by_control"),
            # Claims that were turned away: few, and looked for by each detection run.
            models.Index(fields=["tenant", "claim"], condition=models.Q(rejected=True), name="claim_turned_away"),
            models.Index(
                fields=["tenant", "number_bidx"], condition=models.Q(claim=None), name="claim_status_unlinked"
            ),
        ]

    def __str__(self) -> str:
        return f"status {self.pk} of claim {self.claim_id}"


class Authorization(Told):
    """What a payer decided on a request for approval. `action` is HCR01; `units` what was granted, if said."""

    number_bidx = models.BinaryField(max_length=16, null=True)
    member_bidx = models.BinaryField(max_length=16, null=True)
    action = models.CharField(max_length=4, blank=True)
    reason_code = models.CharField(max_length=8, blank=True)
    service_type = models.CharField(max_length=8, blank=True)
    procedure_code = models.CharField(max_length=16, blank=True)
    diagnosis = models.CharField(max_length=16, blank=True)
    provider_npi = models.CharField(max_length=10, blank=True)
    units = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    requested_date = models.DateField(null=True)
    decided_date = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    trace_bidx = models.BinaryField(max_length=16, null=True)
    requested_units = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    requested_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    urgency = models.CharField(max_length=9, blank=True, choices=Urgency.choices, db_default="")

    TABLE = "claims_authorization"
    SEALED_FIELDS = AUTHORIZATION_FIELDS

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "event_bidx"], name="authorization_once")]
        indexes: ClassVar = [models.Index(fields=["tenant", "number_bidx"], name="authorization_by_number")]

    def __str__(self) -> str:
        return f"authorization {self.action} {self.pk}"

    @property
    def approval(self) -> Approval:
        """What was decided."""
        return Approval(self.action) if self.action in Approval.values else Approval.OTHER


class Coverage(Told):
    """What a payer said of one member's coverage on a date; `active` is empty where it said neither."""

    member_bidx = models.BinaryField(max_length=16, null=True)
    plan_code = models.CharField(max_length=50, blank=True)
    plan = models.CharField(max_length=80, blank=True)
    insurance_type = models.CharField(max_length=4, blank=True)
    active = models.BooleanField(null=True)
    reject_code = models.CharField(max_length=4, blank=True)
    on_date = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    TABLE = "claims_coverage"
    SEALED_FIELDS = COVERAGE_FIELDS

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "event_bidx"], name="coverage_once")]
        indexes: ClassVar = [models.Index(fields=["tenant", "member_bidx"], name="coverage_by_member")]

    def __str__(self) -> str:
        return f"coverage {self.pk}"

    @property
    def covered(self) -> Covered:
        """What was said."""
        if self.active is None:
            return Covered.REFUSED if self.reject_code else Covered.UNSAID
        return Covered.ACTIVE if self.active else Covered.INACTIVE
