"""The one dial of detection and what it means: tolerated false incidents, and the strength of evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf, log10

from upstream.core.errors import Invalid

WEEKS_PER_QUARTER = 13.0
LEVEL_SHARES = {
    "payer": 0.30,
    "procedure": 0.20,
    "reason": 0.10,
    "location": 0.10,
    "provider": 0.05,
    "procedure_reason": 0.17,
    "price_band": 0.03,
}
DENIAL, DELAY, UNDERPAYMENT = "denial", "delay", "underpayment"
DOWN_CODING, TAKE_BACKS, SILENCE = "down_coding", "take_backs", "silence"
# Denials for a reason that the payer never gave before join the payer's denials, but have a budget of their own.
NEW_REASON = "new_reason"
FAMILY_SHARES = {
    DENIAL: 0.64,
    DELAY: 0.14,
    UNDERPAYMENT: 0.14,
    DOWN_CODING: 0.02,
    TAKE_BACKS: 0.02,
    SILENCE: 0.02,
    NEW_REASON: 0.02,
}
OTHER_SHARES = {"payer": 0.6, "procedure": 0.2, "location": 0.1}
REFERENCE_WEEKLY = 0.01


@dataclass(frozen=True)
class Fit:
    """Measured: at this evidence a family raises REFERENCE_WEEKLY false incidents a tenant-week; steps per decade."""

    evidence: float
    per_decade: float


FITS = {
    DENIAL: Fit(2.2, 1.28),
    DELAY: Fit(1.95, 1.2),
    UNDERPAYMENT: Fit(2.15, 1.0),
    DOWN_CODING: Fit(2.0, 1.0),
    TAKE_BACKS: Fit(2.0, 1.0),
    SILENCE: Fit(2.0, 1.0),
    NEW_REASON: Fit(2.0, 1.0),
}
STRONG_ABOVE, WATCH_BELOW = 2.0, 1.0


class Strength(StrEnum):
    """How surely a finding is no chance: Strong and Moderate open incidents, Watch never does."""

    STRONG = "strong"
    MODERATE = "moderate"
    WATCH = "watch"


@dataclass(frozen=True)
class Parameters:
    """What a version of the method decides by; families of metrics that have no fit are not judged."""

    family_shares: Mapping[str, float]
    fits: Mapping[str, Fit]
    strong_above: float = STRONG_ABOVE
    watch_below: float = WATCH_BELOW


PRESENT = Parameters(FAMILY_SHARES, FITS)


@dataclass(frozen=True)
class Budget:
    """At most this many false incidents a quarter and tenant, over the whole tree of payers, codes, reasons and sites.

    The evidence that it takes is measured, not nominal: fitted on simulated quiet and changing tenants
    (benchmarks/detectors.py) as a line in log10 of the weekly budget.
    """

    false_incidents_per_quarter: float = 0.2
    parameters: Parameters = PRESENT

    def __post_init__(self) -> None:
        if not 0.005 <= self.false_incidents_per_quarter <= 20:
            raise Invalid("budget", "false incidents per quarter must lie between 0.005 and 20")

    def evidence_for(self, family: str) -> float:
        """Least evidence (log10, after the correction for the number of series and the level's share)."""
        if family not in self.parameters.fits:
            return inf
        share, fit = self.parameters.family_shares[family], self.parameters.fits[family]
        weekly = share * self.false_incidents_per_quarter / WEEKS_PER_QUARTER
        return fit.evidence - fit.per_decade * log10(weekly / REFERENCE_WEEKLY)

    def strength(self, evidence: float, family: str) -> Strength | None:
        """The strength of corrected evidence; None when it is not worth a look."""
        over = evidence - self.evidence_for(family)
        if over < -self.parameters.watch_below:
            return None
        if over < 0:
            return Strength.WATCH
        return Strength.STRONG if over >= self.parameters.strong_above else Strength.MODERATE


def correction(level: str, series: float, family: str) -> float:
    """log10 to take off the evidence of one series among `series` of its level."""
    share = (LEVEL_SHARES if family == DENIAL else OTHER_SHARES)[level]
    return log10(max(series, 1.0) / share)
