"""What incidents brought back, tied to what payers paid."""

from typing import ClassVar

from django.db import models

from upstream.alerts.choices import ValueKind
from upstream.core.db.models import TenantModel, tenant_key


class ValueLine(TenantModel):
    """What one answer of a payer to one claim adds to an incident's recovered or avoided money; cents, may be < 0.

    `adjudication_id` is the answer's number, kept without a tie: a file that is read again takes its answers with it,
    and the next settling the line. `day` is the practice's day on which the answer became known.
    """

    incident = tenant_key("alerts.Incident", related_name="value_lines")
    claim = tenant_key("claims.Claim")
    kind = models.CharField(max_length=9, choices=ValueKind.choices)
    adjudication_id = models.BigIntegerField()
    day = models.DateField()
    paid_cents = models.BigIntegerField()
    counted_cents = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "adjudication_id", "kind"], name="value_once_an_answer")
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "day"], name="value_by_day"),
            models.Index(fields=["tenant", "incident"], name="value_by_incident"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by answer {self.adjudication_id}"


class ValueBook(TenantModel):
    """Up to which steps, looks and files the practice's value lines are settled."""

    upto = models.CharField(max_length=120)
    settled_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="one_value_book")]

    def __str__(self) -> str:
        return f"settled at {self.settled_at}"
