"""Contracts with payers and their prices, and lines that were allowed less. No PHI but in sealed notes."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.claims.models import Claim, Payer, Product
from upstream.contracts.choices import Reason, State
from upstream.core.db.models import TenantModel, tenant_key
from upstream.core.phi.notes import Noted

NOTE_LENGTH = 500


class Contract(TenantModel):
    """What was agreed with a payer for one product of it, or (None) for every one, while it is in force.

    `lesser_of`: never more than the charge. The tolerance is the practice's own where it is empty here. Taken back, it
    prices nothing and keeps its prices. `version` grows at each edit.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    payer = tenant_key(Payer)
    product = tenant_key(Product, null=True)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    lesser_of = models.BooleanField(default=True)
    tolerance_cents = models.IntegerField(null=True)
    tolerance_percent = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="contract_public_id"),
            models.CheckConstraint(
                condition=models.Q(effective_to=None) | models.Q(effective_to__gte=models.F("effective_from")),
                name="contract_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "payer"], name="contract_of_payer")]

    def __str__(self) -> str:
        return self.name


class Load(TenantModel):
    """One fee schedule, or one price given by hand, and what became of its rows; `faults` name lines and fields."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    contract = tenant_key(Contract, related_name="loads")
    by_hand = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64, blank=True)
    added = models.IntegerField(default=0)
    replaced = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    faults = models.JSONField(default=list)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    undone_by = models.CharField(max_length=80, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "public_id"], name="load_public_id")]
        indexes: ClassVar = [models.Index(fields=["tenant", "contract", "-id"], name="load_of_contract")]

    def __str__(self) -> str:
        return f"load {self.pk}"


class Rate(TenantModel):
    """One price of a contract: cents a unit or a percentage of the charge. It never changes: a correction ends it
    (`ended_in`, `stands` false) and stands beside it, so that what was expected once can always be told."""

    contract = tenant_key(Contract)
    procedure_code = models.CharField(max_length=16)
    modifiers = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=12, blank=True)
    cents = models.BigIntegerField(null=True)
    percent = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    made_in = tenant_key(Load)
    ended_in = tenant_key(Load, null=True)
    stands = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "contract", "procedure_code", "modifiers", "place", "valid_from"],
                condition=models.Q(stands=True), name="rate_stands_once",
            ),
            models.CheckConstraint(
                condition=models.Q(cents=None, percent__isnull=False) | models.Q(cents__isnull=False, percent=None),
                name="rate_in_cents_or_percent",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["tenant", "made_in"], name="rate_of_load")]

    def __str__(self) -> str:
        return f"price {self.pk} of {self.procedure_code}"


class Modifier(TenantModel):
    """From a day on a modifier takes this percentage of a contract's prices; empty: that is not said from then on.

    Never changed: a later word of the same day counts, also one that takes an earlier one back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    contract = tenant_key(Contract)
    code = models.CharField(max_length=2)
    percent = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    valid_from = models.DateField()
    said_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "public_id"], name="modifier_public_id")]
        indexes: ClassVar = [models.Index(fields=["tenant", "contract", "code"], name="modifier_of_contract")]

    def __str__(self) -> str:
        return f"modifier {self.code}"


class Leeway(TenantModel):
    """By how much a line may be allowed less before it counts, where a contract says nothing; the newest row holds."""

    cents = models.IntegerField()
    percent = models.DecimalField(max_digits=7, decimal_places=3)
    said_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="leeway_newest")]

    def __str__(self) -> str:
        return f"leeway {self.pk}"


class Edition(TenantModel):
    """How often what is agreed with a payer has changed: lines priced by an older edition are priced anew."""

    payer = tenant_key(Payer)
    number = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "payer"], name="edition_of_payer")]

    def __str__(self) -> str:
        return f"edition {self.number}"


class PricedWeek(TenantModel):
    """Claims that a payer got in this week are priced as they stood after so many changes, by this edition."""

    payer = tenant_key(Payer)
    week = models.DateField()
    changes = models.BigIntegerField()
    edition = models.IntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "payer", "week"], name="priced_week_once")]

    def __str__(self) -> str:
        return f"priced week {self.week}"


class PricedSum(TenantModel):
    """Answered lines of claims sent in `sent_week` whose standing answer became known in `week`: by procedure, and by
    the reason for which they are not priced ("": priced). `short_cents` are those of `short_lines`, past tolerance."""

    payer = tenant_key(Payer)
    sent_week = models.DateField()
    week = models.DateField()
    procedure_code = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    lines = models.IntegerField()
    billed_cents = models.BigIntegerField()
    allowed_cents = models.BigIntegerField()
    expected_cents = models.BigIntegerField(default=0)
    short_lines = models.IntegerField(default=0)
    short_cents = models.BigIntegerField(default=0)
    over_lines = models.IntegerField(default=0)
    over_cents = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "payer", "sent_week", "week", "procedure_code", "reason"], name="priced_sum_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "week", "payer"], name="priced_sum_by_week")]

    def __str__(self) -> str:
        return f"sum {self.pk} of priced lines"


class ShortLine(TenantModel):
    """A line that its payer allowed less than the contract says, past the tolerance, and what became of that.

    `adjudication_id` and `number` name the answered line (0: the claim as a whole). `stands` is false since a corrected
    price or claim no longer says so. `recovered_cents` came with a later answer.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    claim = tenant_key(Claim)
    adjudication_id = models.BigIntegerField()
    number = models.SmallIntegerField()
    payer = tenant_key(Payer)
    contract = tenant_key(Contract)
    rate = tenant_key(Rate)
    procedure_code = models.CharField(max_length=16)
    modifiers = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=4, blank=True)
    units = models.DecimalField(max_digits=12, decimal_places=3)
    service_date = models.DateField()
    decided_on = models.DateField()
    billed_cents = models.BigIntegerField()
    allowed_cents = models.BigIntegerField()
    expected_cents = models.BigIntegerField()
    short_cents = models.BigIntegerField()
    recovered_cents = models.BigIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DETECTED)
    stands = models.BooleanField(default=True)
    found_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="short_line_public_id"),
            models.UniqueConstraint(fields=["tenant", "claim", "number"], name="short_line_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-decided_on", "-id"], name="short_line_by_answer"),
            models.Index(fields=["tenant", "payer", "-decided_on", "-id"], name="short_line_of_payer"),
            models.Index(fields=["tenant", "rate"], name="short_line_of_rate"),
        ]

    def __str__(self) -> str:
        return f"underpaid line {self.public_id}"


class Step(Noted):
    """A move of an underpaid line, by a person or (`actor` "payer's answer") by a later answer; `undoes` one before."""

    line = tenant_key(ShortLine, related_name="steps")
    from_state = models.CharField(max_length=9, choices=State.choices)
    to_state = models.CharField(max_length=9, choices=State.choices)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    undoes = tenant_key("self", null=True)

    TABLE = "contracts_step"
    LONGEST_NOTE = NOTE_LENGTH

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "line", "id"], name="step_of_line")]

    def __str__(self) -> str:
        return f"step {self.pk} to {self.to_state}"
