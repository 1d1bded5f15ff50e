"""What cohorts will read once decided: a likelihood through two delay curves, with a 95 % interval.

Of a cohort some claims are denied, some decided otherwise, the rest is open; the denial rate and how far the payer is
behind its usual speed both explain that. Both are unknown: the interval is over all speeds, weighed by what the
neighbouring cohorts say of the speed, and over the errors of the curves (Lawless 1994; Höhle & an der Heiden 2014).
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.delays import Curves
from upstream.detection.detectors.speeds import DENIED_LATE, OTHERS_LATE, log_sum, prior_of
from upstream.detection.triangle import LAGS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIOR_CLAIMS = 4.0
HALF_A_CLAIM = 0.5
STEADY_CLAIMS, CHANGED = 60.0, 0.05
KEPT_SHIFTS = 20
BATCHES = 0.08
NODES = np.array([-(3.0**0.5), 0.0, 3.0**0.5])
NODE_WEIGHTS = np.log(np.array([1 / 6, 2 / 3, 1 / 6]))
COARSE, FINE = 40, 64
YOUNG = 13
SURE = 1e-4
BEYOND = 1e-4
DAYS = 7.0


@dataclass(frozen=True)
class Cohorts:
    """[S, C] counts so far of cohorts that are `age` [C] weeks old; `usual` [S] is the rate that they are drawn to.

    `clumped` [S, C] is how many claims count for one, since denials come together (clumps.py).
    """

    age: Ints
    submitted: Floats
    denied: Floats
    decided: Floats
    usual: Floats
    clumped: Floats

    def of(self, rows: Ints) -> "Cohorts":
        """Those series."""
        counts = (values[rows] for values in (self.submitted, self.denied, self.decided, self.usual, self.clumped))
        return Cohorts(self.age, *counts)


@dataclass(frozen=True)
class Nowcast:
    """[S, C] denial rate of each cohort when all is decided: 95 % interval, mean and standard deviation.

    `maturity` is the share of its decisions that come by its age at the usual speed. Of the claims still open,
    `later_paid` and `later_denied` are the shares expected to be decided so, `later_spread` the first's standard
    deviation. `behind` is how many days later than usual the decisions come.
    """

    low: Floats
    mid: Floats
    high: Floats
    spread: Floats
    maturity: Floats
    later_paid: Floats
    later_spread: Floats
    later_denied: Floats
    behind: Floats


def nowcast(cohorts: Cohorts, curves: Curves) -> Nowcast:
    """Every cohort of every series; the prior is worth four claims at the usual rate."""
    shape = cohorts.submitted.shape
    young = cohorts.age < YOUNG
    out = {f.name: np.zeros(shape) for f in fields(Nowcast)}
    for chosen, cast in ((~young, _settled), (young, _filling)):
        at = np.flatnonzero(chosen)
        if at.size and shape[0]:
            for name, values in cast(_claims(cohorts, curves, at)).items():
                out[name][:, at] = values.reshape(shape[0], -1)
    return Nowcast(**out)


@dataclass(frozen=True)
class _Claims:
    """[R] cohorts of `series` series in a row: counts, rate drawn to, age and curves."""

    series: int
    denied: Floats
    other: Floats
    waiting: Floats
    usual: Floats
    age: Ints
    curves: Curves


def _claims(cohorts: Cohorts, curves: Curves, at: Ints) -> _Claims:
    series = np.repeat(np.arange(len(cohorts.usual)), len(at))
    denied, decided, submitted = (
        (counts[:, at] / cohorts.clumped[:, at]).ravel()
        for counts in (cohorts.denied, cohorts.decided, cohorts.submitted)
    )
    return _Claims(
        len(cohorts.usual),
        denied,
        np.maximum(decided - denied, 0.0),
        np.maximum(submitted - decided, 0.0),
        np.clip(cohorts.usual, 0.002, 0.998)[series],
        np.tile(cohorts.age[at], len(cohorts.usual)),
        curves.of(series),
    )


@dataclass(frozen=True)
class _Nodes:
    """[R, K] possible shares decided by now, of denials and of the others, with the log of their weight."""

    denied: Floats
    other: Floats
    weight: Floats
    shift: Floats


def _settled(claims: _Claims) -> dict[str, Floats]:
    none = np.zeros((len(claims.age), 1))
    nodes = _shifted(claims, none, none, none)
    return _summed(claims, nodes, _range(claims, nodes))


def _filling(claims: _Claims) -> dict[str, Floats]:
    rows, every = len(claims.age), len(DENIED_LATE)
    denied_late, others_late = (np.broadcast_to(late, (rows, every)) for late in (DENIED_LATE, OTHERS_LATE))
    nodes = _shifted(claims, denied_late, others_late, np.zeros((rows, every)))
    pi, cells = _coarse(rows)
    joint = _log_joint(claims, nodes, pi) + cells[:, None, :]
    said = log_sum(joint, axis=2)
    steady = log_sum(joint + _steadier(claims, pi, cells)[:, None, :], axis=2)
    prior = prior_of(steady.reshape(claims.series, -1, every)).reshape(rows, -1)
    best = np.argsort(-(said + prior), axis=1, kind="stable")[:, :KEPT_SHIFTS]
    kept = _shifted(claims, DENIED_LATE[best], OTHERS_LATE[best], np.take_along_axis(prior, best, axis=1))
    return _summed(claims, _jittered(claims, kept), _range(claims, kept))


def _shifted(claims: _Claims, denied_late: Floats, others_late: Floats, weight: Floats) -> _Nodes:
    """Both curves as many days late, linear between whole weeks."""
    denied = _by(claims.curves.denied, claims.age[:, None] - denied_late / DAYS)
    other = _by(claims.curves.other, claims.age[:, None] - others_late / DAYS)
    return _Nodes(denied, other, weight, np.asarray(others_late, dtype=np.float64))


def _by(curve: Floats, age: Floats) -> Floats:
    """[R, K] share that comes by each age."""
    at = np.clip(age, -1.0, LAGS - 1.0)
    below = np.floor(at).astype(np.int64)
    padded = np.concatenate([np.zeros((len(curve), 1)), curve, curve[:, -1:]], axis=1)
    low, high = (np.take_along_axis(padded, below + step, axis=1) for step in (1, 2))
    return np.clip(low + (at - below) * (high - low), SURE, 1.0)


def _jittered(claims: _Claims, nodes: _Nodes) -> _Nodes:
    """Each node nine times: both shares a bit lower, as they are, and higher, by what curves and batches leave open."""
    age = np.minimum(claims.age, LAGS - 1)[:, None]
    spread = [
        np.sqrt(np.take_along_axis(error, age, axis=1) ** 2 + BATCHES**2)
        for error in (claims.curves.denied_error, claims.curves.other_error)
    ]
    low = [(nodes.denied, spread[0]), (nodes.other, spread[1])]
    denied, other = (_moved(share[:, :, None], NODES * by[:, :, None]) for share, by in low)
    rows, kept, three = denied.shape
    shape = (rows, kept, three, three)
    weight = nodes.weight[:, :, None, None] + NODE_WEIGHTS[:, None] + NODE_WEIGHTS[None, :]
    return _Nodes(
        np.broadcast_to(denied[:, :, :, None], shape).reshape(rows, -1),
        np.broadcast_to(other[:, :, None, :], shape).reshape(rows, -1),
        weight.reshape(rows, -1),
        np.broadcast_to(nodes.shift[:, :, None, None], shape).reshape(rows, -1),
    )


def _moved(share: Floats, by: Floats) -> Floats:
    """A share moved on the logit scale."""
    odds = share / np.maximum(1.0 - share, 1e-9) * np.exp(by)
    return np.clip(odds / (1.0 + odds), SURE, 1.0)


def _log_joint(claims: _Claims, nodes: _Nodes, pi: Floats) -> Floats:
    """[R, K, G] log of prior times likelihood at the rates `pi` [R, G]."""
    denied, other, waiting = claims.denied[:, None], claims.other[:, None], claims.waiting[:, None]
    drawn = PRIOR_CLAIMS * claims.usual[:, None]
    of_rate = (denied + drawn - 1.0 + HALF_A_CLAIM) * np.log(pi)
    of_rate = of_rate + (other + PRIOR_CLAIMS - drawn - 1.0 + HALF_A_CLAIM) * np.log1p(-pi)
    of_node = denied * np.log(nodes.denied) + other * np.log(nodes.other) + nodes.weight
    still_open = _open(claims, nodes, pi)
    return of_rate[:, None, :] + of_node[:, :, None] + waiting[:, :, None] * np.log(still_open)


def _open(claims: _Claims, nodes: _Nodes, pi: Floats) -> Floats:
    """[R, K, G] share of a cohort that is open by now."""
    never = claims.curves.never[:, None, None]
    come = nodes.other[:, :, None] + pi[:, None, :] * (nodes.denied - nodes.other)[:, :, None]
    return np.maximum(never + (1.0 - never) * (1.0 - come), 1e-9)


def _coarse(rows: int) -> tuple[Floats, Floats]:
    """Rates evenly spaced in their arcsine, and the log of the room that each has."""
    angle = (np.arange(COARSE) + 0.5) * np.pi / 2 / COARSE
    pi = np.broadcast_to(np.sin(angle) ** 2, (rows, COARSE))
    return pi, np.broadcast_to(np.log(np.sin(2 * angle)), (rows, COARSE))


def _steadier(claims: _Claims, pi: Floats, cells: Floats) -> Floats:
    """[R, G] what to add to the log prior so that rates near the usual one are likely: of speed, cohorts tell together.

    A rate that is new in each cohort could explain any speed.
    """
    rate = claims.usual[:, None]
    parts = []
    for worth in (STEADY_CLAIMS, PRIOR_CLAIMS):
        part = (worth * rate - 0.5) * np.log(pi) + (worth * (1.0 - rate) - 0.5) * np.log1p(-pi)
        parts.append(part - log_sum(part + cells, axis=1)[:, None])
    return np.asarray(np.log(CHANGED + (1.0 - CHANGED) * np.exp(parts[0] - parts[1])), dtype=np.float64)


def _range(claims: _Claims, nodes: _Nodes) -> tuple[Floats, Floats]:
    """[R] lowest and highest rate worth a look."""
    pi, cells = _coarse(len(claims.age))
    mass = log_sum(_log_joint(claims, nodes, pi), axis=1) + cells
    share = np.cumsum(np.exp(mass - log_sum(mass, axis=1)[:, None]), axis=1)
    low = np.maximum((share < BEYOND).sum(axis=1) - 2, -1)
    high = np.minimum((share < 1.0 - BEYOND).sum(axis=1) + 2, COARSE)
    ends = np.sin(np.clip((np.stack([low, high]) + 0.5) * np.pi / 2 / COARSE, 0.0, np.pi / 2)) ** 2
    return ends[0], ends[1]


def _summed(claims: _Claims, nodes: _Nodes, span: tuple[Floats, Floats]) -> dict[str, Floats]:
    """What the posterior over rate and nodes says of each cohort."""
    steps = (np.arange(FINE) + 0.5) / FINE
    pi = span[0][:, None] + (span[1] - span[0])[:, None] * steps
    joint = _log_joint(claims, nodes, pi)
    joint = np.exp(joint - joint.max(axis=(1, 2), keepdims=True))
    joint /= joint.sum(axis=(1, 2), keepdims=True)
    rate = joint.sum(axis=1)
    mean = (rate * pi).sum(axis=1)
    spread = np.sqrt(np.maximum((rate * pi**2).sum(axis=1) - mean**2, 0.0))
    mid = _less_drawn(claims, mean, spread)
    room = _open(claims, nodes, pi)
    never = claims.curves.never[:, None, None]
    paid = (1.0 - never) * (1.0 - pi[:, None, :]) * (1.0 - nodes.other)[:, :, None] / room
    lost = (1.0 - never) * pi[:, None, :] * (1.0 - nodes.denied)[:, :, None] / room
    later = (joint * paid).sum(axis=(1, 2))
    age = np.minimum(claims.age, LAGS - 1)[:, None]
    come = [np.take_along_axis(curve, age, axis=1)[:, 0] for curve in (claims.curves.denied, claims.curves.other)]
    return {
        "low": _quantile(rate, pi, 0.025),
        "mid": mid,
        "high": _quantile(rate, pi, 0.975),
        "spread": spread,
        "maturity": claims.usual * come[0] + (1.0 - claims.usual) * come[1],
        "later_paid": np.minimum(later * (1.0 - mid) / np.maximum(1.0 - mean, 1e-6), 1.0),
        "later_spread": np.sqrt(np.maximum((joint * paid**2).sum(axis=(1, 2)) - later**2, 0.0)),
        "later_denied": (joint * lost).sum(axis=(1, 2)) * mid / np.maximum(mean, 1e-6),
        "behind": (joint.sum(axis=2) * nodes.shift).sum(axis=1),
    }


def _less_drawn(claims: _Claims, mean: Floats, spread: Floats) -> Floats:
    """The mean; as far as it is the prior's it is the usual rate, which the prior's mean exceeds."""
    whole = PRIOR_CLAIMS + 2 * HALF_A_CLAIM
    prior = (PRIOR_CLAIMS * claims.usual + HALF_A_CLAIM) / whole
    drawn = np.minimum(spread**2 * (whole + 1.0) / (prior * (1.0 - prior)), 1.0)
    return np.clip(mean - drawn * (prior - claims.usual), 0.0, 1.0)


def _quantile(mass: Floats, at: Floats, share: float) -> Floats:
    """[R] by linear interpolation inside the cell where the cumulative mass passes `share`."""
    upto = np.cumsum(mass, axis=1)
    cell = np.minimum((upto < share).sum(axis=1), FINE - 1)[:, None]
    own = np.take_along_axis(mass, cell, axis=1)
    before = np.take_along_axis(upto, cell, axis=1) - own
    width = at[:, 1:2] - at[:, :1]
    place = np.take_along_axis(at, cell, axis=1) + width * ((share - before) / np.maximum(own, 1e-300) - 0.5)
    return np.clip(place[:, 0], 0.0, 1.0)
