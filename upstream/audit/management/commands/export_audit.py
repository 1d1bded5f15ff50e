"""`export_audit`: the access log of a period as JSON lines with a manifest, in one ZIP."""

import hashlib
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.audit.queries import accesses
from upstream.audit.services import record_access, verify_chain
from upstream.core import clock
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization

FIELDS = ("number", "at", "actor", "action", "subject", "records", "purpose", "outcome", "request_id")


class Command(TenantCommand):
    help = "Write a tenant's access log of a period to a ZIP file; the export itself is logged."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--from", dest="first", type=date.fromisoformat, default=date.min)
        parser.add_argument("--to", dest="last", type=date.fromisoformat, default=date.max)
        parser.add_argument("--output", type=Path, required=True)

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        with transaction.atomic():
            record_access(actor="command:export_audit", action="export_audit", subject=organization.slug)
            rows = accesses(options["first"], options["last"]).values(*FIELDS, "link")
            lines = [json.dumps({**row, "at": row["at"].isoformat(), "link": bytes(row["link"]).hex()}) for row in rows]
            state = verify_chain()
        body = "".join(f"{line}\n" for line in lines)
        manifest = {
            "tenant": organization.slug,
            "from": str(options["first"]),
            "to": str(options["last"]),
            "entries": len(lines),
            "sha256": hashlib.sha256(body.encode()).hexdigest(),
            "chain_entries": state.entries,
            "chain_head": state.head,
            "chain_ok": not state.broken_at,
            "exported_at": clock.now().isoformat(),
        }
        with zipfile.ZipFile(options["output"], "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("accesses.jsonl", body)
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        self.answer(f"{organization.slug}: {len(lines):,} entries in {options['output']}", manifest)
