"""What replay finds in the two demo practices, against the changes that were planted in them.

    .venv/bin/python benchmarks/demo.py [--last-week MONDAY]

Loads every file of both practices into a database of its own, replays detection week by week, and prints one line for
each planted change. Exits 1 when one is not found within four weeks of its onset at its payer with a compatible scope,
when Lakeside has any other adverse alert, or when Quietwater has one at all.
"""

import argparse
import csv
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstream.settings.dev")

from upstream.dev.environment import ensure
from upstream.dev.names import TEMPLATE, with_database

os.environ.update(ensure())

import django

django.setup()

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from upstream import pipeline
from upstream.core import clock, tenancy
from upstream.demo import build
from upstream.ingestion.stage import STAGE as INGESTION
from upstream.samples.invented.generate import truth
from upstream.samples.invented.practices import PRACTICES, DatedChange, Practice

PATIENCE = timedelta(weeks=4)
Row = dict[str, str]


@contextmanager
def own_database() -> Iterator[None]:
    """A migrated database and a folder for files, both gone afterwards."""
    name = f"demo_check_{os.getpid()}"
    server = psycopg.connect(with_database(os.environ["DATABASE_OWNER_URL"], "postgres"), autocommit=True)
    with server, tempfile.TemporaryDirectory() as folder:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        try:
            settings.VAR_DIR = Path(folder)
            for alias in ("default", "owner"):
                connections[alias].close()
                settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name
            call_command("migrate", database="owner", verbosity=0)
            yield
        finally:
            connections.close_all()
            server.execute(f"DROP DATABASE {name}")


def load(practice: Practice, last_week: date) -> int:
    """Every file through the services of ingestion; how many."""
    organization, _ = build.prepare(practice)
    with tenancy.bind(organization.pk):
        files = build.deliver_files(practice, last_week, organization.time_zone, lambda _: None).new
        while waiting := pipeline.ready(INGESTION):
            for row_id in waiting:
                INGESTION.take(row_id)
    return files


def replayed(practice: Practice) -> list[Row]:
    """The adverse alerts that replay would have raised."""
    path = Path(settings.VAR_DIR) / f"{practice.slug}.csv"
    with open(os.devnull, "w") as nowhere:
        call_command("replay", "--tenant", practice.slug, "--output", str(path), stdout=nowhere)
    with path.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["direction"] == "adverse"]


def tells(row: Row, change: DatedChange) -> bool:
    """Whether the alert is of this change: its payer, and no part of its scope is another one."""
    mine = (row["procedure_code"], row["denial_reason"], row["location"])
    theirs = (change.procedure_code, change.denial_reason, change.location)
    same = all(a == b or not a or not b for a, b in zip(mine, theirs, strict=True))
    return row["payer"] == change.payer and same and date.fromisoformat(row["week"]) >= change.onset


def judge(practice: Practice, last_week: date, rows: list[Row]) -> list[str]:
    """What is wrong with these alerts; prints what was found."""
    wrong, left = [], list(rows)
    for change in truth(practice, last_week):
        mine = [row for row in rows if tells(row, change)]
        left = [row for row in left if row not in mine]
        if not mine:
            wrong.append(f"not found: {change.title} ({change.onset})")
            continue
        days = (date.fromisoformat(mine[0]["week"]) - change.onset).days
        print(f"  {days:3} days after {change.onset}: {mine[0]['title']}  [{len(mine)} alerts]")
        if timedelta(days=days) > PATIENCE:
            wrong.append(f"late by {days} days: {change.title}")
    return wrong + [f"raised without cause: {row['week']} {row['title']}" for row in left]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    newest = clock.monday_of(clock.now().date()) - timedelta(days=7)
    parser.add_argument("--last-week", type=date.fromisoformat, default=newest)
    last_week = parser.parse_args().last_week
    wrong = []
    with own_database():
        for practice in PRACTICES.values():
            began = time.monotonic()
            files = load(practice, last_week)
            loaded = time.monotonic()
            rows = replayed(practice)
            print(f"{practice.name}: {files} files in {loaded - began:.0f} s,"
                  f" replayed in {time.monotonic() - loaded:.0f} s, {len(rows)} adverse alerts")  # fmt: skip
            wrong += judge(practice, last_week, rows)
    print("\n".join(wrong) or "Every planted change was found in time, and nothing else.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
