"""Who is told of which incidents, and whose turn it is."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models

from upstream.core.db.models import TenantModel, tenant_key
from upstream.core.db.versions import Versioned
from upstream.routing.choices import How, TargetKind
from upstream.routing.hours import Turns
from upstream.routing.quiet_models import Scoped
from upstream.tenants.choices import Role


class Rota(Versioned):
    """People (ids of members) who are on call for a week each, from `weekday` at `at` in the practice's time zone.

    `substitutes`: who takes one week in another's place, by the ISO date on which it begins.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    people: Any = models.JSONField(default=list)
    substitutes: Any = models.JSONField(default=dict)
    weekday = models.SmallIntegerField(default=0)
    at = models.TimeField()
    since = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta(Versioned.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "public_id"], name="rota_public_id")]

    def __str__(self) -> str:
        return f"rota {self.public_id}"

    def turns_in(self, zone: str) -> Turns:
        instead = {date.fromisoformat(week): person for week, person in self.substitutes.items()}
        return Turns(zone, self.weekday, self.at, self.since, self.people, instead)


class Rule(Scoped):
    """The people and channels that are told of incidents of its scope; `ended_at` when it counts no more."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    how = models.CharField(max_length=8, choices=How.choices, default=How.SEVERITY)
    author = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(Scoped.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "public_id"], name="rule_public_id")]


class Target(TenantModel):
    """One receiver of a rule: at once, or `after_hours` hours of work later if nobody has taken the incident up."""

    rule = tenant_key(Rule, related_name="targets")
    kind = models.CharField(max_length=8, choices=TargetKind.choices)
    role = models.CharField(max_length=16, choices=Role.choices, blank=True)
    member = tenant_key("tenants.Membership", null=True)
    rota = tenant_key(Rota, null=True)
    endpoint = tenant_key("delivery.Endpoint", null=True)
    after_hours = models.SmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "rule"], name="target_by_rule")]

    def __str__(self) -> str:
        return f"{self.kind} of rule {self.rule_id}"
