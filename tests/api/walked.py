"""What walks over every act look at: rows as they stand, and what the logs hold."""

import json
from typing import Any

from auditlog.models import LogEntry
from django.apps import apps
from django.db.models import Model

from tests.api.conftest import Caller
from upstream.audit.models import PHIAccess
from upstream.tenants.services import tenant_keys

COUNTED = {"version", "changed_at"}


def kept(row: Model, *without: str) -> dict[str, Any]:
    """Every column of the row but those that count its changes; sealed ones opened."""
    now, keys = type(row).objects.get(pk=row.pk), tenant_keys()
    names = [field.attname for field in row._meta.concrete_fields if field.name not in {*COUNTED, *without}]
    return {name: now.opened(name, keys) or "" if name.startswith("sealed_") else getattr(now, name) for name in names}


def changes(label: str) -> int:
    """How many changes of things of this kind stand in the audit log."""
    return LogEntry.objects.get_for_model(apps.get_model(label)).count()


def looks() -> list[str]:
    """What stands in the access log, as client."""
    rows = PHIAccess.objects.filter(actor__startswith="client:", outcome="granted").order_by("number")
    return list(rows.values_list("action", flat=True))


def done(caller: Caller, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = caller.post(path, body)
    assert answer.status_code in (200, 201, 202), answer.content
    said: dict[str, Any] = json.loads(answer.content)
    return said


def moves_of(table: Any) -> list[tuple[str, str]]:
    return [(start, to) for start, steps in table.items() for to in sorted(steps)]
