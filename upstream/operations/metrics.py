"""The state of the product in numbers, counted by SQL when Prometheus asks.

A tenant is labelled by the first eight letters of its public id, never by a name; payers, codes and people are no
labels at all.
"""

from collections import defaultdict
from collections.abc import Iterator

from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Max, Min
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from upstream import pipeline
from upstream.alerts.choices import IncidentState, Severity
from upstream.alerts.models import Incident
from upstream.audit.services import NEWEST, newest_entries_fit
from upstream.claims.models import Remittance
from upstream.core import clock, tenancy
from upstream.delivery import addresses
from upstream.delivery.choices import Kind, OutboxState
from upstream.delivery.models import Outbox, StrayWord
from upstream.detection.models import DetectionRun
from upstream.ingestion.choices import BatchState, RejectionState
from upstream.ingestion.connectors.kinds import KINDS
from upstream.ingestion.models import Batch, Rejection, Source, SourceRun
from upstream.ingestion.sources.choices import Circuit
from upstream.reports.choices import RunState
from upstream.reports.models import ReportRun
from upstream.tenants.queries import customers
from upstream.watchers import queries as troubles
from upstream.watchers.choices import Kind as TroubleKind

CLOSED = (IncidentState.RESOLVED, IncidentState.FALSE)

HELP = {
    "upstream_batches": ("Files by state", ["state"]),
    "upstream_rejections_open": ("Rows that could not be loaded and are not fixed", []),
    "upstream_newest_remittance_age_seconds": ("Since the newest remittance became known", ["tenant"]),
    "upstream_detection_run_age_seconds": ("Since detection last looked", ["tenant"]),
    "upstream_detection_series": ("Series that the last detection run tested", ["tenant"]),
    "upstream_incidents_open": ("Open incidents", ["tenant", "severity"]),
    "upstream_outbox": ("Messages by state", ["kind", "state"]),
    "upstream_outbox_oldest_seconds": ("Since the oldest message that is still waiting was due", []),
    "upstream_sources": ("Sources that are switched on, by kind and circuit", ["kind", "circuit"]),
    "upstream_source_runs": ("Pulls of sources in the last 90 days, by kind and outcome", ["kind", "state"]),
    "upstream_source_failures_in_a_row": ("The most failures in a row of any source", ["tenant"]),
    "upstream_stage_ready": ("Rows that a stage could take now", ["stage"]),
    "upstream_audit_chain_ok": (f"1 when the newest {NEWEST} entries of the access log fit together", ["tenant"]),
    "upstream_report_runs": ("Reports by state", ["state"]),
    "upstream_watch_age_seconds": ("Since the workers last looked for what fails", ["tenant"]),
    "upstream_troubles_open": ("What of the product itself fails", ["tenant", "kind"]),
    "upstream_addresses_stopped": ("Members whose mail came back or was called unwanted", ["tenant"]),
    "upstream_stray_mail_words": ("Words of mail providers on messages that nobody here knows", []),
}
Labels = tuple[str, ...]


class Numbers:
    """Values by metric and labels; those of several tenants under the same labels add up."""

    def __init__(self) -> None:
        self._values: defaultdict[tuple[str, Labels], float] = defaultdict(float)
        for name, labels in _always():
            self._values[name, labels] = 0

    def add(self, name: str, value: float, *labels: str) -> None:
        self._values[name, labels] += value

    def keep_largest(self, name: str, value: float, *labels: str) -> None:
        self._values[name, labels] = max(value, self._values[name, labels])

    def families(self) -> Iterator[GaugeMetricFamily]:
        for name, (words, label_names) in HELP.items():
            family = GaugeMetricFamily(name, words, labels=label_names)
            for (of, labels), value in sorted(self._values.items()):
                if of == name:
                    family.add_metric(labels, value)
            yield family


def _always() -> Iterator[tuple[str, Labels]]:
    """What is told even when it is zero, so that a rule can tell none from unknown."""
    yield from (("upstream_batches", (state,)) for state in BatchState.values)
    yield from (("upstream_report_runs", (state,)) for state in RunState.values)
    yield from (("upstream_outbox", (kind, state)) for kind in Kind.values for state in OutboxState.values)
    yield from (("upstream_stage_ready", (stage.name,)) for stage in pipeline.STAGES)
    yield from (("upstream_sources", (kind, circuit)) for kind in KINDS for circuit in Circuit.values)
    yield from (("upstream_rejections_open", ()), ("upstream_outbox_oldest_seconds", ()))


class DomainCollector(Collector):
    """Counts every customer behind the wall, one after the other: no trouble of invented claims is anybody's."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        numbers = Numbers()
        try:
            for tenant_id, label in _tenants():
                with tenancy.bind(tenant_id), transaction.atomic():
                    with connection.cursor() as cursor:
                        cursor.execute("SET LOCAL statement_timeout = '5s'")
                    _count(numbers, label)
        except DatabaseError:
            yield GaugeMetricFamily("upstream_scrape_ok", "1 when the numbers below were counted", 0)
            return
        numbers.add("upstream_stray_mail_words", StrayWord.objects.count())
        yield GaugeMetricFamily("upstream_scrape_ok", "1 when the numbers below were counted", 1)
        yield from numbers.families()


def domain() -> bytes:
    """The numbers as Prometheus' text."""
    registry = CollectorRegistry()
    registry.register(DomainCollector())
    return generate_latest(registry)


def _tenants() -> list[tuple[int, str]]:
    with tenancy.directory(), transaction.atomic():
        return [(pk, public_id.hex[:8]) for pk, public_id in customers().values_list("pk", "public_id")]


def _count(numbers: Numbers, tenant: str) -> None:
    """The bound tenant's numbers."""
    _count_files(numbers, tenant)
    _count_sources(numbers, tenant)
    _count_findings(numbers, tenant)
    _count_sendings(numbers)
    for stage in pipeline.STAGES:
        numbers.add("upstream_stage_ready", len(list(stage.ready())), stage.name)
    _count_troubles(numbers, tenant)
    numbers.add("upstream_audit_chain_ok", float(newest_entries_fit()), tenant)


def _count_files(numbers: Numbers, tenant: str) -> None:
    for state, count in Batch.objects.values_list("state").annotate(Count("pk")).order_by():
        numbers.add("upstream_batches", count, state)
    numbers.add("upstream_rejections_open", Rejection.objects.filter(state=RejectionState.OPEN).count())
    newest = Remittance.objects.aggregate(at=Max("known_at"))["at"]
    if newest:
        numbers.add("upstream_newest_remittance_age_seconds", (clock.now() - newest).total_seconds(), tenant)


def _count_sources(numbers: Numbers, tenant: str) -> None:
    sources = Source.objects.filter(enabled=True)
    for kind, circuit, count in sources.values_list("kind", "circuit").annotate(Count("pk")).order_by():
        numbers.add("upstream_sources", count, kind, circuit)
    for kind, state, count in SourceRun.objects.values_list("source__kind", "state").annotate(Count("pk")).order_by():
        numbers.add("upstream_source_runs", count, kind, state)
    worst = sources.aggregate(most=Max("failures"))["most"]
    if worst is not None:
        numbers.add("upstream_source_failures_in_a_row", worst, tenant)


def _count_findings(numbers: Numbers, tenant: str) -> None:
    run = DetectionRun.objects.order_by("-as_of", "-pk").first()
    if run:
        numbers.add("upstream_detection_run_age_seconds", (clock.now() - run.looked_at).total_seconds(), tenant)
        numbers.add("upstream_detection_series", run.series, tenant)
    for severity in Severity.values:
        numbers.add("upstream_incidents_open", 0, tenant, severity)
    rows = Incident.objects.exclude(state__in=CLOSED).values_list("severity")
    for severity, count in rows.annotate(Count("pk")).order_by():
        numbers.add("upstream_incidents_open", count, tenant, severity)


def _count_troubles(numbers: Numbers, tenant: str) -> None:
    """The web process counts these: a watch that stands still cannot say so itself."""
    for kind in TroubleKind.values:
        numbers.add("upstream_troubles_open", 0, tenant, kind)
    for kind, count in troubles.standing().order_by().values_list("kind").annotate(Count("pk")):
        numbers.add("upstream_troubles_open", count, tenant, kind)
    last = troubles.last_look()
    if last is not None:
        numbers.add("upstream_watch_age_seconds", (clock.now() - last).total_seconds(), tenant)
    numbers.add("upstream_addresses_stopped", len(addresses.stopped()), tenant)


def _count_sendings(numbers: Numbers) -> None:
    for kind, state, count in Outbox.objects.values_list("kind", "state").annotate(Count("pk")).order_by():
        numbers.add("upstream_outbox", count, kind, state)
    oldest = Outbox.objects.filter(state=OutboxState.QUEUED).aggregate(at=Min("not_before"))["at"]
    if oldest:
        numbers.keep_largest("upstream_outbox_oldest_seconds", (clock.now() - oldest).total_seconds())
    for state, count in ReportRun.objects.values_list("state").annotate(Count("pk")).order_by():
        numbers.add("upstream_report_runs", count, state)
