"""The payer scorecard and the causes of denial, from the weekly sums."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from upstream.alerts.models import Incident
from upstream.alerts.rules import CLOSED
from upstream.claims.choices import Outcome
from upstream.core.charts import LagCurve
from upstream.detection.choices import Metric, Strength
from upstream.detection.models import Baseline
from upstream.kpis.denials import Refused
from upstream.kpis.rules import days_to
from upstream.reports import wording
from upstream.reports.facts import Cell, Denials, Facts
from upstream.reports.figures import Waits, curve_points, decided_by
from upstream.reports.rules import FEW_CLAIMS, WEEKS, Period
from upstream.reports.shapes import CauseLine, PayerLine

SUREST_FIRST = (Strength.STRONG, Strength.MODERATE, Strength.WATCH)


def payer_lines(facts: Facts, period: Period) -> tuple[PayerLine, ...]:
    """Payers with claims or decisions in the last 13 weeks or an open incident; the largest payments first."""
    since = period.weeks_back(WEEKS)
    recent: dict[int, list[Cell]] = defaultdict(list)
    for cell in facts.cells:
        if cell.week > since:
            recent[cell.payer_id].append(cell)
    paid = {payer: _sum(cells, "paid_cents", _decided) for payer, cells in recent.items()}
    whole = sum(paid.values()) or 1
    named = sorted(set(recent) | {i.payer_id for i in facts.incidents if i.state not in CLOSED})
    lines = [_line(facts, payer, recent[payer], paid.get(payer, 0) / whole) for payer in named]
    return tuple(sorted(lines, key=lambda line: (-line.revenue_share, line.payer)))


def _line(facts: Facts, payer: int, cells: list[Cell], revenue_share: float) -> PayerLine:
    baseline = facts.baselines.get(payer)
    reached = decided_by(facts.waits.get(payer, Waits({}, {})))
    refused = facts.measured.refused.get(payer, Refused())
    mine = [i for i in facts.incidents if i.payer_id == payer and i.state not in CLOSED]
    return PayerLine(
        payer=facts.payers[payer],
        revenue_share=round(revenue_share, 6),
        claims=_sum(cells, "claims", lambda cell: cell.outcome == Outcome.PENDING),
        rate=baseline.rate if baseline else None,
        rate_low=baseline.rate_low if baseline else 0.0,
        rate_high=baseline.rate_high if baseline else 0.0,
        points_change=_points(baseline),
        denied_cents=refused.billed,
        denied_allowed_cents=refused.expected,
        median_lag_days=days_to(reached, 0.5),
        slow_lag_days=days_to(reached, 0.9),
        open_incidents=len(mine),
        evidence=next((s.label for s in SUREST_FIRST if any(i.strength == s for i in mine)), ""),
        small_n=_sum(cells, "claims", _decided) < FEW_CLAIMS,
        doubtful=any(caveat.payer_id == payer for caveat in facts.caveats),
        taken_back=facts.measured.share(payer, "take_back_rate"),
        won=facts.measured.share(payer, "overturn_rate"),
        paid_short_cents=_short(facts, payer, mine),
    )


def _short(facts: Facts, payer: int, mine: Iterable[Incident]) -> int:
    """What the payer's contract says that it allowed too little; without one, what open incidents about prices say."""
    told = facts.measured.payers[payer]["underpayment_dollars"] if payer in facts.measured.payers else None
    if told is not None and told.numerator is not None:
        return round(told.numerator)
    return sum(incident.lost_cents for incident in mine if incident.metric == Metric.UNDERPAYMENT)


def _points(baseline: Baseline | None) -> float | None:
    return round(100 * (baseline.rate - baseline.usual_rate), 2) if baseline else None


def _decided(cell: Cell) -> bool:
    return cell.outcome != Outcome.PENDING


def _sum(cells: Iterable[Cell], what: str, which: Callable[[Cell], bool]) -> int:
    return sum(getattr(cell, what) for cell in cells if which(cell))


def cause_lines(facts: Facts, period: Period) -> tuple[CauseLine, ...]:
    """Billed dollars on first denials by cause, in the last 13 weeks and the 13 before; the largest first."""
    since = period.weeks_back(WEEKS)
    by_cause: dict[str, list[Denials]] = defaultdict(list)
    for row in facts.denials:
        by_cause[wording.cause(row.category)].append(row)
    lines = []
    for cause, rows in by_cause.items():
        now = [row for row in rows if row.week > since]
        before = sum(row.billed_cents for row in rows if row.week <= since)
        action = wording.FIRST_ACTIONS.get(_commonest(now or rows), "")
        lines.append(CauseLine(cause, sum(r.claims for r in now), sum(r.billed_cents for r in now), before, action))
    return tuple(sorted(lines, key=lambda line: (-line.denied_cents, -line.before_cents, line.cause)))


def _commonest(rows: list[Denials]) -> str:
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row.category] += row.claims
    return max(sorted(counts), key=lambda category: counts[category])


def lag_curves(facts: Facts, lines: Iterable[PayerLine]) -> tuple[LagCurve, ...]:
    """How fast each payer of the scorecard decides, in its order."""
    number_of = {name: payer for payer, name in facts.payers.items()}
    curves = []
    for line in lines:
        points = curve_points(decided_by(facts.waits.get(number_of[line.payer], Waits({}, {}))))
        if any(share for _, share in points):
            curves.append(LagCurve(line.payer, points))
    return tuple(curves)
