from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.audit.services import KEPT_FOR, forget_before
from upstream.core import clock
from upstream.operations.retention import archive_files, forget_files, forget_unfinished
from upstream.reports.keeping import apply_retention as forget_reports
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Compresses raw files; removes old access log entries, raw files and rows, reports' and unfinished files."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--files-days", type=int, default=KEPT_FOR.days, metavar="DAYS",
            help="how long raw files and rejected rows are kept (default: as long as the access log)",
        )  # fmt: skip
        parser.add_argument(
            "--archive-days", type=int, default=30, metavar="DAYS", help="after how long raw files are compressed"
        )

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        now = clock.now()
        archived = archive_files(now - timedelta(days=options["archive_days"]))
        removed = forget_files(now - timedelta(days=options["files_days"]))
        removed["unfinished"] = forget_unfinished(now - timedelta(days=1))
        removed["reports"] = forget_reports()
        with transaction.atomic():
            removed["accesses"] = forget_before(now - KEPT_FOR, actor="command:apply_retention")
        words = (
            f"{removed['accesses']:,} accesses, {removed['files']:,} files, {removed['rejections']:,} rejected rows,"
            f" {removed['unfinished']:,} unfinished files, {removed['reports']:,} files of reports"
        )
        facts = {"tenant": organization.slug, "removed": removed, "archived": archived}
        self.answer(f"{organization.slug}: removed {words}; compressed {archived:,} files", facts)
