"""`verify_audit_export`: whether an exported access log is as it was exported."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from upstream.audit.exporting import verify
from upstream.core.errors import Unreadable


class Command(BaseCommand):
    help = "Check the signature and sums of a ZIP file that export_audit or the portal made."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as source:
                manifest = verify(source)
        except Unreadable as exc:
            raise CommandError(exc.message) from exc
        self.stdout.write(
            f"{manifest['tenant']}: {manifest['entries']:,} entries, as exported {manifest['exported_at']}"
        )
