"""What payers answered: events that are added and never changed."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from upstream.claims.choices import Outcome
from upstream.claims.models.claim import Claim
from upstream.claims.models.payer import Payer
from upstream.core.db.models import TenantModel, tenant_key
from upstream.core.phi.fields import SealedField


class Remittance(TenantModel):
    """One payment transaction of a payer, and whether its claims add up to it.

    difference_cents = amount - (paid on claims - provider adjustments); 0 when it balances.
    """

    batch_id = models.BigIntegerField()
    payer = tenant_key(Payer)
    raw_payer_id = models.BigIntegerField(null=True)
    key_bidx = models.BinaryField(max_length=16)
    transaction_bidx = models.BinaryField(max_length=16)
    position = models.IntegerField()
    check_number = models.CharField(max_length=50, blank=True)
    method = models.CharField(max_length=3, blank=True)
    amount_cents = models.BigIntegerField()
    payment_date = models.DateField(null=True)
    claims = models.IntegerField()
    claims_paid_cents = models.BigIntegerField()
    difference_cents = models.BigIntegerField()
    complete = models.BooleanField(default=True)
    superseded = models.BooleanField(default=False, help_text="A cut-off delivery whose whole transaction came later.")
    known_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "key_bidx"], name="remittance_once"),
        ]

    def __str__(self) -> str:
        return f"remittance {self.pk}"


class ProviderAdjustment(TenantModel):
    """One PLB amount: positive takes money from the provider; belongs to no claim."""

    remittance = tenant_key(Remittance)
    ordinal = models.SmallIntegerField()
    reason = models.CharField(max_length=8)
    reference_bidx = models.BinaryField(max_length=16, null=True)
    cents = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "remittance", "ordinal"], name="provider_adjustment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} of remittance {self.remittance_id}"


class Adjudication(TenantModel):
    """One answer to one claim: paid, denied, or a reversal of an earlier answer.

    `sealed_identity` are the claim's numbers as the payer tells them: an envelope of ClaimIdentity's, bound to the
    claim's number as that one is, since the practice's own identity of the claim stands there and must not be replaced.
    `interest_cents` is what the payer says it paid for being late: it is no part of `paid_cents`, but of a provider
    adjustment (L6) of the payment.
    """

    claim = tenant_key(Claim)
    batch_id = models.BigIntegerField()
    payer = tenant_key(Payer)
    raw_payer_id = models.BigIntegerField(null=True)
    event_bidx = models.BinaryField(max_length=16)
    position = models.IntegerField()
    payer_order = models.SmallIntegerField(default=1)
    outcome = models.SmallIntegerField(choices=Outcome.choices)
    reverses = tenant_key("self", null=True)
    claim_status_code = models.CharField(max_length=2, blank=True)
    denial_group = models.CharField(max_length=2, blank=True)
    denial_carc = models.CharField(max_length=8, blank=True)
    denial_category = models.CharField(max_length=16, blank=True)
    check_number = models.CharField(max_length=50, blank=True)
    control_bidx = models.BinaryField(max_length=16, null=True)
    sealed_identity = SealedField(null=True)
    decided_date = models.DateField(null=True)
    received_date = models.DateField(null=True)
    payment_date = models.DateField(null=True)
    billed_cents = models.BigIntegerField()
    allowed_cents = models.BigIntegerField(null=True)
    paid_cents = models.BigIntegerField()
    patient_cents = models.BigIntegerField(default=0)
    balance_cents = models.BigIntegerField(default=0)
    interest_cents = models.BigIntegerField(default=0, db_default=0)
    known_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "claim", "event_bidx"], name="answer_once_per_claim"),
        ]
        indexes: ClassVar = [
            BrinIndex(
                fields=["tenant", "batch_id"], name="adjudication_by_file", autosummarize=True, pages_per_range=32
            ),
            models.Index(
                fields=["tenant", "claim"],
                condition=models.Q(outcome=Outcome.REVERSED, reverses=None),
                name="open_reversal",
            ),
            # Claims of which a payment was ever taken back.
            models.Index(
                fields=["tenant", "claim"], condition=models.Q(outcome=Outcome.REVERSED), name="reversal_of_claim"
            ),
            # What takes an answer back, which must be known before that answer can be withdrawn.
            models.Index(
                fields=["tenant", "reverses"], condition=models.Q(reverses__isnull=False), name="reversal_of_answer"
            ),
            # By the payer's own number for the claim, which it names when it takes money back.
            models.Index(
                fields=["tenant", "control_bidx"],
                condition=models.Q(control_bidx__isnull=False),
                name="answer_by_control_number",
            ),
        ]

    def __str__(self) -> str:
        return f"adjudication {self.pk} of claim {self.claim_id}"


class LineAdjudication(TenantModel):
    """How one line was answered in one adjudication.

    `procedure_code` is what was answered, `billed_code` what was billed where that is another one (a down-code);
    `control_bidx` is the blind index of the practice's own line number, where the payer sent it back.
    """

    adjudication = tenant_key(Adjudication)
    number = models.SmallIntegerField()
    procedure_code = models.CharField(max_length=16, blank=True)
    billed_code = models.CharField(max_length=16, blank=True)
    control_bidx = models.BinaryField(max_length=16, null=True)
    billed_cents = models.BigIntegerField()
    allowed_cents = models.BigIntegerField(null=True)
    paid_cents = models.BigIntegerField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "adjudication", "number"], name="line_adjudication_once"),
        ]
        indexes: ClassVar = [
            # Lines that were answered under another code than was billed: few, and looked for by each detection run.
            models.Index(
                fields=["tenant", "adjudication"], condition=models.Q(billed_code__gt=""), name="answered_otherwise"
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.number} of adjudication {self.adjudication_id}"


class Adjustment(TenantModel):
    """One reason for money not paid; line 0 is claim level. Amounts are signed as the payer sent them."""

    adjudication = tenant_key(Adjudication)
    ordinal = models.SmallIntegerField()
    line = models.SmallIntegerField(default=0)
    group_code = models.CharField(max_length=2, blank=True)
    carc = models.CharField(max_length=8)
    remark_codes = models.CharField(max_length=60, blank=True)
    cents = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "adjudication", "ordinal"], name="adjustment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group_code}-{self.carc} of adjudication {self.adjudication_id}"
