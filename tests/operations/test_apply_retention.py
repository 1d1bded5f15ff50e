"""Six years for who looked, a time of the practice's choice for raw files; a second run finds nothing to do."""

import io
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from tests import factories
from upstream.audit.models import PHIAccess
from upstream.audit.services import record_access
from upstream.core import storage, tenancy
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch, Rejection
from upstream.tenants.services import tenant_keys

pytestmark = pytest.mark.django_db
TODAY = datetime(2032, 11, 20, 12, tzinfo=UTC)


def received(days_ago: int, state: str) -> Batch:
    """A stored file with one rejected row."""
    keys = tenant_keys()
    sha256, _ = storage.put("landing", [f"{days_ago} {state}".encode()], keys)
    batch = factories.batch(sha256=sha256, received_at=TODAY - timedelta(days=days_ago), state=state)
    Rejection.objects.create(batch=batch, position=1, code="bad_date", sealed_raw=b"sealed")
    return batch


@pytest.fixture
def practice(settings):
    """Entries of the access log 6 years 1 month and 5 years 11 months old; files of 100 days, 10 days, and unread."""
    with tenancy.bind(factories.organization("hillside").pk):
        for at in (datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)):
            settings.FIXED_NOW = at
            record_access(actor="user:1", action="open_claim", subject="claim:1")
        settings.FIXED_NOW = TODAY
        received(100, BatchState.ANALYSED)
        received(10, BatchState.ANALYSED)
        received(100, BatchState.LANDED)
        yield


def apply(*arguments: str) -> dict[str, int]:
    out = io.StringIO()
    call_command("apply_retention", "--tenant", "hillside", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())["removed"]


def stored(var: Path) -> int:
    return sum(path.is_file() for path in (var / "landing").rglob("*"))


def test_old_files_rows_and_entries_go_and_all_else_stays(practice, own_var):
    assert apply("--files-days", "90") == {"files": 1, "rejections": 1, "accesses": 1, "unfinished": 0, "reports": 0}
    assert (Batch.objects.count(), Rejection.objects.count(), stored(own_var)) == (3, 2, 2)
    assert list(PHIAccess.objects.order_by("number").values_list("number", "action")) == [
        (2, "open_claim"),
        (3, "retention"),
    ]


def test_a_second_run_removes_nothing(practice):
    apply("--files-days", "90")
    assert apply("--files-days", "90") == {"files": 0, "rejections": 0, "accesses": 0, "unfinished": 0, "reports": 0}


def test_a_run_that_died_before_the_files_is_finished_by_the_next(practice, own_var):
    old = Batch.objects.filter(received_at__lt=TODAY - timedelta(days=90)).exclude(state=BatchState.LANDED)
    Rejection.objects.filter(batch__in=old).delete()
    assert apply("--files-days", "90") == {"files": 1, "rejections": 0, "accesses": 1, "unfinished": 0, "reports": 0}
    assert stored(own_var) == 2


def test_files_are_kept_as_long_as_the_log_unless_told(practice, own_var):
    assert apply() == {"files": 0, "rejections": 0, "accesses": 1, "unfinished": 0, "reports": 0}
    assert stored(own_var) == 3


def test_what_killed_writers_left_goes_after_a_day(practice, own_var):
    files = next((own_var / "landing").glob("*/*/*")).parent
    for name, hours in (("old", 25), ("new", 23)):
        part = files / f".{name}.part"
        part.touch()
        at = (TODAY - timedelta(hours=hours)).timestamp()
        os.utime(part, (at, at))
    assert apply()["unfinished"] == 1
    assert [path.name for path in (own_var / "landing").rglob("*.part")] == [".new.part"]


def test_old_files_are_compressed_and_open_as_before(practice, own_var):
    keys = tenant_keys()
    big = b"CLM*A1*100~" * 10_000
    sha256, _ = storage.put("landing", [big], keys)
    batch = factories.batch(sha256=sha256, received_at=TODAY - timedelta(days=40), state=BatchState.ANALYSED)
    path = own_var / "landing" / str(keys.tenant_id) / sha256[:2] / sha256
    before = path.stat().st_size
    apply()
    assert path.stat().st_size * 20 < before
    assert storage.read_whole("landing", sha256, keys) == big
    assert Batch.objects.get(pk=batch.pk).archived_at == TODAY
    archived = Batch.objects.exclude(archived_at=None).count()
    apply()
    assert (archived, Batch.objects.exclude(archived_at=None).count()) == (2, 2)


def test_a_compressed_file_is_resealed_compressed(practice, settings, own_var):
    keys = tenant_keys()
    sha256, _ = storage.put("landing", [b"again " * 1000], keys)
    assert (storage.pack("landing", sha256, keys), storage.pack("landing", sha256, keys)) == (True, False)
    settings.PHI_KEYS = {"new": os.urandom(32), **settings.PHI_KEYS}
    assert storage.reseal("landing", sha256, keys)
    assert storage.is_packed("landing", sha256, keys)
    assert storage.read_whole("landing", sha256, keys) == b"again " * 1000


def test_a_file_whose_raw_content_is_gone_says_so(practice):
    apply("--files-days", "90")
    assert Batch.objects.exclude(removed_at=None).count() == 1
