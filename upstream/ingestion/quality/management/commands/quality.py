"""`quality`: look at every file (again), and say what was found."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.ingestion.quality import queries, services, wording
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Look at the data of a tenant: files not looked at yet, or all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--again", action="store_true", help="look at every file, not only at new ones")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        with transaction.atomic():
            files = services.measure_new(again=options["again"])
            found = list(queries.open_findings())
            weeks = queries.weekly_scores(organization.time_zone, 1)
        lines = [
            f"  {row.severity}: {wording.counted(row.check_name, row.count, row.of, row.detail)}"
            f" ({row.payer.name if row.payer else 'all payers'}, {row.first_day} to {row.last_day})"
            for row in found
        ]
        head = f"{files} files looked at, {len(found)} open findings, newest week's score " + (
            f"{weeks[-1].score:.0f} of 100." if weeks else "not known yet."
        )
        facts = {
            "files": files,
            "score": round(weeks[-1].score, 1) if weeks else None,
            "findings": [
                {
                    "id": row.public_id, "check": row.check_name, "severity": row.severity,
                    "payer": row.payer.name if row.payer else "", "count": row.count, "of": row.of,
                    "first_day": row.first_day, "last_day": row.last_day,
                }
                for row in found
            ],
        }  # fmt: skip
        self.answer("\n".join([head, *lines]), facts)
