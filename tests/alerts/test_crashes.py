"""Killed in the middle of detection or of opening incidents, the work is done once all the same."""

import pytest
from django.db import transaction

from tests.factories import member, organization
from tests.factories.worlds import STEP, build
from tests.faults.commands import KILLED, begin, ended
from upstream.alerts.models import Incident, Transition
from upstream.core import tenancy
from upstream.delivery.models import Outbox
from upstream.detection.models import DetectionRun, Signal
from upstream.ingestion.models import Batch
from upstream.tenants.models import Organization

NOW = "2026-03-09T15:00:00+00:00"
DONE = {"batches": {"analysed"}, "runs": 1, "incidents": ["new"], "steps": 1, "mails": 1}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def practice() -> Organization:
    """Not bound; its rows are committed."""
    made = organization()
    with tenancy.bind(made.pk), transaction.atomic():
        build(made, step=STEP)
        member()
    return made


def work(practice: Organization, *expected: int, **changes: str) -> None:
    ended(begin("work", "--once", "--tenant", practice.slug, UPSTREAM_NOW=NOW, **changes), *expected)


def left(practice: Organization) -> dict[str, object]:
    with tenancy.bind(practice.pk), transaction.atomic():
        return {
            "batches": set(Batch.objects.values_list("state", flat=True)),
            "runs": DetectionRun.objects.count(),
            "incidents": list(Incident.objects.values_list("state", flat=True)),
            "steps": Transition.objects.count(),
            "mails": Outbox.objects.filter(template="incident_opened").count(),
        }


def test_killed_before_detection_commits(practice: Organization) -> None:
    work(practice, KILLED, UPSTREAM_CRASH_AT="after_detection")
    assert left(practice) == {"batches": {"loaded"}, "runs": 0, "incidents": [], "steps": 0, "mails": 0}
    work(practice)
    assert left(practice) == DONE


def test_killed_before_incidents_commit(practice: Organization) -> None:
    work(practice, KILLED, UPSTREAM_CRASH_AT="after_incidents")
    assert left(practice) == {"batches": {"analysed"}, "runs": 1, "incidents": [], "steps": 0, "mails": 0}
    with tenancy.bind(practice.pk), transaction.atomic():
        assert set(Signal.objects.values_list("state", flat=True)) == {"open"}
    work(practice)
    assert left(practice) == DONE


def test_two_workers_at_once_do_it_once(practice: Organization) -> None:
    both = [begin("work", "--once", "--tenant", practice.slug, UPSTREAM_NOW=NOW) for _ in range(2)]
    for worker in both:
        ended(worker)
    assert left(practice) == DONE
