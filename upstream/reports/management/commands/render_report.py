import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from upstream.core import clock
from upstream.core.arguments import day, new_file
from upstream.reports.kinds import KINDS, Subject
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Writes one report to a file, as known at the end of a day; keeps and mails nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--kind", choices=KINDS, default="weekly")
        parser.add_argument("--about", default="", metavar="ID", help="the incident or payer that it is about")
        parser.add_argument("--as-of", type=day, metavar="DATE", help="default: today in the practice")
        parser.add_argument("--format", choices=("pdf", "xlsx", "docx"), default="pdf")
        parser.add_argument("--output", type=new_file, required=True, metavar="PATH")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        as_of, kind = options["as_of"] or clock.today(organization.time_zone), KINDS[options["kind"]]
        if options["format"] not in kind.formats:
            raise CommandError(f"this kind comes as {', '.join(kind.formats)}")
        with transaction.atomic():
            subject = Subject(as_of, options["about"], f"{settings.PORTAL_BASE_URL}/portal/reports/")
            made = kind.make(subject)
        content, said = made.files[options["format"]](), made.summary
        write_whole(options["output"], content)
        facts = {
            "file": str(options["output"]),
            "report": said.report_id,
            "as_of": as_of,
            "period_start": said.period_start,
            "period_end": said.period_end,
            **said.facts,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "content_hash": said.content_hash,
        }
        self.answer(f"{options['output']}: {said.report_id}, {len(content):,} bytes", facts)


def write_whole(path: Path, content: bytes) -> None:
    """The file is there with all of its bytes, or not at all; CommandError when it cannot be written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as exc:
        part.unlink(missing_ok=True)
        raise CommandError(f"cannot write {path}: {exc.strerror}") from exc
