"""A practice that sends a file a week, followed live; afterwards the weeks are replayed, and told byte for byte."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import Settings

from tests.factories import feeds, organization
from upstream.alerts.models import Opening
from upstream.alerts.raising import COLUMNS, row_of
from upstream.core import tenancy
from upstream.detection import queries
from upstream.tenants.models import Organization

BACKFILL, LAST = 38, 44


@pytest.fixture
def practice(db: None) -> Iterator[Organization]:
    """Bound."""
    made = organization()
    with tenancy.bind(made.pk):
        yield made


def told_live(practice: Organization) -> str:
    """The openings of the live system as a replay's file."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    numbers: dict[int, int] = {}
    for opening in Opening.objects.order_by("pk"):
        number = numbers.setdefault(opening.incident_id, len(numbers) + 1)
        writer.writerow(row_of(opening, number, practice.slug, queries.payer_names()))
    return out.getvalue()


def replayed(practice: Organization, path: Path, *options: str) -> str:
    call_command("replay", "--tenant", practice.slug, "--output", str(path), *options, stdout=StringIO())
    return path.read_bytes().decode()


def test_live_and_replay_say_the_same_byte_for_byte(practice: Organization, settings: Settings, tmp_path: Path) -> None:
    settings.FIXED_NOW = feeds.evening(BACKFILL)
    feeds.deliver(feeds.as_file(feeds.snapshot(BACKFILL)))
    feeds.look()
    for week in range(BACKFILL + 1, LAST + 1):
        settings.FIXED_NOW = feeds.evening(week)
        feeds.deliver(feeds.as_file(feeds.news(week)))
        feeds.look()
    live = told_live(practice)
    assert "Summit Mutual started denying knee MRI (73721) for missing authorization" in live
    assert replayed(practice, tmp_path / "all.csv") == live
    since = ("--from", feeds.sunday(BACKFILL).isoformat())
    assert replayed(practice, tmp_path / "live.csv", *since) == live


def without_tenant(told: str) -> list[list[str]]:
    return [row[1:] for row in csv.reader(StringIO(told))]


@pytest.mark.django_db
def test_order_and_splitting_of_files_change_nothing(settings: Settings, tmp_path: Path) -> None:
    settings.FIXED_NOW = feeds.evening(LAST)
    rows = feeds.snapshot(LAST)
    half = len(rows) // 2
    mixed = [*rows[half::-1], *rows[:half:-1]]
    ways = {
        "as one": [rows],
        "row by row the other way round": [rows[::-1]],
        "in two halves, the newer first": [rows[half:], rows[:half]],
        "every third together": [mixed[0::3], mixed[2::3], mixed[1::3]],
        "as it stood before, and again": [feeds.snapshot(BACKFILL), rows],
    }
    told = {}
    for way, files in ways.items():
        practice = organization()
        with tenancy.bind(practice.pk), transaction.atomic():
            feeds.deliver(*(feeds.as_file(file) for file in files))
            told[way] = without_tenant(replayed(practice, tmp_path / "alerts.csv"))
    assert len(told["as one"]) == 2
    assert told == dict.fromkeys(ways, told["as one"])


def test_later_files_change_no_earlier_day(practice: Organization, settings: Settings, tmp_path: Path) -> None:
    settings.FIXED_NOW = feeds.evening(LAST)
    feeds.deliver(feeds.as_file(feeds.snapshot(LAST - 2)))
    until = ("--to", feeds.sunday(LAST - 2).isoformat())
    before = replayed(practice, tmp_path / "before.csv", *until)
    feeds.deliver(feeds.as_file(feeds.snapshot(LAST)))
    assert replayed(practice, tmp_path / "after.csv", *until) == before
    assert len(without_tenant(before)) == 2
