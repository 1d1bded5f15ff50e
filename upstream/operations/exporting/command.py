"""The options and the answer that all exports share."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from upstream.core.arguments import new_file
from upstream.operations.exporting.services import export, reader
from upstream.operations.exporting.shapes import Table
from upstream.operations.exporting.writers import WRITERS
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class ExportCommand(TenantCommand):
    """One table to one file."""

    def table(self, *, with_phi: bool) -> Table:
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=WRITERS, default="csv")
        parser.add_argument("--output", type=new_file, required=True, metavar="PATH")
        parser.add_argument("--with-phi", action="store_true", help="with whom the claims are about; is written down")
        parser.add_argument("--actor", default="", metavar="EMAIL", help="the member who asks for identifying values")
        parser.add_argument("--reason", default="", metavar="TEXT", help="why, for the access log")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        with_phi, path = options["with_phi"], options["output"]
        if with_phi and not options["actor"]:
            raise CommandError("--with-phi needs --actor EMAIL and --reason TEXT")
        table = self.table(with_phi=with_phi)
        opened_by = reader(options["actor"], options["reason"], table=table.name) if with_phi else None
        count = export(table, path, form=options["format"], opened_by=opened_by)
        facts = {"tenant": organization.slug, "file": str(path), "table": table.name, "rows": count, "phi": with_phi}
        self.answer(f"{path}: {count:,} rows{' with identifying values' if with_phi else ''}", facts)
