"""Changes of settings and people in the bound practice, with the values before and after."""

from datetime import date, timedelta
from typing import Any

from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from upstream.audit.registrations import FIELDS
from upstream.core import clock, tenancy
from upstream.tenants.models import Membership, Organization, User

# What people do all day stands in the histories of incidents and letters.
EVERYDAY = {"alerts.Transition"}
WATCHED = tuple(label for label in FIELDS if label not in EVERYDAY)


def changes(label: str, person: str, first: date | None, last: date | None, time_zone: str) -> QuerySet[LogEntry]:
    """Newest first, of one kind of thing (`tenants.Membership`) or all, by one person (public id) or all. One query.

    Entries carry no practice: those of things that this practice has are its own.
    """
    rows = LogEntry.objects.filter(_of(WATCHED if label not in WATCHED else (label,)))
    if person:
        rows = rows.filter(actor__public_id=person)
    if first:
        rows = rows.filter(timestamp__gte=clock.start_of(first, time_zone))
    if last:
        rows = rows.filter(timestamp__lt=clock.start_of(last + timedelta(days=1), time_zone))
    found: QuerySet[LogEntry] = rows.select_related("actor", "content_type").order_by("-timestamp", "-pk")
    return found


def _of(labels: tuple[str, ...]) -> Q:
    models: list[type[Model]] = [apps.get_model(label) for label in labels]
    kinds = ContentType.objects.get_for_models(*models)
    return Q(*[Q(content_type=kinds[model], object_id__in=_ids(model)) for model in models], _connector=Q.OR)


def _ids(model: Any) -> Any:
    """Ids of the practice's own rows of the model."""
    if model is User:
        return Membership.objects.values("user_id")
    return [tenancy.required()] if model is Organization else model.objects.values("pk")
