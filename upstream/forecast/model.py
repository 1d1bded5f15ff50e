"""What the next four weeks bring of cash and denials, from what is open, how fast payers decide and what is sent.

Nothing is drawn at random: the means follow claims through their ages, and the bands are as wide as the same method
was wrong in the weeks before. What is said as of a week comes from that week and those before alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.forecast.bands import LOOKED_BACK, WEEKS, Band, band, over_spans, whole
from upstream.forecast.history import History
from upstream.forecast.holidays import DECIDED, SENT, Factors
from upstream.forecast.pace import TINY, Pace, Pay, Volume

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

METHOD = "forecast-2"
FEWEST_WEEKS = 20
WARM = 8


@dataclass(frozen=True)
class Outlook:
    """Bands [P + 1, spans] of cents and of claims refused; the last row is all payers together."""

    payers: tuple[int, ...]
    cash: Band
    denials: Band


def outlook(history: History, kinds: Ints, left_out: Bools) -> Outlook | None:
    """As of the history's last week; None before 20 weeks of claims.

    `kinds` [K + 4] are the weeks' holidays, `left_out` [P, K] weeks that everybody knows were unlike others.
    """
    weeks = len(history.weeks)
    if weeks < FEWEST_WEEKS or not history.payers:
        return None
    origins = min(weeks - WARM, LOOKED_BACK + WEEKS)
    cash, denials = means(history, kinds, left_out, origins)
    use = _usable(left_out, origins) & (history.arrived.sum(axis=2).cumsum(axis=1)[:, -origins:] > 0)
    return Outlook(
        history.payers,
        _summed(over_spans(cash), history.cash, use),
        whole(_summed(over_spans(denials), history.denials, use)),
    )


def means(history: History, kinds: Ints, left_out: Bools, origins: int) -> tuple[Floats, Floats]:
    """[P, origins, 4] expected cents and denials of the weeks after each of the newest origins."""
    payers, weeks, ages = history.arrived.shape
    learned = _Learned(payers, ages)
    cash, denials = np.zeros((payers, origins, WEEKS)), np.zeros((payers, origins, WEEKS))
    for week in range(weeks):
        learned.take(history, week, int(kinds[week]), (~left_out[:, week]).astype(np.float64))
        at = week - (weeks - origins)
        if at >= 0:
            cash[:, at], denials[:, at] = learned.ahead(history.left[:, week], kinds[week + 1 : week + 1 + WEEKS])
    return cash, denials


class _Learned:
    """All that is known after a week."""

    def __init__(self, payers: int, ages: int) -> None:
        self._pace, self._pay, self._volume = Pace(payers, ages), Pay(payers), Volume(payers, ages)
        self._sent, self._decided = Factors(SENT), Factors(DECIDED)

    def take(self, history: History, week: int, kind: int, use: Floats) -> None:
        arrived, at_risk = history.arrived[:, week], history.at_risk[:, week]
        other, refused = history.other[:, week], history.refused[:, week]
        if week >= WARM:
            usual = (at_risk * sum(self._pace.hazards()) * use[:, None]).sum()
            self._decided.learn(kind, float(((other + refused) * use[:, None]).sum()), float(usual))
            self._sent.learn(kind, float((arrived * use[:, None]).sum()), float((self._volume.level() * use).sum()))
        self._pace.take(other, refused, at_risk * self._decided.of(kind), use)
        self._pay.take(history.cash[:, week], other.sum(axis=1), use)
        self._volume.take(arrived, self._sent.of(kind), use)

    def ahead(self, left: Floats, kinds: Ints) -> tuple[Floats, Floats]:
        """[P, 4] cents and denials of the next weeks, of what is `left` [P, A] undecided and of what will be sent."""
        other_share, refused_share = self._pace.hazards()
        pay, cash, denials = self._pay.each(), [], []
        for step, kind in enumerate(kinds.tolist(), start=1):
            at_risk = _older(left) + self._volume.ahead(step) * self._sent.of(kind)
            decided = at_risk * np.minimum(self._decided.of(kind), 1 / np.maximum(other_share + refused_share, TINY))
            other, refused = decided * other_share, decided * refused_share
            left = at_risk - other - refused
            cash.append(other.sum(axis=1) * pay)
            denials.append(refused.sum(axis=1))
        return np.stack(cash, axis=1), np.stack(denials, axis=1)


def _older(left: Floats) -> Floats:
    """[P, A] a week later."""
    out = np.zeros_like(left)
    out[:, 1:] = left[:, :-1]
    out[:, -1] += left[:, -1]
    return out


def _usable(left_out: Bools, origins: int) -> Bools:
    """[P, origins] whose four next weeks were like others."""
    weeks = left_out.shape[1]
    ahead = np.concatenate([left_out, np.zeros((len(left_out), WEEKS), dtype=np.bool_)], axis=1)
    held = [ahead[:, weeks - origins + step : weeks + step] for step in range(WEEKS + 1)]
    return np.asarray(~np.any(np.stack(held), axis=0), dtype=np.bool_)


def _summed(means_of: Floats, values: Floats, use: Bools) -> Band:
    """Bands of each payer, and of all together by what all together were off: payers share weeks."""
    own = band(means_of, values, use)
    together = band(
        means_of.sum(axis=0)[None], values.sum(axis=0)[None], np.asarray(use.any(axis=0), dtype=np.bool_)[None]
    )
    return Band(*(np.concatenate([getattr(own, n), getattr(together, n)]) for n in ("low", "mid", "high")))
