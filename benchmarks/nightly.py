"""A nightly run after one new file, in a practice with a long history; and a weekly replay of all of it.

    .venv/bin/python benchmarks/nightly.py [--claims 1000000] [--weeks 100] [--file 500] [--replay] [--parts]

Keeps the practice in a database of its own (nightly_bench_<claims>) on the development server, so that the next call
finds it there; `--fresh` builds it anew. Prints seconds of the file's load, of the detection and the incidents stage,
and the peak memory of this process; with `--parts` also of the functions within, with `--replay` of `manage.py replay`.
"""

import argparse
import csv
import functools
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstream.settings.dev")

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

from upstream.alerts import intake, upkeep
from upstream.alerts import queries as alert_queries
from upstream.core import clock, tenancy
from upstream.detection import blocks, event_queries, queries, services, world
from upstream.detection.claimrows import Claims
from upstream.detection.models import Signal
from upstream.detection.world import View
from upstream.ingestion import services as ingestion
from upstream.ingestion.models import Batch
from upstream.ingestion.quality import services as quality
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


def main() -> None:
    options = _options()
    with_own_database(f"nightly_bench_{options.claims}", fresh=options.fresh)
    with tenancy.directory(), transaction.atomic():
        practice = Organization.objects.filter(slug=SLUG).first()
    practice = practice or create_organization(slug=SLUG, name="Nightly")
    with tenancy.bind(practice.pk):
        build(options.claims, options.weeks)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if options.file:
            nightly(options.file, parts=options.parts)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{'peak memory':28} {peak / 1024:8,.0f} MB ({before / 1024:,.0f} MB before)")
    if options.replay:
        replay()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--weeks", type=int, default=100)
    parser.add_argument("--file", type=int, default=500, help="claims in the new file; 0 for no nightly run")
    parser.add_argument("--fresh", action="store_true", help="build the practice anew")
    parser.add_argument("--parts", action="store_true", help="print what the parts of each stage take")
    parser.add_argument("--replay", action="store_true", help="also replay the whole history week by week")
    return parser.parse_args()


def with_own_database(name: str, *, fresh: bool) -> None:
    """The process works in a migrated database of this name; made when it is missing."""
    with psycopg.connect(with_database(os.environ["DATABASE_OWNER_URL"], "postgres"), autocommit=True) as server:
        if fresh:
            server.execute(f"DROP DATABASE IF EXISTS {name}")
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    settings.VAR_DIR = Path(settings.VAR_DIR) / name
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


def nightly(size: int, *, parts: bool) -> None:
    """One new file: half of it new claims of the last day, half answers to claims that were pending."""
    spent: dict[str, list[float]] = timed_parts() if parts else {}
    content = new_file(size)

    def incidents() -> list[int]:
        with transaction.atomic():
            runs = list(alert_queries.runs_waiting().values_list("pk", flat=True))
        for run in runs:
            intake.take_signals(run)
        return runs

    batch = _timed(load, "load of the new file", spent)(content, f"night-{time.time()}")
    _timed(services.analyse, "detection", spent)(batch)
    runs = _timed(incidents, "incidents", spent)()
    with transaction.atomic():
        found = Signal.objects.filter(run__in=runs).count()
    spent["nightly run"] = [sum(spent[stage][i] for stage in ("detection", "incidents")) for i in (0, 1)]
    for name, (wall, own) in spent.items():
        print(f"{name:28} {wall:8.2f} s {own:8.2f} s of this process")
    print(f"{found} signals")


def new_file(size: int) -> bytes:
    """New claims of the last Sunday, and answers of that day to pending ones, drawn anew at each call."""
    rng = np.random.default_rng(int(time.time()))
    facts = columns(2 * size, 4)
    facts["day"][:] = 27
    facts["lag"][:] = 90
    out = csv_of(facts, np.arange(size), last_sunday() - timedelta(days=27), 27).decode()
    out = out.replace("\nN", f"\nN{rng.integers(1 << 40)}-")
    return (out + answers(size, rng)).encode()


def answers(size: int, rng: np.random.Generator) -> str:
    """Denials and payments of claims that the history left undecided, by their numbers."""
    options = _options()
    facts = columns(options.claims, options.weeks)
    open_ones = np.flatnonzero(facts["day"] + facts["lag"] > options.weeks * 7 - 1)
    rows = np.sort(rng.choice(open_ones, min(size, len(open_ones)), replace=False))
    facts["lag"][rows] = np.minimum(facts["lag"][rows], options.weeks * 7 - 1 - facts["day"][rows])
    text = csv_of(facts, rows, last_sunday() - timedelta(days=options.weeks * 7 - 1), options.weeks * 7 - 1).decode()
    return text.partition("\n")[2]


def timed_parts() -> dict[str, list[float]]:
    """Seconds of the functions within the stages, added up while they run."""
    seconds: dict[str, list[float]] = {}
    for owner, name in (
        (quality, "measure_new"), (blocks, "_states"), (blocks, "_read"), (blocks, "_keep"), (blocks, "claims"),
        (Claims, "known_by"), (world, "triangles_of"), (View, "fingerprint"), (View, "drafts"), (services, "states_of"),
        (services, "knowledge"), (event_queries, "events"),
        (services, "measured"), (intake, "view_of"), (intake, "amounts_of"),
        (upkeep, "tell_caveats"),
    ):  # fmt: skip
        setattr(owner, name, _timed(getattr(owner, name), f"  {name}", seconds))
    return seconds


def _timed(function: Callable[..., Any], name: str, seconds: dict[str, list[float]]) -> Callable[..., Any]:
    @functools.wraps(function)
    def timed(*args: Any, **values: Any) -> Any:
        wall, own = time.perf_counter(), time.process_time()
        try:
            return function(*args, **values)
        finally:
            before = seconds.get(name, [0.0, 0.0])
            seconds[name] = [before[0] + time.perf_counter() - wall, before[1] + time.process_time() - own]

    return timed


def replay() -> None:
    began = time.perf_counter()
    call_command("replay", "--tenant", SLUG, "--output", str(Path(settings.VAR_DIR) / "replay.csv"), "--json")
    print(f"{'replay':28} {time.perf_counter() - began:8.2f} s")


if __name__ == "__main__":
    main()
