"""How far the dollars of a cause can be trusted: measured on simulated practices whose losses are known.

    python benchmarks/money.py SUITE_DIR TRUTH.json [--weeks 4 8 12] [--processes 2]

SUITE_DIR holds manifest.csv and claims/<tenant>.csv as the drift simulator writes them, TRUTH.json what changed and
what it cost week by week. Each planted change is measured where and since when it was planted, some weeks after it
began, from what was known by then; payers and codes to which nothing happened are measured the same way at any time.
Needs no database. Prints, by kind: how often the 80 % interval holds the true cents, the bias, and how often the
projection of a year is within a factor of two of the truth.
"""

import argparse
import csv
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np

from upstream.detection.claimrows import Claims, Labels
from upstream.detection.detectors.scope import Scope
from upstream.detection.grouping import Interval
from upstream.detection.layout import NEVER
from upstream.detection.measure import Measured, Since, measure_delay, measure_denials, measure_underpayment
from upstream.detection.spans import BY_DECISION, BY_SUBMISSION
from upstream.detection.triangle import DENIED, ONE_WEEK, PAID, PENDING

FIRST_PLACEBO, BETWEEN_PLACEBOS = 34, 9
DAYS_A_YEAR, AHEAD = 365, 30
NO_DAYS = (0.0, Interval(0.0, 0.0, 0.0))
MEASURES: dict[str, Callable[[Claims, np.datetime64, Since], Measured]] = {
    "denial_rate": measure_denials,
    "denial_dollars": measure_denials,
    "payment_delay": lambda claims, week, since: measure_delay(claims, week, since, NO_DAYS),
    "underpayment": measure_underpayment,
}


@dataclass(frozen=True)
class Row:
    """One measurement: its kind, weeks since the onset, the true cents, and the three cents that were said."""

    kind: str
    weeks: int
    true: float
    said: tuple[float, float, float]
    year: tuple[float, float] | None = None


def read_claims(path: Path) -> tuple[Claims, tuple[str, ...]]:
    """A canonical claims CSV as detection has it, all of it known, and the payers' names."""
    with path.open(newline="") as file:
        rows = csv.reader(file)
        columns = dict(zip(next(rows), zip(*rows, strict=True), strict=True))
    names, index = {}, {}
    for name in ("payer", "procedure_code", "denial_reason", "location"):
        names[name] = tuple(sorted(set(columns[name]) - {""}))
        place = {label: i for i, label in enumerate(names[name])} | {"": -1}
        index[name] = np.array([place[v] for v in columns[name]], dtype=np.int64)
    day = {
        v: (dt.date.fromisoformat(v) - dt.date(1970, 1, 1)).days
        for name in ("submitted_date", "decided_date")
        for v in set(columns[name])
        if v
    } | {"": NEVER}  # fmt: skip
    sent, decided = (np.array([day[v] for v in columns[c]], dtype=np.int64) for c in ("submitted_date", "decided_date"))
    cents = [np.array([round(100 * float(v or 0)) for v in columns[c]], dtype=np.int64) for c in ("billed", "allowed")]
    outcome = np.array([{"paid": PAID, "denied": DENIED}.get(v, PENDING) for v in columns["status"]], dtype=np.int64)
    monday, answered = sent - (sent - 4) % 7, np.where(decided < NEVER, decided - (decided - 4) % 7, NEVER)
    reason = np.where(outcome == DENIED, index["denial_reason"], -1)
    labels = Labels((*names["procedure_code"], ""), (*names["denial_reason"], ""), (*names["location"], ""))
    claims = Claims.of(
        labels, claim=np.arange(len(sent)), payer=index["payer"], procedure=index["procedure_code"], reason=reason,
        location=index["location"], submitted_date=sent, known_week=monday, decision_week=answered,
        decided_date=decided, outcome=outcome, billed=cents[0], allowed=cents[1], paid=cents[1],
    )  # fmt: skip
    return claims, names["payer"]


def measured(claims: Claims, week: np.datetime64, since: Since, metric: str) -> tuple[float, float, float, float]:
    """Low, middle and high of what is lost, and the middle of the 30 days ahead, in cents."""
    found = MEASURES[metric](claims.known_by(week), week, since).money
    return found.lost.low, found.lost.mid, found.lost.high, found.ahead.mid


def rows_of(job: tuple[Path, dict[str, Any], list[int]]) -> list[Row]:
    """Every measurement in one practice."""
    suite, truth, ages = job
    claims, payers = read_claims(suite / "claims" / f"{truth['scenario']}.csv")
    start = np.datetime64(truth["start_date"], "D")
    found = [row for event in truth["events"] for row in of_event(claims, payers, start, event, truth["weeks"], ages)]
    touched = {event["payer"] for event in truth["events"]} | {(truth["decoy"] or {}).get("payer")}
    decoy = (truth["decoy"] or {}).get("kind") or "untouched"
    for number, payer in enumerate(payers):
        if payer not in touched or decoy == "mix_shift":
            kind = f"nothing: {decoy}" + (" (shifted)" if payer in touched else "")
            found += of_nothing(claims, number, start, truth["weeks"], kind, ages)
    return found


def of_event(
    claims: Claims, payers: tuple[str, ...], start: np.datetime64, event: dict[str, Any], weeks: int, ages: list[int]
) -> list[Row]:
    """One planted change at several ages."""
    number = payers.index(event["payer"])
    mine = claims.only(claims.payer == number)
    keys = (event["procedure_code"] or "", event["denial_reason"] or "", event["location"] or "")
    clock = BY_DECISION if event["effective_by"] == "decision" else BY_SUBMISSION
    onset = start + event["start_week"] * ONE_WEEK
    since = Since(Scope(number, *keys), onset, clock, event["metric"] == "denial_dollars")
    loss = event["loss_by_week"]
    a_year = 100 * sum(loss[4:]) * 52 / (len(loss) - 4)
    found = []
    for age in ages:
        if event["start_week"] + age > weeks or event["end_week"] and event["start_week"] + age > event["end_week"]:
            continue
        *said, ahead = measured(mine, onset + (age - 1) * ONE_WEEK, since, event["metric"])
        yearly = (ahead * DAYS_A_YEAR / AHEAD, a_year) if event["kind"] in ("step", "new_rule", "underpay") else None
        kind = f"{event['metric']} {event['kind']}"
        true = sum(share * cents for share, cents in zip(accrued(event, age), loss, strict=False))
        found.append(Row(kind, age, 100 * true, (said[0], said[1], said[2]), yearly))
    return found


def accrued(event: dict[str, Any], age: int) -> list[float]:
    """Share of each week's loss that had come about `age` weeks after the onset.

    The truth books the whole cost of a late decision in the week in which it was due.
    """
    if event["metric"] != "payment_delay":
        return [1.0] * age
    due = np.arange(0.5, 7)
    return [float(np.minimum((7 * (age - week) - due) / event["magnitude"], 1.0).mean()) for week in range(age)]


def of_nothing(claims: Claims, payer: int, start: np.datetime64, weeks: int, kind: str, ages: list[int]) -> list[Row]:
    """The payer, and its commonest code, at times when nothing happened to it."""
    mine = claims.only(claims.payer == payer)
    code = claims.labels.procedures[int(np.bincount(mine.procedure).argmax())]
    found = []
    for began in range(FIRST_PLACEBO, weeks - max(ages), BETWEEN_PLACEBOS):
        onset = start + began * ONE_WEEK
        for scope in (Scope(payer), Scope(payer, code)):
            for metric in ("denial_rate", "payment_delay", "underpayment"):
                age = ages[began % len(ages)]
                clock = BY_DECISION if began % 2 else BY_SUBMISSION
                *said, _ = measured(mine, onset + (age - 1) * ONE_WEEK, Since(scope, onset, clock), metric)
                found.append(Row(f"{kind}, {metric}", age, 0.0, (said[0], said[1], said[2])))
    return found


def told(rows: list[Row]) -> str:
    """One line of the table."""
    true = np.array([row.true for row in rows])
    low, mid, high = np.array([row.said for row in rows]).T
    inside = (low <= true) & (true <= high)
    below, above = float((true < low).mean()), float((true > high).mean())
    bias = (mid - true).sum() / (true.sum() or np.abs(high - low).sum() or 1.0)
    years = [row.year for row in rows if row.year and row.year[1] > 0]
    near = [0.5 <= said / real <= 2 for said, real in years]
    year = f"{np.mean(near):6.2f} of {len(near)}" if near else ""
    return f"{len(rows):6d} {inside.mean():7.3f} {below:7.3f} {above:7.3f} {bias:8.3f}   {year}"


def names_of(row: Row) -> list[str]:
    """The lines of the table that a measurement counts for."""
    if row.kind.startswith("nothing"):
        metric = row.kind.split(", ")[1]
        return [f"NOTHING, {metric}", *([row.kind] if metric == "denial_rate" else [])]
    return [row.kind, "EVERY CHANGE", *([f"denials, {row.weeks} weeks"] if row.kind.startswith("denial") else [])]


def main() -> None:
    """Measure every practice of the suite and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--weeks", type=int, nargs="+", default=[4, 8, 12])
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    scenarios = json.loads(asked.truth.read_text())["scenarios"]
    with Pool(asked.processes) as pool:
        parts = pool.map(rows_of, [(asked.suite, scenario, asked.weeks) for scenario in scenarios], 1)
    rows = [row for part in parts for row in part]
    groups = defaultdict(list)
    for row in rows:
        for name in names_of(row):
            groups[name].append(row)
    print(f"{'':44s} {'n':>6s} {'inside':>7s} {'below':>7s} {'above':>7s} {'bias':>8s}   year within 2x")
    for kind in sorted(groups):
        print(f"{kind:44s} {told(groups[kind])}")


if __name__ == "__main__":
    main()
