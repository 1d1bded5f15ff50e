"""When a check fails, and what a file scores. Pure: numbers in, verdicts out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from upstream.ingestion.quality.choices import Level, Severity

METHOD = "quality 2"
Z_95 = 1.645
FEWEST_EARLIER, MOST_EARLIER = 3, 8
SLIGHT = 20
FEWEST_BESIDE = 0.2
POINTS = {Severity.FAULT: 25, Severity.WARNING: 8, Severity.NOTE: 2}
FORMULA = (
    "A file begins with 100 points and loses 25 for each failed check that casts doubt on its numbers, 8 for each"
    " warning and 2 for each note; it does not fall below 0. A week's score, and a payer's, is the mean of its files,"
    " each weighing as many claims and answers as it holds."
)


@dataclass(frozen=True)
class Limit:
    """When a share is too much: above `share`, or above the usual one by `over_usual`, of at least `least` rows.

    `over_usual` is judged once three earlier files are known, a payer's rows by its own earlier ones: payers differ in
    what they write, and each keeps to its way. The usual share is the median of the last eight. With `surely`, what is
    above must be so with 95 % confidence, so that few rows do not cry wolf. With `and_over`, what is above the share
    must be so much above the usual one, too, where that is known. With `beside`, what one decision of one payer
    explains was read rightly while the rows beside it, a fifth of all at least, are as always: not above the usual
    share by `and_over`, or not above `beside` where no usual one is known.
    """

    share: float = 0.0
    over_usual: float | None = None
    least: int = 1
    surely: bool = False
    and_over: float | None = None
    beside: float | None = None


@dataclass(frozen=True)
class Check:
    """One line of the table of checks: what is measured, from when on it fails, and why there.

    `title` names it, `rows` says what it counts, `caveat` goes after "2 files of Summit Mutual " or after a payer's
    name, `reason` is why our default limit is what it is.
    """

    name: str
    level: Level
    severity: Severity
    title: str
    rows: str
    caveat: str
    limit: Limit
    reason: str


@dataclass(frozen=True)
class Measured:
    """What was counted: `count` of `of`, and what share is usual, None where too few earlier files say so.

    `one_cause` of the rows counted are those of one payer for one named reason, the most frequent one.
    """

    count: int
    of: int
    usual: float | None = None
    one_cause: int = 0

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0


@dataclass(frozen=True)
class Verdict:
    """`failed` is None where nothing can be said: too few rows, or no earlier files to compare with."""

    failed: bool | None
    share: float
    limit: float


def judged(measured: Measured, limit: Limit) -> Verdict:
    """Whether the share is above the limit that holds for it."""
    above = _limit(measured.usual, limit)
    if above is None:
        return Verdict(None, measured.share, 1.0)
    if measured.of < max(limit.least, 1):
        return Verdict(None, measured.share, above)
    seen = lower_bound(measured.count, measured.of) if limit.surely else measured.share
    return Verdict(seen > above and not _is_explained(measured, limit), measured.share, above)


def usual_of(earlier: Sequence[float]) -> float | None:
    """The usual one of the shares of earlier files, newest first."""
    return median(earlier[:MOST_EARLIER]) if len(earlier) >= FEWEST_EARLIER else None


def _limit(usual: float | None, limit: Limit) -> float | None:
    """The share above which the check fails, None where it hangs on what is usual and that is not known."""
    if limit.over_usual is not None:
        return None if usual is None else usual + limit.over_usual
    if limit.and_over is not None and usual is not None:
        return max(limit.share, usual + limit.and_over)
    return limit.share


def _is_explained(measured: Measured, limit: Limit) -> bool:
    """Whether the rows beside the largest single cause are enough, and as always."""
    if limit.beside is None:
        return False
    others = measured.of - measured.one_cause
    most = limit.beside if measured.usual is None else measured.usual + (limit.and_over or 0.0)
    return others >= FEWEST_BESIDE * measured.of and measured.count - measured.one_cause <= most * others


def lower_bound(count: int, of: int) -> float:
    """The share that is surely reached (one-sided 95 %), after Wilson 1927."""
    if not of:
        return 0.0
    share, square = count / of, Z_95**2
    middle = share + square / (2 * of)
    reach = Z_95 * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max((middle - reach) / (1 + square / of), 0.0)


def is_slight(rows: int, earlier: Sequence[int]) -> bool:
    """Whether a file is too small to move numbers: below a twentieth of what files of its kind usually hold."""
    return bool(earlier) and rows * SLIGHT < median(earlier)


def score_of(failed: Iterable[Severity]) -> int:
    """Points of 100 that are left after these failed checks; each check counts once."""
    return max(100 - sum(POINTS[severity] for severity in failed), 0)


def mean_score(scores: Iterable[tuple[int, int]]) -> float | None:
    """The mean of (score, rows), each weighing its rows (a file without rows weighs one); None of none."""
    weighed = [(score, max(rows, 1)) for score, rows in scores]
    return sum(score * rows for score, rows in weighed) / sum(rows for _, rows in weighed) if weighed else None
