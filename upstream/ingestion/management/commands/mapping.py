"""`mapping`: list, propose, export and import mapping profiles, for people who script."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.core.errors import Invalid
from upstream.core.stages import wake
from upstream.ingestion import mapping, queries, rereading
from upstream.ingestion.formats.mapping import propose
from upstream.ingestion.formats.profile import as_json, from_json
from upstream.ingestion.management.commands.ingest import load_now, pieces_of
from upstream.ingestion.models import Batch
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization
from upstream.tenants.services import tenant_keys

ACTOR = "command:mapping"
ACTIONS = {
    "list": "the mappings in use and retired",
    "propose": "PATH of a file: what its mapping could be, as JSON to be looked through",
    "export": "NAME of a mapping: what it says, as JSON",
    "import": "PATH of such JSON, - for standard input: kept as the next version of its name",
    "retire": "NAME of a mapping: it is applied to no file any more",
    "read-again": "NAME of a mapping: files that other versions of it read are read again under the one in use",
}


class Command(TenantCommand):
    help = "How files in other columns are read: " + "; ".join(f"{name}: {words}" for name, words in ACTIONS.items())

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("action", choices=[*ACTIONS])
        parser.add_argument("what", nargs="?", default="", metavar="NAME|PATH")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        action, what = options["action"], options["what"]
        if action != "list" and not what:
            raise Invalid("missing_argument", f"{action} needs a {ACTIONS[action].partition(' ')[0]}")
        getattr(self, f"_{action.replace('-', '_')}")(what)

    def _list(self, _what: str) -> None:
        with transaction.atomic():
            rows = list(queries.mappings())
        for row in rows:
            state = "in use" if row.active else "retired"
            self.answer(
                f"{row.name}: version {row.version}, {state}, {row.columns} columns",
                {"name": row.name, "version": row.version, "active": row.active, "columns": row.columns,
                 "source": row.source, "created_at": row.created_at, "created_by": row.created_by},
            )  # fmt: skip

    def _propose(self, what: str) -> None:
        path = Path(what)
        try:
            _, table = mapping.table_in(pieces_of(path))
        except OSError as exc:
            raise Invalid("unreadable_path", f"{path.name} cannot be read") from exc
        found = propose(table)
        told = {"name": path.stem[: mapping.LONGEST_NAME], **as_json(found.profile)}
        self.stdout.write(json.dumps(told, indent=None if self.as_json else 2))
        for name in (*found.missing, *found.doubts):
            self.stderr.write(f"to be looked at: {name}")

    def _export(self, what: str) -> None:
        with transaction.atomic():
            row = mapping.named(what)
            told = {"name": row.name, "source": row.source, **as_json(row.profile(tenant_keys()))}
        self.stdout.write(json.dumps(told, indent=None if self.as_json else 2))

    def _import(self, what: str) -> None:
        told = _read(what)
        name, source = str(told.pop("name", "")), str(told.pop("source", ""))[:40]
        with transaction.atomic():
            row = mapping.keep(profile=from_json(told), name=name, actor=ACTOR, source=source)
        self.answer(f"{row.name}: version {row.version} is in use", {"name": row.name, "version": row.version})

    def _retire(self, what: str) -> None:
        with transaction.atomic():
            row = mapping.named(what)
            mapping.retire(row)
        self.answer(f"{row.name}: retired", {"name": row.name, "version": row.version})

    def _read_again(self, what: str) -> None:
        with transaction.atomic():
            row = mapping.named(what)
            files = [batch.pk for batch in rereading.read_under_others(row)]
            rereading.read_all_again(row, actor=ACTOR)
        for pk in files:
            batch = load_now(Batch(pk=pk), "", None)
            told = _told_of(batch)
            withdrawn = (
                f"{told['withdrawn_answers']:,} answers, and what was said of {told['withdrawn_claims']:,} claims"
            )
            words = f"{batch.claims:,} claims, {batch.rejected:,} rows set aside; withdrawn: {withdrawn}"
            self.answer(f"{batch.public_id}: {batch.error_message or words}", told)
        if not files:
            self.answer(f"{row.name}: version {row.version} read all of its files", {"files": 0})
        wake(row.tenant_id)


def _read(what: str) -> dict[str, Any]:
    try:
        told = json.loads(sys.stdin.read() if what == "-" else Path(what).read_text())
    except (OSError, ValueError) as exc:
        raise Invalid("unreadable_path", "this is no JSON that can be read") from exc
    if not isinstance(told, dict):
        raise Invalid("bad_profile", "a mapping is an object")
    return told


def _told_of(batch: Batch) -> dict[str, Any]:
    """What came of a file that was read again."""
    withdrawn = {code: batch.notices.get(code, 0) for code in ("withdrawn_claims", "withdrawn_answers")}
    counts = {"claims": batch.claims, "rejected": batch.rejected, **withdrawn}
    return {"file": batch.public_id, "status": batch.status, **counts, "error": batch.error_message}
