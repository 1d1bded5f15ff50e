"""An incident's numbers: what its cause amounts to since it began, how severe that is, and by when to act."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from upstream.alerts import wording
from upstream.alerts.choices import Severity
from upstream.alerts.clocks import Clocks, clocks_for, windows_of
from upstream.alerts.limits import limits_on
from upstream.alerts.recoveries import Record, Records, Share
from upstream.alerts.rules import Due, Member, SeverityLimits, deadlines_at, due_of, severity_of, split_at
from upstream.claims.services import carc_map
from upstream.detection.choices import Direction
from upstream.detection.grouping import IncidentDraft
from upstream.detection.measure import Measured
from upstream.detection.models import DetectionRun, Signal
from upstream.detection.record import amounts_of as finding_of_amounts
from upstream.detection.record import measured
from upstream.detection.rules import DELAY, DENIAL, TAKE_BACKS
from upstream.detection.world import View

NOTHING_BACK = Share(0, 0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Amounts:
    """Values of an incident's own fields, its finding, and the claims behind it by id."""

    fields: dict[str, Any]
    finding: dict[str, Any]
    members: dict[int, Member]


@dataclass(frozen=True)
class Known:
    """What the drafts of one look ask for: each payer's record and clocks, and the limits of the look's day."""

    records: Records
    clocks: Clocks
    limits: SeverityLimits

    @classmethod
    def of(cls, view: View, run: DetectionRun, payers: Iterable[int]) -> "Known":
        """For drafts of these payers."""
        records = Records(view.claims, view.week, carc_map(run.as_of))
        return cls(records, clocks_for(payers), limits_on(run.as_of))


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
    known: Known | None = None,
) -> Amounts:
    """The draft's cause since `onset`, as known at the end of the run's last week; its dates as they stand `today`.

    `caveats`: faults found in the data of its payer and time, in words. `known`: where more than one draft asks.
    """
    known = known or Known.of(view, run, [draft.scope.payer])
    capital, record = known.limits.cost_of_capital, known.records.of(draft.scope.payer)
    found = measured(view, draft, onset, capital)
    members = _members(view, found, draft, run.as_of, record, known)
    back = _back(members, record if draft.family == DENIAL else None)
    at_stake = _at_stake(found, draft, back)
    doubt = wording.doubt_of(signal.finding, caveats)
    weight = Weight(draft.direction, at_stake, found.monthly_cents, bool(doubt))
    dated, dates = dated_fields(weight, members.values(), today, known.limits if today == run.as_of else None)
    title = title_of(signal.payer.name, draft, found, onset, doubt=doubt)
    fields = {**fields_of(draft, found, onset, title), "at_stake_cents": at_stake, **dated}
    finding = {**signal.finding, **finding_of_amounts(found), **dates, "caveats": list(caveats)}
    finding["money"] |= {"capital": capital, "recovery": _recovery(back, record, draft)}
    return Amounts(fields, finding, members)


def fields_of(draft: IncidentDraft, found: Measured, onset: np.datetime64, title: str) -> dict[str, Any]:
    """An incident's own fields that hold whatever the day is; the same for live incidents and for replayed ones."""
    low, high = round(max(found.money.lost.low, 0.0)), round(max(found.money.lost.high, 0.0))
    adverse = draft.direction == Direction.ADVERSE
    # Where no claim stands for it, as in adjustments that name none, the loss is told all the same.
    lost = int(found.money.shares.sum()) if len(found.claim) else round(max(found.money.lost.mid, 0.0))
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
        "lost_low_cents": min(low, lost) if adverse else 0,
        "lost_cents": lost if adverse else 0,
        "lost_high_cents": max(high, lost) if adverse else 0,
        "annual_cents": round(draft.annual_cents.mid),
        "claims_cents": int(found.cents.sum()),
    }


def _members(
    view: View, found: Measured, draft: IncidentDraft, day: date, record: Record, known: Known
) -> dict[int, Member]:
    # What is taken back has its date in the payer's notice, which no file tells: the first decision's says nothing.
    decided = {} if draft.family == TAKE_BACKS else view.claims.decisions_of(found.claim)
    carcs = {carc for _, carc in decided.values()}
    windows = windows_of(carcs, day, draft.scope.payer, known.clocks) if carcs else {}
    shares = {carc: record.share_for(known.records.meanings.category(carc)).share for carc in carcs}
    adverse, denial = draft.direction == Direction.ADVERSE, draft.family == DENIAL
    members = {}
    for claim, cents, part in zip(found.claim.tolist(), found.cents.tolist(), found.money.shares.tolist(), strict=True):
        when, carc = decided.get(claim, (None, ""))
        due = due_of(when, windows[carc]) if when and carc in windows else None
        lost = part if adverse else 0
        usually = round(lost * shares[carc]) if denial and carc in shares else 0
        members[claim] = Member(cents, due, lost, usually, record.paid_on.get(claim) if denial else None)
    return members


def _back(members: Mapping[int, Member], record: Record | None) -> Share:
    """What of denials like these usually comes back: the payer's share moved to the mix of these claims' categories."""
    lost = sum(member.lost for member in members.values())
    if record is None or not lost:
        return NOTHING_BACK if record is None else record.payer
    whole, share = record.payer, sum(member.recoverable for member in members.values()) / lost
    by = share / whole.share if whole.share else 1.0
    return Share(
        whole.claims, whole.won, round(share, 4), round(whole.low * by, 4), round(min(whole.high * by, 1.0), 4)
    )


def _recovery(back: Share, record: Record, draft: IncidentDraft) -> dict[str, Any] | None:
    if draft.family != DENIAL:
        return None
    categories = [{"category": name, **share.kept()} for name, share in record.categories.items()]
    return {**back.kept(), "categories": categories}


def dated_fields(
    weight: Weight, members: Iterable[Member], today: date, limits: SeverityLimits | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What of an incident's fields and of its finding depends on the day; `limits`: those of that day."""
    every = list(members)
    standing = deadlines_at(((member.due, member.cents) for member in every if member.due), today)
    due = standing.next
    fields = {
        "severity": _severity(weight, due, today, limits),
        "deadline": due.deadline if due else None,
        "deadline_source": due.source if due else "",
    }
    kept: Mapping[str, Any] = {
        "as_of": today.isoformat(),
        "last": standing.last.isoformat() if standing.last else None,
        **{name: getattr(standing, name) for name in ("open", "soon", "soon_cents", "passed", "passed_cents")},
    }
    split = {"as_of": today.isoformat(), **asdict(split_at(every, today))}
    return fields, {"internal_due": due.internal.isoformat() if due else None, "deadlines": kept, "split": split}


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


def _at_stake(found: Measured, draft: IncidentDraft, back: Share) -> int:
    """Lower 80 % bound, in cents, of what is lost so far and in the next 30 days less what usually comes back.

    Of a delay it is the cash that waits longer than usual: it is not lost, but it cannot be spent (kpi table 7).
    """
    if draft.direction != Direction.ADVERSE:
        return 0
    lower = found.money.held.low if draft.family == DELAY else found.money.together.low
    return round(max(lower, 0.0) * (1.0 - back.share))


def _severity(weight: Weight, due: Due | None, today: date, limits: SeverityLimits | None) -> Severity:
    if weight.direction != Direction.ADVERSE:
        return Severity.LOW
    days_left = (due.internal - today).days if due else None
    severity = severity_of(weight.at_stake_cents, weight.monthly_cents, days_left, limits or limits_on(today))
    return Severity.MEDIUM if weight.data_fault and severity in (Severity.CRITICAL, Severity.HIGH) else severity
