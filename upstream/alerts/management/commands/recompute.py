"""`recompute`: an incident worked out again from its stored inputs."""

import uuid
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from upstream.alerts import queries
from upstream.alerts.recompute import differences
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Recomputes an incident from what was known at its last run; says identical, or what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("incident", type=uuid.UUID, metavar="INCIDENT_ID")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        with transaction.atomic():
            incident = queries.incident(options["incident"])
            if incident is None:
                raise CommandError("there is no such incident in this practice")
            found = differences(incident)
        text = (
            "identical"
            if not found
            else "\n".join(f"{name}: was {was}, is {now}" for name, (was, now) in found.items())
        )
        self.answer(text, {"incident": incident.public_id, "identical": not found, "differs": found})
        if found:
            raise SystemExit(1)
