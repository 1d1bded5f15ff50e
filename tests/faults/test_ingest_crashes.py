"""Faults of ingest: killed at each named point, cut files, the same file twice and at once. The oracle is a practice
that got the same files in peace."""

import io
import json
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, Sum

from tests import factories
from tests.faults.commands import KILLED, begin, ended
from upstream.claims import models
from upstream.core import clock, tenancy
from upstream.ingestion.models import Batch, Rejection
from upstream.samples.invented.generate import generate
from upstream.samples.invented.practices import QUIETWATER

POINTS = ("after_land", "after_claim", "after_stage", "before_merge_commit", "after_merge_commit")
ROLLUPS = (models.PayerWeek, models.ProcedureWeek, models.ReasonWeek, models.SiteWeek)
CELL = (
    "payer__name",
    "submitted_week",
    "known_week",
    "outcome",
    "claims",
    "billed_cents",
    "allowed_cents",
    "paid_cents",
)
KNOWN_AT = "2026-03-02T12:00:00+00:00"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two weeks of a demo practice: claims, one row of them bad, and remittances."""
    folder = tmp_path_factory.mktemp("files")
    for made in generate(QUIETWATER, date(2026, 2, 16), weeks=2):
        bad = b"\nBAD-ROW,,,,,not a date\n" if made.kind == "csv" else b""
        (folder / made.name).write_bytes(made.content.rstrip(b"\n") + bad)
    return sorted(folder.iterdir())


def ingest(slug: str, *paths: Path, wanted: str = "auto") -> list[dict]:
    """`ingest` in this process; one result a file."""
    out = io.StringIO()
    options = ("--tenant", slug, "--json", "--known-at", KNOWN_AT, "--format", wanted)
    with suppress(SystemExit):
        call_command("ingest", *options, *map(str, paths), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def world(slug: str) -> dict[str, object]:
    """All that ingest leaves of a practice, in counts and sums, and whether its rollups equal a recount."""
    with transaction.atomic(), tenancy.directory():
        tenant_id = factories.Organization.objects.get(slug=slug).pk
    with tenancy.bind(tenant_id), transaction.atomic():
        claims = models.Claim.objects.aggregate(
            Count("pk"), Sum("billed_cents"), Sum("allowed_cents"), Sum("paid_cents"), Sum("outcome")
        )
        return {
            "claims": claims,
            "lines": models.ServiceLine.objects.aggregate(Count("pk"), Sum("billed_cents")),
            "answers": models.Adjudication.objects.aggregate(Count("pk"), Sum("paid_cents"), Sum("balance_cents")),
            "answered lines": models.LineAdjudication.objects.aggregate(Count("pk"), Sum("paid_cents")),
            "adjustments": models.Adjustment.objects.aggregate(Count("pk"), Sum("cents")),
            "identities": models.ClaimIdentity.objects.count(),
            "payments": models.Remittance.objects.filter(complete=True).aggregate(Count("pk"), Sum("amount_cents")),
            "deposits": models.Remittance.objects.filter(superseded=False).aggregate(Sum("amount_cents")),
            "rollups": [sorted(level.objects.values_list(*CELL)) for level in ROLLUPS],
            "recounted": Counter(_weeks_of_claims()) == _weeks_of_rollup(),
        }


def _weeks_of_claims():
    for payer_id, day, number, family in models.Claim.objects.filter(payer_order=1).values_list(
        "payer_id", "submitted_date", "number_bidx", "family_key"
    ):
        if bytes(number) == bytes(family):
            yield payer_id, clock.monday_of(day)


def _weeks_of_rollup() -> Counter:
    cells = models.PayerWeek.objects.filter(outcome=0).values_list("payer_id", "submitted_week", "claims")
    found: Counter = Counter()
    for payer_id, week, claims in cells:
        found[(payer_id, week)] += claims
    return found


def files_kept(slug: str) -> tuple[int, int]:
    """Batches and rejected rows."""
    with transaction.atomic(), tenancy.directory():
        tenant_id = factories.Organization.objects.get(slug=slug).pk
    with tenancy.bind(tenant_id), transaction.atomic():
        return Batch.objects.count(), Rejection.objects.count()


@pytest.fixture
def calm(transactional_db, files) -> dict[str, object]:
    """The practice that nothing happened to."""
    factories.organization("calm")
    ingest("calm", *files)
    found = world("calm")
    assert found["recounted"]
    assert found["claims"]["pk__count"] > 100
    return found


def test_a_kill_at_any_point_loses_nothing_and_doubles_nothing(calm, files):
    arguments = ("--known-at", KNOWN_AT, *map(str, files))
    killed = {}
    for point in POINTS:
        factories.organization(slug := point.replace("_", "-"))
        killed[slug] = begin("ingest", "--tenant", slug, *arguments, UPSTREAM_CRASH_AT=f"{point}:2")
    for slug, process in killed.items():
        ended(process, KILLED)
        again = ingest(slug, *files)
        assert {result["status"] for result in again} <= {"loaded", "partly_loaded", "duplicate"}, slug
        assert world(slug) == calm, slug
        assert files_kept(slug) == files_kept("calm"), slug


def test_the_same_files_twice_and_two_processes_at_once_load_them_once(calm, files):
    factories.organization("twins")
    arguments = ("ingest", "--tenant", "twins", "--known-at", KNOWN_AT, *map(str, files))
    for twin in [begin(*arguments), begin(*arguments)]:
        ended(twin)
    assert world("twins") == calm
    assert {result["status"] for result in ingest("twins", *files)} == {"duplicate"}
    assert (world("twins"), files_kept("twins")) == (calm, files_kept("calm"))


def test_files_cut_in_half_and_then_whole_leave_what_the_whole_ones_do(calm, files, tmp_path):
    factories.organization("halves")
    for file in files:
        half = tmp_path / file.name
        content = file.read_bytes()
        half.write_bytes(
            content[: content.index(b",", len(content) // 2)] if file.suffix == ".csv" else content[: len(content) // 2]
        )
        (cut,) = ingest("halves", half)
        assert cut["status"] == "partly_loaded", file.name
    ingest("halves", *files)
    assert world("halves") == calm


def test_a_refused_file_is_read_when_it_is_sent_again(calm, files):
    factories.organization("refused")
    (refused,) = ingest("refused", files[0], wanted="x12")
    assert refused["status"] == "rejected"
    results = ingest("refused", *files)
    assert {result["status"] for result in results} <= {"loaded", "partly_loaded"}
    assert (world("refused"), files_kept("refused")) == (calm, files_kept("calm"))
