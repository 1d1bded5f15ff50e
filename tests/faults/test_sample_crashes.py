"""A sample practice whose workers are killed at each of its steps: made once, whole, and removed whole."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from tests.factories import member, organization
from tests.faults.commands import KILLED, begin, ended, wait_until_gone
from upstream.alerts.models import Incident
from upstream.alerts.queries import open_incidents
from upstream.appeals.models import Letter
from upstream.core import storage, tenancy
from upstream.core.phi.keyring import TenantKeys
from upstream.delivery.models import Outbox
from upstream.ingestion.models import Batch
from upstream.ingestion.phi import FILES
from upstream.reports.models import Artifact, ReportRun
from upstream.samples.clearing import WALLED
from upstream.tenants import samples
from upstream.tenants.choices import SampleState
from upstream.tenants.models import Organization
from upstream.tenants.services import tenant_keys
from upstream.worklist.models import Item

NOW = datetime(2026, 3, 4, 15, tzinfo=UTC)
POINT = "before_sample_commit"

pytestmark = pytest.mark.django_db(transaction=True)


def work(crash_at: str = "") -> None:
    asked = {"UPSTREAM_CRASH_AT": crash_at} if crash_at else {}
    ended(begin("work", "--once", UPSTREAM_NOW=NOW.isoformat(), **asked), KILLED if crash_at else 0)
    wait_until_gone()


def rows_of(tenant_id: int) -> Counter[str]:
    """How many rows each table behind the wall holds for the tenant; those that hold some."""
    with tenancy.bind(tenant_id), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WALLED)
        found = Counter[str]()
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE tenant_id = %s", [tenant_id])
            found[table] = cursor.fetchone()[0]
    return +found


def work_of(tenant_id: int) -> Counter[str]:
    """The same without looks of the watchers, which come by the clock."""
    return Counter({table: n for table, n in rows_of(tenant_id).items() if not table.startswith("watchers_")})


def files_of(keys: TenantKeys) -> int:
    return sum(1 for kind in FILES for _ in storage.stored(kind, keys))


def test_it_is_made_once_and_removed_whole_though_every_step_is_killed(settings: Settings) -> None:
    settings.FIXED_NOW = NOW
    practice = organization("lakeside")
    with tenancy.bind(practice.pk), transaction.atomic():
        owner = member(role="owner")
    sample = samples.sample_of(practice)
    with tenancy.bind(sample.pk), transaction.atomic():
        samples.join(owner.user, "owner")
        keys = tenant_keys()
    before = work_of(practice.pk)
    work(f"{POINT}:1")
    assert work_of(sample.pk) == {"tenants_membership": 1, "tenants_tenantsecret": 1}
    work(f"{POINT}:2")
    with tenancy.bind(sample.pk), transaction.atomic():
        assert Organization.objects.get().sample_state == SampleState.READING
        assert not ReportRun.objects.exists()
    work()
    with tenancy.bind(sample.pk), transaction.atomic():
        assert Organization.objects.get().sample_state == SampleState.READY
        assert Counter(Batch.objects.values_list("state", flat=True)) == {"analysed": 105}
        titles = sorted(incident.title for incident in open_incidents())
        assert [title.partition(" around")[0] for title in titles] == [
            "Northstar Health started denying claims from Westgate for missing or wrong information",
            "Summit Mutual started denying knee MRI (73721) for missing authorization",
        ]
        assert all(incident.at_stake_cents > 100_000 for incident in Incident.objects.all())
        assert Item.objects.count() > 100
        assert Letter.objects.count() == 12
        assert ReportRun.objects.count() == 1
        assert set(Artifact.objects.values_list("format", flat=True)) >= {"pdf", "xlsx"}
        assert set(Outbox.objects.values_list("state", flat=True)) == {"withheld"}
    whole = work_of(sample.pk)
    work()
    assert work_of(sample.pk) == whole
    assert work_of(practice.pk) == before
    with tenancy.bind(sample.pk), transaction.atomic():
        samples.let_go(sample)
    work(f"{POINT}:1")
    assert work_of(sample.pk) == whole
    work()
    assert rows_of(sample.pk) == {}
    assert files_of(keys) == 0
    assert work_of(practice.pk) == before
    with tenancy.directory(), transaction.atomic():
        assert list(Organization.objects.all()) == [practice]
