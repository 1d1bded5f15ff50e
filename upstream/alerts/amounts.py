"""An incident's numbers: what its cause amounts to since it began, how severe that is, and by when to act."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from upstream.alerts import clocks, wording
from upstream.alerts.choices import Severity
from upstream.alerts.rules import LIMITS, Due, Member, deadlines_at, due_of, severity_of
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
    """Values of an incident's own fields, its finding, and the claims behind it by id."""

    fields: dict[str, Any]
    finding: dict[str, Any]
    members: dict[int, Member]


@dataclass(frozen=True)
class Weight:
    """What an incident's severity is decided from, besides time."""

    direction: str
    at_stake_cents: int
    monthly_cents: int
    data_fault: bool


def amounts_of(
    view: View,
    signal: Signal,
    draft: IncidentDraft,
    onset: np.datetime64,
    run: DetectionRun,
    *,
    today: date,
    caveats: Sequence[str] = (),
) -> Amounts:
    """The draft's cause since `onset`, as known at the end of the run's last week; its dates as they stand `today`.

    `caveats`: faults found in the data of its payer and time, in words.
    """
    found = measured(view, draft, onset)
    members = _members(view, found, run.as_of, draft.scope.payer)
    at_stake = _at_stake(found, draft)
    doubt = wording.doubt_of(signal.finding, caveats)
    dated, dates = dated_fields(
        Weight(draft.direction, at_stake, found.monthly_cents, bool(doubt)),
        [(member.due, member.cents) for member in members.values() if member.due],
        today,
    )
    title = title_of(signal.payer.name, draft, found, onset, doubt=doubt)
    fields = {**fields_of(draft, found, onset, title), **dated}
    finding = {**signal.finding, **finding_of_amounts(found), **dates, "caveats": list(caveats)}
    return Amounts(fields, finding, members)


def fields_of(draft: IncidentDraft, found: Measured, onset: np.datetime64, title: str) -> dict[str, Any]:
    """An incident's own fields that hold whatever the day is; the same for live incidents and for replayed ones."""
    adverse = draft.direction == Direction.ADVERSE
    low, mid, high = (round(max(c, 0.0)) if adverse else 0 for c in (found.lost.low, found.lost.mid, found.lost.high))
    return {
        "title": title,
        "metric": draft.metric,
        "onset_week": onset.astype(date),
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
        "at_stake_cents": _at_stake(found, draft),
        "annual_cents": round(draft.annual_cents.mid),
        "claims_cents": int(found.cents.sum()),
    }


def _members(view: View, found: Measured, day: date, payer: int) -> dict[int, Member]:
    decided = view.claims.decisions_of(found.claim)
    windows = clocks.windows_of({carc for _, carc in decided.values()}, day, payer)
    dues = {claim: due_of(when, windows[carc]) for claim, (when, carc) in decided.items() if carc in windows}
    return {
        claim: Member(cents, dues.get(claim))
        for claim, cents in zip(found.claim.tolist(), found.cents.tolist(), strict=True)
    }


def dated_fields(weight: Weight, dues: Iterable[tuple[Due, int]], today: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """What of an incident's fields and of its finding depends on the day."""
    standing = deadlines_at(dues, today)
    due = standing.next
    fields = {
        "severity": _severity(weight, due, today),
        "deadline": due.deadline if due else None,
        "deadline_source": due.source if due else "",
    }
    kept: Mapping[str, Any] = {
        "as_of": today.isoformat(),
        "last": standing.last.isoformat() if standing.last else None,
        **{name: getattr(standing, name) for name in ("open", "soon", "soon_cents", "passed", "passed_cents")},
    }
    return fields, {"internal_due": due.internal.isoformat() if due else None, "deadlines": kept}


def title_of(name: str, draft: IncidentDraft, found: Measured, onset: np.datetime64, *, doubt: str = "") -> str:
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
            doubt=doubt,
            detail=draft.detail,
        )
    )


def _at_stake(found: Measured, draft: IncidentDraft) -> int:
    """Lower 80 % bound of what is lost so far and in the next 30 days, in cents (kpi table 7)."""
    if draft.direction != Direction.ADVERSE:
        return 0
    lower = _lower(found.lost) + _lower(draft.annual_cents) * DAYS_AHEAD / YEAR
    return round(max(lower, 0.0) * (1 - LIMITS.recovered_share))


def _lower(interval: Interval) -> float:
    return interval.mid - (interval.mid - interval.low) * TO_80_PERCENT


def _severity(weight: Weight, due: Due | None, today: date) -> Severity:
    if weight.direction != Direction.ADVERSE:
        return Severity.LOW
    days_left = (due.internal - today).days if due else None
    severity = severity_of(weight.at_stake_cents, weight.monthly_cents, days_left)
    return Severity.MEDIUM if weight.data_fault and severity in (Severity.CRITICAL, Severity.HIGH) else severity
