"""What one cause amounts to since it began: claims, expected and lost money, and the parts of the payer it touches."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from upstream.detection.claimrows import FAR, Claims
from upstream.detection.detectors.denial_rate import rate_ratio
from upstream.detection.detectors.facts import Cube, cube_of
from upstream.detection.detectors.scope import AXES, Scope, mask_of
from upstream.detection.detectors.windows import BY_DECISION
from upstream.detection.grouping import Interval
from upstream.detection.triangle import LAGS, ONE_WEEK, PAID, PENDING

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SLOW_DRIFT = 0.005
PARTS_SHOWN, ALL_OTHERS = 20, "all others"
QUARTER_WEEKS, MONTHS = 13, 3
USUAL_FROM, USUAL_WEEKS = 12, 52
FROM_FEES = "mean allowed amount of the payer's paid claims of the same procedure"
FROM_PAST = "allowed amount at the payer's usual level of the past year"
FROM_CHARGES = "charge times the share of charges that the payer allows"


@dataclass(frozen=True)
class Since:
    """The part of a payer, and the first week on `clock`, that a measurement is about."""

    scope: Scope
    onset: np.datetime64
    clock: str
    dear_only: bool = False


@dataclass(frozen=True)
class Measured:
    """Claims behind a cause (`claim` ids, ascending, each with its expected allowed cents) and what they add up to.

    `observed` is their number. Rates are shares of `decided`; `lost` prices the claims beyond the expected ones;
    `monthly_cents` is the payer's mean allowed a month; `parts` lists per axis (key, observed, expected), each axis
    adding up to `observed` and `expected`; `called` is what the claims are.
    """

    claim: Ints
    cents: Ints
    observed: int
    decided: int
    expected: float
    usual_rate: float
    rate: Interval
    lost: Interval
    monthly_cents: int
    source: str
    parts: dict[str, list[tuple[str, float, float]]] = field(default_factory=dict)
    called: str = "denials"


def measure_denials(claims: Claims, week: np.datetime64, since: Since) -> Measured:
    """Denials of the scope since the onset; `claims` as known at the end of `week`."""
    mine = claims.only(claims.payer == since.scope.payer)
    chosen = mine.only(mine.dear) if since.dear_only else mine
    facts = chosen.facts_of(since.scope.payer)
    size = int((week - since.onset) // ONE_WEEK) + 1
    cube = cube_of(facts, week, since.clock, size)
    inside = mask_of(facts, since.scope)
    began = chosen.decision_week if since.clock == BY_DECISION else chosen.submitted_week
    behind = chosen.denied & (began >= since.onset)
    behind[behind] &= inside[chosen.procedure[behind], chosen.reason[behind], chosen.location[behind]]
    price, source = expected_allowed(mine, chosen)
    expected, decided = float(cube.expected[inside].sum()), float(cube.decided[inside.any(axis=1)].sum())
    observed = int(behind.sum())
    ratio = Interval(*rate_ratio(observed, expected, expected + SLOW_DRIFT * expected**2))
    priced = float((cube.expected * _mean_price(chosen, price)[:, None, None])[inside].sum())
    usual = expected / decided if decided else 0.0
    return Measured(
        chosen.claim[behind], price[behind], observed, int(decided), expected, usual,
        Interval(*(min(1.0, usual * r) for r in (ratio.low, ratio.mid, ratio.high))),
        Interval(*(priced * (r - 1) for r in (ratio.low, ratio.mid, ratio.high))),
        monthly_cents(mine, week), source, parts_of(cube, inside, chosen),
    )  # fmt: skip


def measure_delay(claims: Claims, week: np.datetime64, since: Since, days: Interval, late: Interval) -> Measured:
    """Claims of the scope that wait longer than half of the usual ones did; `days` and `late` cents as detected."""
    mine = claims.only(claims.payer == since.scope.payer)
    names = mine.labels
    inside = np.ones(len(mine.claim), dtype=np.bool_)
    if since.scope.procedure_code:
        inside &= np.array(names.procedures)[mine.procedure] == since.scope.procedure_code
    if since.scope.location:
        inside &= np.array(names.locations)[mine.location] == since.scope.location
    age = np.minimum((week - mine.submitted_week) // ONE_WEEK, LAGS - 1).astype(np.int64)
    waiting = _still_waiting(mine, inside, week)
    slow = int(np.argmax(waiting < 0.5))
    asked = inside & (age >= slow) & (mine.submitted_week >= since.onset - LAGS * ONE_WEEK)
    behind = asked & (mine.outcome == PENDING)
    price, source = expected_allowed(mine, mine)
    expected = float(waiting[age[asked]].sum())
    return Measured(
        mine.claim[behind], price[behind], int(behind.sum()), int(asked.sum()), expected, days.low, days, late,
        monthly_cents(mine, week), source,
    )  # fmt: skip


def measure_underpayment(
    claims: Claims, week: np.datetime64, since: Since, rate: Interval, missing: Interval
) -> Measured:
    """Paid claims of the scope since the onset, each with what it would be allowed at the usual level."""
    mine = claims.only(claims.payer == since.scope.payer)
    began = mine.decision_week if since.clock == BY_DECISION else mine.submitted_week
    behind = (mine.outcome == PAID) & (mine.allowed > 0) & (began >= since.onset)
    if since.scope.procedure_code:
        behind &= np.array(mine.labels.procedures)[mine.procedure] == since.scope.procedure_code
    number = int(behind.sum())
    cents = np.rint(mine.allowed[behind] / max(rate.mid, 0.01)).astype(np.int64)
    return Measured(
        mine.claim[behind], cents, number, number, 0.0, 1.0, rate, missing, monthly_cents(mine, week), FROM_PAST,
    )  # fmt: skip


def _still_waiting(claims: Claims, inside: Bools, week: np.datetime64) -> Floats:
    """Share of the usual weeks' claims that were undecided that many weeks after submission."""
    back = (week - claims.submitted_week) // ONE_WEEK
    usual = inside & (back >= USUAL_FROM + LAGS) & (back < USUAL_FROM + USUAL_WEEKS)
    lag = np.where(claims.decision_week == FAR, LAGS, (claims.decision_week - claims.submitted_week) // ONE_WEEK)
    lag = np.clip(lag[usual].astype(np.int64), 0, LAGS)
    counts = np.bincount(lag, minlength=LAGS + 1).astype(np.float64)
    return np.asarray(1.0 - np.cumsum(counts)[:LAGS] / max(counts.sum(), 1.0), dtype=np.float64)


def expected_allowed(payer: Claims, chosen: Claims) -> tuple[Ints, str]:
    """Cents that each chosen claim should bring: by the payer's fees of its procedure, else by its charge."""
    paid = (payer.outcome == PAID) & (payer.allowed > 0)
    number = len(payer.labels.procedures)
    count = np.bincount(payer.procedure[paid], minlength=number)
    total = np.bincount(payer.procedure[paid], payer.allowed[paid], number)
    fee = np.where(count > 0, np.rint(total / np.maximum(count, 1)), -1).astype(np.int64)
    billed = float(payer.billed[paid].sum())
    ratio = float(payer.allowed[paid].sum()) / billed if billed else 1.0
    by_charge = np.rint(chosen.billed * ratio).astype(np.int64)
    own = fee[chosen.procedure]
    source = FROM_FEES if (own >= 0).all() else f"{FROM_FEES}; where there is none, {FROM_CHARGES}"
    return np.where(own >= 0, own, by_charge), source


def _mean_price(claims: Claims, price: Ints) -> Floats:
    """[procedure] mean expected cents."""
    number = len(claims.labels.procedures)
    count = np.bincount(claims.procedure, minlength=number)
    return np.asarray(np.bincount(claims.procedure, price, number) / np.maximum(count, 1), dtype=np.float64)


def monthly_cents(payer: Claims, week: np.datetime64) -> int:
    """Mean allowed cents of a month's paid claims, over the last quarter."""
    recent = (payer.outcome == PAID) & (payer.decision_week > week - QUARTER_WEEKS * ONE_WEEK)
    return int(payer.allowed[recent].sum()) // MONTHS


def parts_of(cube: Cube, inside: Bools, claims: Claims) -> dict[str, list[tuple[str, float, float]]]:
    """Per axis (key, denials seen, denials expected) of the cells inside, the largest excess first.

    Each axis adds up to all of them: what is beyond the first `PARTS_SHOWN` stands in one row.
    """
    names = dict(zip(AXES, (claims.labels.procedures, claims.labels.reasons, claims.labels.locations), strict=True))
    observed, expected = np.where(inside, cube.observed, 0.0), np.where(inside, cube.expected, 0.0)
    found = {}
    for place, axis in enumerate(AXES):
        gone = tuple(i for i in range(len(AXES)) if i != place)
        seen, usual = observed.sum(axis=gone), expected.sum(axis=gone)
        order = np.argsort(-(seen - usual), kind="stable")
        order = order[(seen[order] > 0) | (usual[order] > 0)]
        shown, rest = order[:PARTS_SHOWN], order[PARTS_SHOWN:]
        found[axis] = [(names[axis][i], float(seen[i]), float(usual[i])) for i in shown]
        if len(rest):
            found[axis].append((ALL_OTHERS, float(seen[rest].sum()), float(usual[rest].sum())))
    return found
