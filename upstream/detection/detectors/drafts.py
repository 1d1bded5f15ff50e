"""One incident draft from the findings of one payer and family: scope, counts, rates and money."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.denial_rate import rate_ratio
from upstream.detection.detectors.facts import ClaimFacts, Cube, cube_of
from upstream.detection.detectors.findings import ADVERSE, Finding, Priced, Series
from upstream.detection.detectors.scope import Part, Scope, best_part, mask_of
from upstream.detection.rules import Strength
from upstream.detection.triangle import ONE_WEEK

Bools = NDArray[np.bool_]

FAMILY = {
    "denial_rate": "denial",
    "denial_dollars": "denial",
    "payment_delay": "delay",
    "underpayment": "underpayment",
    "down_coding": "down_coding",
    "take_backs": "take_backs",
    "silent_claims": "silence",
}
WEEKS_A_YEAR = 52.0
DAYS_A_YEAR = 365.0
COST_OF_CAPITAL = 0.08
# What stands out is on average overstated; a year is projected from the excess times gain over gain plus this.
SOBERING = 2.5


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % interval."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True)
class IncidentDraft:
    """One cause as seen at the end of one week.

    Claims of the scope whose `clock` date (decision or submission) lies in first_week..as_of are the evidence;
    `excess` counts denials beyond the expected ones; `lost_cents` prices them and `annual_cents` a year of the same at
    the volumes of the last 12 weeks, both in expected allowed. `explained` is the scope's share of the payer's net
    excess. `findings` are the series it accounts for, strongest first. `detail` is what the scope cannot say: the code
    that a payer answered instead of the billed one.
    """

    family: str
    metric: str
    direction: str
    scope: Scope
    as_of: np.datetime64
    onset: np.datetime64
    onset_low: np.datetime64
    onset_high: np.datetime64
    clock: str
    first_week: np.datetime64
    strength: Strength
    evidence: float
    baseline_rate: float
    current_rate: Interval
    observed: float
    expected: float
    excess: Interval
    lost_cents: Interval
    annual_cents: Interval
    explained: float
    series: Series
    findings: tuple[Finding, ...]
    detail: str = ""


def draft_of(found: Sequence[Finding], facts: ClaimFacts) -> IncidentDraft:
    """The draft of findings of one payer, family and direction, strongest first."""
    if isinstance(found[0], Priced):
        return priced_draft(found, found[0])
    if FAMILY[found[0].metric] == "delay":
        return delay_draft(found, facts)
    if FAMILY[found[0].metric] == "underpayment":
        return underpayment_draft(found, facts)
    return dollar_draft(found, facts) if found[0].level == "price_band" else denial_draft(found, facts)


def denial_draft(found: Sequence[Finding], facts: ClaimFacts) -> IncidentDraft:
    """The scope is the part of the payer that explains the excess denials best, whatever series raised them."""
    lead = found[0]
    cube = cube_of(facts, lead.as_of, lead.clock, lead.weeks_back)
    part = best_part(facts, cube, adverse=lead.direction == ADVERSE)
    inside = mask_of(facts, part.scope)
    ratio = _ratio(part.observed, part.expected)
    sober = part.gain / (part.gain + SOBERING)
    lost, annual = _money(cube, inside)
    return _of(
        found,
        part,
        _rate(cube, part, inside),
        ratio,
        lost=_excess(ratio, lost),
        annual=_excess(ratio, sober * annual),
    )


def dollar_draft(found: Sequence[Finding], facts: ClaimFacts) -> IncidentDraft:
    """Dearer claims are denied more: the whole payer, priced net of the cheaper claims that are denied less."""
    lead = found[0]
    lost, annual = Interval(0.0, 0.0, 0.0), Interval(0.0, 0.0, 0.0)
    for chosen in (facts.dear, ~facts.dear):
        cube = cube_of(facts.only(chosen), lead.as_of, lead.clock, lead.weeks_back)
        ratio = _ratio(float(cube.observed.sum()), float(cube.expected.sum()))
        priced = _money(cube, np.ones(cube.expected.shape, dtype=np.bool_))
        lost, annual = _plus(lost, _excess(ratio, priced[0])), _plus(annual, _excess(ratio, priced[1]))
    part = Part(Scope(lead.payer), lead.observed, lead.expected, 0.0, 1.0)
    draft = _of(found, part, lead.baseline_rate, _ratio(lead.observed, lead.expected), lost=lost, annual=annual)
    return replace(draft, metric="denial_dollars")


def delay_draft(found: Sequence[Finding], facts: ClaimFacts) -> IncidentDraft:
    """The scope is that of the strongest series; the money is a year's cost of the cash that comes later."""
    lead = found[0]
    scope = Scope(
        lead.payer, lead.key if lead.level == "procedure" else "", "", lead.key if lead.level == "location" else ""
    )
    a_day = _paid_a_day(facts.known_by(lead.as_of), scope, lead.as_of)
    days = Interval(*(d - lead.baseline_rate for d in (lead.current_low, lead.current_rate, lead.current_high)))
    late = Interval(*(d * a_day for d in (days.low, days.mid, days.high)))
    yearly = Interval(*(COST_OF_CAPITAL * c for c in (late.low, late.mid, late.high)))
    part = Part(scope, lead.observed, lead.expected, 0.0, 1.0)
    draft = _of(found, part, lead.baseline_rate, _ratio(lead.observed, lead.expected), lost=late, annual=yearly)
    return replace(draft, current_rate=Interval(lead.current_low, lead.current_rate, lead.current_high))


def underpayment_draft(found: Sequence[Finding], facts: ClaimFacts) -> IncidentDraft:
    """The scope is that of the strongest series; the money is the allowed amount missing against its own past."""
    lead = found[0]
    scope = Scope(lead.payer, lead.key if lead.level == "procedure" else "")
    rates = Interval(lead.current_low, lead.current_rate, lead.current_high)
    less = Interval(*(1.0 / r - 1.0 for r in (rates.high, rates.mid, rates.low)))
    gain = -float(np.log(max(lead.p_value, 1e-300)))
    sober = gain / (gain + SOBERING)
    a_year = sober * _paid_a_day(facts.known_by(lead.as_of), scope, lead.as_of) * DAYS_A_YEAR
    part = Part(scope, lead.observed, lead.expected, 0.0, 1.0)
    lost, annual = (
        Interval(*(x * cents for x in (less.low, less.mid, less.high))) for cents in (lead.observed, a_year)
    )
    draft = _of(found, part, lead.baseline_rate, rates, lost=lost, annual=annual)
    return replace(draft, current_rate=rates, excess=lost)


def priced_draft(found: Sequence[Finding], lead: Priced) -> IncidentDraft:
    """The lead's own scope, counts and money: what is told of claims that were paid, taken back or never answered."""
    rates = Interval(lead.current_low, lead.current_rate, lead.current_high)
    part = Part(lead.scope, lead.observed, lead.expected, 0.0, 1.0)
    looked_at = lead.observed / max(lead.current_rate, 1e-9)
    excess = Interval(*(looked_at * (rate - lead.baseline_rate) for rate in (rates.low, rates.mid, rates.high)))
    draft = _of(found, part, lead.baseline_rate, rates, lost=Interval(*lead.lost), annual=Interval(*lead.annual))
    return replace(draft, current_rate=rates, excess=excess, detail=lead.detail)


def _paid_a_day(known: ClaimFacts, scope: Scope, as_of: np.datetime64) -> float:
    """Allowed cents a calendar day of paid claims in the scope that were submitted in the last 26 weeks."""
    inside: Bools = np.asarray(mask_of(known, scope).any(axis=1), dtype=np.bool_)
    chosen = (known.outcome == 1) & (known.submitted_week > as_of - 26 * ONE_WEEK)
    chosen &= inside[known.procedure, known.location]
    return float(known.allowed_cents[chosen].sum()) / (26 * 7)


def _of(
    found: Sequence[Finding], part: Part, usual_rate: float, ratio: Interval, *, lost: Interval, annual: Interval
) -> IncidentDraft:
    lead, near = found[0], _nearest(found, part.scope)
    return IncidentDraft(
        family=FAMILY[lead.metric],
        metric=lead.metric,
        direction=lead.direction,
        scope=part.scope,
        as_of=lead.as_of,
        onset=near.onset,
        onset_low=near.onset_low,
        onset_high=near.onset_high,
        clock=lead.clock,
        first_week=lead.as_of - (lead.weeks_back - 1) * ONE_WEEK,
        strength=lead.strength,
        evidence=lead.evidence,
        baseline_rate=usual_rate,
        current_rate=Interval(*(min(1.0, r * usual_rate) for r in (ratio.low, ratio.mid, ratio.high))),
        observed=part.observed,
        expected=part.expected,
        excess=_excess(ratio, part.expected),
        lost_cents=lost,
        annual_cents=annual,
        explained=part.explained,
        series=near.chart(),
        findings=tuple(found),
    )


def _ratio(observed: float, expected: float) -> Interval:
    return Interval(*rate_ratio(observed, expected, expected + 0.005 * expected**2))


def _money(cube: Cube, inside: Bools) -> tuple[float, float]:
    """Cents of the expected denials: of the window, and of a usual year."""
    price = cube.cost[:, None, None]
    return float((cube.expected * price)[inside].sum()), WEEKS_A_YEAR * float((cube.weekly * price)[inside].sum())


def _plus(a: Interval, b: Interval) -> Interval:
    return Interval(a.low + b.low, a.mid + b.mid, a.high + b.high)


def _excess(ratio: Interval, base: float) -> Interval:
    return Interval((ratio.low - 1) * base, (ratio.mid - 1) * base, (ratio.high - 1) * base)


def _rate(cube: Cube, part: Part, inside: Bools) -> float:
    decided = float(cube.decided[inside.any(axis=1)].sum())
    return part.expected / decided if decided > 0 else 0.0


def _nearest(found: Sequence[Finding], scope: Scope) -> Finding:
    """The finding that describes the scope itself, else the strongest one."""
    key = "|".join(k for k in (scope.procedure_code, scope.denial_reason, scope.location) if k)
    return next((f for f in found if f.key == key), found[0])
