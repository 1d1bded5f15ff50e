"""A practice whose sources reach loopback and one folder, and a clock that is moved by hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from tests.ingestion.world import csv_of, paid
from upstream.ingestion.models import Batch, Source, SourceObject, SourceRun
from upstream.ingestion.sources import pulling, services
from upstream.ingestion.sources.models import Source as _Source
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
FILE = csv_of(paid("C1")).encode()
OTHER = csv_of(paid("C2")).encode()


@dataclass
class Desk:
    """What a test does with sources of the bound practice; the clock stands still unless moved."""

    settings: object
    root: Path
    made: list[Source] = field(default_factory=list)

    @property
    def inbox(self) -> Path:
        folder = self.root / bound_organization().slug / "inbox"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def later(self, **delta: float) -> None:
        self.settings.FIXED_NOW += timedelta(**delta)

    def add(self, kind: str, **values: str) -> Source:
        name = f"{kind} {len(self.made) + 1}"
        source = services.add_source(kind=kind, name=name, values=values, schedule_words="hourly", time_zone="UTC")
        self.made.append(source)
        return source

    def pull(self, source: Source) -> SourceRun:
        """One pull now, whether it is due or not."""
        _Source.objects.filter(pk=source.pk).update(next_run_at=self.settings.FIXED_NOW)
        run = pulling.pull(source.pk)
        assert run is not None
        source.refresh_from_db()
        return run

    def seen(self, source: Source) -> list[tuple[str, str]]:
        """Name and state of everything seen at the source."""
        keys = tenant_keys()
        rows = SourceObject.objects.filter(source=source).order_by("pk")
        return [(row.name(keys).rpartition("/")[2], row.state) for row in rows]


@pytest.fixture
def desk(practice: int, settings, tmp_path: Path) -> Desk:
    settings.FIXED_NOW = NOW
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    settings.WATCHED_FOLDERS = [str(tmp_path / "watched")]
    return Desk(settings, tmp_path / "watched")


def tally(run: SourceRun) -> tuple[str, int, int, int]:
    """State, files received for the first time, files known before, and files that may still grow."""
    return run.state, run.received, run.known, run.growing


def names() -> list[str]:
    """The files that have landed, by their own names."""
    keys = tenant_keys()
    return [batch.name(keys) for batch in Batch.objects.order_by("pk")]
