"""How an incident's numbers read: a denial rate is a share, a delay is days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, chain
from typing import Any, Protocol

from upstream.core.charts import percent
from upstream.detection.choices import Direction, Metric
from upstream.portal import words

MOST_PARTS = 5
ENOUGH = 0.8
AXES = {"procedure": "Procedure", "reason": "Reason", "location": "Place", "provider": "Provider"}


class Measured(Protocol):
    """What an incident says of itself."""

    metric: str
    direction: str
    usual_rate: float
    rate_low: float
    rate: float
    rate_high: float
    lost_low_cents: int
    lost_high_cents: int
    deadline: date | None
    finding: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """Column heads of the evidence table, and the rate usually, now, and its 95 % interval, in words."""

    counted: str
    of: str
    rate: str
    usual: str
    now: str
    interval: str
    series: str


COUNTED: dict[str, tuple[str, str]] = {
    Metric.UNDERPAYMENT: ("Paid since the change", "Of paid"),
    Metric.DOWN_CODING: ("Paid as a cheaper code", "Of paid"),
    Metric.TAKE_BACKS: ("Taken back", "Of payments"),
    Metric.SILENT_CLAIMS: ("Without an answer", "Of claims old enough"),
}


def measure_of(incident: Measured) -> Measure:
    """Rates in percent, delays in days."""
    low, high = incident.rate_low, incident.rate_high
    if incident.metric == Metric.PAYMENT_DELAY:
        return Measure(
            "Still waiting", "Of claims old enough", "Days to a decision", f"{incident.usual_rate:.0f} days",
            f"{incident.rate:.0f} days", f"{low:.0f} to {high:.0f} days", "Decisions as a share of those expected",
        )  # fmt: skip
    if incident.metric in COUNTED:
        seen, among = COUNTED[incident.metric]
        rate, series = "Share", f"{seen}, as a share"
        if incident.metric == Metric.UNDERPAYMENT:
            rate, series = "Share of the usual amount", "Allowed amounts as a share of the usual ones"
        return Measure(
            seen, among, rate, percent(incident.usual_rate, 1), percent(incident.rate, 1),
            f"{percent(low, 1)} to {percent(high, 1)}", series,
        )  # fmt: skip
    return Measure(
        "Denied", "Of decided", "Rate", percent(incident.usual_rate, 1), percent(incident.rate, 1),
        f"{percent(low, 1)} to {percent(high, 1)}", "Denial rate",
    )  # fmt: skip


def sentence(incident: Measured, today: date) -> str:
    """ "Now 45.0%, usually 10.0%. About $9,200 to $14,800 lost so far. First deadline 2 April."."""
    measure = measure_of(incident)
    said = [f"Now {measure.now}, usually {measure.usual}."]
    if incident.direction == Direction.ADVERSE:
        money = words.money_range(incident.lost_low_cents, incident.lost_high_cents)
        said.append(f"About {money} {'waits' if incident.metric == Metric.SILENT_CLAIMS else 'lost so far'}.")
    if incident.deadline:
        passed = ", which has passed" if incident.deadline < today else ""
        said.append(f"First deadline {words.day(incident.deadline)}{passed}.")
    return " ".join(said)


@dataclass(frozen=True, slots=True)
class Part:
    """One value of one axis with what was seen and expected there; `share` is its part of the whole excess."""

    axis: str
    key: str
    observed: float
    expected: float
    share: float


def parts_of(incident: Measured) -> list[Part]:
    """Where the excess lies: per axis the fewest parts, at most five, with 80 % of it; the most telling axis first."""
    found: list[list[Part]] = []
    for axis, rows in incident.finding.get("parts", {}).items():
        whole = sum(row["observed"] - row["expected"] for row in rows)
        parts = [
            Part(AXES.get(axis, axis), row["key"] or "not given", row["observed"], row["expected"],
                 (row["observed"] - row["expected"]) / whole if whole else 0.0)
            for row in rows
        ]  # fmt: skip
        found.append(_fewest(sorted(parts, key=lambda part: -part.share)[:MOST_PARTS]))
    found.sort(key=lambda parts: -parts[0].share if parts else 0.0)
    return list(chain.from_iterable(found))


def _fewest(parts: list[Part]) -> list[Part]:
    before = accumulate((part.share for part in parts), initial=0.0)
    return [part for part, share in zip(parts, before, strict=False) if share < ENOUGH]
