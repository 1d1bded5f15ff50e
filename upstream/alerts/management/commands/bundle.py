"""`bundle`: everything an incident was worked out from, as a zip that checks itself."""

import uuid
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from upstream.alerts import queries
from upstream.alerts.bundle import bundle_of
from upstream.core.arguments import new_file
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Writes the bundle of one incident: inputs without what identifies patients, parameters, outputs, verifier."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("incident", type=uuid.UUID, metavar="INCIDENT_ID")
        parser.add_argument("--output", type=new_file, required=True, metavar="FILE.zip")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        with transaction.atomic():
            incident = queries.incident(options["incident"])
            if incident is None:
                raise CommandError("there is no such incident in this practice")
            content = bundle_of(incident, actor="command:bundle", practice=organization.name)
        options["output"].write_bytes(content)
        self.answer(
            f"{len(content):,} bytes in {options['output']}; check them with the verify.py inside",
            {"incident": incident.public_id, "output": str(options["output"]), "bytes": len(content)},
        )
