"""Weekly reporting triangles: what was known, at the end of one week, about each cohort of submitted claims.

A claim is counted twice in the long rows: once as submitted (outcome PENDING, in the week it became known) and, when
its first decision becomes known, once more under the outcome of that decision. `build` uses only rows known by the
end of the as-of week, so a replay is the same call with an earlier week and cannot look ahead.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.core.errors import Invalid

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Weeks = NDArray[np.datetime64]

PENDING, PAID, DENIED, PARTIAL, ZERO_OTHER = 0, 1, 2, 3, 4
DECIDED = (PAID, DENIED, PARTIAL, ZERO_OTHER)
REFUSED = (DENIED, PARTIAL)
LAGS = 16
HISTORY = 92
ONE_WEEK = np.timedelta64(7, "D")


@dataclass(frozen=True)
class Rows:
    """Long rollup rows as columns; `key` indexes `labels`; weeks are Mondays; money is integer cents."""

    payer: Ints
    key: Ints
    labels: tuple[str, ...]
    submitted_week: Weeks
    known_week: Weeks
    outcome: Ints
    claims: Ints
    billed_cents: Ints
    allowed_cents: Ints
    paid_cents: Ints


@dataclass(frozen=True)
class Triangle:
    """Counts by series S, submitted week W (ascending Mondays, the last is the as-of week) and lag L.

    Lag l holds what became known l weeks after the submission week; the last lag gathers the rest. At levels that
    describe a denial only (reason, category, procedure_reason) submitted and decided are those of `base`.
    """

    level: str
    keys: tuple[tuple[int, str], ...]
    weeks: Weeks
    submitted: Floats
    decided: Floats
    denied: Floats

    @property
    def as_of(self) -> np.datetime64:
        """The Monday of the last week that was used."""
        return np.datetime64(self.weeks[-1], "D")


def aligned(triangle: Triangle, weeks: Weeks) -> Triangle:
    """The same series over other weeks that end with the same as-of week: empty in front, or cut."""
    missing = len(weeks) - len(triangle.weeks)
    if missing == 0:
        return triangle
    pad = [(0, 0), (max(missing, 0), 0), (0, 0)]
    start = max(-missing, 0)
    return Triangle(
        triangle.level,
        triangle.keys,
        weeks,
        np.pad(triangle.submitted[:, start:], pad[:2]),
        np.pad(triangle.decided[:, start:], pad),
        np.pad(triangle.denied[:, start:], pad),
    )


def mondays(first: np.datetime64, last: np.datetime64) -> Weeks:
    """Every Monday from `first` to `last`, both included."""
    return np.arange(first, last + ONE_WEEK, ONE_WEEK, dtype="datetime64[D]")


def build(
    level: str, rows: Rows, as_of: np.datetime64, *, base: Triangle | None = None, key_of_base: tuple[str, ...] = ()
) -> Triangle:
    """The triangle of `level` as known at the end of the week that starts on Monday `as_of`.

    With `base`, submitted and decided come from the base series of the same payer, or of the same payer and
    `key_of_base[key]` where the base has keys of its own. Raises Invalid("week") when `as_of` is no Monday.
    """
    if (as_of - np.datetime64("1970-01-05", "D")) % ONE_WEEK != np.timedelta64(0, "D"):
        raise Invalid("week", "the as-of week must be given by its Monday")
    known = (rows.known_week <= as_of) & (rows.submitted_week <= as_of)
    weeks = base.weeks if base is not None else _weeks(rows.submitted_week[known], as_of)
    known &= (rows.submitted_week >= weeks[0]) & (rows.known_week >= rows.submitted_week)
    payer, key = rows.payer[known], rows.key[known]
    pairs, series = np.unique(payer * len(rows.labels) + key, return_inverse=True)
    keys = tuple((int(p) // len(rows.labels), rows.labels[int(p) % len(rows.labels)]) for p in pairs)
    cohort = ((rows.submitted_week[known] - weeks[0]) // ONE_WEEK).astype(np.int64)
    lag = np.minimum(((rows.known_week - rows.submitted_week)[known] // ONE_WEEK).astype(np.int64), LAGS - 1)
    cells = _Cells(len(keys), len(weeks), series, cohort, lag)
    outcome = rows.outcome[known]
    decided, denied = np.isin(outcome, DECIDED), np.isin(outcome, REFUSED)
    claims = rows.claims[known]
    own = Triangle(
        level=level,
        keys=keys,
        weeks=weeks,
        submitted=cells.by_cohort(claims * (outcome == PENDING)),
        decided=cells.by_lag(claims * decided),
        denied=cells.by_lag(claims * denied),
    )
    return own if base is None else _over(own, base, dict(zip(rows.labels, key_of_base, strict=False)))


@dataclass(frozen=True)
class _Cells:
    series: int
    weeks: int
    of: Ints
    cohort: Ints
    lag: Ints

    def by_cohort(self, values: Ints) -> Floats:
        flat = np.bincount(self.of * self.weeks + self.cohort, values, self.series * self.weeks)
        return flat.reshape(self.series, self.weeks).astype(np.float64)

    def by_lag(self, values: Ints) -> Floats:
        at = (self.of * self.weeks + self.cohort) * LAGS + self.lag
        return (
            np.bincount(at, values, self.series * self.weeks * LAGS)
            .reshape(self.series, self.weeks, LAGS)
            .astype(np.float64)
        )


def _weeks(submitted: Weeks, as_of: np.datetime64) -> Weeks:
    earliest = as_of - (HISTORY - 1) * ONE_WEEK
    first = submitted.min() if submitted.size else as_of
    return mondays(first if first > earliest else earliest, as_of)


def _over(own: Triangle, base: Triangle, base_key: dict[str, str]) -> Triangle:
    """`own` denials over the submissions and decisions of the base series they belong to."""
    position = {key: i for i, key in enumerate(base.keys)}
    kept = [i for i, (payer, key) in enumerate(own.keys) if (payer, base_key.get(key, "")) in position]
    at = np.array([position[(own.keys[i][0], base_key.get(own.keys[i][1], ""))] for i in kept], dtype=np.int64)
    return Triangle(
        level=own.level,
        keys=tuple(own.keys[i] for i in kept),
        weeks=base.weeks,
        submitted=base.submitted[at],
        decided=base.decided[at],
        denied=own.denied[kept],
    )
