"""How much, as the incident page tells it: what is lost, what can still be got back, what is to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from upstream.alerts.models import Incident
from upstream.core.charts import Bar, BarChart, percent
from upstream.core.money import show_dollars
from upstream.detection.choices import Direction
from upstream.detection.rules import DELAY, DENIAL, UNDERPAYMENT
from upstream.portal import words

SOURCES = {
    "terms": "the usual amount for the same procedure, place of service and modifiers",
    "procedure": "the usual amount for the procedure",
    "charge": "the charge, times the share of charges that the payer usually allows",
}
LEAST_CLAIMS = 20
WHAT_LOST_IS = {
    DENIAL: "Lost counts the denials beyond the usual ones; the claims listed are all denied ones, the usual ones "
            "among them, and each carries its part of the loss.",
    DELAY: "Money that comes late is not lost: lost is what it costs to wait for it.",
    UNDERPAYMENT: "This is a change in payer pricing: what these claims were allowed less than before. No contract was "
                  "compared.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One amount, with how many claims it is the sum of (None for an estimate) and what is to be said of it."""

    name: str
    cents: int
    claims: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Cost:
    """`total` in words; `lines` under "lost so far" add up to it to the cent, `ahead` is a projection."""

    total: str
    lines: tuple[Line, ...]
    chart: BarChart | None
    record: str
    priced: tuple[str, ...]
    note: str


def between(low: int, middle: int, high: int) -> str:
    """ "between $4,100 and $9,800, most likely $6,700"."""
    ends = [show_dollars(cents, whole=True) for cents in (low, high)]
    if low == high:
        return ends[0]
    return f"between {ends[0]} and {ends[1]}, most likely {show_dollars(middle, whole=True)}"


def cost_of(incident: Incident) -> Cost:
    """From what the incident says of itself; one that was told before it said so has no lines."""
    kept = incident.finding.get("money", {})
    split = incident.finding.get("split")
    family = incident.finding.get("family", DENIAL)
    lines = _lines(incident, kept, split) if split and incident.direction == Direction.ADVERSE else ()
    return Cost(
        total=between(incident.lost_low_cents, incident.lost_cents, incident.lost_high_cents),
        lines=lines,
        chart=_chart(incident, lines) if lines else None,
        record=_record(kept.get("recovery")),
        priced=tuple(f"{words.counted(n, 'claim')}: {SOURCES[key]}." for key, n in kept.get("priced", {}).items() if n),
        note=WHAT_LOST_IS.get(family, ""),
    )


def _lines(incident: Incident, kept: Mapping[str, Any], split: Mapping[str, Any]) -> tuple[Line, ...]:
    coming = [max(round(cents), 0) for cents in kept.get("ahead_cents", (0, 0, 0))]
    ahead = Line("Next 30 days", coming[1], None, f"If it goes on: {between(*coming)}. A projection.")
    held = [max(round(cents), 0) for cents in kept.get("held_cents", (0, 0, 0))]
    if incident.finding.get("family") == DELAY:
        rate = percent(kept.get("capital", 0.0))
        waits = f"Cash that waits longer than usual now: {between(*held)}. It is not lost."
        late = f"At {rate} a year, spread over the {words.counted(incident.observed, 'claim')} that still wait."
        return (
            Line("Held up now", held[1], None, waits),
            Line("Cost of waiting so far", incident.lost_cents, incident.observed, late),
            ahead,
        )
    found = [
        Line("Gone for good", split["gone_cents"], split["gone"], "The window has closed, or no clock runs."),
        Line("Can still be got back", split["open_cents"], split["open"], _recoverable(kept.get("recovery"), split)),
        ahead,
    ]
    if split["back"]:
        found.insert(0, Line("Paid after all", split["back_cents"], split["back"], "Paid since it was denied."))
    return tuple(found)


def _recoverable(recovery: Mapping[str, Any] | None, split: Mapping[str, Any]) -> str:
    if not split["open"]:
        return "No claim is left whose clock still runs."
    if not recovery:
        return "A clock still runs. How much comes back is not known."
    ends = (round(split["open_cents"] * recovery[end]) for end in ("low", "high"))
    low, high = (f(found, split["recoverable_cents"]) for f, found in zip((min, max), ends, strict=True))
    return f"A clock still runs. By your own record {between(low, split['recoverable_cents'], high)} of it comes back."


def _record(recovery: Mapping[str, Any] | None) -> str:
    """What the practice's own record rests on."""
    if not recovery:
        return ""
    few = " So few claims tell little, so that the share leans on a cautious guess of one in ten." if (
        recovery["claims"] < LEAST_CLAIMS
    ) else ""  # fmt: skip
    return (
        f"Of {words.counted(recovery['claims'], 'claim')} that this payer denied more than 13 weeks ago, "
        f"{recovery['won']:,} {'was' if recovery['won'] == 1 else 'were'} paid later. For kinds of denial like these "
        f"that makes {percent(recovery['share'])} ({percent(recovery['low'])} to {percent(recovery['high'])}).{few}"
    )


def _chart(incident: Incident, lines: tuple[Line, ...]) -> BarChart:
    return BarChart(f"What it costs, {incident.payer.name}", tuple(Bar(line.name, line.cents) for line in lines))
