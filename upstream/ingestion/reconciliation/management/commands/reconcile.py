"""`reconcile`: payments against what was loaded of them, and claims by the basis chosen."""

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.core import clock
from upstream.core.arguments import day, file_there
from upstream.ingestion.reconciliation import queries, services, wording
from upstream.ingestion.reconciliation.choices import Basis, By
from upstream.ingestion.reconciliation.payments import payments
from upstream.ingestion.reconciliation.rules import Range
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization

WEEKS = 8


class Command(TenantCommand):
    help = "Hold a tenant's payments against what was loaded of them, to the cent."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--from", dest="first", type=day, metavar="DATE", help="default: 8 weeks")
        parser.add_argument("--to", dest="last", type=day, metavar="DATE", help="default: today")
        parser.add_argument("--by", choices=By.values, default=By.WEEK)
        parser.add_argument("--basis", choices=Basis.values, default=Basis.REMIT, help="day by which claims are summed")
        parser.add_argument("--deposits", type=file_there, metavar="CSV", help="first keep this list of bank deposits")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        if options["deposits"]:
            services.import_deposits(options["deposits"].read_bytes(), actor="command:reconcile")
        last = options["last"] or clock.today(organization.time_zone)
        wanted = Range(options["first"] or last - timedelta(weeks=WEEKS), last, By(options["by"]))
        basis = Basis(options["basis"])
        with transaction.atomic():
            paid = payments(wanted)
            rows, sums = queries.reconciliation(wanted, paid), queries.claim_sums(wanted, basis)
            matches = queries.deposits_against(wanted, paid) if queries.has_deposits() else None
        total, sum_total = queries.total(rows), queries.claim_total(sums)
        facts = {
            "from": wanted.first,
            "to": wanted.last,
            "by": wanted.by,
            "basis": basis,
            "rows": [wording.facts_of(row) for row in rows],
            "total": wording.facts_of(total),
            "claims": [wording.facts_of_claims(row) for row in sums],
            "claims_total": wording.facts_of_claims(sum_total),
            "deposits": None if matches is None else wording.facts_of_deposits(matches),
        }
        text = wording.text_of(wanted, basis, rows, total, sums, sum_total)
        self.answer(f"{text}\n{wording.deposit_words(matches)}", facts)
