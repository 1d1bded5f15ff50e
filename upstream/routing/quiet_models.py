"""What a practice and its people have said about being disturbed."""

import uuid
from datetime import datetime, time
from typing import Any, ClassVar

from django.db import models

from upstream.alerts.choices import Severity
from upstream.core.db.models import tenant_key
from upstream.core.db.versions import Versioned
from upstream.routing.hours import Office, Quiet
from upstream.routing.rules import NOT_TOLD, Asked, Scope

DIGEST_FROM = [*Severity.choices, (NOT_TOLD, "None")]
CONDITION_LENGTH = 500


class QuietHours(Versioned):
    """Hours of each night and whole days (Monday is 0) in which nobody is disturbed. `version` grows at each edit."""

    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    quiet_days: Any = models.JSONField(default=list)

    class Meta(Versioned.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"quiet hours {self.pk}"

    def quiet_in(self, zone: str) -> Quiet:
        """The hours on the clocks of this zone."""
        return Quiet(zone, self.quiet_from, self.quiet_until, frozenset(self.quiet_days))


class Policy(QuietHours):
    """How the practice wants to be told; without a row, as the defaults say."""

    weekly_budget = models.SmallIntegerField(null=True, default=25)
    at_once_from = models.CharField(max_length=8, choices=Severity.choices, default=Severity.MEDIUM)
    digest_from = models.CharField(max_length=8, choices=DIGEST_FROM, default=Severity.MEDIUM)
    digest_at = models.TimeField(default=time(8))
    coalesce_days = models.SmallIntegerField(default=14)
    critical_any_time = models.BooleanField(default=False)
    office_from = models.TimeField(default=time(8))
    office_until = models.TimeField(default=time(17))
    office_days: Any = models.JSONField(default=list)
    learns = models.BooleanField(default=True)

    class Meta(QuietHours.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="policy_once")]

    @property
    def asked(self) -> Asked:
        return Asked(self.weekly_budget, self.at_once_from, self.digest_from, self.coalesce_days)

    def office_in(self, zone: str) -> Office:
        return Office(zone, self.office_from, self.office_until, frozenset(self.office_days or range(5)))


class Preference(QuietHours):
    """How one member wants to be told; a blank zone is the practice's."""

    member = tenant_key("tenants.Membership")
    zone = models.CharField(max_length=64, blank=True)
    digest_only = models.BooleanField(default=False)

    class Meta(QuietHours.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "member"], name="preference_once")]


class Scoped(Versioned):
    """Which incidents something is for; empty parts mean all. Amounts in cents, of what an incident has cost so far."""

    payers: Any = models.JSONField(default=list)
    categories: Any = models.JSONField(default=list)
    locations: Any = models.JSONField(default=list)
    metrics: Any = models.JSONField(default=list)
    codes: Any = models.JSONField(default=list)
    severities: Any = models.JSONField(default=list)
    least_cents = models.BigIntegerField(null=True)
    most_cents = models.BigIntegerField(null=True)
    condition = models.CharField(max_length=CONDITION_LENGTH, blank=True)

    SCOPE: ClassVar = (
        "payers", "categories", "locations", "metrics", "codes", "severities", "least_cents", "most_cents", "condition",
    )  # fmt: skip

    class Meta(Versioned.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"scope {self.pk}"

    @property
    def scope(self) -> Scope:
        return Scope(
            frozenset(self.payers), frozenset(self.categories), frozenset(self.locations), frozenset(self.metrics),
            frozenset(self.codes), frozenset(self.severities), self.least_cents, self.most_cents,
        )  # fmt: skip


class Mute(Scoped):
    """Incidents of which nobody is told until `expires_at`, who said so and why; `ended_at` when it was taken back."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    reason = models.CharField(max_length=300)
    author = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta(Scoped.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "public_id"], name="mute_public_id")]

    def holds_at(self, now: datetime) -> bool:
        return self.ended_at is None and self.made_at <= now < self.expires_at


class Window(Versioned):
    """Planned work, such as a change of systems: between its ends telling is held, and told together afterwards.

    Work that somebody ended keeps when it was to begin and to end, so that it can go on.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    reason = models.CharField(max_length=300, blank=True)
    author = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    planned_from = models.DateTimeField(null=True)
    planned_until = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta(Versioned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="window_public_id"),
            models.CheckConstraint(condition=models.Q(starts_at__lte=models.F("ends_at")), name="window_ends_later"),
        ]

    def __str__(self) -> str:
        return f"window {self.public_id}"

    def may_go_on(self, now: datetime) -> bool:
        """Whether it was ended before its time, which is not over yet."""
        return self.planned_until is not None and self.planned_until > now
