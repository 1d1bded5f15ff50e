"""Weekly reporting triangles: claims by the week they were submitted and the week each thing became known.

One small table per level that detection and the pages read, replaced whole for each dirty submission week, so that
they always equal a recount. `outcome` PENDING counts the claims themselves (known_week: when we learned of them);
the other outcomes count first decisions. Weeks are Mondays in the practice's time zone. Families count once.
"""

from typing import ClassVar

from django.db import models

from upstream.claims.choices import Outcome
from upstream.claims.models.payer import Payer
from upstream.core.db.models import TenantModel, tenant_key


class SubmissionWeek(TenantModel):
    """How often claims of a submission week have changed: what is derived from them and remembers less is stale."""

    week = models.DateField()
    changes = models.BigIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "week"], name="submission_week_once")]

    def __str__(self) -> str:
        return f"week of {self.week}"


class TriangleCell(TenantModel):
    payer = tenant_key(Payer)
    submitted_week = models.DateField()
    known_week = models.DateField()
    outcome = models.SmallIntegerField(choices=Outcome.choices)
    claims = models.IntegerField()
    billed_cents = models.BigIntegerField()
    allowed_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.submitted_week}"


def _once(name: str, *keys: str) -> list[models.BaseConstraint]:
    fields = ["tenant", "submitted_week", "payer", *keys, "known_week", "outcome"]
    return [models.UniqueConstraint(fields=fields, name=name)]


class PayerWeek(TriangleCell):
    class Meta(TriangleCell.Meta):
        constraints: ClassVar = _once("payer_week_once")


class ProcedureWeek(TriangleCell):
    procedure_group = models.CharField(max_length=32, blank=True)
    procedure_code = models.CharField(max_length=16, blank=True)

    class Meta(TriangleCell.Meta):
        constraints: ClassVar = _once("procedure_week_once", "procedure_group", "procedure_code")


class ReasonWeek(TriangleCell):
    """First denials by reason; the claims of every reason are the payer's, in PayerWeek."""

    category = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=11, blank=True)

    class Meta(TriangleCell.Meta):
        constraints: ClassVar = _once("reason_week_once", "category", "reason")


class SiteWeek(TriangleCell):
    """site 0 stands for claims whose file named no place."""

    site_id = models.BigIntegerField(default=0)

    class Meta(TriangleCell.Meta):
        constraints: ClassVar = _once("site_week_once", "site_id")
