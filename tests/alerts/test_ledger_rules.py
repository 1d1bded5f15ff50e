"""What came back of one claim, line by line."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from upstream.alerts.ledger_rules import Answer, Line, avoided_cents, lines_of

TOLD = datetime(2026, 3, 2, tzinfo=UTC)


def on(day: int) -> datetime:
    return TOLD + timedelta(days=day)


def told(answers: list[Answer], cap: int) -> list[tuple[int, int, int]]:
    return [(line.number, line.paid_cents, line.counted_cents) for line in lines_of(answers, TOLD, cap)]


def test_a_denial_that_is_paid_later_counts_up_to_what_it_had_cost() -> None:
    assert told([Answer(1, on(9), 36_000)], 30_000) == [(1, 36_000, 30_000)]


def test_what_was_paid_before_the_incident_was_told_does_not_count() -> None:
    assert told([Answer(1, on(-1), 20_000), Answer(2, on(0), 25_000)], 30_000) == []
    assert told([Answer(1, on(-1), 20_000), Answer(2, on(5), 26_000)], 30_000) == [(2, 6_000, 6_000)]


def test_a_take_back_is_negative_on_its_own_day() -> None:
    paid, back = Answer(1, on(9), 36_000), Answer(2, on(40), 36_000, takes_back=True, reverses=1)
    assert told([back, paid], 30_000) == [(1, 36_000, 30_000), (2, -36_000, -30_000)]


def test_a_take_back_that_names_no_answer_counts_all_the_same() -> None:
    assert told([Answer(1, on(9), 36_000), Answer(2, on(40), 6_000, takes_back=True)], 99_000) == [
        (1, 36_000, 36_000), (2, -6_000, -6_000),
    ]  # fmt: skip


def test_of_answers_that_all_stand_the_highest_counts_alone() -> None:
    assert told([Answer(1, on(1), 100), Answer(2, on(2), 80), Answer(3, on(3), 150)], 999) == [
        (1, 100, 100), (3, 50, 50),
    ]  # fmt: skip


rows = st.lists(st.tuples(st.integers(-20, 60), st.integers(0, 50_000), st.booleans(), st.integers(0, 6)), max_size=6)


@given(rows, st.integers(-5, 90_000))
def test_lines_add_up_to_what_stands_and_never_to_more_than_the_loss(
    rows: list[tuple[int, int, bool, int]], cap: int
) -> None:
    found = [
        Answer(number, on(day), cents, takes_back, reverses or None)
        for number, (day, cents, takes_back, reverses) in enumerate(rows, start=1)
    ]
    lines: list[Line] = list(lines_of(found, TOLD, cap))
    counted = [sum(line.counted_cents for line in lines[: n + 1]) for n in range(len(lines))]
    assert all(0 <= sum_ <= max(cap, 0) for sum_ in counted)
    assert all(line.at > TOLD for line in lines)
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    paid = sum(line.paid_cents for line in lines)
    assert (counted[-1] if counted else 0) == min(max(paid, 0), max(cap, 0))


def test_what_is_avoided_is_the_share_that_would_surely_have_been_denied_less_what_comes_back() -> None:
    assert avoided_cents(10_000, 0.31, 0.28, denied=False) == 2_232
    assert avoided_cents(10_000, 0.31, 0.28, denied=True) == -4_968
    assert avoided_cents(10_000, 0.31, 1.0, denied=False) == 0
    assert avoided_cents(10_000, 7.0, 0.0, denied=False) == 10_000
