"""Are the practices plausible (bands of public numbers), the planted changes plain, and the quiet one quiet?"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

import pytest

from tests.demo.reading import LAST_WEEK, Payment, World
from upstream.samples.invented.generate import truth
from upstream.samples.invented.reasons import BY_CODE

Row = dict[str, str]


def strength(denied: float, expected: float, seen: int) -> float:
    """Signed root deviance of a count of denials against its expectation, in standard deviations."""
    deviance = 2 * (denied * math.log(denied / expected) - (denied - expected)) if denied else 2 * expected
    return math.copysign(math.sqrt(max(0.0, deviance)), denied - expected) / math.sqrt(1 - min(0.9, expected / seen))


def in_scope(change: object, row: Row) -> bool:
    keys = ("payer", "procedure_code", "location")
    return all(getattr(change, key) in ("", row[key]) for key in keys)


def before_the_changes(world: World) -> list[tuple[Row, Payment]]:
    onset = min((change.onset for change in truth(world.practice, LAST_WEEK)), default=date.max)
    return [(row, payment) for row, payment in world.first_decisions() if payment.paid_on < onset]


def share(decisions: list[Payment]) -> float:
    return sum(payment.denied for payment in decisions) / len(decisions)


def test_initial_denial_rates_lie_in_the_public_bands(world: World) -> None:
    by_payer = defaultdict(list)
    for row, payment in before_the_changes(world):
        by_payer[row["payer"]].append(payment)
    assert 0.07 <= share([payment for group in by_payer.values() for payment in group]) <= 0.11
    assert all(0.05 <= share(group) <= 0.15 for group in by_payer.values())
    assert len(by_payer) == len(world.practice.payers)


def test_denial_categories_lie_in_the_bands_of_physician_groups(world: World) -> None:
    counts = Counter(BY_CODE[payment.reason].category for _, payment in before_the_changes(world) if payment.denied)
    total = counts.total()
    bands = {
        ("DATA", "ELIG", "COB", "DUP"): (0.35, 0.55), ("AUTH",): (0.08, 0.20), ("MEDNEC",): (0.04, 0.15),
        ("NONCOV", "LIMIT"): (0.10, 0.25), ("BUNDLE", "CODING"): (0.08, 0.20),
    }  # fmt: skip
    shares = {keys: sum(counts[key] for key in keys) / total for keys in bands}
    assert all(bands[keys][0] <= shares[keys] <= bands[keys][1] for keys in bands), shares


def test_corrected_claims_are_mostly_paid(world: World) -> None:
    decided = [payment for transaction in world.transactions for payment in transaction.payments
               if payment.status != "22" and world.claims[payment.number][0]["frequency_code"] == "7"]  # fmt: skip
    assert 0.4 <= 1 - share(decided) <= 0.75


def test_few_denials_stay_unpaid(world: World) -> None:
    last: dict[str, bool] = {}
    for transaction in world.transactions:
        for payment in transaction.payments:
            row = world.claims[payment.number][0]
            if row["submitted_date"] < "2026-03-01" and row["payer_order"] == "1" and payment.status != "22":
                last[row["original_claim_id"] or payment.number] = payment.denied
    assert 0.015 <= sum(last.values()) / len(last) <= 0.04


def test_payers_take_ten_days_to_four_weeks(world: World) -> None:
    lags, weekdays = defaultdict(list), defaultdict(Counter)
    for row, payment in before_the_changes(world):
        lags[row["payer"]].append((payment.paid_on - date.fromisoformat(row["submitted_date"])).days)
        weekdays[row["payer"]][payment.paid_on.weekday()] += 1
    assert all(10 <= median(days) <= 26 for days in lags.values())
    assert all(days.most_common(1)[0][1] > 0.9 * days.total() for days in weekdays.values())


def test_planted_changes_show_within_four_weeks(lakeside: World) -> None:
    decisions = list(lakeside.first_decisions())
    for change in truth(lakeside.practice, LAST_WEEK):
        scope = [payment for row, payment in decisions if in_scope(change, row)]
        usual = [p for p in scope if change.onset - timedelta(weeks=52) <= p.paid_on < change.onset]
        month = [p for p in scope if change.onset <= p.paid_on < change.onset + timedelta(weeks=4)]
        expected = share(usual) * len(month)
        assert strength(sum(payment.denied for payment in month), expected, len(month)) > 5.5, change.title
        extra = Counter(payment.reason for payment in month if payment.denied)
        assert extra.most_common(1)[0][0] == change.denial_reason


@pytest.mark.parametrize(
    ("payer", "before", "after"),
    [("Harbor Advantage", 0.11, 0.24), ("Summit Mutual", 0.08, 0.45), ("Northstar Health", 0.08, 0.33)],
)
def test_planted_rates_are_what_was_planned(lakeside: World, payer: str, before: float, after: float) -> None:
    change = next(each for each in truth(lakeside.practice, LAST_WEEK) if each.payer == payer)
    scope = [payment for row, payment in lakeside.first_decisions() if in_scope(change, row)]
    assert share([payment for payment in scope if payment.paid_on < change.onset]) == pytest.approx(before, abs=0.02)
    assert share([payment for payment in scope if payment.paid_on >= change.onset]) == pytest.approx(after, abs=0.06)


def largest_swing(decisions: list[tuple[Row, Payment]], key: Callable[[Row], object]) -> float:
    """The strongest four weeks of any group, by decision, after the first quarter."""
    groups: dict[object, list[Payment]] = defaultdict(list)
    for row, payment in decisions:
        groups[key(row)].append(payment)
    swings = []
    for group in groups.values():
        usual = share(group)
        for start in (LAST_WEEK - timedelta(weeks=n) for n in range(3, 90)):
            seen = [payment for payment in group if start <= payment.paid_on < start + timedelta(weeks=4)]
            if len(seen) >= 20:
                swings.append(abs(strength(sum(payment.denied for payment in seen), usual * len(seen), len(seen))))
    return max(swings)


def test_quietwater_has_no_change(quietwater: World) -> None:
    decisions = list(quietwater.first_decisions())
    assert largest_swing(decisions, lambda row: row["payer"]) < 3.7
    assert largest_swing(decisions, lambda row: (row["payer"], row["location"])) < 4.2
    assert largest_swing(decisions, lambda row: (row["payer"], row["procedure_code"])) < 4.2
