import hashlib
import os
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from upstream.core import clock
from upstream.reports.assemble import assemble
from upstream.reports.choices import ReportKind
from upstream.reports.services import FORMATS, render
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Writes one report to a file, as known at the end of a day; keeps and mails nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--kind", choices=ReportKind.values, default=ReportKind.WEEKLY)
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="default: today in the practice")
        parser.add_argument("--format", choices=FORMATS, default="pdf")
        parser.add_argument("--output", type=Path, required=True, metavar="PATH")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        as_of = options["as_of"] or clock.today(organization.time_zone)
        with transaction.atomic():
            made = assemble(as_of, portal_url=f"{settings.PORTAL_BASE_URL}/portal/reports/")
        content = render(made, organization, options["format"])
        write_whole(options["output"], content)
        report = made.report
        facts = {
            "file": str(options["output"]),
            "report": report.id,
            "as_of": as_of,
            "period_start": report.period_start,
            "period_end": report.period_end,
            "open_incidents": len(report.open_incidents),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "content_hash": report.content_hash,
        }
        self.answer(f"{options['output']}: {report.id}, {len(content):,} bytes", facts)


def write_whole(path: Path, content: bytes) -> None:
    """The file is there with all of its bytes, or not at all; CommandError when it cannot be written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as exc:
        part.unlink(missing_ok=True)
        raise CommandError(f"cannot write {path}: {exc.strerror}") from exc
