"""A pull that is killed at each named point goes on where it was: every file once, and its sender's side settled."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from tests import factories
from tests.faults.commands import KILLED, begin, ended
from tests.ingestion.world import csv_of, paid
from upstream.claims.models import Claim
from upstream.core import tenancy
from upstream.ingestion.models import Batch, SourceObject, SourceRun

POINTS = ("mid_fetch", "after_land", "before_object_landed", "before_acknowledge")

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
    assert not list(Path(settings.VAR_DIR, "landing").rglob(".*.part")) or point == "mid_fetch"
