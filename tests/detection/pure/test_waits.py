import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.detection.detectors.waits import Grid, Table, Waiting
from upstream.detection.detectors.waits import table as table_of

FAR = 10**6


def waiting(rows: list[tuple[int, int, int, bool]], series: int = 1) -> Waiting:
    """(series, day of submission, day of decision, whether it is waited for)."""
    row, submitted, decided, ends = (np.array(column) for column in zip(*rows, strict=True))
    return Waiting(
        series, row.astype(np.int64), submitted.astype(np.int64), decided.astype(np.int64), ends.astype(bool)
    )


def table(claims: Waiting, first: int, last: int) -> Table:
    """The life table of a span, and nothing known after it."""
    return table_of(Grid.of(claims, first, last), first, last)


def test_a_table_of_five_claims_is_what_kaplan_and_meier_would_write() -> None:
    """Decided after 2, 3 and 3 days, waiting since 1 and since 4: 1/4 after 2 days, then 2 of 3."""
    rows = [(0, 0, 2, True), (0, 0, 3, True), (0, 1, 4, True), (0, 9, FAR, True), (0, 6, FAR, True)]
    found = table(waiting(rows), 0, 10)
    assert found.share[0, :5] == pytest.approx([0, 0, 0.25, 0.75, 0.75])
    assert found.decisions[0] == 3
    low, mid, high = found.days(0.5)
    assert (mid[0], low[0] <= 3, high[0]) == (3, True, np.inf)


def test_days_before_the_span_do_not_count() -> None:
    """Of two claims open on day 10, one is decided on day 12, after 12 days: half. What came before is not seen."""
    rows = [(0, 0, 4, True), (0, 0, 12, True), (0, 0, FAR, True)]
    found = table(waiting(rows), 10, 20)
    assert (found.share[0, 11], found.share[0, 12]) == (0, 0.5)


def test_a_decision_that_is_not_waited_for_ends_the_wait_before_its_day() -> None:
    rows = [(0, 0, 5, True), (0, 0, 5, False), (0, 0, 6, True)]
    assert table(waiting(rows), 0, 20).share[0, 4:7] == pytest.approx([0, 0.5, 1])


def test_later_days_tell_nothing() -> None:
    rows = [(0, 0, 5, True), (0, 0, 30, True), (0, 40, 45, True)]
    until = [(0, 0, 5, True), (0, 0, FAR, True)]
    assert np.array_equal(table(waiting(rows), 0, 20).share, table(waiting(until), 0, 20).share)


def test_remits_widen_the_band() -> None:
    """As many claims a day either are decided each on its own day, or all of a fortnight on one."""
    rng = np.random.default_rng(2)
    submitted = np.repeat(np.arange(120), 6)
    alone = submitted + rng.integers(10, 24, len(submitted))
    together = -(-(submitted + 10) // 14) * 14
    bands = []
    for decided in (alone, together):
        found = table(Waiting(1, np.zeros_like(submitted), submitted, decided, decided > 0), 60, 115)
        bands.append(float((found.high - found.low)[0, 16]))
    assert bands[1] > 1.5 * bands[0]


def test_the_interval_covers_the_true_median_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(4)
    series = 400
    submitted = np.tile(np.repeat(np.arange(80), 2), series)
    row = np.repeat(np.arange(series), 160)
    wait = np.maximum(np.ceil(13.6 * np.exp(0.45 * rng.standard_normal(len(row)))), 1).astype(np.int64)
    found = table(Waiting(series, row, submitted, submitted + wait, np.ones(len(row), dtype=bool)), 52, 79)
    low, mid, high = found.days(0.5)
    assert 0.93 <= np.mean((low <= 14) & (high >= 14)) <= 0.995
    assert np.mean(mid) == pytest.approx(14, abs=0.3)


@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 60), st.integers(1, 50), st.booleans()), min_size=1),
    st.randoms(),
)
def test_shares_rise_inside_their_band_and_order_changes_nothing(rows: list[tuple], random: object) -> None:
    made = [(series, day, day + wait, ends) for series, day, wait, ends in rows]
    turned = list(made)
    random.shuffle(turned)
    one, two = (table(waiting(some, series=2), 20, 70) for some in (made, turned))
    assert np.array_equal(one.share, two.share)
    assert np.all(np.diff(one.share, axis=1) >= 0)
    assert np.all((one.low <= one.share + 1e-9) & (one.share <= one.high + 1e-9))
    assert np.all((one.share >= 0) & (one.share <= 1))


def test_rows_of_another_table_take_the_place_of_thin_ones() -> None:
    short = table(waiting([(0, 0, 5, True), (1, 0, 9, True)], series=2), 0, 20)
    longer = table(waiting([(0, 0, 7, True), (1, 0, 9, True)], series=2), 0, 20)
    mixed: Table = short.where(longer, np.array([True, False]))
    assert (mixed.days(0.5)[1].tolist(), mixed.decisions.tolist()) == ([7, 9], [1, 1])
