"""Replay simulated tenants week by week through the detection core and write the alerts for scoring.

    python benchmarks/detectors.py SUITE_DIR ALERTS.csv [--budget 0.2] [--processes 2] [--tenant t001]

SUITE_DIR holds manifest.csv and claims/<tenant>.csv as the drift simulator writes them. Each step uses only claims
submitted and decisions made by the end of its week. Needs no database. Prints tenant-weeks, alerts and seconds a step.
"""

import argparse
import csv
import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from upstream.detection import grouping, triangle
from upstream.detection.detectors import panel
from upstream.detection.detectors.facts import ClaimFacts
from upstream.detection.rules import Budget
from upstream.detection.triangle import ONE_WEEK, Rows, Triangle

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
WARM_UP = 26
DEAR_QUANTILE = 0.8


@dataclass(frozen=True)
class Claims:
    """One tenant's claims as arrays; weeks count from the start date, -1 while undecided."""

    payer: Ints
    procedure: Ints
    reason: Ints
    location: Ints
    submitted: Ints
    decided: Ints
    denied: NDArray[np.bool_]
    billed: Ints
    allowed: Ints
    paid: Ints
    dear: NDArray[np.bool_]
    labels: dict[str, tuple[str, ...]]
    start: np.datetime64


def read_claims(path: Path, start: dt.date) -> Claims:
    """Arrays of a canonical claims CSV."""
    with path.open(newline="") as file:
        rows = csv.reader(file)
        columns = dict(zip(next(rows), zip(*rows, strict=True), strict=True))
    labels, index = {}, {}
    for name, column in (
        ("payer", "payer"),
        ("procedure", "procedure_code"),
        ("reason", "denial_reason"),
        ("location", "location"),
    ):
        labels[name] = tuple(sorted(set(columns[column]) - {""}))
        place = {label: i for i, label in enumerate(labels[name])} | {"": -1}
        index[name] = np.array([place[v] for v in columns[column]], dtype=np.int64)
    days = {v for c in ("submitted_date", "decided_date") for v in columns[c] if v}
    week = {v: (dt.date.fromisoformat(v) - start).days // 7 for v in days} | {"": -1}
    submitted, decided = (
        np.array([week[v] for v in columns[c]], dtype=np.int64) for c in ("submitted_date", "decided_date")
    )
    cents = {
        c: np.array([round(100 * float(v or 0)) for v in columns[c]], dtype=np.int64)
        for c in ("billed", "allowed", "paid")
    }
    stratum = index["payer"] * len(labels["procedure"]) + index["procedure"]
    return Claims(
        **index,
        submitted=submitted,
        decided=decided,
        denied=np.array([v == "denied" for v in columns["status"]]),
        **cents,
        dear=dear_of(stratum, submitted, cents["billed"]),
        labels=labels,
        start=np.datetime64(start, "D"),
    )


def dear_of(stratum: Ints, submitted: Ints, billed: Ints) -> NDArray[np.bool_]:
    """Which charges exceed the 80 % quantile that their payer and procedure had in the first 26 weeks."""
    dear = np.zeros(len(billed), dtype=np.bool_)
    order = np.argsort(stratum, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1):
        early = members[submitted[members] < WARM_UP]
        if len(early) >= 10:
            dear[members] = billed[members] > np.quantile(billed[early], DEAR_QUANTILE)
    return dear


def rollup(claims: Claims, key: Ints, labels: tuple[str, ...], kept: NDArray[np.bool_], *, submissions: bool) -> Rows:
    """Long rows by payer, key, submission week, known week and outcome."""
    parts = [(np.flatnonzero(kept), claims.submitted, np.zeros(len(key), dtype=np.int64))] if submissions else []
    parts.append((np.flatnonzero(kept & (claims.decided >= 0)), claims.decided, np.where(claims.denied, 2, 1)))
    at = np.concatenate([p[0] for p in parts])
    known = np.concatenate([p[1][p[0]] for p in parts])
    outcome = np.concatenate([p[2][p[0]] for p in parts])
    packed = (((claims.payer[at] * len(labels) + key[at]) * 512 + claims.submitted[at]) * 512 + known) * 8 + outcome
    cells, cell = np.unique(packed, return_inverse=True)
    sums = [np.bincount(cell, values[at]).astype(np.int64) for values in (claims.billed, claims.allowed, claims.paid)]
    rest, outcome = np.divmod(cells, 8)
    rest, known = np.divmod(rest, 512)
    rest, submitted = np.divmod(rest, 512)
    payer, key_of = np.divmod(rest, len(labels))
    return Rows(
        payer,
        key_of,
        labels,
        claims.start + submitted * ONE_WEEK,
        claims.start + known * ONE_WEEK,
        outcome,
        np.bincount(cell).astype(np.int64),
        *sums,
    )


def rollups(claims: Claims) -> dict[str, Rows]:
    """The levels that are judged."""
    every = np.ones(len(claims.payer), dtype=np.bool_)
    codes, reasons = claims.labels["procedure"], claims.labels["reason"]
    pairs = tuple(f"{code}|{reason}" for code in codes for reason in reasons)
    denied = claims.denied & (claims.reason >= 0)
    return {
        "payer": rollup(claims, np.zeros_like(claims.payer), ("",), every, submissions=True),
        "procedure": rollup(claims, claims.procedure, codes, every, submissions=True),
        "location": rollup(claims, claims.location, claims.labels["location"], every, submissions=True),
        "price_band": rollup(claims, np.zeros_like(claims.payer), ("dear",), claims.dear, submissions=True),
        "reason": rollup(claims, claims.reason, reasons, denied, submissions=False),
        "procedure_reason": rollup(
            claims, claims.procedure * len(reasons) + claims.reason, pairs, denied, submissions=False
        ),
    }


def triangles_of(rows: dict[str, Rows], as_of: np.datetime64) -> list[Triangle]:
    """Every level as known at the end of the week."""
    payers = triangle.build("payer", rows["payer"], as_of)
    codes = triangle.build("procedure", rows["procedure"], as_of)
    own = tuple(label.split("|")[0] for label in rows["procedure_reason"].labels)
    return [
        payers,
        codes,
        triangle.build("location", rows["location"], as_of),
        triangle.build("price_band", rows["price_band"], as_of),
        triangle.build("reason", rows["reason"], as_of, base=payers),
        triangle.build("procedure_reason", rows["procedure_reason"], as_of, base=codes, key_of_base=own),
    ]


def facts_of(claims: Claims, payer: int) -> ClaimFacts:
    """The claims of one payer."""
    mine = claims.payer == payer
    part = {f.name: getattr(claims, f.name)[mine] for f in fields(claims) if f.name not in ("labels", "start")}
    known = np.where(part["decided"] >= 0, claims.start + part["decided"] * ONE_WEEK, np.datetime64("NaT", "D"))
    return ClaimFacts(
        payer,
        claims.labels["procedure"],
        claims.labels["reason"],
        claims.labels["location"],
        part["procedure"],
        part["reason"],
        part["location"],
        claims.start + part["submitted"] * ONE_WEEK,
        known,
        np.where(part["decided"] < 0, 0, np.where(part["denied"], 2, 1)),
        part["billed"],
        part["allowed"],
        part["dear"],
    )


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
    claims = read_claims(job.suite / "claims" / f"{job.scenario}.csv", job.start)
    rows, facts = rollups(claims), {p: facts_of(claims, p) for p in range(len(claims.labels["payer"]))}
    incidents: list[grouping.Tracked] = []
    alerts, seconds = [], []
    for week in range(job.first, job.weeks):
        began, as_of = time.perf_counter(), claims.start + week * ONE_WEEK
        drafts = grouping.group(panel.judge(triangles_of(rows, as_of), job.budget, facts=facts), facts)
        for change in grouping.advance(incidents, drafts, as_of):
            number = change.incident.number or len(incidents) + 1
            stored = replace(change.incident, number=number)
            incidents[number - 1 :] = [stored, *incidents[number:]]
            if change.draft is not None and change.move in (grouping.Move.OPEN, grouping.Move.REOPEN):
                alerts.append(alert_row(job, claims, number, change.draft))
        seconds.append(time.perf_counter() - began)
    return alerts, seconds


def alert_row(job: Job, claims: Claims, number: int, draft: grouping.IncidentDraft) -> dict[str, object]:
    """One line of ALERTS.csv."""
    scope, payer = draft.scope, claims.labels["payer"][draft.scope.payer]
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
