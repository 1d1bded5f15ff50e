"""What is to be said to whom and when, and what was decided of each opening and closing."""

import uuid
from typing import Any, ClassVar

from django.db import models

from upstream.alerts.choices import Severity
from upstream.core.db.models import TenantModel, tenant_key
from upstream.routing.choices import Channel, NoticeState, Verdict
from upstream.routing.quiet_models import Mute as Mute
from upstream.routing.quiet_models import Policy as Policy
from upstream.routing.quiet_models import Preference as Preference
from upstream.routing.quiet_models import Window as Window
from upstream.routing.rule_models import Rota as Rota
from upstream.routing.rule_models import Rule as Rule
from upstream.routing.rule_models import Target as Target


class Notice(TenantModel):
    """One thing said to one member or one endpoint over one channel, once.

    `said` holds words, counts, money, ids and a link: no PHI. `why` says in words what decided its state; it is let go
    when `due_at` has come, and dropped when it says `unless_taken_up` and somebody has acknowledged the incident.
    `at_once` marks what counts as an interruption; `window` the planned work that holds it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=80)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    recipient = tenant_key("tenants.Membership", null=True)
    endpoint = tenant_key("delivery.Endpoint", null=True)
    incident = tenant_key("alerts.Incident", null=True)
    window = tenant_key(Window, null=True)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    state = models.CharField(max_length=8, choices=NoticeState.choices)
    at_once = models.BooleanField(default=False)
    why = models.CharField(max_length=200, blank=True)
    said: Any = models.JSONField(default=dict)
    unless_taken_up = models.BooleanField(default=False)
    decided_at = models.DateTimeField()
    due_at = models.DateTimeField()
    let_go_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="notice_public_id"),
            models.UniqueConstraint(fields=["tenant", "kind", "about", "channel", "recipient"], name="noticed_once"),
            models.UniqueConstraint(fields=["tenant", "kind", "about", "endpoint"], name="notice_to_endpoint_once"),
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=True) ^ models.Q(endpoint__isnull=True), name="notice_receiver"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "state", "due_at"], name="notice_by_state"),
            models.Index(fields=["tenant", "recipient", "channel", "read_at"], name="notice_by_reader"),
            models.Index(fields=["tenant", "incident"], name="notice_by_incident"),
            models.Index(fields=["tenant", "decided_at"], name="notice_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} notice {self.public_id}"


class Decision(TenantModel):
    """What was decided of one opening, closing or waking of an incident, by which rules and why.

    `seen` is what it was decided by (severity, strength, innocent cause): where that changes, what was kept is decided
    anew.
    """

    incident = tenant_key("alerts.Incident", related_name="decisions")
    opening = tenant_key("alerts.Opening", null=True)
    transition = tenant_key("alerts.Transition", null=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    why = models.CharField(max_length=200, blank=True)
    rules: Any = models.JSONField(default=list)
    mute = tenant_key(Mute, null=True, related_name="kept_quiet")
    severity = models.CharField(max_length=8, choices=Severity.choices)
    seen = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "opening"], name="opening_decided_once"),
            models.UniqueConstraint(fields=["tenant", "transition"], name="closing_decided_once"),
            models.CheckConstraint(
                condition=models.Q(opening__isnull=True) ^ models.Q(transition__isnull=True), name="decides_one_thing"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "incident"], name="decision_by_incident"),
            models.Index(fields=["tenant", "mute"], name="decision_by_mute"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict}: incident {self.incident_id}"
