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
Bools = NDArray[np.bool_]
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


@dataclass(frozen=True)
class Known:
    """What was known at the end of a week, one row for each submission and then one for each first decision.

    `payer` are places in `payers`, `cell` is as in `cells` from the first week on; `claims` weighs the rows, None
    for one claim each. `row` is where each came from, so that a level may give its key there.
    """

    payers: Ints
    weeks: Weeks
    row: Ints
    payer: Ints
    cell: Ints
    submissions: int
    is_refusal: Bools
    claims: Ints | None = None

    @classmethod
    def of(cls, rows: Rows, as_of: np.datetime64, weeks: Weeks | None = None) -> "Known":
        """Of long rows, over their own weeks or over others. Invalid("week") when `as_of` is no Monday."""
        if (as_of - np.datetime64("1970-01-05", "D")) % ONE_WEEK != np.timedelta64(0, "D"):
            raise Invalid("week", "the as-of week must be given by its Monday")
        known = (rows.known_week <= as_of) & (rows.submitted_week <= as_of)
        weeks = window(rows.submitted_week[known], as_of) if weeks is None else weeks
        known &= (rows.submitted_week >= weeks[0]) & (rows.known_week >= rows.submitted_week)
        sent, decided = (np.flatnonzero(known & np.isin(rows.outcome, kind)) for kind in ((PENDING,), DECIDED))
        at = np.concatenate([sent, decided])
        payers, payer = np.unique(rows.payer[at], return_inverse=True)
        cell = cells(weeks[0], rows.submitted_week[at], rows.known_week[at])
        return cls(payers, weeks, at, payer, cell, len(sent), np.isin(rows.outcome[at], REFUSED), rows.claims[at])

    def count(self, level: str, key: Ints, labels: tuple[str, ...]) -> Triangle:
        """The triangle of a level; `key` is each row's place in `labels`, and rows with none (-1) are left out."""
        series, keys, rows = self._series(slice(None), key, labels)
        cell = series * (len(self.weeks) * LAGS) + self.cell[rows]
        weight = None if self.claims is None else self.claims[rows]
        sent = self.submissions if isinstance(rows, slice) else int(np.searchsorted(rows, self.submissions))
        refused = np.flatnonzero(self.is_refusal[rows])
        shape = (len(keys), len(self.weeks))
        return Triangle(
            level, keys, self.weeks, _summed(cell // LAGS, weight, slice(sent), shape),
            _summed(cell, weight, slice(sent, None), (*shape, LAGS)), _summed(cell, weight, refused, (*shape, LAGS)),
        )  # fmt: skip

    def denials(self, level: str, key: Ints, labels: tuple[str, ...], base: Triangle, own: dict[str, str]) -> Triangle:
        """The triangle of a level that describes a denial only, over the claims of the base series it belongs to.

        That is the one of its payer and `own[label]`, "" for none.
        """
        series, keys, rows = self._series(np.flatnonzero(self.is_refusal), key, labels)
        cell = series * (len(self.weeks) * LAGS) + self.cell[rows]
        weight = None if self.claims is None else self.claims[rows]
        return over(level, keys, _summed(cell, weight, slice(None), (len(keys), len(self.weeks), LAGS)), base, own)

    def _series(
        self, rows: Ints | slice, key: Ints, labels: tuple[str, ...]
    ) -> tuple[Ints, tuple[tuple[int, str], ...], Ints | slice]:
        """Of these rows those that have a key: the series of each, what each series is called, and which they are."""
        own = key[self.row[rows]]
        named = own >= 0
        if not named.all():
            own = own[named]
            rows = np.flatnonzero(named) if isinstance(rows, slice) else rows[named]
        place = self.payer[rows] * len(labels) + own
        used = np.bincount(place, minlength=1) > 0
        payers = self.payers.tolist()
        keys = tuple((payers[n // len(labels)], labels[n % len(labels)]) for n in np.flatnonzero(used).tolist())
        return (np.cumsum(used) - 1)[place], keys, rows


def cells(first: np.datetime64, submitted: Weeks, known: Weeks) -> Ints:
    """Weeks from `first` to the submission, times LAGS, and those until it was known; the last lag has the rest."""
    cohort = weeks_between(first, submitted)
    return np.asarray(cohort * LAGS + np.minimum(weeks_between(first, known) - cohort, LAGS - 1), dtype=np.int64)


def _summed(cell: Ints, weight: Ints | None, rows: Ints | slice, shape: tuple[int, ...]) -> Floats:
    chosen = cell[rows]
    counted = np.ones(len(chosen)) if weight is None else weight[rows].astype(np.float64)
    return np.asarray(np.bincount(chosen, counted, int(np.prod(shape))), dtype=np.float64).reshape(shape)


def weeks_between(first: np.datetime64, weeks: Weeks) -> Ints:
    return np.asarray((weeks - first) // ONE_WEEK, dtype=np.int64)


def build(
    level: str, rows: Rows, as_of: np.datetime64, *, base: Triangle | None = None, key_of_base: tuple[str, ...] = ()
) -> Triangle:
    """The triangle of `level` as known at the end of the week that starts on Monday `as_of`.

    With `base`, submitted and decided come from the base series of the same payer, or of the same payer and
    `key_of_base[key]` where the base has keys of its own. Raises Invalid("week") when `as_of` is no Monday.
    """
    if base is None:
        return Known.of(rows, as_of).count(level, rows.key, rows.labels)
    own = dict(zip(rows.labels, key_of_base, strict=False))
    return Known.of(rows, as_of, base.weeks).denials(level, rows.key, rows.labels, base, own)


def window(submitted: Weeks, as_of: np.datetime64) -> Weeks:
    """The weeks up to `as_of` from the first submission on, at most HISTORY."""
    earliest = as_of - (HISTORY - 1) * ONE_WEEK
    first = submitted.min() if submitted.size else as_of
    return mondays(first if first > earliest else earliest, as_of)


def over(
    level: str, keys: tuple[tuple[int, str], ...], denied: Floats, base: Triangle, own: dict[str, str]
) -> Triangle:
    """Denials of these series over the submissions and decisions of the base series of the same payer and own key."""
    position = {key: i for i, key in enumerate(base.keys)}
    places = [position.get((payer, own.get(key, ""))) for payer, key in keys]
    at = np.array([place for place in places if place is not None], dtype=np.int64)
    if len(at) < len(keys):
        known = np.array([place is not None for place in places])
        keys, denied = tuple(key for key, place in zip(keys, places, strict=True) if place is not None), denied[known]
    return Triangle(level, keys, base.weeks, base.submitted[at], base.decided[at], denied)
