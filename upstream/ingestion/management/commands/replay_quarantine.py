"""`replay_quarantine`: rows that could not be loaded are read again, as after a change of mapping."""

from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.core.errors import Invalid
from upstream.core.stages import wake
from upstream.ingestion import corrections, queries
from upstream.ingestion.management.commands.ingest import load_now
from upstream.ingestion.models import Batch
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Reads rows that were set aside once more and loads those that can be read now."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--file", type=UUID, default=None, metavar="ID", help="only the rows of this file")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        fixed = still_open = 0
        for batch in files_with_waiting_rows(options["file"]):
            done = corrections.replay(batch, actor="command:replay_quarantine")
            fixed, still_open = fixed + done.fixed, still_open + done.still_open
            if done.fixed:
                with transaction.atomic():
                    made = list(queries.corrections_of(batch))
                for correction in made:
                    load_now(correction, "", None)
        wake(organization.pk)
        facts = {"tenant": organization.slug, "fixed": fixed, "still_open": still_open}
        self.answer(f"{organization.slug}: {fixed:,} rows loaded, {still_open:,} rows still wait", facts)


def files_with_waiting_rows(only: UUID | None) -> list[Batch]:
    """The file named, or every one with rows that wait."""
    with transaction.atomic():
        if only is None:
            return list(queries.batches_with_waiting_rows())
        found = queries.batch(only)
    if found is None:
        raise Invalid("no_such_file", "this practice has no such file")
    return [found]
