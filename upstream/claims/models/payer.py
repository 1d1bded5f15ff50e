"""Payers as a practice knows them, the names that files give them, and the meaning of adjustment codes."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.claims.choices import Decided, Doubt, How, MoveState, PayerType, ProductClass
from upstream.core.db.models import TenantModel, tenant_key


class PayerOrg(TenantModel):
    """The company behind one or more payers."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "name_key"], name="payer_org_once")]

    def __str__(self) -> str:
        return self.name


class Payer(TenantModel):
    """An adjudicating entity as this practice knows it, of one product class; the unit that rates are counted by.

    `type_from` is "name" where a name says the type, "person" where somebody said it. A payer that turned out to be
    another one is kept for its history; `counted_with` is where its claims stand now.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    named_by_person = models.BooleanField(default=False)
    org = tenant_key(PayerOrg, null=True)
    state = models.CharField(max_length=20, blank=True)
    product_class = models.CharField(max_length=20, choices=ProductClass.choices, default=ProductClass.COMMERCIAL)
    payer_type = models.CharField(max_length=24, choices=PayerType.choices, default=PayerType.UNKNOWN)
    type_from = models.CharField(max_length=8, blank=True, choices=[("name", "its name"), ("person", "a person")])
    counted_with = tenant_key("self", null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "name_key"], name="payer_once_per_tenant"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="payer_public_id"),
        ]

    def __str__(self) -> str:
        return self.name


class Product(TenantModel):
    """A product of a payer that its names tell apart, like PPO and HMO."""

    payer = tenant_key(Payer)
    name = models.CharField(max_length=40)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "payer", "name"], name="product_once")]

    def __str__(self) -> str:
        return f"{self.name} of payer {self.payer_id}"


class RawPayer(TenantModel):
    """A payer as one source names it: each name and identifier once, as best spelled. Claims keep which one it was."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    source_system = models.CharField(max_length=20, blank=True)
    raw_name = models.CharField(max_length=200, blank=True)
    raw_id = models.CharField(max_length=80, blank=True)
    name_key = models.CharField(max_length=200, blank=True)
    id_key = models.CharField(max_length=80, blank=True)
    first_seen = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "source_system", "name_key", "id_key"], name="raw_payer_once"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="raw_payer_public_id"),
        ]

    def __str__(self) -> str:
        return f"raw payer {self.pk}"


class PayerAlias(TenantModel):
    """To which payer a raw name belonged from when until when. A row is closed and another opened, never rewritten."""

    raw = tenant_key(RawPayer, related_name="aliases")
    payer = tenant_key(Payer, related_name="aliases")
    product = tenant_key(Product, null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    how = models.CharField(max_length=12, choices=How.choices)
    confidence = models.DecimalField(max_digits=3, decimal_places=2)
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "raw"], condition=models.Q(valid_until=None), name="alias_one_now"
            ),
        ]

    def __str__(self) -> str:
        return f"raw payer {self.raw_id} of payer {self.payer_id}"


class PayerDoubt(TenantModel):
    """Two raw names of two payers that may be one. Open until a person says; "own" keeps the two apart for good."""

    first = tenant_key(RawPayer)
    second = tenant_key(RawPayer)
    reason = models.CharField(max_length=12, choices=Doubt.choices, blank=True)
    raised_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Decided.choices, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "first", "second"], name="doubt_once")]

    def __str__(self) -> str:
        return f"raw payers {self.first_id} and {self.second_id}"


class PayerMove(TenantModel):
    """One decision on payer names. While WAITING the claims of `raws` still stand under `source`.

    `first_week` and `last_week`: the Mondays of the claims moved, by submission, `first_decision` and `last_decision`
    those by which their decisions were known. `answered` are the doubts that it settled.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    decided = models.CharField(max_length=8, choices=Decided.choices)
    state = models.CharField(max_length=8, choices=MoveState.choices, default=MoveState.WAITING)
    source = tenant_key(Payer)
    target = tenant_key(Payer)
    raws = models.JSONField(default=list)
    answered = models.JSONField(default=list)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    claims = models.IntegerField(default=0)
    billed_cents = models.BigIntegerField(default=0)
    first_week = models.DateField(null=True)
    last_week = models.DateField(null=True)
    first_decision = models.DateField(null=True)
    last_decision = models.DateField(null=True)
    undoes = tenant_key("self", null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="payer_move_public_id"),
            models.UniqueConstraint(fields=["tenant", "undoes"], name="payer_move_undone_once"),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk} on payer {self.source_id}"


class CarcRule(models.Model):
    """What one claim adjustment reason code means from a date on; shared by all tenants, our own words."""

    carc = models.CharField(max_length=8)
    category = models.CharField(max_length=16)
    adjustment_class = models.CharField(max_length=16)
    first_action = models.CharField(max_length=200, blank=True)
    clock = models.CharField(max_length=32, blank=True)
    valid_from = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["carc", "valid_from"], name="carc_rule_once")]

    def __str__(self) -> str:
        return f"CARC {self.carc}: {self.category}"
