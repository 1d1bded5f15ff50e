"""`recompute`: an incident worked out again from its stored inputs."""

import uuid
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from upstream.alerts import queries
from upstream.alerts.recompute import differences
from upstream.core import tenancy
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization
from upstream.tenants.queries import organizations


class Command(TenantCommand):
    help = "Recomputes an incident from what was known at its last run; says identical, or what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("incident", type=uuid.UUID, metavar="INCIDENT_ID")
        parser.add_argument("--tenant", metavar="SLUG", help="the practice, where it is known")
        parser.add_argument("--json", action="store_true", help="print JSON instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        options["tenant"] = options["tenant"] or practice_of(options["incident"])
        super().handle(*args, **options)

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        with transaction.atomic():
            incident = queries.incident(options["incident"])
            if incident is None:
                raise CommandError("there is no such incident in this practice")
            found = differences(incident)
        lines = [f"{name}: was {was}, is {now}" for name, (was, now) in found.items()]
        self.answer(
            "\n".join(lines) or "identical",
            {"incident": incident.public_id, "identical": not found, "differs": found},
        )
        if found:
            raise SystemExit(1)


def practice_of(public_id: uuid.UUID) -> str:
    """Slug of the practice that has the incident; each is asked behind its own wall."""
    with tenancy.directory(), transaction.atomic():
        practices = list(organizations())
    for practice in practices:
        with tenancy.bind(practice.pk), transaction.atomic():
            if queries.incident(public_id) is not None:
                return practice.slug
    raise CommandError("there is no such incident")
