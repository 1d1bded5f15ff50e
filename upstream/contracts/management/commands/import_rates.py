"""`import_rates`: the prices of a payer's contract from a fee schedule."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from upstream.contracts import queries
from upstream.contracts.loading import load_file
from upstream.core.arguments import file_there
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization

ACTOR = "command:import_rates"
FAULTS_SHOWN = 50


class Command(TenantCommand):
    help = "Loads a fee schedule (CSV or Excel) into a payer's contract. The same file again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--payer", required=True, metavar="NAME", help="the payer as the practice calls it")
        parser.add_argument("--contract", default="", metavar="NAME", help="which one, where the payer has several")
        parser.add_argument("file", type=file_there, metavar="FILE")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as exc:
            raise CommandError(f"{options['file']}: {exc.strerror}", returncode=1) from exc
        with transaction.atomic():
            contract = queries.contract_named(options["payer"], options["contract"])
            load = load_file(contract, [data], actor=ACTOR)
        shown = [f"  line {row['line']}, {row['field']}: {row['words']}" for row in load.faults[:FAULTS_SHOWN]]
        words = (
            f"{contract.payer.name}, {contract.name}: {load.added:,} prices added, {load.replaced:,} replaced,"
            f" {load.same:,} unchanged, {load.refused:,} rows refused"
        )
        facts = {
            "payer": contract.payer.name, "contract": contract.public_id, "load": load.public_id, "added": load.added,
            "replaced": load.replaced, "same": load.same, "refused": load.refused, "faults": load.faults,
        }  # fmt: skip
        self.answer("\n".join([words, *shown]), facts)
        if load.refused:
            raise CommandError(f"{load.refused:,} rows were refused", returncode=1)
