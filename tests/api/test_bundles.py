"""The bundle of an incident: taken away whole, written down, and no dearer for many claims."""

import io
import json
import zipfile
from datetime import date

import pytest

from tests import factories
from tests.api.conftest import Caller, asked_of_database, told
from tests.factories import findings
from upstream.alerts.models import Incident
from upstream.audit.models import PHIAccess
from upstream.core import tenancy
from upstream.detection.models import DetectionRun


@pytest.fixture
def seen_later(us: Caller, incident: Incident) -> Incident:
    """Its claims were known to its run."""
    with tenancy.bind(us.practice.pk):
        DetectionRun.objects.update(as_of=date(2026, 3, 8))
    return incident


def test_the_bundle_is_taken_away_and_written_down(us: Caller, seen_later: Incident) -> None:
    response = us.get(f"incidents/{seen_later.public_id}/bundle/")
    assert response.status_code == 200
    assert {name: response.headers[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")} == {
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="incident-{seen_later.public_id}.zip"',
        "Cache-Control": "no-store",
    }
    with zipfile.ZipFile(io.BytesIO(response.content)) as bundle:
        assert json.loads(bundle.read("manifest.json"))["incident"] == str(seen_later.public_id)
        assert len(bundle.read("inputs/claims.csv").splitlines()) == 3
    with tenancy.bind(us.practice.pk):
        entry = PHIAccess.objects.get()
    assert (entry.actor, entry.action, entry.records) == (f"client:{us.client.client_id}", "download_bundle", 2)


def test_an_incident_whose_claims_are_gone_has_no_bundle(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        alone = findings.incident(factories.payer("Civic Care"), findings.run())
    response = us.get(f"incidents/{alone.public_id}/bundle/")
    assert (response.status_code, told(response)["code"]) == (422, "no_claims")
    with tenancy.bind(us.practice.pk):
        assert not PHIAccess.objects.exists()


@pytest.mark.parametrize("more", [1, 3])
def test_a_bundle_takes_as_many_queries_for_any_claims(us: Caller, seen_later: Incident, more: int) -> None:
    with tenancy.bind(us.practice.pk):
        findings.behind(seen_later, *[factories.claim(seen_later.payer) for _ in range(more)])
    us.get(f"incidents/{seen_later.public_id}/bundle/")
    with asked_of_database() as asked:
        assert us.get(f"incidents/{seen_later.public_id}/bundle/").status_code == 200
    assert len(asked) == 18
