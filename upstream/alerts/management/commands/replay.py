"""`replay`: detection at each past step with only what was known then; the alerts it would have raised, as CSV."""

import csv
import sys
from datetime import date, timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from upstream.alerts.models import ReplayFinding
from upstream.alerts.raising import COLUMNS, row_of
from upstream.alerts.replay import Past, days_between, load_past
from upstream.core import clock
from upstream.core.arguments import day, new_file
from upstream.detection import queries
from upstream.detection.method_choices import method_on
from upstream.detection.methods import named
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization

STEPS = {"week": 7, "day": 1}


class Command(TenantCommand):
    help = "Runs detection at each step from the past and writes the alerts it would have raised."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--from", type=day, dest="first", metavar="DATE", help="default: first claims")
        parser.add_argument("--to", type=day, dest="last", metavar="DATE", help="default: newest data")
        parser.add_argument("--step", choices=STEPS, default="week")
        parser.add_argument("--method", default="", metavar="NAME", help="default: the version in force today")
        parser.add_argument("--output", type=new_file, required=True, metavar="FILE.csv")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        with transaction.atomic():
            span = queries.known_weeks()
            today = clock.today(organization.time_zone)
            method = named(options["method"]) if options["method"] else method_on(today)
            past = load_past(organization, method, organization.false_incidents_per_quarter)
        if span is None:
            raise CommandError("this practice has no claims yet")
        first, last = options["first"] or span[0] + timedelta(days=6), options["last"] or span[1] + timedelta(days=6)
        last = min(last, today)
        steps = alerts = 0
        with options["output"].open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            for as_of in days_between(first, last, STEPS[options["step"]]):
                rows = self._rows(past, as_of, organization.slug)
                if rows is not None:
                    writer.writerows(rows)
                    steps, alerts = steps + 1, alerts + len(rows)
                    self._tell(as_of, last, alerts, quiet=options["json"])
        facts = {"tenant": organization.slug, "from": first, "to": last, "steps": steps, "alerts": alerts}
        self.answer(
            f"{steps} runs from {first} to {last}: {alerts} alerts in {options['output']}",
            {**facts, "output": str(options["output"])},
        )

    def _rows(self, past: Past, as_of: date, tenant: str) -> list[dict[str, Any]] | None:
        """Lines of one day; None when it completes no new week."""
        with transaction.atomic():
            step = past.step(as_of)
            if step is None:
                return None
            raised = [(alert.number, ReplayFinding(**alert.values)) for alert in step.alerts]
            return [row_of(row, number, tenant, past.names) for number, row in raised]

    def _tell(self, as_of: date, last: date, alerts: int, *, quiet: bool) -> None:
        if not quiet and sys.stderr.isatty():
            sys.stderr.write(f"\r{as_of} of {last}: {alerts} alerts ")
            sys.stderr.flush()
