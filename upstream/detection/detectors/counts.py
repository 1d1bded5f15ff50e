"""Rare things that happen to claims, counted by week: more or fewer of them than the series' own past lets expect."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import log10

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors import onset, tails, windows
from upstream.detection.detectors.findings import ADVERSE, IMPROVE, Finding, Priced, Series
from upstream.detection.detectors.scope import Scope
from upstream.detection.detectors.weekly import CHART_WEEKS
from upstream.detection.rules import Budget
from upstream.detection.spans import GAP, SPAN
from upstream.detection.triangle import ONE_WEEK, mondays

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Cents = tuple[float, float, float]

BASELINE = slice(GAP, GAP + SPAN)
PRIOR_EVENTS = 1.0
WEEKS_A_YEAR = 52.0
LEAST_EXTRA = 3.0
TWICE = 2.0
ENOUGH = 0.8
# What stands out is on average overstated; see drafts.SOBERING.
SOBERING = 2.5


@dataclass(frozen=True)
class Kind:
    """How one metric is judged.

    `drift` is how far a usual rate wanders unseen (a share of itself), `wobble` the relative variance from week to week
    beyond counting noise that is supposed before the data say more; `clock` is what its weeks are.
    """

    metric: str
    family: str
    clock: str
    drift: float
    wobble: float
    directions: tuple[str, ...] = (ADVERSE, IMPROVE)


@dataclass(frozen=True)
class Watched:
    """Series of one level [S, J], weeks back newest first: how many were seen, of how many, and the cents of those.

    `share` is the level's part of the budget; `parent` is the row of each series' payer among the payers.
    """

    level: str
    share: float
    scopes: tuple[Scope, ...]
    details: tuple[str, ...]
    parent: Ints
    seen: Floats
    of: Floats
    cents: Floats


@dataclass(frozen=True)
class Usual:
    """[S] the usual share and the relative variance of that estimate; [S, J] what it lets expect."""

    rate: Floats
    error: Floats
    expected: Floats


@dataclass(frozen=True)
class Look:
    """One window of one series: `raw` evidence is log10 of one over the tail probability, `taken_off` corrects it."""

    direction: str
    weeks: int
    observed: float
    expected: float
    variance: float
    raw: float
    taken_off: float

    @property
    def reach(self) -> float:
        """Half of the 95 % interval of the count beyond the expected one."""
        return float(1.96 * (max(self.observed, 1.0) + max(self.variance - self.expected, 0.0)) ** 0.5)


@dataclass(frozen=True)
class Weeks:
    """The week judged, and by how many weeks the newest one that can be counted lies before it."""

    as_of: np.datetime64
    skipped: int

    @property
    def newest(self) -> np.datetime64:
        return self.as_of - self.skipped * ONE_WEEK


def usual_of(watched: Watched, prior: Floats) -> Usual:
    """From the 52 weeks that ended 12 weeks ago; thin series are drawn to the share `prior` [S] by one event."""
    seen, of = watched.seen[:, BASELINE].sum(1), watched.of[:, BASELINE].sum(1)
    rate = (seen + PRIOR_EVENTS) / (of + PRIOR_EVENTS / prior)
    return Usual(rate, 1.0 / (seen + PRIOR_EVENTS), watched.of * rate[:, None])


def tenant_rate(watched: Watched) -> Floats:
    """[S] the share over all series of the level together, half an event added."""
    seen, of = watched.seen[:, BASELINE].sum(), watched.of[:, BASELINE].sum()
    return np.full(len(watched.scopes), (float(seen) + 0.5) / (float(of) + 1.0))


def findings_of(
    kind: Kind, watched: Watched, usual: Usual, as_of: np.datetime64, budget: Budget, *, skipped: int = 0
) -> list[Priced]:
    """At most one finding a series and direction; the newest of the J weeks is `skipped` weeks before `as_of`."""
    wobble = windows.moments(watched.seen[:, BASELINE], usual.expected[:, BASELINE], kind.wobble, kind.wobble)
    busy = float((watched.of[:, : windows.SIZES[-1]].sum(1) >= 1.0).sum())
    taken_off = log10(max(busy, 1.0) / watched.share)
    least = budget.evidence_for(kind.family) - 1.0
    best: dict[tuple[int, str], Look] = {}
    for size in windows.SIZES:
        observed, expected = watched.seen[:, :size].sum(1), usual.expected[:, :size].sum(1)
        beyond = expected**2 * (usual.error + kind.drift**2) + wobble * (usual.expected[:, :size] ** 2).sum(1)
        variance = expected + beyond
        for direction in kind.directions:
            for s in _worth_it(direction, observed, expected):
                raw = _raw(direction, observed[s], expected[s], variance[s])
                old = best.get((s, direction))
                if raw - taken_off >= least and (old is None or raw > old.raw):
                    counted = float(observed[s]), float(expected[s]), float(variance[s])
                    best[s, direction] = Look(direction, size, *counted, raw, taken_off)
    weeks = Weeks(as_of, skipped)
    return [_finding(kind, watched, usual, s, look, weeks, budget) for (s, _), look in best.items()]


def _worth_it(direction: str, observed: Floats, expected: Floats) -> list[int]:
    """Series with enough of them to be told, and twice as many as usual, or half as many."""
    more, less = (observed, expected) if direction == ADVERSE else (expected, observed)
    return np.flatnonzero((more - less >= LEAST_EXTRA) & (more >= TWICE * less)).tolist()


def _raw(direction: str, observed: float, expected: float, variance: float) -> float:
    tail = tails.log10_at_least if direction == ADVERSE else tails.log10_at_most
    return -float(tail(np.array([observed]), np.array([expected]), np.array([variance]))[0])


def _finding(kind: Kind, watched: Watched, usual: Usual, s: int, look: Look, weeks: Weeks, budget: Budget) -> Priced:
    evidence = look.raw - look.taken_off
    strength = budget.strength(evidence, kind.family)
    if strength is None:
        raise ValueError("evidence below a watch is no finding")
    began = onset.onset_of(watched.seen[s], usual.expected[s], adverse=look.direction == ADVERSE)
    rate, scope = float(usual.rate[s]), watched.scopes[s]
    among = float(watched.of[s, : look.weeks].sum())
    low, mid, high = (min(max(look.observed + d, 0.0) / max(among, 1.0), 1.0) for d in (-look.reach, 0.0, look.reach))
    lost, annual = _money(watched, s, look, among)
    return Priced(
        level=watched.level,
        payer=scope.payer,
        key=key_of(scope, watched.details[s]),
        metric=kind.metric,
        direction=look.direction,
        as_of=weeks.as_of,
        clock=kind.clock,
        weeks_back=look.weeks + weeks.skipped,
        onset=weeks.newest - began.best * ONE_WEEK,
        onset_low=weeks.newest - began.earliest * ONE_WEEK,
        onset_high=weeks.newest - began.latest * ONE_WEEK,
        p_value=float(10**-look.raw),
        evidence=evidence,
        strength=strength,
        baseline_rate=rate,
        current_rate=mid,
        current_low=low,
        current_high=high,
        observed=look.observed,
        expected=look.expected,
        chart=partial(shares_by_week, watched.seen[s], watched.of[s], rate, weeks.newest),
        scope=scope,
        lost=lost,
        annual=annual,
        detail=watched.details[s],
    )


def key_of(scope: Scope, detail: str) -> str:
    """What names the series within its payer, "" for the payer itself."""
    code = scope.procedure_code
    return "|".join(part for part in (code, detail if code else "", scope.location) if part)


def _money(watched: Watched, s: int, look: Look, among: float) -> tuple[Cents, Cents]:
    """Cents of the window's excess, and of a year of it at the volumes of the last 12 weeks."""
    each = float(watched.cents[s, : look.weeks].sum()) / max(look.observed, 1.0)
    a_year = WEEKS_A_YEAR * float(watched.of[s, : windows.SIZES[-1]].mean()) / max(among, 1.0)
    gain = look.raw * tails.LN10
    sober = gain / (gain + SOBERING)
    low, mid, high = (each * (look.observed - look.expected + d) for d in (-look.reach, 0.0, look.reach))
    return (low, mid, high), (sober * a_year * low, sober * a_year * mid, sober * a_year * high)


def shares_by_week(seen: Floats, of: Floats, usual: float, newest: np.datetime64) -> Series:
    """The last 52 weeks of one series for its chart, oldest first, with 95 % intervals of the counts."""
    n = min(CHART_WEEKS, len(seen))
    counted, among = seen[:n][::-1], np.maximum(of[:n][::-1], 1e-9)
    reach = 1.96 * np.sqrt(np.maximum(counted, 1.0))
    empty = among < 0.5
    whole = np.ones(n)

    def share(values: Floats) -> Floats:
        return np.where(empty, usual, np.clip(values / among, 0.0, 1.0))

    return Series(
        mondays(newest - (n - 1) * ONE_WEEK, newest), of[:n][::-1], of[:n][::-1], counted, share(counted - reach),
        share(counted), share(counted + reach), np.full(n, usual), whole, np.zeros(n, dtype=np.bool_),
    )  # fmt: skip


def described(found: Sequence[Priced]) -> list[Finding]:
    """Strongest first, each payer and direction led by its best description.

    That is the narrowest series with 80 % of the payer's excess, else the payer itself; it has the evidence of the
    strongest of them all.
    """
    groups: dict[tuple[int, str], list[Priced]] = {}
    for finding in sorted(found, key=lambda f: -f.evidence):
        groups.setdefault((finding.payer, finding.direction), []).append(finding)
    out: list[Finding] = []
    for mine in groups.values():
        lead = _lead(mine)
        out += [
            replace(lead, evidence=mine[0].evidence, strength=mine[0].strength),
            *(f for f in mine if f is not lead),
        ]
    return sorted(out, key=lambda f: -f.evidence)


def _lead(mine: Sequence[Priced]) -> Priced:
    """Of findings of one payer and direction, strongest first."""
    whole = next((f for f in mine if f.level == "payer"), None)
    if whole is None:
        return mine[0]
    most = ENOUGH * abs(whole.observed - whole.expected)
    return next((f for f in mine if f is not whole and abs(f.observed - f.expected) >= most), whole)
