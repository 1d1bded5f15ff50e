"""The register of authorizations, the claims that draw on each, and what was told of it. No PHI: people and numbers
stand sealed with what payers told, and are compared by blind index alone."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.authorizations.choices import How, Reason, SettingKind
from upstream.authorizations.choices import Mark as MarkChoice
from upstream.claims.choices import Approval, PayerType, Urgency
from upstream.core.db.models import TenantModel, tenant_key


class Entry(TenantModel):
    """One service of one authorization as it stands now: the newest word of the payer, what was asked, what is used.

    It is known by its number, else by the trace of the request, else by the one event; `told` is the newest of those.
    `used_units` are those of `used_claims` that stand; `due_at` is when the payer had to decide, by `due_source`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    told = tenant_key("claims.Authorization")
    payer = tenant_key("claims.Payer")
    number_bidx = models.BinaryField(max_length=16, null=True)
    trace_bidx = models.BinaryField(max_length=16, null=True)
    member_bidx = models.BinaryField(max_length=16, null=True)
    event_bidx = models.BinaryField(max_length=16)
    service = models.CharField(max_length=16, blank=True)
    procedure_code = models.CharField(max_length=16, blank=True)
    service_type = models.CharField(max_length=8, blank=True)
    diagnosis = models.CharField(max_length=16, blank=True)
    provider_npi = models.CharField(max_length=10, blank=True)
    action = models.CharField(max_length=4, blank=True)
    reason_code = models.CharField(max_length=8, blank=True)
    urgency = models.CharField(max_length=9, blank=True, choices=Urgency.choices)
    requested_units = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    approved_units = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    requested_at = models.DateTimeField(null=True)
    requested_date = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_date = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    first_known_at = models.DateTimeField()
    known_at = models.DateTimeField()
    used_units = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    recent_units = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    used_claims = models.IntegerField(default=0)
    claims_by_person = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    due_source = models.CharField(max_length=120, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name_plural = "entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="authorization_public_id"),
            models.UniqueConstraint(fields=["tenant", "event_bidx"], name="authorization_by_first_event"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "number_bidx"], name="register_by_number"),
            models.Index(fields=["tenant", "trace_bidx"], name="register_by_trace"),
            models.Index(fields=["tenant", "member_bidx"], name="register_by_member"),
            models.Index(fields=["tenant", "valid_until", "id"], name="register_by_end"),
            models.Index(fields=["tenant", "due_at"], name="register_by_due", condition=models.Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"authorization {self.public_id}"

    @property
    def approval(self) -> Approval:
        """How it stands."""
        return Approval(self.action) if self.action in Approval.values else Approval.OTHER


class Use(TenantModel):
    """A claim that draws on an entry, by `how` it was found; `covers`: its code fits, `inside`: its date of service."""

    entry = tenant_key(Entry, related_name="uses")
    claim = tenant_key("claims.Claim")
    how = models.CharField(max_length=6, choices=How.choices)
    units = models.DecimalField(max_digits=12, decimal_places=3)
    service_date = models.DateField(null=True)
    covers = models.BooleanField()
    inside = models.BooleanField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "entry", "claim"], name="use_once")]
        indexes: ClassVar = [models.Index(fields=["tenant", "claim"], name="use_by_claim")]

    def __str__(self) -> str:
        return f"use {self.pk} of authorization {self.entry_id}"


class Taken(TenantModel):
    """A file whose authorizations and claims stand in the register, as they were read at `loaded_at`."""

    batch = tenant_key("ingestion.Batch")
    loaded_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name_plural = "taken"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "batch"], name="file_taken_once")]

    def __str__(self) -> str:
        return f"batch {self.batch_id} taken"


class ToldMark(TenantModel):
    """A mark that an authorization has reached; `told`: in that day's digest, where it was the nearest one."""

    entry = tenant_key(Entry, related_name="marks")
    mark = models.CharField(max_length=4, choices=MarkChoice.choices)
    on_day = models.DateField()
    told = models.BooleanField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "entry", "mark"], name="mark_once")]
        indexes: ClassVar = [models.Index(fields=["tenant", "on_day"], name="mark_by_day")]

    def __str__(self) -> str:
        return f"mark {self.mark} of authorization {self.entry_id}"


class Need(TenantModel):
    """A payer has denied a procedure for lack of authorization, `denied` times of `decided` in the year before."""

    payer = tenant_key("claims.Payer")
    procedure_code = models.CharField(max_length=16)
    decided = models.IntegerField()
    denied = models.IntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "payer", "procedure_code"], name="need_once"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_code} at payer {self.payer_id}"


class Risk(TenantModel):
    """A claim that nobody has decided, and the first reason for which its authorization may have it denied."""

    claim = tenant_key("claims.Claim")
    entry = tenant_key(Entry, null=True)
    reason = models.CharField(max_length=8, choices=Reason.choices)
    found_on = models.DateField()
    service_date = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "claim"], name="risk_once")]
        indexes: ClassVar = [models.Index(fields=["tenant", "service_date", "id"], name="risk_by_service")]

    def __str__(self) -> str:
        return f"{self.reason} of claim {self.claim_id}"


class PayerSetting(TenantModel):
    """From a day on, a payer's own time for one thing; `payer` empty is every payer, `value` empty ends what was said.

    Days for the lead time, hours for decisions; `source` says where it is written, in the practice's own words.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    payer = tenant_key("claims.Payer", null=True)
    kind = models.CharField(max_length=9, choices=SettingKind.choices)
    value = models.SmallIntegerField(null=True)
    source = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField()
    said_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="payer_time_public_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.valid_from}"


class DecisionClock(models.Model):
    """Hours in which payers of a type decide a request, from a day on; the same for every practice, with its source.

    A type without a row has no clock that we know. `hours` empty: from that day on no clock binds the type.
    """

    payer_type = models.CharField(max_length=24)
    urgency = models.CharField(max_length=9, choices=Urgency.choices)
    hours = models.SmallIntegerField(null=True)
    valid_from = models.DateField()
    source = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payer_type", "urgency", "valid_from"], name="decision_clock_once"),
        ]

    def __str__(self) -> str:
        return f"{self.urgency} at {self.payer_type}"

    @property
    def payers(self) -> str:
        """The type in words."""
        return str(PayerType(self.payer_type).label)


class Upkeep(TenantModel):
    """The last day for which ends, needs and risks were told anew."""

    done_on = models.DateField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="upkeep_once")]

    def __str__(self) -> str:
        return f"upkeep of {self.done_on}"
