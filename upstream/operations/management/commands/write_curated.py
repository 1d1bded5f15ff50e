from typing import Any

from django.core.management.base import CommandParser

from upstream.operations.curated import write_curated
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Writes a practice's curated facts, without identifying values, as Parquet partitioned by month."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--all", action="store_true", help="also the months whose facts have not changed")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        done = write_curated(organization.pk, organization.slug, everything=options["all"])
        words = f"{done['written']:,} months written, {done['kept']:,} unchanged, {done['removed']:,} removed"
        self.answer(f"{organization.slug}: {words}", {"tenant": organization.slug, **done})
