"""Simulate, ingest, replay and score through the product's own commands, beside the reference scores.

    .venv/bin/python benchmarks/detection.py --tools DIR [--seeds 7 8 9] [--suite quick|std] [--work DIR] [--pure]

DIR holds simulate.py and score.py of the drift benchmark. Each simulated tenant gets a migrated database of its own,
is made by `create_tenant`, loaded by `ingest` from its one CSV and replayed by `replay --step week` from its first
claims on; then the database is dropped. A tenant whose alerts lie in the work folder is not replayed again, so a run
that was stopped goes on where it was; `--fresh` forgets them, which a change of the product asks for. `--pure` also
runs benchmarks/detectors.py and lists the alerts that only one of the two raises.
"""

import argparse
import csv
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstream.settings.dev")
# Two tenants at a time fill two cores; threads of the linear algebra beside them only get in the way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from upstream.dev.environment import ensure
from upstream.dev.names import TEMPLATE, with_database

os.environ.update(ensure())

import django

django.setup()

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from benchmarks.reference_scores import table
from upstream.alerts.budget import set_budget
from upstream.core import tenancy
from upstream.tenants.queries import organization

MIGRATED = f"detection_bench_{os.getpid()}"
KEYS = ("payer", "procedure_code", "denial_reason", "location", "metric", "direction")


@dataclass(frozen=True)
class Job:
    """One simulated tenant, and where its alerts go."""

    seed: int
    suite: Path
    tenant: str
    start: dt.date
    first: int

    @property
    def name(self) -> str:
        return f"s{self.seed}-{self.tenant}"

    @property
    def claims(self) -> Path:
        return self.suite / "claims" / f"{self.tenant}.csv"

    @property
    def alerts(self) -> Path:
        return self.suite / "alerts" / f"{self.tenant}.csv"


def simulated(tools: Path, work: Path, suite: str, seed: int) -> Path:
    """The folder of the suite, simulated unless it lies there whole."""
    folder = work / f"{suite}-{seed}"
    if not (folder / "truth" / "truth.json").exists():
        told = ["--seed", str(seed), "--suite", suite, "--out", str(folder)]
        subprocess.run([sys.executable, str(tools / "simulate.py"), *told], check=True)
    (folder / "alerts").mkdir(exist_ok=True)
    return folder


def jobs_of(folder: Path, seed: int) -> Iterator[Job]:
    """Every tenant of the suite, the largest first, so that two processes end together."""
    with (folder / "manifest.csv").open(newline="") as file:
        lines = [(line["scenario"], line["start_date"], line["monitor_from_week"]) for line in csv.DictReader(file)]
    found = [Job(seed, folder, name, dt.date.fromisoformat(start), int(first)) for name, start, first in lines]
    yield from sorted(found, key=lambda job: -job.claims.stat().st_size)


def server() -> psycopg.Connection:
    return psycopg.connect(with_database(os.environ["DATABASE_OWNER_URL"], "postgres"), autocommit=True)


def use(name: str) -> None:
    """From now on both connections go to this database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name


@contextmanager
def migrated() -> Iterator[None]:
    """The database that every tenant's is copied from; gone afterwards."""
    with server() as owner:
        owner.execute(f"CREATE DATABASE {MIGRATED} TEMPLATE {TEMPLATE}")
        try:
            use(MIGRATED)
            call_command("migrate", database="owner", verbosity=0)
            connections.close_all()
            yield
        finally:
            connections.close_all()
            owner.execute(f"DROP DATABASE {MIGRATED}")


def run(job: Job, template: str, budget: float | None) -> tuple[float, float]:
    """The tenant's alerts stand in its file; seconds of loading and of replaying."""
    name = f"{template}_{job.seed}_{job.tenant}"
    with server() as owner, tempfile.TemporaryDirectory() as folder:
        owner.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            settings.VAR_DIR = Path(folder)
            use(name)
            return through_the_product(job, Path(folder) / "alerts.csv", budget)
        finally:
            connections.close_all()
            owner.execute(f"DROP DATABASE {name}")


def asked_for(slug: str, budget: float) -> None:
    """The tenant asks for this many false incidents a quarter, as its owner would in the portal."""
    with transaction.atomic():
        practice = organization(slug)
    with tenancy.bind(practice.pk), transaction.atomic():
        set_budget(Decimal(str(budget)))


def through_the_product(job: Job, output: Path, budget: float | None) -> tuple[float, float]:
    began = time.monotonic()
    call_command("create_tenant", job.name, name=job.name, stdout=StringIO())
    if budget is not None:
        asked_for(job.name, budget)
    call_command("ingest", str(job.claims), tenant=job.name, json=True, stdout=StringIO())
    loaded = time.monotonic()
    call_command("replay", tenant=job.name, step="week", output=output, json=True, stdout=StringIO())
    replayed = time.monotonic()
    part = job.alerts.with_suffix(".part")
    with output.open(newline="") as file, part.open("w", newline="") as out:
        rows = csv.DictReader(file)
        writer = csv.DictWriter(out, ["scenario", *(rows.fieldnames or ())])
        writer.writeheader()
        writer.writerows({"scenario": job.name, **row} for row in rows)
    part.rename(job.alerts)
    return loaded - began, replayed - loaded


def replay_all(jobs: list[Job], processes: int, budget: float | None) -> None:
    """Every job done that was not; one line each as it ends."""
    left = [job for job in jobs if not job.alerts.exists()]
    print(f"{len(jobs)} tenants, {len(jobs) - len(left)} replayed before", flush=True)
    if not left:
        return
    began = time.monotonic()
    with migrated(), ProcessPoolExecutor(processes) as pool:
        running = {pool.submit(run, job, MIGRATED, budget): job for job in left}
        for number, done in enumerate(as_completed(running), start=1):
            loading, replaying = done.result()
            spent = (time.monotonic() - began) / 60
            left_over = spent / number * (len(left) - number)
            print(
                f"{number:4} of {len(left)}  {running[done].name:10} loaded in {loading:5.1f} s, replayed in "
                f"{replaying:5.1f} s; {spent:5.1f} min, about {left_over:.0f} to go",
                flush=True,
            )


def pooled(jobs: list[Job], work: Path) -> tuple[Path, Path]:
    """One truth and one list of alerts of all seeds; tenants are named by seed."""
    whole: dict[str, Any] = {}
    for folder, seed in {job.suite: job.seed for job in jobs}.items():
        truth = json.loads((folder / "truth" / "truth.json").read_text())
        for scenario in truth["scenarios"]:
            scenario["scenario"] = f"s{seed}-{scenario['scenario']}"
            for event in scenario["events"]:
                event["scenario"], event["id"] = scenario["scenario"], f"s{seed}-{event['id']}"
        whole = whole or {**truth, "scenarios": []}
        whole["scenarios"] += truth["scenarios"]
    truth_path, alerts_path = work / "pooled-truth.json", work / "pooled-alerts.csv"
    truth_path.write_text(json.dumps(whole))
    with alerts_path.open("w") as out:
        for number, job in enumerate(jobs):
            out.write("".join(job.alerts.read_text().splitlines(keepends=True)[min(number, 1) :]))
    return truth_path, alerts_path


def scored(tools: Path, truth: Path, alerts: Path) -> dict[str, Any]:
    """What the scorer says, also printed in its own words."""
    told = truth.with_name("pooled-scores.json")
    command = [sys.executable, str(tools / "score.py"), str(truth), str(alerts), "--json", str(told), "--by"]
    subprocess.run(command, check=True)
    found: dict[str, Any] = json.loads(told.read_text())
    return found


def compare(jobs: list[Job], processes: int, budget: float | None) -> None:
    """The alerts that only the product or only the pure core raises, week by week."""
    from detectors import jobs_of as pure_jobs
    from detectors import replay as pure_replay

    from upstream.detection.rules import Budget

    asked = Budget() if budget is None else Budget(budget)
    mine = {(job.seed, job.tenant): job for job in jobs}
    pure = [(seed, job) for folder, seed in {j.suite: j.seed for j in jobs}.items()
            for job in pure_jobs(folder, asked, None) if (seed, job.scenario) in mine]  # fmt: skip
    with ProcessPoolExecutor(processes) as pool:
        for (seed, job), (rows, _) in zip(pure, pool.map(pure_replay, [job for _, job in pure]), strict=True):
            ours = mine[seed, job.scenario]
            with ours.alerts.open(newline="") as file:
                product = {line_of(row, ours) for row in csv.DictReader(file)}
            core = {line_of({name: str(value) for name, value in row.items()}, ours) for row in rows}
            monitored = {line for line in product if line[0] >= ours.first}
            for mark, lines in (("product alone", monitored - core), ("core alone", core - monitored)):
                for line in sorted(lines):
                    print(f"{ours.name}  {mark:14} week {line[0]:3}  {' '.join(filter(None, line[1:]))}")


def line_of(row: dict[str, str], job: Job) -> tuple[Any, ...]:
    """Week and keys of an alert."""
    week = (dt.date.fromisoformat(row["week"]) - job.start).days // 7
    return (week, *(row[name] for name in KEYS))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8, 9])
    parser.add_argument("--suite", choices=("quick", "std", "full"), default="std")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "upstream-detection")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--budget", type=float, default=None, help="false incidents a quarter (default: the product's)")
    parser.add_argument("--only", default="", metavar="TENANT", help="this tenant of each seed alone")
    parser.add_argument("--fresh", action="store_true", help="forget alerts of earlier runs")
    parser.add_argument("--pure", action="store_true", help="compare with the pure core")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    jobs = [
        job
        for seed in asked.seeds
        for job in jobs_of(simulated(asked.tools, asked.work, asked.suite, seed), seed)
        if asked.only in ("", job.tenant)
    ]
    if asked.fresh:
        for job in jobs:
            job.alerts.unlink(missing_ok=True)
    replay_all(jobs, asked.processes, asked.budget)
    if not asked.only:
        truth, alerts = pooled(jobs, asked.work)
        print(table(scored(asked.tools, truth, alerts), asked.seeds, asked.suite))
    if asked.pure:
        compare(jobs, asked.processes, asked.budget)


if __name__ == "__main__":
    main()
