"""A pull that is killed at each named point goes on where it was: every file once, and its sender's side settled."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from tests import factories
from tests.faults.commands import KILLED, begin, ended
from tests.ingestion.sources.databases import postgresql
from tests.ingestion.sources.s3_server import s3_serving
from tests.ingestion.sources.sftp_server import SftpServer, serving
from tests.ingestion.sources.web_server import Authority, WebServer, web_serving
from tests.ingestion.world import csv_of, paid
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.ingestion.models import Batch, SourceObject, SourceRun

POINTS = ("mid_fetch", "after_land", "before_object_landed", "before_acknowledge")

LARGE = csv_of(paid("C1")) + "\n" * 2_000_000

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("point", POINTS)
def test_killed_pull_goes_on(point: str, tmp_path: Path) -> None:
    root, practice = tmp_path / "watched", factories.organization("lakeside")
    inbox = root / "lakeside" / "inbox"
    inbox.mkdir(parents=True)
    for number in range(1, 4):
        inbox.joinpath(f"{number}.csv").write_text(csv_of(paid(f"C{number}")))
    with tenancy.bind(practice.pk), transaction.atomic():
        factories.add_source(
            kind="folder", name="In", schedule_words="hourly",
            values={"folder": "inbox", "complete": "rename", "afterwards": "move"},
        )  # fmt: skip
    changes = {"WATCHED_FOLDERS": str(root)}
    ended(begin("work", "--once", UPSTREAM_CRASH_AT=f"{point}:2", **changes), KILLED)
    ended(begin("work", "--once", **changes))
    with tenancy.bind(practice.pk), transaction.atomic():
        assert Claim.objects.count() == 3
        assert Batch.objects.count() == 3
        assert set(SourceObject.objects.values_list("state", flat=True)) == {"acknowledged"}
        assert list(SourceRun.objects.order_by("pk").values_list("state", flat=True)) == ["interrupted", "succeeded"]
    assert sorted(path.name for path in inbox.joinpath("done").iterdir()) == ["1.csv", "2.csv", "3.csv"]
    _nothing_half_is_left(point)


def _nothing_half_is_left(point: str) -> None:
    assert not list(Path(settings.VAR_DIR, "landing").rglob(".*.part")) or point == "mid_fetch"


def test_killed_transfer_over_sftp_goes_on(tmp_path: Path) -> None:
    practice = factories.organization("lakeside")
    box = tmp_path / "mailbox"
    box.mkdir()
    (box / "1.csv").write_text(LARGE)
    with serving(SftpServer(box)) as server, tenancy.bind(practice.pk):
        told = {"host": "127.0.0.1", "port": str(server.port), "host_key": server.fingerprint, "user": "x",
                "password": server.password, "complete": "rename", "afterwards": "delete"}  # fmt: skip
        with transaction.atomic():
            factories.add_source(kind="sftp", name="In", schedule_words="hourly", values=told)
        changes = {"OUTBOUND_ALLOW": "127.0.0.0/8"}
        ended(begin("work", "--once", UPSTREAM_CRASH_AT="mid_fetch:3", **changes), KILLED)
        with transaction.atomic():
            assert (Batch.objects.count(), SourceObject.objects.get().state) == (0, "fetching")
        ended(begin("work", "--once", **changes))
        with transaction.atomic():
            assert (Batch.objects.count(), Claim.objects.count(), SourceObject.objects.get().attempts) == (1, 1, 2)
        assert not list(box.iterdir())


def _killed_and_gone_on(kind: str, values: dict[str, str]) -> None:
    """Killed at the third piece of the one file, and pulled again."""
    with transaction.atomic():
        factories.add_source(kind=kind, name="In", schedule_words="hourly", values=values)
    changes = {"OUTBOUND_ALLOW": "127.0.0.0/8"}
    ended(begin("work", "--once", UPSTREAM_CRASH_AT="mid_fetch:3", **changes), KILLED)
    with transaction.atomic():
        assert (Batch.objects.count(), SourceObject.objects.get().state) == (0, "fetching")
    ended(begin("work", "--once", **changes))
    with transaction.atomic():
        assert (Batch.objects.count(), Claim.objects.count(), SourceRun.objects.count()) == (1, 1, 2)
        assert {row.state for row in SourceObject.objects.all()} == {"acknowledged"}


def test_killed_transfer_over_https_goes_on() -> None:
    authority, content = Authority(), LARGE.encode()
    site = WebServer(lambda _asked: (200, {"ETag": '"1"'}, content))
    with web_serving(site, authority), tenancy.bind(factories.organization("lakeside").pk):
        _killed_and_gone_on("https", {"url": f"{site.url}/1.csv", "ca": authority.pem})


def test_killed_transfer_from_a_bucket_goes_on() -> None:
    with s3_serving() as bucket, tenancy.bind(factories.organization("lakeside").pk):
        bucket.put("1.csv", LARGE.encode())
        told = {"endpoint": bucket.url, "bucket": bucket.name, "access_key": bucket.access_key}
        _killed_and_gone_on("s3", {**told, "secret_key": bucket.secret_key, "afterwards": "delete"})
        assert bucket.held() == []


def test_killed_query_goes_on() -> None:
    query = (
        "SELECT 'C1' AS claim_id, 'Summit Mutual' AS payer, '99213' AS procedure_code, '2026-03-02' AS submitted_date"
    )
    query += ", 'pending' AS status, 100 AS billed, n FROM generate_series(1, 9000) AS n"
    with postgresql() as server, tenancy.bind(factories.organization("lakeside").pk):
        _killed_and_gone_on("sql", {**server.told, "query": query, "watermark": "n"})
