"""Claims of one practice as arrays, in every version that was ever known, and what can be counted from them.

A claim that was corrected stands once under its present facts (valid from the correction on) and once under each
earlier ones, so that any past week is seen with the facts known then.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.facts import ClaimFacts
from upstream.detection.triangle import DENIED, ONE_WEEK, PARTIAL, PENDING, Rows

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Weeks = NDArray[np.datetime64]

NEVER = 200_000
FAR = np.datetime64(NEVER, "D")
DEAR_QUANTILE, DEAR_WEEKS, DEAR_LEAST = 0.8, 26, 10
DATES = ("submitted_week", "known_week", "decision_week", "decided_date", "submitted_date", "since", "until")
WEEKS, OUTCOMES = 8192, 8
SUMS = ("claims", "billed_cents", "allowed_cents", "paid_cents")
FIRST_MONDAY = np.datetime64("1900-01-01", "D")


@dataclass(frozen=True)
class Labels:
    """Names by index; the last of each is "" for none. `sites` are the ids of `locations` without that last one."""

    procedures: tuple[str, ...]
    reasons: tuple[str, ...]
    locations: tuple[str, ...]
    sites: tuple[int, ...]


@dataclass(frozen=True)
class Claims:
    """One row a version; the first `present` rows are the facts as they stand. A missing date is FAR.

    `terms` stands for the place of service and the modifiers, which price a procedure with its code; 0 for neither.
    """

    labels: Labels
    present: int
    claim: Ints
    payer: Ints
    procedure: Ints
    reason: Ints
    location: Ints
    submitted_week: Weeks
    known_week: Weeks
    decision_week: Weeks
    outcome: Ints
    billed: Ints
    allowed: Ints
    paid: Ints
    decided_date: Weeks
    submitted_date: Weeks
    terms: Ints
    since: Weeks
    until: Weeks
    dear: Bools

    @classmethod
    def of(cls, labels: Labels, present: Ints, earlier: Ints) -> "Claims":
        """From two [17, rows] arrays in the order of the fields from `claim` on, days since 1970 for dates."""
        both = np.concatenate([present, earlier], axis=1)
        names = [f.name for f in fields(cls)][2:-1]
        columns: dict[str, Any] = dict(zip(names, both, strict=True))
        for name in (
            "submitted_week",
            "known_week",
            "decision_week",
            "decided_date",
            "submitted_date",
            "since",
            "until",
        ):
            columns[name] = columns[name].astype("datetime64[D]")
        stratum = columns["payer"] * len(labels.procedures) + columns["procedure"]
        dear = dear_of(stratum, columns["submitted_week"], columns["billed"])
        return cls(labels=labels, present=present.shape[1], dear=dear, **columns)

    def only(self, kept: Bools) -> "Claims":
        """The chosen versions."""
        return replace(self._at(np.flatnonzero(kept)), present=int(kept[: self.present].sum()))

    def _at(self, rows: Ints) -> "Claims":
        columns = {f.name: getattr(self, f.name) for f in fields(self)}
        chosen: dict[str, Any] = {n: value[rows] for n, value in columns.items() if isinstance(value, np.ndarray)}
        return replace(self, **chosen)

    def known_by(self, as_of: np.datetime64) -> "Claims":
        """What was known at the end of the week of `as_of`: one version a claim, by id, later decisions undone."""
        rows = np.flatnonzero((self.known_week <= as_of) & (self.since <= as_of) & (self.until > as_of))
        kept = replace(self._at(rows[np.argsort(self.claim[rows], kind="stable")]), present=len(rows))
        late = kept.decision_week > as_of
        undone: dict[str, Any] = {
            "decision_week": np.where(late, FAR, kept.decision_week),
            "decided_date": np.where(late, FAR, kept.decided_date), "outcome": np.where(late, PENDING, kept.outcome),
            "reason": np.where(late, -1, kept.reason), "allowed": np.where(late, 0, kept.allowed),
            "paid": np.where(late, 0, kept.paid),
        }  # fmt: skip
        return replace(kept, **undone)

    @cached_property
    def denied(self) -> Bools:
        return np.asarray((self.outcome == DENIED) | (self.outcome == PARTIAL), dtype=np.bool_)

    def facts_of(self, payer: int) -> ClaimFacts:
        """The engine's facts of one payer."""
        mine = self.only(self.payer == payer)
        none = mine.decision_week == FAR
        known = np.where(none, np.datetime64("NaT", "D"), mine.decision_week)
        paid = np.where(mine.outcome == 1, mine.allowed, 0)
        return ClaimFacts(
            payer, self.labels.procedures, self.labels.reasons, self.labels.locations, mine.procedure, mine.reason,
            mine.location, mine.submitted_week, known, mine.outcome, mine.billed, paid, mine.dear,
        )  # fmt: skip

    def decisions_of(self, claim: Ints) -> dict[int, tuple[date, str]]:
        """Of these claims those that were decided: the day, and the adjustment reason code, "" for none."""
        at = np.flatnonzero(np.isin(self.claim, claim) & (self.decided_date < FAR))
        carcs = [*(name.rpartition("-")[2] for name in self.labels.reasons), ""]
        return {int(self.claim[i]): (self.decided_date[i].astype(date), carcs[self.reason[i]]) for i in at}

    def content(self) -> Iterator[bytes]:
        """The same bytes for the same known claims, whatever other names and later versions there are."""
        names = {
            "procedure": self.labels.procedures,
            "reason": (*self.labels.reasons, ""),
            "location": self.labels.locations,
        }
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name in names:
                value = np.array([_number_of(name) for name in names[f.name]])[value]
            if isinstance(value, np.ndarray) and f.name not in ("since", "until"):
                yield np.ascontiguousarray(value).tobytes()


def _number_of(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7])


def dear_of(stratum: Ints, submitted_week: Weeks, billed: Ints) -> Bools:
    """Which charges exceed the 80 % quantile that their payer and procedure had in the first 26 weeks."""
    dear = np.zeros(len(billed), dtype=np.bool_)
    if not len(billed):
        return dear
    early = submitted_week < submitted_week.min() + DEAR_WEEKS * ONE_WEEK
    order = np.argsort(stratum, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(stratum[order])) + 1):
        first = members[early[members]]
        if len(first) >= DEAR_LEAST:
            dear[members] = billed[members] > np.quantile(billed[first], DEAR_QUANTILE)
    return dear


def rollup(claims: Claims, key: Ints, names: tuple[str, ...], kept: Bools, *, submissions: bool) -> Rows:
    """Long rows of the chosen versions by payer, key, submission week, known week and outcome."""
    at = decided = np.flatnonzero(kept & (claims.decision_week < FAR))
    known, outcome = claims.decision_week[decided], claims.outcome[decided]
    if submissions:
        every = np.flatnonzero(kept)
        at = np.concatenate([every, decided])
        known = np.concatenate([claims.known_week[every], known])
        outcome = np.concatenate([np.zeros(len(every), dtype=np.int64), outcome])
    values = (np.ones(len(at), dtype=np.int64), claims.billed[at], claims.allowed[at], claims.paid[at])
    return _summed(
        Rows(claims.payer[at], key[at], names, claims.submitted_week[at], known, outcome, *values),
    )


def corrected(rows: Rows, off: Rows, on: Rows) -> Rows:
    """`rows` less `off` and with `on`, all of one level under the same labels."""
    less = replace(off, **{name: -getattr(off, name) for name in SUMS})
    columns = {
        f.name: np.concatenate([getattr(part, f.name) for part in (rows, less, on)])
        for f in fields(Rows)
        if f.name != "labels"
    }
    return _summed(Rows(labels=rows.labels, **columns))


def _summed(rows: Rows) -> Rows:
    """One row a cell, in a fixed order; cells that hold no claim are left out."""
    payers, payer = np.unique(rows.payer, return_inverse=True)
    parts = (payer, rows.key, _week_number(rows.submitted_week), _week_number(rows.known_week), rows.outcome)
    sizes = (0, max(len(rows.labels), 1), WEEKS, WEEKS, OUTCOMES)
    packed = np.zeros(len(payer), dtype=np.int64)
    for part, size in zip(parts, sizes, strict=True):
        packed = packed * size + part
    cells, cell = np.unique(packed, return_inverse=True)
    sums = {name: np.bincount(cell, getattr(rows, name), len(cells)).astype(np.int64) for name in SUMS}
    some = sums["claims"] != 0
    rest, outcome = np.divmod(cells[some], OUTCOMES)
    rest, known = np.divmod(rest, WEEKS)
    rest, submitted = np.divmod(rest, WEEKS)
    payer, key = np.divmod(rest, sizes[1])
    return Rows(
        payers[payer], key, rows.labels, _monday(submitted), _monday(known), outcome,
        **{name: value[some] for name, value in sums.items()},
    )  # fmt: skip


def _week_number(mondays: Weeks) -> Ints:
    return np.asarray((mondays - FIRST_MONDAY) // ONE_WEEK, dtype=np.int64)


def _monday(number: Ints) -> Weeks:
    return np.asarray(FIRST_MONDAY + number * ONE_WEEK)
