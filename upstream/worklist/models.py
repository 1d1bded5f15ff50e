"""Denied claims to work: one row a family whose denial stands, who has it, and everything that was done to it."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.alerts.choices import ClockAction
from upstream.core.db.models import TenantModel, tenant_key
from upstream.core.phi.notes import Noted
from upstream.worklist.choices import ActKind, Intake, Step

NOTE_LENGTH = 2000


class Item(TenantModel):
    """One denied claim: `claim` is the first of its family, `decision_id` the payer's answer that stands now (0: none).

    `expected_cents` is what the claim should still bring when it is paid, `recovery_cents` what of that usually comes
    back: `share` of it. `deadline` is the last day of the payer's window, `internal_due` ours before it; `clock_*` say
    how many days run from the decision, who says so and how sure that is. Closed since `closed_at`, for `closed_for`.
    `version` counts its changes: who saw an older one is told what changed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    claim = tenant_key("claims.Claim")
    payer = tenant_key("claims.Payer")
    decision_id = models.BigIntegerField()
    decided_date = models.DateField()
    sent_again = models.DateField(null=True)
    service_date = models.DateField(null=True)
    procedure_code = models.CharField(max_length=16, blank=True)
    partial = models.BooleanField(default=False)
    category = models.CharField(max_length=16)
    denial_group = models.CharField(max_length=2, blank=True)
    denial_carc = models.CharField(max_length=8, blank=True)
    remark_codes = models.CharField(max_length=60, blank=True)
    billed_cents = models.BigIntegerField()
    allowed_cents = models.BigIntegerField(default=0)
    expected_cents = models.BigIntegerField()
    share = models.FloatField(default=0.0)
    recovery_cents = models.BigIntegerField(default=0)
    action = models.CharField(max_length=10, choices=ClockAction.choices)
    deadline = models.DateField()
    internal_due = models.DateField()
    clock_days = models.SmallIntegerField()
    clock_basis = models.CharField(max_length=12)
    clock_source = models.CharField(max_length=80)
    clock_confidence = models.CharField(max_length=8)
    step = models.CharField(max_length=12, choices=Step.choices, default=Step.UNTOUCHED)
    owner = tenant_key("tenants.Membership", null=True)
    snoozed_until = models.DateField(null=True)
    version = models.IntegerField(default=1)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_for = models.CharField(max_length=120, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "claim"], name="item_once_per_claim"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="item_public_id"),
        ]
        indexes: ClassVar = [
            # The list as it is worked: by deadline, then by what it should bring.
            models.Index(
                fields=["tenant", "deadline", "-recovery_cents", "id"],
                name="item_by_deadline", condition=models.Q(closed_at=None),
            ),
            models.Index(
                fields=["tenant", "owner", "deadline", "-recovery_cents", "id"],
                name="item_by_owner", condition=models.Q(closed_at=None),
            ),
            models.Index(
                fields=["tenant", "payer", "deadline", "-recovery_cents", "id"],
                name="item_by_payer", condition=models.Q(closed_at=None),
            ),
            models.Index(
                fields=["tenant", "snoozed_until", "id"], name="item_aside", condition=~models.Q(snoozed_until=None)
            ),
            models.Index(
                fields=["tenant", "-closed_at", "-id"], name="item_closed", condition=~models.Q(closed_at=None)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"item {self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def reason(self) -> str:
        """ "CO-197", or the code alone."""
        return "-".join(part for part in (self.denial_group, self.denial_carc) if part)


class Act(TenantModel):
    """One act of one actor upon one item or many; taken back whole, by an act that names it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=ActKind.choices)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    items = models.IntegerField()
    undoes = tenant_key("self", null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="act_public_id"),
            models.UniqueConstraint(fields=["tenant", "undoes"], name="act_undone_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "actor", "-id"], name="act_by_actor")]

    def __str__(self) -> str:
        return f"act {self.public_id}"


class Event(Noted):
    """What one act did to one item; only added. `version` is the item's after it. The note is sealed.

    `said` are the list's own words where it did something by itself.
    """

    act = tenant_key(Act, related_name="events")
    item = tenant_key(Item, related_name="events")
    version = models.IntegerField()
    from_step = models.CharField(max_length=12, choices=Step.choices)
    to_step = models.CharField(max_length=12, choices=Step.choices)
    owner_before = tenant_key("tenants.Membership", null=True)
    owner_after = tenant_key("tenants.Membership", null=True)
    snoozed_before = models.DateField(null=True)
    snoozed_after = models.DateField(null=True)
    said = models.CharField(max_length=120, blank=True)

    TABLE = "worklist_event"
    LONGEST_NOTE = NOTE_LENGTH

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "item", "version"], name="event_once_per_version"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "act"], name="event_by_act")]

    def __str__(self) -> str:
        return f"version {self.version} of item {self.item_id}"


class Recovery(TenantModel):
    """What of a payer's denials of one category usually comes back, by this practice's own history up to `as_of`.

    Of `claims` settled denials `won` were paid later; `share` leans on `from_share`, which the next wider circle has
    shown (`leans_on` says which), and lies between `low` and `high` with 80 % probability. A row without a payer is of
    the category at all payers; one without a category either, of all denials.
    """

    payer = tenant_key("claims.Payer", null=True)
    category = models.CharField(max_length=16, blank=True)
    claims = models.IntegerField()
    won = models.IntegerField()
    share = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    from_share = models.FloatField()
    as_of = models.DateField()

    class Meta(TenantModel.Meta):
        verbose_name_plural = "recoveries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "payer", "category"], name="recovery_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.category or 'all denials'} of payer {self.payer_id}"


class Taken(TenantModel):
    """What the list has taken in last of one thing; `mark` says in which state of it."""

    kind = models.CharField(max_length=5, choices=Intake.choices)
    ref = models.BigIntegerField()
    mark = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name_plural = "taken in"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "kind", "ref"], name="taken_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Feed(TenantModel):
    """A person's calendar address. Its key is kept as a hash alone; who holds it reads counts, money and links."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    member = tenant_key("tenants.Membership")
    key_hash = models.CharField(max_length=64)
    everybody = models.BooleanField(default=False, help_text="Also what nobody has and what others have.")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "key_hash"], name="feed_key_once"),
            models.UniqueConstraint(
                fields=["tenant", "member"], condition=models.Q(revoked_at=None), name="feed_one_a_member"
            ),
        ]

    def __str__(self) -> str:
        return f"calendar feed {self.public_id}"
