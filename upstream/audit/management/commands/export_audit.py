"""`export_audit`: the access log of a period as a signed ZIP; see `audit.exporting`."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.audit.exporting import export
from upstream.audit.queries import Asked
from upstream.core.arguments import day, new_file
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Write a tenant's access log of a period to a signed ZIP file; the export itself is logged."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--from", dest="first", type=day, default=None)
        parser.add_argument("--to", dest="last", type=day, default=None)
        parser.add_argument("--output", type=new_file, required=True)

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        asked = Asked(first=options["first"], last=options["last"])
        with transaction.atomic(), options["output"].open("wb") as target:
            manifest = export(asked, target, actor="command:export_audit", practice=organization)
        self.answer(f"{organization.slug}: {manifest['entries']:,} entries in {options['output']}", manifest)
