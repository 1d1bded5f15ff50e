"""What the payers decide on first submissions: denied or not, why, and in which week; planted changes included."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from upstream.samples.invented.practices import PlantedChange, Practice
from upstream.samples.invented.reasons import REASONS
from upstream.samples.invented.submissions import Columns, Ints
from upstream.samples.invented.weeks import Window

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

PAYER_WEEK_NOISE = 0.06
STRATUM_WEEK_NOISE = 0.05
HIGHEST_RATE = 0.9
SHORTEST_LAG = 4.0
HOLIDAY_SLIP = 0.5


@dataclass(frozen=True, slots=True)
class Verdicts:
    """A row for each first submission; `reason` indexes REASONS, -1 where paid; `remark` only of a planted change."""

    denied: Bools
    reason: Ints
    remark: list[str]
    week: Ints


def decide(rng: np.random.Generator, practice: Practice, window: Window, columns: Columns) -> Verdicts:
    """First decisions of all claims, some of them after the window's end.

    A planted change turns payments into denials on the day they would have been paid: it never moves a decision.
    """
    rate = _usual_rate(rng, practice, window, columns)
    denied = rng.random(len(rate)) < rate
    reason = np.where(denied, _usual_reasons(rng, practice, columns), -1)
    week = _decision_weeks(rng, practice, window, columns, denied)
    remark = np.full(len(rate), "", dtype="<U8")
    for change in practice.changes:
        extra = (change.factor - 1) * rate / (1 - rate)
        struck = _in_scope(practice, columns, change) & (week >= window.weeks - 1 - change.weeks_back) & ~denied
        struck &= rng.random(len(rate)) < np.minimum(extra, HIGHEST_RATE)
        leading = struck & (rng.random(len(rate)) < change.leading_share)
        codes = [known.code for known in REASONS]
        usual = _usual_reasons(rng, practice, columns)
        reason = np.where(leading, codes.index(change.denial_reason), np.where(struck, usual, reason))
        remark[leading] = change.remark
        denied |= struck
    return Verdicts(denied, reason.astype(np.int64), remark.tolist(), week)


def _usual_rate(rng: np.random.Generator, practice: Practice, window: Window, columns: Columns) -> Floats:
    payers, procedures = len(practice.payers), len(practice.procedures)
    base = np.array([payer.denial_rate for payer in practice.payers])[columns.payer]
    risk = np.array([procedure.risk for procedure in practice.procedures])[columns.procedure]
    by_payer = rng.normal(0, PAYER_WEEK_NOISE, (payers, window.weeks))[columns.payer, columns.week]
    by_stratum = rng.normal(0, STRATUM_WEEK_NOISE, (payers, procedures, window.weeks))
    noise = by_payer + by_stratum[columns.payer, columns.procedure, columns.week]
    rate: Floats = np.minimum(base * risk * np.exp(noise), HIGHEST_RATE)
    return rate


def _usual_reasons(rng: np.random.Generator, practice: Practice, columns: Columns) -> Ints:
    weights = np.array(
        [[known.weight * known.tilt.get(each.family, 1.0) for known in REASONS] for each in practice.procedures]
    )
    cumulative = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    drawn = rng.random(len(columns.day))[:, None]
    chosen: Ints = np.minimum((drawn > cumulative[columns.procedure]).sum(axis=1), len(REASONS) - 1)
    return chosen


def _in_scope(practice: Practice, columns: Columns, change: PlantedChange) -> Bools:
    payers = np.array([payer.name == change.payer for payer in practice.payers])
    codes = np.array([change.procedure_code in ("", each.code) for each in practice.procedures])
    sites = np.array([change.location in ("", site.name) for site in practice.sites])
    hit: Bools = payers[columns.payer] & codes[columns.procedure] & sites[columns.site]
    return hit


def _decision_weeks(
    rng: np.random.Generator, practice: Practice, window: Window, columns: Columns, denied: Bools
) -> Ints:
    median = np.array([payer.lag_days for payer in practice.payers])[columns.payer]
    slower = np.array([payer.denial_lag for payer in practice.payers])[columns.payer]
    spread = np.array([payer.lag_spread for payer in practice.payers])[columns.payer]
    lag = median * np.where(denied, slower, 1.0) * np.exp(spread * rng.normal(0, 1, len(denied)))
    ready = columns.day + np.ceil(np.maximum(lag, SHORTEST_LAG)).astype(np.int64)
    payday = np.array([payer.payday for payer in practice.payers])[columns.payer]
    week: Ints = (ready + (payday - ready) % 7) // 7
    slipped: Ints = week + (rng.random(len(week)) < _slip_shares(window, int(week.max(initial=0)))[week])
    return slipped


def _slip_shares(window: Window, last: int) -> Floats:
    """Share of each week's decisions that slip to the next week: some in holiday weeks, none in others."""
    return np.array([HOLIDAY_SLIP * (1 - window.holiday_factor(week)) for week in range(last + 1)])
