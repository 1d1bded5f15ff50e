"""A practice with a long history, in a database of its own on the development server, that the benchmarks share."""

import csv
import os
import shutil
import sys
import time
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstream.settings.dev")
os.environ.setdefault("LOG_LEVEL", "ERROR")

from upstream.dev.environment import ensure
from upstream.dev.names import TEMPLATE, with_database

os.environ.update(ensure())

import django

django.setup()

import numpy as np
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from upstream.alerts import intake
from upstream.alerts import queries as alert_queries
from upstream.core import clock, tenancy
from upstream.detection import queries, services
from upstream.ingestion import services as ingestion
from upstream.ingestion.models import Batch
from upstream.tenants.models import Organization
from upstream.tenants.services import create_organization

SLUG, WHOLE, SEED = "nightly", 100_000, 4
HEADER = (
    "claim_id", "payer", "procedure_code", "location", "submitted_date", "decided_date", "status", "denial_reason",
    "billed", "allowed", "paid", "service_date", "rendering_npi", "place_of_service", "member_id",
)  # fmt: skip
PAYERS = (
    "Summit Mutual", "Northstar Health", "Harbor Advantage", "Civic Care", "Blue Mesa Plan", "Prairie Mutual",
    "Lakeline Health", "Cedar Choice", "Tidewater Plan", "Juniper Benefit", "Granite Trust", "Meadow Health",
)  # fmt: skip
SITES = ("Main Street", "North", "South", "Riverside", "Hilltop", "Market Square")
REASONS = ("CO-197", "CO-16", "CO-50", "CO-29", "CO-97", "CO-11", "CO-22", "CO-18", "CO-96", "PR-204", "CO-109")
CODES = 80
Ints = np.ndarray[Any, np.dtype[np.int64]]


def the_practice(claims: int, *, fresh: bool) -> Organization:
    """The practice in its database of that many claims; from now on this process works there."""
    with_own_database(f"nightly_bench_{claims}", fresh=fresh)
    with tenancy.directory(), transaction.atomic():
        found = Organization.objects.filter(slug=SLUG).first()
    return found or create_organization(slug=SLUG, name="Nightly")


def with_own_database(name: str, *, fresh: bool) -> None:
    """The process works in a migrated database of this name; made when it is missing."""
    with psycopg.connect(with_database(os.environ["DATABASE_OWNER_URL"], "postgres"), autocommit=True) as server:
        if fresh:
            server.execute(f"DROP DATABASE IF EXISTS {name}")
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    settings.VAR_DIR = Path(settings.VAR_DIR) / name
    if fresh:  # files sealed with the keys of the practice before cannot be opened by the new one
        shutil.rmtree(settings.VAR_DIR, ignore_errors=True)
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    for alias in ("default", "owner"):
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name
    call_command("migrate", database="owner", verbosity=0)


def last_sunday() -> date:
    return clock.monday_of(clock.now().date()) - timedelta(days=1)


def columns(count: int, weeks: int) -> dict[str, Any]:
    """Claims of the whole history in the order of their submission; days count from its first Monday.

    Payers, codes and sites are of unequal size; a payer denies a tenth, and takes two weeks to pay and three to deny.
    The largest denies one of its codes for a new reason in the last four weeks.
    """
    rng = np.random.default_rng(SEED)
    day = np.sort(rng.integers(0, weeks * 7, count))
    payer, code, site = (_unequal(rng, size, count) for size in (len(PAYERS), CODES, len(SITES)))
    hit = (payer == 0) & (code == 3)
    share = np.where(hit & (day > (weeks - 6) * 7), 0.7, 0.06 + 0.01 * (code % 8))
    denied = rng.random(count) < share
    lag = np.ceil(rng.gamma(6.0, np.where(denied, 3.6, 2.3), count)).astype(np.int64)
    fee = np.round(8_000 * rng.lognormal(0, 0.7, CODES))[code]
    billed = np.round(fee * 2.2 * rng.lognormal(0, 0.1, count)).astype(np.int64)
    reason = np.where(hit & (day > (weeks - 6) * 7), 0, _unequal(rng, len(REASONS), count))
    return {"day": day, "payer": payer, "code": code, "site": site, "denied": denied, "lag": lag, "reason": reason,
            "billed": billed, "allowed": np.round(fee * (0.95 + 0.1 * rng.random(count))).astype(np.int64)}  # fmt: skip


def _unequal(rng: np.random.Generator, size: int, count: int) -> Ints:
    weight = 1.0 / np.arange(1, size + 1) ** 0.8
    return rng.choice(size, count, p=weight / weight.sum())


def csv_of(facts: dict[str, Any], rows: Ints, first: date, until: int) -> bytes:
    """These claims as a snapshot of the day numbered `until`: what is decided later is pending."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    lists = {name: values[rows].tolist() for name, values in facts.items()}
    for place, number in enumerate(rows.tolist()):
        day, lag = lists["day"][place], lists["lag"][place]
        decided, denied = day + lag <= until, lists["denied"][place]
        submitted = (first + timedelta(days=day)).isoformat()
        allowed = f"{lists['allowed'][place] / 100:.2f}" if decided and not denied else ""
        writer.writerow([
            f"N{number:08d}", PAYERS[lists["payer"][place]], f"{99000 + lists['code'][place]}",
            SITES[lists["site"][place]], submitted, (first + timedelta(days=day + lag)).isoformat() if decided else "",
            ("denied" if denied else "paid") if decided else "pending",
            REASONS[lists["reason"][place]] if decided and denied else "", f"{lists['billed'][place] / 100:.2f}",
            allowed, allowed or ("0.00" if decided else ""), submitted, "1234567893", "11", f"M{number % 40000:08d}",
        ])  # fmt: skip
    return out.getvalue().encode()


def build(claims: int, weeks: int) -> None:
    """The history, but for its last day, through the product's own ingest; nothing when it stands."""
    with transaction.atomic():
        if Batch.objects.exists():
            return
    facts = columns(claims, weeks)
    first, until = last_sunday() - timedelta(days=weeks * 7 - 1), weeks * 7 - 1
    for start in range(0, claims, WHOLE):
        began = time.perf_counter()
        rows = np.arange(start, min(start + WHOLE, claims))
        load(csv_of(facts, rows, first, until - 1), f"history-{start}")
        print(f"built {start + len(rows):,} claims ({time.perf_counter() - began:.1f} s)", flush=True)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    began = time.perf_counter()
    take_all()
    print(f"first look {time.perf_counter() - began:.1f} s", flush=True)


def load(content: bytes, name: str) -> int:
    batch, _ = ingestion.receive([content], name=f"{name}.csv", received_from="benchmark")
    ingestion.load(batch.pk)
    return int(batch.pk)


def take_all() -> None:
    with transaction.atomic():
        waiting = list(queries.batches_to_look_at().values_list("pk", flat=True)[:1])
    for pk in waiting:
        services.analyse(pk)
    with transaction.atomic():
        runs = list(alert_queries.runs_waiting().values_list("pk", flat=True))
    for pk in runs:
        intake.take_signals(pk)
