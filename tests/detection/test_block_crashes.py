"""Killed while claims change, or while detection makes blocks of them: none is stale afterwards."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction

from tests.detection.test_blocks import ZONE, as_read, as_they_stand
from tests.factories import organization
from tests.faults.commands import KILLED, begin, ended
from tests.ingestion.world import csv_of, denied, load, paid, pending
from upstream.core import tenancy
from upstream.detection import blocks
from upstream.detection.models import ClaimBlock, DetectionRun
from upstream.tenants.models import Organization

NOW = "2026-05-04T15:00:00+00:00"

pytestmark = pytest.mark.django_db(transaction=True)


def are_true(practice: Organization) -> bool:
    with tenancy.bind(practice.pk), transaction.atomic():
        return as_read(blocks.claims(time_zone=ZONE)) == as_they_stand()


def test_killed_in_a_load_or_in_a_run(tmp_path: Path) -> None:
    practice, file = organization(), tmp_path / "answers.csv"
    with tenancy.bind(practice.pk), transaction.atomic():
        load(csv_of(pending("C1"), paid("C2")), datetime(2026, 4, 1, 12, tzinfo=UTC))
        blocks.claims(time_zone=ZONE)
    file.write_text(csv_of(denied("C1"), pending("C3", "2026-03-09")))
    send = ("ingest", "--tenant", practice.slug, str(file))
    ended(begin(*send, UPSTREAM_NOW=NOW, UPSTREAM_CRASH_AT="before_merge_commit"), KILLED)
    assert are_true(practice)
    ended(begin(*send, UPSTREAM_NOW=NOW))
    work = ("work", "--once", "--tenant", practice.slug)
    ended(begin(*work, UPSTREAM_NOW=NOW, UPSTREAM_CRASH_AT="after_detection"), KILLED)
    with tenancy.bind(practice.pk), transaction.atomic():
        assert (ClaimBlock.objects.count(), DetectionRun.objects.count()) == (1, 0)
    assert are_true(practice)
