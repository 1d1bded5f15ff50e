"""`detect`: one detection run as of the end of a day, and what it found."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from upstream.core import clock
from upstream.core.arguments import day
from upstream.detection import queries, services
from upstream.detection.models import DetectionRun, Signal
from upstream.tenants.commands import TenantCommand
from upstream.tenants.models import Organization


class Command(TenantCommand):
    help = "One detection run of a tenant as of the end of DATE, on the weeks complete by then."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--as-of", type=day, default=None, metavar="DATE", help="default: today")

    def handle_tenant(self, organization: Organization, **options: Any) -> None:
        made = services.run(options["as_of"] or clock.today(organization.time_zone))
        with transaction.atomic():
            signals = list(queries.signals_of(made))
        self.answer(words_of(made, signals), facts_of(made, signals))


def words_of(made: DetectionRun, signals: list[Signal]) -> str:
    head = (
        f"As of {made.as_of} (last week: {made.last_week}): {made.claims:,} claims in {made.series:,} series,"
        f" {len(signals)} {'cause stands' if len(signals) == 1 else 'causes stand'} out."
    )
    return "\n".join([head, *(f"  {signal.strength}: {_scope(signal)}" for signal in signals)])


def _scope(signal: Signal) -> str:
    keys = (signal.procedure_code, signal.denial_reason, signal.location)
    parts = " ".join((signal.payer.name, *filter(None, keys)))
    return f"{parts}, {signal.metric} {signal.direction} since {signal.onset_week}, evidence {signal.evidence:.1f}"


def facts_of(made: DetectionRun, signals: list[Signal]) -> dict[str, Any]:
    return {
        "run": made.pk,
        "as_of": made.as_of,
        "last_week": made.last_week,
        "claims": made.claims,
        "series": made.series,
        "method": made.method,
        "input_hash": made.input_hash,
        "signals": [
            {
                "payer": signal.payer.name,
                "procedure_code": signal.procedure_code,
                "denial_reason": signal.denial_reason,
                "location": signal.location,
                "metric": signal.metric,
                "direction": signal.direction,
                "strength": signal.strength,
                "evidence": round(signal.evidence, 3),
                "onset_week": signal.onset_week,
            }
            for signal in signals
        ],
    }
