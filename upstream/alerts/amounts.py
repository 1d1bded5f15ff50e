"""An incident's numbers: what its cause amounts to since it began, how severe that is, and by when to act."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from upstream.alerts import clocks, wording
from upstream.alerts.choices import Severity
from upstream.alerts.rules import LIMITS, Due, due_of, severity_of
from upstream.claims.services import carc_map
from upstream.detection.choices import Direction
from upstream.detection.grouping import IncidentDraft, Interval
from upstream.detection.measure import Measured
from upstream.detection.models import DetectionRun, Signal
from upstream.detection.record import amounts_of as finding_of_amounts
from upstream.detection.record import measured
from upstream.detection.world import View

TO_80_PERCENT = 1.2816 / 1.96
DAYS_AHEAD, YEAR = 30, 365


@dataclass(frozen=True)
class Amounts:
    """Values of an incident's own fields, its finding, and the claims behind it with their expected cents."""

    fields: dict[str, Any]
    finding: dict[str, Any]
    members: dict[int, int]


def amounts_of(view: View, signal: Signal, draft: IncidentDraft, onset: np.datetime64, run: DetectionRun) -> Amounts:
    """The draft's cause since `onset`, as known at the end of the run's last week."""
    found = measured(view, draft, onset)
    decided = view.claims.decided_dates(found.claim)
    carc = draft.scope.denial_reason.rpartition("-")[2] or _commonest(view, found)
    due = due_of(decided, clocks.window_of(carc, run.as_of), run.as_of)
    at_stake = _at_stake(found, draft)
    fault = bool(signal.finding["data_fault"])
    severity = _severity(draft, found.monthly_cents, at_stake, due, run.as_of)
    adverse = draft.direction == Direction.ADVERSE
    low, mid, high = (round(max(c, 0.0)) if adverse else 0 for c in (found.lost.low, found.lost.mid, found.lost.high))
    fields = {
        "title": title_of(signal.payer.name, draft, found, onset, data_fault=fault),
        "metric": draft.metric,
        "onset_week": onset.astype(date),
        "severity": Severity.MEDIUM if fault and severity in (Severity.CRITICAL, Severity.HIGH) else severity,
        "strength": str(draft.strength),
        "evidence": draft.evidence,
        "usual_rate": found.usual_rate,
        "rate_low": found.rate.low,
        "rate": found.rate.mid,
        "rate_high": found.rate.high,
        "decided": found.decided,
        "observed": found.observed,
        "expected": found.expected,
        "lost_low_cents": low,
        "lost_cents": mid,
        "lost_high_cents": high,
        "at_stake_cents": at_stake,
        "annual_cents": round(draft.annual_cents.mid),
        "claims_cents": int(found.cents.sum()),
        "deadline": due.deadline if due else None,
        "deadline_source": due.source if due else "",
    }
    finding = {**signal.finding, **finding_of_amounts(found), "internal_due": due.internal.isoformat() if due else None}
    return Amounts(fields, finding, dict(zip(found.claim.tolist(), found.cents.tolist(), strict=True)))


def title_of(name: str, draft: IncidentDraft, found: Measured, onset: np.datetime64, *, data_fault: bool) -> str:
    """The incident's title, for a payer of this name."""
    carc = draft.scope.denial_reason.rpartition("-")[2]
    return wording.title(
        wording.Told(
            payer=name,
            procedure_code=draft.scope.procedure_code,
            denial_reason=draft.scope.denial_reason,
            category=carc_map(draft.as_of.astype(date)).category(carc) if carc else "",
            location=draft.scope.location,
            metric=draft.metric,
            direction=draft.direction,
            onset=onset.astype(date),
            observed=found.observed,
            decided=found.decided,
            expected=found.expected,
            levels=(draft.baseline_rate, draft.current_rate.mid),
            data_fault=data_fault,
        )
    )


def _commonest(view: View, found: Measured) -> str:
    """The commonest adjustment reason code among the claims, "" for none."""
    claims = view.claims.only(np.isin(view.claims.claim, found.claim) & (view.claims.reason >= 0))
    counts = Counter(claims.labels.reasons[i].rpartition("-")[2] for i in claims.reason.tolist())
    return min(counts, key=lambda carc: (-counts[carc], carc), default="")


def _at_stake(found: Measured, draft: IncidentDraft) -> int:
    """Lower 80 % bound of what is lost so far and in the next 30 days, in cents (kpi table 7)."""
    if draft.direction != Direction.ADVERSE:
        return 0
    lower = _lower(found.lost) + _lower(draft.annual_cents) * DAYS_AHEAD / YEAR
    return round(max(lower, 0.0) * (1 - LIMITS.recovered_share))


def _lower(interval: Interval) -> float:
    return interval.mid - (interval.mid - interval.low) * TO_80_PERCENT


def _severity(draft: IncidentDraft, monthly_cents: int, at_stake: int, due: Due | None, today: date) -> Severity:
    if draft.direction != Direction.ADVERSE:
        return Severity.LOW
    return severity_of(at_stake, monthly_cents, (due.internal - today).days if due else None)
