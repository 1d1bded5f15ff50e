"""What payers did beside first decisions: lines answered under other codes, reversals and provider adjustments."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from upstream.detection.claimrows import COLUMNS, Claims
from upstream.detection.detectors.allowed import medians
from upstream.detection.detectors.down_coding import Paid
from upstream.detection.detectors.panel import Answered
from upstream.detection.detectors.take_backs import Adjusted, Answers, Payments, Taken, taken_of
from upstream.detection.triangle import PAID, PARTIAL

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.str_]
Weeks = NDArray[np.datetime64]

# A code that brings nearly the same is another name and no down-code.
SAME_PRICE = 0.02


@dataclass(frozen=True)
class Lines:
    """Lines of first decisions that were answered under another code than was billed, one row each; cents."""

    claim: Ints
    known_week: Weeks
    billed: Texts
    answered: Texts
    charged: Ints
    allowed: Ints

    def only(self, kept: Bools | Ints) -> "Lines":
        return Lines(*(getattr(self, f.name)[kept] for f in fields(self)))


@dataclass(frozen=True)
class Statuses:
    """Every status of the claims that were ever turned away before adjudication, one row each; `moment` orders them."""

    claim: Ints
    moment: Ints
    known_week: Weeks
    rejected: Bools

    def only(self, kept: Bools) -> "Statuses":
        return Statuses(*(getattr(self, f.name)[kept] for f in fields(self)))

    def turned_away(self) -> Ints:
        """Claims of which the last word is that they were turned away: no answer will come."""
        rows = np.lexsort((self.rejected, self.moment, self.claim))
        claim = self.claim[rows]
        last = np.append(np.diff(claim) != 0, True)[: len(rows)]
        return np.asarray(claim[last & self.rejected[rows]], dtype=np.int64)


@dataclass(frozen=True)
class Events:
    """Everything of the kind that is known, or was known at the end of a week."""

    lines: Lines
    answers: Answers
    adjusted: Adjusted
    statuses: Statuses

    @classmethod
    def none(cls) -> "Events":
        """Of a practice to whose claims nothing of the kind has happened."""
        ints, weeks = np.zeros(0, dtype=np.int64), np.zeros(0, dtype="datetime64[D]")
        texts, no = np.zeros(0, dtype="U16"), np.zeros(0, dtype=np.bool_)
        return cls(
            Lines(ints, weeks, texts, texts, ints, ints),
            Answers(ints, ints, ints, weeks, no, ints),
            Adjusted(ints, ints, weeks, ints, ints, ints),
            Statuses(ints, ints, weeks, no),
        )

    def known_by(self, week: np.datetime64) -> "Events":
        """What was known at the end of that week: of claims that were reversed by then, their answers by then."""
        lines, answers, adjusted = self.lines, self.answers, self.adjusted
        known = answers.known_week <= week
        reversed_ = np.unique(answers.claim[known & answers.reversal])
        said = self.statuses.only(self.statuses.known_week <= week)
        return Events(
            lines.only(lines.known_week <= week),
            answers.only(known & np.isin(answers.claim, reversed_)),
            adjusted.only(adjusted.known_week <= week),
            said.only(np.isin(said.claim, said.claim[said.rejected])),
        )

    def content(self, claims: Claims) -> Iterator[bytes]:
        """The same bytes for the same events of the same claims, whatever their ids and the order of rows and files."""
        lines, answers, adjusted = self.lines, self.answers, self.adjusted
        for of, columns in (
            (lines.claim, [lines.known_week, lines.billed, lines.answered, lines.charged, lines.allowed]),
            (answers.claim, [answers.known_week, _steps(answers), answers.reversal, answers.paid]),
            (adjusted.claim, [adjusted.payer, adjusted.known_week, _first_met(adjusted), adjusted.cents]),
            (self.statuses.turned_away(), []),
        ):
            rows = np.stack([*_own_columns(claims, of), *(_numbers(column) for column in columns)])
            yield np.ascontiguousarray(rows[:, np.lexsort(rows[::-1])]).tobytes()

    def paid(self, claims: Claims) -> Paid:
        """Paid claims with what their answered codes bring less; `claims` and these as known at the same week.

        Of the payers alone that ever answered another code.
        """
        at = np.flatnonzero(np.isin(claims.claim, self.lines.claim))
        chosen = ((claims.outcome == PAID) | (claims.outcome == PARTIAL)) & (claims.allowed > 0)
        rows = np.flatnonzero(chosen & np.isin(claims.payer, np.unique(claims.payer[at])))
        lines, at = self._of(claims.claim[rows])
        short = np.rint(lines.charged * _usual_share(claims, rows, at, lines) - lines.allowed).astype(np.int64)
        lower = short > SAME_PRICE * np.maximum(lines.charged, 1)
        lines, at, short = lines.only(lower), at[lower], short[lower]
        pairs, pair = _pairs(lines)
        of_claim = np.full(len(rows), -1, dtype=np.int64)
        order = np.lexsort((pair, -short, at))[::-1]
        of_claim[at[order]] = pair[order]
        less = np.bincount(at, short, len(rows)).astype(np.int64)
        return Paid(
            claims.labels.procedures, claims.labels.locations, pairs, claims.claim[rows], claims.payer[rows],
            claims.procedure[rows], claims.location[rows], claims.decision_week[rows], of_claim, less,
        )  # fmt: skip

    def _of(self, claim: Ints) -> tuple[Lines, Ints]:
        """The lines of these claims, and the place of each one's claim among them."""
        at = _places(claim, self.lines.claim)
        return self.lines.only(at >= 0), at[at >= 0]

    def taken(self, week: np.datetime64) -> Taken:
        """What was taken back, each amount once, as known at the end of that week."""
        return taken_of(self.answers, self.adjusted, week)


def answered_of(events: Events, claims: Claims, week: np.datetime64) -> Answered | None:
    """What is judged of the events and claims, both as known at the end of the week; None where nothing happened."""
    if not (events.lines.claim.size or events.answers.claim.size or events.adjusted.cents.size):
        return None
    return Answered(events.paid(claims), events.taken(week), payments_of(claims))


def payments_of(claims: Claims) -> Payments:
    """Claims that were paid, by id."""
    rows = np.flatnonzero((claims.outcome == PAID) | (claims.outcome == PARTIAL))
    rows = rows[np.argsort(claims.claim[rows])]
    names = claims.labels.procedures
    return Payments(names, claims.claim[rows], claims.payer[rows], claims.procedure[rows], claims.decision_week[rows])


def _usual_share(claims: Claims, rows: Ints, at: Ints, lines: Lines) -> Floats:
    """Per line: the median share of the charge that its payer allows on claims of the billed code, paid as billed.

    The payer's median over all codes where it paid fewer than five claims of the code so.
    """
    plain = np.ones(len(rows), dtype=np.bool_)
    plain[at] = False
    own = rows[plain & (claims.billed[rows] > 0)]
    share = claims.allowed[own] / claims.billed[own]
    place = {name: i for i, name in enumerate(claims.labels.procedures)}
    billed = np.array([place.get(code, len(place)) for code in lines.billed.tolist()], dtype=np.int64)
    payers, payer = np.unique(claims.payer, return_inverse=True)
    width = len(place) + 1
    stratum = payer[own] * width + claims.procedure[own]
    enough = np.bincount(stratum, minlength=len(payers) * width) >= LEAST_CLAIMS
    wanted = payer[rows[at]] * width + billed
    by_code = medians(share, stratum, len(payers) * width)
    by_payer = medians(share, payer[own], len(payers))
    return np.where(enough[wanted], by_code[wanted], by_payer[payer[rows[at]]])


LEAST_CLAIMS = 5


def _pairs(lines: Lines) -> tuple[tuple[tuple[str, str], ...], Ints]:
    """(billed, answered) codes, and the place of each line's among them."""
    said = list(zip(lines.billed.tolist(), lines.answered.tolist(), strict=True))
    names = tuple(sorted(set(said)))
    place = {name: i for i, name in enumerate(names)}
    return names, np.array([place[name] for name in said], dtype=np.int64)


def _places(claim: Ints, wanted: Ints) -> Ints:
    """Where each wanted id stands among these, in whatever order they are; -1 for nowhere."""
    if not claim.size:
        return np.full(len(wanted), -1, dtype=np.int64)
    by_id = np.argsort(claim)
    at = by_id[np.minimum(np.searchsorted(claim, wanted, sorter=by_id), len(claim) - 1)]
    return np.where(claim[at] == wanted, at, -1)


def _own_columns(claims: Claims, wanted: Ints) -> list[Ints]:
    """What is known of these claims themselves, a column each; zeros for one that is not judged."""
    at = _places(claims.claim, wanted)
    own = [getattr(claims, title).view(np.int64) for title, column in COLUMNS.items() if column.told]
    return [at >= 0, *(np.where(at >= 0, values[at] if values.size else 0, 0) for values in own)]


def _steps(answers: Answers) -> Ints:
    """The place of each answer in its claim's history; answers known at one moment share it."""
    rows = np.lexsort((answers.moment, answers.claim))
    claim, moment = answers.claim[rows], answers.moment[rows]
    new = np.ones(len(rows), dtype=np.bool_)
    new[1:] = (np.diff(claim) != 0) | (np.diff(moment) != 0)
    first = np.ones(len(rows), dtype=np.bool_)
    first[1:] = np.diff(claim) != 0
    step = np.cumsum(new)
    out = np.zeros(len(rows), dtype=np.int64)
    out[rows] = step - step[np.maximum.accumulate(np.where(first, np.arange(len(rows)), 0))] if len(rows) else step
    return out


def _first_met(adjusted: Adjusted) -> Ints:
    """References numbered in the order of what they say, 0 for none, since they are told apart by secret hashes."""
    rows = np.lexsort((adjusted.cents, adjusted.payer, adjusted.known_week))
    numbers: dict[int, int] = {0: 0}
    out = np.zeros(len(rows), dtype=np.int64)
    for row in rows.tolist():
        out[row] = numbers.setdefault(int(adjusted.reference[row]), len(numbers))
    return out


def _numbers(column: NDArray[np.generic]) -> Ints:
    """As integers; texts by their hash."""
    if column.dtype.kind != "U":
        return column.astype(np.int64)
    names, at = np.unique(column, return_inverse=True)
    hashed = [int.from_bytes(hashlib.sha256(str(name).encode()).digest()[:7]) for name in names]
    return np.array(hashed, dtype=np.int64)[at]
