"""What one cause amounts to since it began: claims, expected and lost money, and the parts of the payer it touches."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from upstream.detection import money
from upstream.detection.bootstrap import generator, seed_of
from upstream.detection.claimrows import Claims
from upstream.detection.counterfactual import Usual, in_place, reason_shares, usual_denials
from upstream.detection.detectors.denial_rate import rate_ratio
from upstream.detection.detectors.drafts import COST_OF_CAPITAL
from upstream.detection.detectors.scope import AXES, Scope
from upstream.detection.grouping import Interval
from upstream.detection.late_cash import late_cash, paid_share, still_waiting, waiting_since
from upstream.detection.money import Money
from upstream.detection.prices import prices_of
from upstream.detection.short_pay import level_of, missing, missing_ahead
from upstream.detection.spans import BY_DECISION
from upstream.detection.triangle import LAGS, ONE_WEEK, PAID, PENDING

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PARTS_SHOWN, ALL_OTHERS = 20, "all others"
PROVIDER = "provider"
QUARTER_WEEKS, MONTHS = 13, 3
FROM_PAST = "allowed amount at the payer's usual level of the past year"


@dataclass(frozen=True)
class Since:
    """The part of a payer, and the first week on `clock`, that a measurement is about.

    What is usual is that of before the first week, or of before `changed` where that was earlier.
    """

    scope: Scope
    onset: np.datetime64
    clock: str
    dear_only: bool = False
    changed: np.datetime64 | None = None


@dataclass(frozen=True)
class Measured:
    """Claims behind a cause (`claim` ids, ascending, each with its expected allowed cents) and what they add up to.

    `observed` is their number. Rates are shares of `decided`, with 95 % intervals; `money` prices what is beyond the
    expected ones; `monthly_cents` is the payer's mean allowed a month; `parts` lists per axis (key, observed,
    expected), each axis adding up to `observed` and `expected`. `priced` counts the claims by what prices them;
    `called` is what they are.
    """

    claim: Ints
    cents: Ints
    observed: int
    decided: int
    expected: float
    usual_rate: float
    rate: Interval
    money: Money
    monthly_cents: int
    source: str
    parts: dict[str, list[tuple[str, float, float]]] = field(default_factory=dict)
    priced: dict[str, int] = field(default_factory=dict)
    called: str = "denials"


def seed_for(family: str, since: Since, week: np.datetime64) -> int:
    """The same for the same cause as of the same week, whatever the numbers of payers."""
    scope = since.scope
    keys = (scope.procedure_code, scope.denial_reason, scope.location, since.onset, since.clock, since.dear_only, week)
    return seed_of(family, *keys)


def measure_denials(claims: Claims, week: np.datetime64, since: Since) -> Measured:
    """Denials of the scope since the onset; `claims` as known at the end of `week`.

    With `dear_only` counts and claims are those with charges in the top fifth, money that of all claims together:
    cheaper ones that are denied less count against them.
    """
    mine = claims.of_payer(since.scope.payer)
    usual = usual_denials(mine, since.scope, since.onset, since.clock, since.changed or since.onset)
    counted = usual.inside & mine.dear if since.dear_only else usual.inside
    behind = counted & usual.bad
    prices, seed = prices_of(mine, since.onset), seed_for("denial", since, week)
    lost, ahead, weights = money.denied_money(mine, usual, prices, behind, week, generator(seed))
    observed, decided, expected = int(behind.sum()), int(counted.sum()), float(usual.chance[counted].sum())
    ratio = Interval(*rate_ratio(observed, expected, expected * usual.clustered + usual.error * expected**2))
    rate = expected / decided if decided else 0.0
    return Measured(
        mine.claim[behind], prices.cents[behind], observed, decided, expected, rate,
        Interval(*(min(1.0, rate * r) for r in (ratio.low, ratio.mid, ratio.high))),
        money.money_of(lost, ahead, weights, seed), monthly_cents(mine, week), prices.source,
        parts_of(mine, usual, counted), prices.counts(behind),
    )  # fmt: skip


def measure_delay(
    claims: Claims, week: np.datetime64, since: Since, days: tuple[float, Interval], capital: float = COST_OF_CAPITAL
) -> Measured:
    """Claims of the scope that wait longer than half of the usual ones did; `days` to a decision, usually and now.

    What is lost is the price of the cash that came or comes late, at `capital` a year; it is spread over the claims
    that still wait, by their amounts and by how much longer than that they have waited.
    """
    mine = claims.of_payer(since.scope.payer)
    inside = in_place(mine, since.scope)
    age = np.minimum((week - mine.submitted_week) // ONE_WEEK, LAGS - 1).astype(np.int64)
    usually = still_waiting(mine, inside, since.onset)
    slow = int(np.argmax(usually < 0.5))
    asked = inside & (age >= slow) & (mine.submitted_week >= since.onset - LAGS * ONE_WEEK)
    behind = asked & (mine.outcome == PENDING)
    prices, seed = prices_of(mine, since.onset), seed_for("delay", since, week)
    waiting = waiting_since(mine, inside, prices.cents, week, since.onset)
    late = late_cash(waiting, paid_share(mine, prices.cents), capital, generator(seed))
    weights = prices.cents[behind] * (age[behind] - slow + 1.0)
    return Measured(
        mine.claim[behind], prices.cents[behind], int(behind.sum()), int(asked.sum()),
        float(usually[age[asked]].sum()), *days,
        money.money_of(late.lost, late.ahead, weights, seed, held=late.held), monthly_cents(mine, week), prices.source,
        priced=prices.counts(behind),
    )  # fmt: skip


def measure_underpayment(claims: Claims, week: np.datetime64, since: Since) -> Measured:
    """Paid claims of the scope since the onset, each with what it would be allowed at the usual level."""
    mine = claims.of_payer(since.scope.payer)
    began = mine.decision_week if since.clock == BY_DECISION else mine.submitted_week
    place = in_place(mine, since.scope)
    behind = place & (mine.outcome == PAID) & (mine.allowed > 0) & (began >= since.onset)
    seed = seed_for("underpayment", since, week)
    level = level_of(mine, prices_of(mine, since.onset), behind, since.onset, generator(seed))
    number, allowed = int(behind.sum()), mine.allowed[behind]
    found = money.money_of(
        missing(mine, level, behind), missing_ahead(mine, level, place, week), allowed.astype(np.float64), seed
    )
    cents = allowed + found.shares if found.lost.mid > 0 else np.rint(allowed / level.share).astype(np.int64)
    return Measured(
        mine.claim[behind], cents, number, number, 0.0, 1.0, level.rate, found, monthly_cents(mine, week), FROM_PAST,
    )  # fmt: skip


def monthly_cents(payer: Claims, week: np.datetime64) -> int:
    """Mean allowed cents of a month's paid claims, over the last quarter."""
    recent = (payer.outcome == PAID) & (payer.decision_week > week - QUARTER_WEEKS * ONE_WEEK)
    return int(payer.allowed[recent].sum()) // MONTHS


def parts_of(claims: Claims, usual: Usual, counted: Bools) -> dict[str, list[tuple[str, float, float]]]:
    """Per axis (key, denials seen, denials expected) of the claims counted, the largest excess first.

    Each axis adds up to all of them: what is beyond the first `PARTS_SHOWN` stands in one row.
    """
    labels = claims.labels
    names = dict(zip(AXES, (labels.procedures, labels.reasons, labels.locations), strict=True))
    index = dict(zip(AXES, (claims.procedure, claims.reason, claims.location), strict=True))
    if any(labels.providers):
        names[PROVIDER], index[PROVIDER] = labels.providers, claims.provider
    found = {}
    for axis in names:
        size = len(names[axis])
        seen = np.bincount(index[axis][counted & usual.bad], minlength=size)
        found[axis] = _ranked(names[axis], seen.astype(np.float64), _expected(claims, usual, counted, axis, size))
    return found


def _expected(claims: Claims, usual: Usual, counted: Bools, axis: str, size: int) -> Floats:
    chance = usual.chance[counted]
    if axis == "reason":
        return np.asarray(chance @ reason_shares(claims, usual)[claims.procedure[counted]], dtype=np.float64)
    index = {"procedure": claims.procedure, PROVIDER: claims.provider}.get(axis, claims.location)
    return np.bincount(index[counted], chance, size).astype(np.float64)


def _ranked(names: tuple[str, ...], seen: Floats, usual: Floats) -> list[tuple[str, float, float]]:
    order = np.argsort(-(seen - usual), kind="stable")
    order = order[(seen[order] > 0) | (usual[order] > 0)]
    shown, rest = order[:PARTS_SHOWN], order[PARTS_SHOWN:]
    rows = [(names[i], float(seen[i]), float(usual[i])) for i in shown]
    return [*rows, (ALL_OTHERS, float(seen[rest].sum()), float(usual[rest].sum()))] if len(rest) else rows
