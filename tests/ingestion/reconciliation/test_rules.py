"""Periods, matches of deposits and a bank's list, worked out by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.core.errors import DomainError, Invalid, Unreadable
from upstream.ingestion.reconciliation import deposits
from upstream.ingestion.reconciliation.choices import By
from upstream.ingestion.reconciliation.rules import (
    REASONS,
    Money,
    Range,
    matched,
    number_key,
    reason_of,
)

DAY = date(2026, 3, 20)


def money(row: int, key: str, cents: int) -> Money:
    return Money(row, key, DAY, cents)


def test_periods_are_cut_to_the_range() -> None:
    weeks = Range(date(2026, 3, 4), date(2026, 3, 20), By.WEEK)
    assert weeks.start_of(date(2026, 3, 4)) == date(2026, 3, 2)
    assert weeks.days_of(date(2026, 3, 2)) == (date(2026, 3, 4), date(2026, 3, 8))
    assert Range(DAY, DAY, By.MONTH).days_of(date(2026, 3, 1)) == (DAY, DAY)
    assert Range(date(2026, 2, 1), date(2026, 12, 31), By.MONTH).days_of(date(2026, 12, 1))[1] == date(2026, 12, 31)


@pytest.mark.parametrize(("first", "last", "by"), [(DAY, date(2026, 3, 19), By.DAY), (date(2025, 12, 1), DAY, By.DAY)])
def test_a_range_runs_forward_and_fits_a_page(first: date, last: date, by: By) -> None:
    with pytest.raises(Invalid):
        Range(first, last, by)


def test_numbers_are_compared_without_zeros_and_marks() -> None:
    assert number_key("000-123 a") == number_key("123A") == "123A"
    assert number_key("0000") == ""


def test_payments_find_their_deposits_to_the_cent() -> None:
    payments = [money(1, "A", 100), money(2, "A", 100), money(3, "B", 50), money(4, "C", 70), money(5, "", 5),
                money(6, "D", 30), money(7, "D", 20), money(8, "Z", 0)]  # fmt: skip
    came = [money(1, "A", 100), money(2, "B", 49), money(3, "D", 50), money(4, "E", 9), money(5, "", 5)]
    found = [
        (m.key, [p.row for p in m.payments], [d.row for d in m.deposits], m.state, m.difference_cents)
        for m in matched(payments, came)
    ]
    assert found == [
        ("A", [1], [1], "matched", 0),
        ("", [5], [], "no_deposit", -5),
        ("", [], [5], "no_payment", 5),
        ("A", [2], [], "no_deposit", -100),
        ("B", [3], [2], "differs", -1),
        ("C", [4], [], "no_deposit", -70),
        ("D", [6, 7], [3], "matched", 0),
        ("E", [], [4], "no_payment", 9),
    ]


@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 4))),
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 4))),
)
def test_every_payment_and_deposit_is_told_once(paid: list[tuple[str, int]], came: list[tuple[str, int]]) -> None:
    payments = [money(place, key, cents) for place, (key, cents) in enumerate(paid)]
    deposited = [money(place, key, cents) for place, (key, cents) in enumerate(came)]
    found = matched(payments, deposited)
    assert sorted(p.row for m in found for p in m.payments) == list(range(len(paid)))
    assert sorted(d.row for m in found for d in m.deposits) == list(range(len(came)))
    whole = sum(cents for _, cents in came) - sum(cents for _, cents in paid)
    assert sum(m.difference_cents for m in found) == whole


def test_a_banks_list_is_found_below_its_title() -> None:
    text = (
        "First Prairie Bank;statement\n\nPosting Date;Description;Amount;Reference Number\n"
        "03/20/2026;HCCLAIMPMT SUMMIT;$1,234.50;0000EFT 77\n2026-03-21;fee;(12.00);x\n;;;\n"
        "03/22/2026;paper;;\n31/31/2026;odd;5.00;9\n03/23/2026;odd;five;9\n"
    )
    listed = deposits.read(text)
    assert listed.rows == [deposits.Row(date(2026, 3, 20), 123_450, "0000EFT 77")]
    assert (listed.passed_over, listed.bad) == (2, [(8, "date"), (9, "amount")])


def test_what_is_no_such_list_is_refused() -> None:
    with pytest.raises(Unreadable, match="no row names"):
        deposits.read("claim_id,payer\nA,B\n")


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    try:
        deposits.read(f"date,amount,check\n{text}")
    except DomainError:
        return


def test_a_code_says_its_reason_in_words() -> None:
    assert reason_of("wo ").words == "Overpayment taken back"
    assert reason_of("Q9").kind == "other"
    assert len({reason.words for reason in REASONS.values()}) == len(REASONS)
