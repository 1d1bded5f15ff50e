"""Numbers for Prometheus: for those who hold the token, under labels that name nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from tests import factories
from tests.factories import findings, weeks
from upstream import pipeline
from upstream.audit.models import PHIAccess
from upstream.audit.services import fits_together, newest_entries_fit, record_access
from upstream.core import tenancy
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Source, SourceRun
from upstream.operations import metrics
from upstream.tenants.models import Organization

TOKEN = {"Authorization": "Bearer metrics-token-of-the-tests"}


@pytest.fixture
def practice(db: None, settings: Any) -> Organization:
    """One of everything, an hour after it came."""
    settings.FIXED_NOW = datetime(2026, 3, 2, 13, tzinfo=UTC)
    made = factories.organization("lakeside", "Lakeside Orthopedics")
    with tenancy.bind(made.pk):
        payer = factories.payer("Summit Mutual")
        factories.batch()
        factories.batch(state=BatchState.REJECTED)
        place = factories.source("Known to Lakeside alone")
        SourceRun.objects.create(source=place, started_at=factories.NOON, state="failed")
        Source.objects.update(failures=5, circuit="open")
        weeks.remittance(payer, known_at=factories.NOON - timedelta(hours=1))
        findings.incident(payer, findings.run())
        findings.report()
        for _ in range(3):
            record_access(actor="client:x", action="claims.list", subject="claims")
    return made


def numbers() -> dict[tuple[str, ...], float]:
    """Value by metric name and label values, of our own metrics."""
    response = Client().get("/metrics", headers=TOKEN)
    assert response.status_code == 200
    families = text_string_to_metric_families(response.content.decode())
    samples = [sample for family in families for sample in family.samples if sample.name.startswith("upstream_")]
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic metrics-token-of-the-tests", "Bearer \u00e9"])
def test_without_the_token_there_is_nothing_here(header: str) -> None:
    response = Client().get("/metrics", headers={"Authorization": header} if header else {})
    assert (response.status_code, response.content) == (404, b"")


def test_no_token_set_means_closed(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_the_state_of_the_product_is_counted(practice: Organization) -> None:
    tenant = practice.public_id.hex[:8]
    told = {key: value for key, value in numbers().items() if value and key[0] != "upstream_stage_ready"}
    assert told == {
        ("upstream_scrape_ok",): 1.0,
        ("upstream_batches", "loaded"): 2.0,
        ("upstream_batches", "rejected"): 1.0,
        ("upstream_sources", "open", "folder"): 1.0,
        ("upstream_source_runs", "folder", "failed"): 1.0,
        ("upstream_source_failures_in_a_row", tenant): 5.0,
        ("upstream_newest_remittance_age_seconds", tenant): 7200.0,
        ("upstream_detection_run_age_seconds", tenant): 3600.0,
        ("upstream_detection_series", tenant): 61.0,
        ("upstream_incidents_open", "high", tenant): 1.0,
        ("upstream_audit_chain_ok", tenant): 1.0,
        ("upstream_report_runs", "rendered"): 1.0,
    }


def test_none_is_told_as_zero(practice: Organization) -> None:
    told = numbers()
    assert told["upstream_rejections_open",] == 0
    assert told["upstream_outbox", "mail", "unknown"] == 0
    assert told["upstream_outbox_oldest_seconds",] == 0
    assert told["upstream_incidents_open", "critical", practice.public_id.hex[:8]] == 0


def test_each_stage_says_what_it_could_take(practice: Organization) -> None:
    with tenancy.bind(practice.pk):
        factories.batch(state=BatchState.LANDED)
    told = numbers()
    assert told["upstream_stage_ready", "ingestion"] == 1
    assert {key[1] for key in told if key[0] == "upstream_stage_ready"} == set(pipeline.BY_NAME)


def test_labels_name_nobody(practice: Organization) -> None:
    text = metrics.domain().decode()
    for name in ("Lakeside", "lakeside", "inbox", "Summit", "73721", "CO-197", f'"{practice.pk}"'):
        assert name not in text


def test_two_practices_add_up_under_common_labels(practice: Organization) -> None:
    other = factories.organization()
    with tenancy.bind(other.pk):
        factories.batch()
    told = numbers()
    assert told["upstream_batches", "loaded"] == 3
    assert told["upstream_audit_chain_ok", other.public_id.hex[:8]] == 1
    assert tenancy.is_empty()


def test_a_broken_chain_shows(practice: Organization) -> None:
    with tenancy.bind(practice.pk):
        assert newest_entries_fit()
        with_link = list(PHIAccess.objects.order_by("-number"))
    with_link[0].actor = "client:y"
    assert not fits_together(with_link[::-1])
    assert not fits_together([with_link[2], with_link[0]])


def test_a_database_that_does_not_answer_is_told(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(metrics, "_tenants", fail)
    assert numbers() == {("upstream_scrape_ok",): 0.0}


def test_the_numbers_of_requests_are_there_too(practice: Organization) -> None:
    Client().get("/livez")
    text = Client().get("/metrics", headers=TOKEN).content.decode()
    assert "django_http_requests_total_by_method_total" in text
