"""Fault 22: the rotation of keys is killed in the middle and taken up again."""

import base64
import os
from datetime import date

import pytest
from django.db import transaction

from tests import factories
from tests.faults.commands import KILLED, begin, ended
from upstream.claims.models import ClaimIdentity
from upstream.core import tenancy
from upstream.core.phi import keyring
from upstream.ingestion import phi, services
from upstream.samples.invented.generate import generate
from upstream.samples.invented.practices import QUIETWATER
from upstream.tenants.models import Organization

OLD, NEW = os.urandom(32), os.urandom(32)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def practice(settings) -> Organization:
    """Two weeks of claims with their people, one rejected row, all under the old key."""
    settings.PHI_KEYS, settings.REAL_DATA_MODE = {"old": OLD}, True
    organization = factories.organization("hillside")
    with tenancy.bind(organization.pk):
        for made in generate(QUIETWATER, date(2026, 2, 16), weeks=2):
            bad = b"\nBAD-ROW,,,,,not a date\n" if made.kind == "csv" else b""
            batch, _ = services.receive([made.content.rstrip(b"\n") + bad], name=made.name, received_from="test")
            services.load(batch.pk)
    return organization


def ring(*names: str) -> dict[str, str]:
    """UPSTREAM_PHI_KEYS for a process."""
    keys = {"old": OLD, "new": NEW}
    return {"UPSTREAM_PHI_KEYS": ",".join(f"{name}:{base64.b64encode(keys[name]).decode()}" for name in names)}


def on_the_old_key() -> int:
    with transaction.atomic():
        found = [keyring.key_id_of(bytes(row.sealed)) for row in ClaimIdentity.objects.all()]
    return found.count("old")


def test_a_rotation_killed_in_the_middle_is_finished_and_the_old_key_can_go(practice, settings):
    command = ("rotate_phi_keys", "--tenant", practice.slug)
    ended(begin(*command, **ring("new", "old"), UPSTREAM_CRASH_AT="mid_rotation:2"), KILLED)
    settings.PHI_KEYS = {"new": NEW, "old": OLD}
    with tenancy.bind(practice.pk):
        before = phi.verify()
        assert on_the_old_key() > 0
    assert {counts["unreadable"] for counts in before.values()} == {0}
    ended(begin(*command, **ring("new", "old")))
    settings.PHI_KEYS = {"new": NEW}
    with tenancy.bind(practice.pk):
        after = phi.verify()
        assert on_the_old_key() == 0
    assert {name: counts["rows"] for name, counts in after.items()} == {n: c["rows"] for n, c in before.items()}
    held = {name for name, counts in after.items() if counts["rows"]}
    ingested = {"ingestion_batch", "ingestion_rejection", "landing files"}
    assert held == {"claims_patient", "claims_claimidentity", "claims_adjudication"} | ingested
    assert {(counts["unreadable"], counts["older_key"]) for counts in after.values()} == {(0, 0)}
