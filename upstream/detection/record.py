"""A cause as it is written down in a Signal, and read back."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from upstream.detection.bootstrap import DRAWS, INSIDE
from upstream.detection.causes.judge import Judged
from upstream.detection.detectors.drafts import COST_OF_CAPITAL
from upstream.detection.detectors.findings import Series
from upstream.detection.detectors.scope import Scope
from upstream.detection.grouping import IncidentDraft, Interval
from upstream.detection.measure import Measured, Since, measure_delay, measure_denials, measure_underpayment
from upstream.detection.measure_events import CALLED, measure_event
from upstream.detection.models import Signal
from upstream.detection.rules import DELAY, DOWN_CODING, SILENCE, TAKE_BACKS, UNDERPAYMENT, Strength
from upstream.detection.world import View

WEEKS = ("as_of", "onset", "onset_low", "onset_high", "first_week")
INTERVALS = ("excess", "lost_cents", "annual_cents", "current_rate")
DOLLARS = "denial_dollars"
SERIES_IS = {
    DELAY: "decisions as a share of those expected",
    UNDERPAYMENT: "allowed amounts as a share of the usual ones",
    DOWN_CODING: "share of paid claims answered with a cheaper code",
    TAKE_BACKS: "amounts taken back as a share of the payments of 12 weeks",
    SILENCE: "share of claims still without an answer",
}


def measured(
    view: View,
    draft: IncidentDraft,
    onset: np.datetime64,
    capital: float = COST_OF_CAPITAL,
    changed: np.datetime64 | None = None,
) -> Measured:
    """The draft's cause since `onset`; `capital` is the price of money a year, as a share.

    `changed`: since when denials are no longer usual, where that was before the onset.
    """
    if draft.family in CALLED:
        return measure_event(view, draft, onset)
    since = Since(draft.scope, onset, draft.clock, draft.metric == DOLLARS, changed)
    if draft.family == DELAY:
        return measure_delay(view.claims, view.week, since, (draft.baseline_rate, draft.current_rate), capital)
    if draft.family == UNDERPAYMENT:
        return measure_underpayment(view.claims, view.week, since)
    return measure_denials(view.claims, view.week, since)


def finding_of(draft: IncidentDraft, checked: list[str], judged: Judged) -> dict[str, Any]:
    """Everything of a draft that can be read back, its series for the chart, and what was said of innocent causes."""
    return {
        "family": draft.family,
        "clock": draft.clock,
        "strength": str(draft.strength),
        "evidence": draft.evidence,
        "baseline_rate": draft.baseline_rate,
        "observed": draft.observed,
        "expected": draft.expected,
        "explained": draft.explained,
        "detail": draft.detail,
        **{name: str(getattr(draft, name)) for name in WEEKS},
        **{name: _ends(getattr(draft, name)) for name in INTERVALS},
        "series": series_of(draft.series),
        "series_is": SERIES_IS.get(draft.family, "share of claims denied"),
        "levels": [
            {"level": f.level, "key": f.key, "evidence": round(f.evidence, 3), "p_value": f.p_value}
            for f in draft.findings
        ],
        "checked": checked,
        "data_fault": bool(judged.cause),
        **judged.kept(),
    }


def amounts_of(found: Measured) -> dict[str, Any]:
    """A measurement without its claims."""
    return {
        "since_onset": {
            "observed": found.observed,
            "decided": found.decided,
            "expected": found.expected,
            "usual_rate": found.usual_rate,
            "rate": _ends(found.rate),
            "lost_cents": _ends(found.money.lost),
            "claims_cents": int(found.cents.sum()),
        },
        "money": {
            "interval": INSIDE,
            "ahead_cents": _ends(found.money.ahead),
            "together_cents": _ends(found.money.together),
            "held_cents": _ends(found.money.held),
            "priced": found.priced,
            "seed": found.money.seed,
            "draws": DRAWS,
        },
        "payer_monthly_cents": found.monthly_cents,
        "expected_allowed_from": found.source,
        "parts_are": f"of the {found.observed:,} {found.called} of this incident" if found.parts else "",
        "parts": {
            axis: [{"key": key, "observed": seen, "expected": round(usual, 4)} for key, seen, usual in rows]
            for axis, rows in found.parts.items()
        },
    }


def draft_of(signal: Signal) -> IncidentDraft:
    """The draft that a signal was written from; its findings are left out."""
    kept: Mapping[str, Any] = signal.finding
    weeks: dict[str, Any] = {name: np.datetime64(kept[name], "D") for name in WEEKS}
    intervals: dict[str, Any] = {name: Interval(*kept[name]) for name in INTERVALS}
    return IncidentDraft(
        family=kept["family"],
        metric=signal.metric,
        direction=signal.direction,
        scope=Scope(signal.payer_id, signal.procedure_code, signal.denial_reason, signal.location),
        clock=kept["clock"],
        strength=Strength(kept["strength"]),
        evidence=kept["evidence"],
        baseline_rate=kept["baseline_rate"],
        observed=kept["observed"],
        expected=kept["expected"],
        explained=kept["explained"],
        series=_series(kept["series"]),
        findings=(),
        detail=kept.get("detail", ""),
        **weeks,
        **intervals,
    )


def series_of(series: Series) -> list[dict[str, Any]]:
    """One row a week, oldest first, rates to five places."""
    return [
        {
            "week": str(series.weeks[i]),
            **{
                name: round(float(getattr(series, name)[i]), 5)
                for name in ("low", "mid", "high", "baseline", "maturity")
            },
            **{name: round(float(getattr(series, name)[i]), 2) for name in ("submitted", "decided", "denied")},
            "immature": bool(series.immature[i]),
        }
        for i in range(len(series.weeks))
    ]


def _series(rows: list[dict[str, Any]]) -> Series:
    columns = {
        name: np.array([row[name] for row in rows], dtype=np.float64)
        for name in ("submitted", "decided", "denied", "low", "mid", "high", "baseline", "maturity")
    }
    return Series(
        weeks=np.array([row["week"] for row in rows], dtype="datetime64[D]"),
        immature=np.array([row["immature"] for row in rows], dtype=np.bool_),
        **columns,
    )


def _ends(interval: Interval) -> list[float]:
    return [interval.low, interval.mid, interval.high]
