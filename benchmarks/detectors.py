"""Replay simulated tenants week by week through detection as it runs live and write the alerts for scoring.

    python benchmarks/detectors.py SUITE_DIR ALERTS.csv [--budget 0.2] [--processes 2] [--tenant t001]

SUITE_DIR holds manifest.csv and claims/<tenant>.csv as the drift simulator writes them. Each step is a look of
detection's World at one week, which knows only claims submitted and decisions made by its end. Needs no database.
Prints tenant-weeks, alerts and seconds a step.
"""

import argparse
import csv
import datetime as dt
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from upstream.detection import grouping
from upstream.detection.claimrows import Claims, Labels
from upstream.detection.layout import NEVER, UNNAMED
from upstream.detection.rules import Budget
from upstream.detection.triangle import DENIED, ONE_WEEK, PAID, PENDING
from upstream.detection.world import World

Ints = NDArray[np.int64]
COLUMNS = (
    "scenario",
    "tenant",
    "payer",
    "procedure_code",
    "denial_reason",
    "location",
    "metric",
    "direction",
    "week",
    "incident_id",
    "evidence",
    "expected_annual_dollars",
    "title",
)
DATES, MONEY = ("submitted_date", "decided_date"), ("billed", "allowed", "paid")
OUTCOMES = {"pending": PENDING, "paid": PAID, "denied": DENIED}


def read_claims(path: Path) -> tuple[Claims, tuple[str, ...]]:
    """Claims of a canonical CSV, and what the payers are called."""
    with path.open(newline="") as file:
        rows = csv.reader(file)
        columns = dict(zip(next(rows), zip(*rows, strict=True), strict=True))
    days = {v: (dt.date.fromisoformat(v) - dt.date(1970, 1, 1)).days for c in DATES for v in set(columns[c]) - {""}}
    submitted, decided = (np.array([days.get(v, NEVER) for v in columns[c]], dtype=np.int64) for c in DATES)
    payers, payer = indexed(columns["payer"])
    procedures, procedure = indexed(columns["procedure_code"])
    locations, location = indexed(columns["location"])
    reasons, reason = indexed(columns["denial_reason"])
    outcome = np.array([OUTCOMES[v] for v in columns["status"]], dtype=np.int64)
    cents = {c: np.array([round(100 * float(v or 0)) for v in columns[c]], dtype=np.int64) for c in MONEY}
    claims = Claims.of(
        Labels(procedures, reasons, locations), payer=payer, procedure=procedure, location=location,
        submitted_date=submitted, known_week=monday(submitted), decided_date=decided, decision_week=monday(decided),
        outcome=outcome, reason=np.where(outcome == DENIED, reason, UNNAMED), claim=np.arange(len(payer)), **cents,
    )  # fmt: skip
    return claims, payers


def indexed(values: tuple[str, ...]) -> tuple[tuple[str, ...], Ints]:
    """The names there are, the last of them "" for none, and the place of each value among them."""
    names = (*sorted(set(values) - {""}), "")
    place = {name: i for i, name in enumerate(names)}
    return names, np.array([place[v] for v in values], dtype=np.int64)


def monday(days: Ints) -> Ints:
    """The Monday of each day, as days since 1970; never stays never."""
    return np.asarray(np.where(days < NEVER, days - (days + 3) % 7, NEVER), dtype=np.int64)


@dataclass(frozen=True)
class Job:
    """One tenant to replay."""

    suite: Path
    scenario: str
    start: dt.date
    weeks: int
    first: int
    budget: Budget


def jobs_of(suite: Path, budget: Budget, only: str | None) -> Iterator[Job]:
    """One job a line of the manifest."""
    with (suite / "manifest.csv").open(newline="") as file:
        for line in csv.DictReader(file):
            if only in (None, line["scenario"]):
                yield Job(
                    suite,
                    line["scenario"],
                    dt.date.fromisoformat(line["start_date"]),
                    int(line["weeks"]),
                    int(line["monitor_from_week"]),
                    budget,
                )


def replay(job: Job) -> tuple[list[dict[str, object]], list[float]]:
    """Alert rows of one tenant and the seconds of each step."""
    claims, payers = read_claims(job.suite / "claims" / f"{job.scenario}.csv")
    world, start = World(claims), np.datetime64(job.start, "D")
    incidents: list[grouping.Tracked] = []
    alerts, seconds = [], []
    for week in range(job.first, job.weeks):
        began, as_of = time.perf_counter(), start + week * ONE_WEEK
        for change in grouping.advance(incidents, world.at(as_of).drafts(job.budget), as_of):
            number = change.incident.number or len(incidents) + 1
            stored = replace(change.incident, number=number)
            incidents[number - 1 :] = [stored, *incidents[number:]]
            if change.draft is not None and change.move in (grouping.Move.OPEN, grouping.Move.REOPEN):
                alerts.append(alert_row(job, payers[change.draft.scope.payer], number, change.draft))
        seconds.append(time.perf_counter() - began)
    return alerts, seconds


def alert_row(job: Job, payer: str, number: int, draft: grouping.IncidentDraft) -> dict[str, object]:
    """One line of ALERTS.csv."""
    scope = draft.scope
    keys = (payer, scope.procedure_code, scope.denial_reason, scope.location)
    return dict(
        zip(
            COLUMNS,
            (
                job.scenario,
                job.scenario,
                *keys,
                draft.metric,
                draft.direction,
                str(draft.as_of),
                number,
                round(draft.evidence, 2),
                round(draft.annual_cents.mid / 100, 2),
                " ".join((draft.metric, *filter(None, keys))),
            ),
            strict=True,
        )
    )


def main() -> None:
    """Replay the suite and write the alerts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    parser.add_argument("alerts", type=Path)
    parser.add_argument("--budget", type=float, default=Budget().false_incidents_per_quarter)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--tenant")
    asked = parser.parse_args()
    jobs = list(jobs_of(asked.suite, Budget(asked.budget), asked.tenant))
    with Pool(asked.processes) as pool:
        results = pool.map(replay, jobs, chunksize=1)
    with asked.alerts.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(row for rows, _ in results for row in rows)
    steps = np.array([s for _, seconds in results for s in seconds])
    print(
        f"{len(jobs)} tenants, {len(steps)} tenant-weeks, {sum(len(r) for r, _ in results)} alerts, "
        f"seconds a step: mean {steps.mean():.3f}, largest {steps.max():.3f}"
    )


if __name__ == "__main__":
    main()
