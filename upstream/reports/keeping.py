"""How long files of reports are kept, and their removal: a file goes when the last report that has it goes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    QuerySet,
    Value,
    When,
)

from upstream.core import clock, storage, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.delivery.choices import OutboxState
from upstream.delivery.models import Outbox
from upstream.reports import queries
from upstream.reports.models import Artifact
from upstream.tenants.services import tenant_keys

KEPT_AS = "reports"
AT_ONCE = 500
ON_THE_WAY = (OutboxState.QUEUED, OutboxState.PREPARING, OutboxState.SUBMITTING)


def guard_files() -> None:
    """Until the open transaction ends, nobody else removes files of the practice's reports, or writes down new ones."""
    one_at_a_time("report_files", tenancy.required())


def over(now: datetime) -> "QuerySet[Artifact]":
    """Files whose time is over: the definition's own, or else the practice's."""
    usual = queries.policy().kept_days
    days = Case(
        When(run__definition__kept_days=None, then=Value(usual)),
        default=F("run__definition__kept_days"), output_field=IntegerField(),
    )  # fmt: skip
    rows: QuerySet[Artifact] = Artifact.objects.filter(removed_at=None).annotate(days=days)
    age = ExpressionWrapper(Value(timedelta(days=1)) * F("days"), DurationField())
    return rows.filter(run__rendered_at__lt=ExpressionWrapper(Value(now) - age, DateTimeField())).order_by("pk")


def due_for_removal() -> list[int]:
    """Ids of files whose time is over, for the sweep."""
    return list(over(clock.now()).values_list("pk", flat=True)[:AT_ONCE])


def remove_artifact(artifact_id: int) -> bool:
    """The report has this file no more; its bytes go with the last that has them. False when it was done before."""
    now = clock.now()
    with transaction.atomic():
        guard_files()
        artifact = over(now).filter(pk=artifact_id).first()
        if artifact is None:
            return False
        Artifact.objects.filter(pk=artifact.pk).update(removed_at=now)
    _forget(artifact.sha256)
    return True


def _forget(sha256: str) -> bool:
    """The bytes are gone if no report has them and no mail is to carry them; whether they were removed."""
    with transaction.atomic():
        guard_files()
        wanted = Artifact.objects.filter(sha256=sha256, removed_at=None).exists()
        carried = Outbox.objects.filter(attachment_sha256=sha256, state__in=ON_THE_WAY).exists()
        if wanted or carried:
            return False
        storage.remove(KEPT_AS, sha256, tenant_keys())
    return True


def apply_retention() -> int:
    """Every file whose time is over is removed, and bytes that a lost worker left without a report; how many files.

    Bytes of today may belong to a report whose rows are not written yet: they wait until it is clear that none comes.
    """
    removed = 0
    while True:
        with transaction.atomic():
            ids = due_for_removal()
        if not ids:
            break
        removed += sum(remove_artifact(one) for one in ids)
    return removed + sum(_forget(sha256) for sha256 in _unknown())


def _unknown() -> list[str]:
    """Stored bytes that no report has, unless a report is being made right now."""
    with transaction.atomic():
        keys = tenant_keys()
        guard_files()
        if queries.being_made():
            return []
        known = set(Artifact.objects.filter(removed_at=None).values_list("sha256", flat=True))
    return [name for name in storage.stored(KEPT_AS, keys) if name not in known]
