"""What happened to an incident, step by step."""

from typing import ClassVar

from django.db import models

from upstream.alerts.choices import IncidentState, ResolutionOutcome, StepKind
from upstream.core.db.models import TenantModel, tenant_key
from upstream.core.phi.notes import Noted

NOTE_LENGTH = 1000


class Transition(Noted):
    """One step in an incident's life. Undo is another step that names the one it takes back.

    `changes` holds what it changed of the incident, by field: before and after; `version` is the incident's after it.
    Steps of one act on several incidents share `bulk`. Its note, or the text of a comment, is sealed: people write
    names of patients where they are asked not to.
    """

    incident = tenant_key("alerts.Incident", related_name="transitions")
    kind = models.CharField(max_length=10, choices=StepKind.choices, default=StepKind.MOVED)
    version = models.IntegerField(default=1)
    changes = models.JSONField(default=dict)
    bulk = models.UUIDField(null=True)
    from_state = models.CharField(max_length=12, choices=IncidentState.choices, blank=True)
    to_state = models.CharField(max_length=12, choices=IncidentState.choices)
    outcome = models.CharField(max_length=12, choices=ResolutionOutcome.choices, blank=True)
    actor = models.CharField(max_length=80)
    undoes = tenant_key("self", null=True)
    owner_before = tenant_key("tenants.Membership", null=True)
    owner_after = tenant_key("tenants.Membership", null=True)
    at = models.DateTimeField()

    TABLE = "alerts_transition"
    LONGEST_NOTE = NOTE_LENGTH

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "undoes"], name="undone_once")]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "incident"], name="transition_by_incident"),
            models.Index(fields=["tenant", "bulk"], condition=models.Q(bulk__isnull=False), name="transition_by_bulk"),
        ]

    def __str__(self) -> str:
        return f"{self.from_state or 'start'} to {self.to_state}"
