"""`export_rates`: the prices of a payer's contract as a fee schedule that `import_rates` takes."""

import csv
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.contracts import queries
from upstream.core.arguments import new_file
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "Writes the prices of a payer's contract that stand now as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--payer", required=True, metavar="NAME", help="the payer as the practice calls it")
        parser.add_argument("--contract", default="", metavar="NAME", help="which one, where the payer has several")
        parser.add_argument("--output", required=True, type=new_file, metavar="PATH")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        with transaction.atomic(), options["output"].open("w", newline="", encoding="utf-8") as file:
            contract = queries.contract_named(options["payer"], options["contract"])
            rows = list(queries.table_of(contract))
            csv.writer(file).writerows(rows)
        number = len(rows) - 1
        facts = {"contract": contract.public_id, "prices": number, "output": str(options["output"])}
        self.answer(f"{contract.payer.name}, {contract.name}: {number:,} prices", facts)
