"""What later remits say to a letter, and what being late costs: worked out to the cent, said by the payer itself."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.appeals.test_letters import BY, sent
from tests.factories import denials, letters
from upstream.appeals import outcomes, queries, services
from upstream.appeals.models import Letter
from upstream.appeals.rules import Answer, LateClaim, interest_of, verdict
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim, Payer
from upstream.core import clock

LATER = datetime(2026, 3, 20, 12, tzinfo=UTC)
PAID = {"decided_date": date(2026, 3, 18), "known_at": LATER}


def answers(*said: tuple[str, int, bool]) -> list[Answer]:
    """("paid" | "part" | "denied" | "back", cents, after the letter)."""
    return [
        Answer(
            number=number, denied=what == "denied", partly=what == "part", reversal=what == "back",
            reverses=number - 1 if what == "back" else None, paid_cents=cents, after=after,
        )
        for number, (what, cents, after) in enumerate(said)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "said", "expected"),
    [
        ("AUTH", [("denied", 0, False)], None),
        ("AUTH", [("denied", 0, False), ("back", 0, True)], None),
        ("AUTH", [("denied", 0, False), ("back", 0, True), ("paid", 900, True)], ("overturned", 900)),
        ("AUTH", [("denied", 0, False), ("paid", 900, True)], ("overturned", 900)),
        ("AUTH", [("denied", 0, False), ("denied", 0, True)], ("upheld", 0)),
        ("AUTH", [("part", 300, False), ("back", -300, True), ("part", 500, True)], ("partly", 200)),
        ("AUTH", [("part", 300, False), ("back", -300, True), ("part", 300, True)], ("upheld", 0)),
        ("UNDERPAID", [("paid", 300, False), ("back", -300, True), ("paid", 1300, True)], ("overturned", 1000)),
        ("UNDERPAID", [("paid", 300, False), ("back", -300, True), ("paid", 400, True)], ("partly", 100)),
        ("UNDERPAID", [("paid", 300, False), ("back", -300, True), ("denied", 0, True)], ("upheld", 0)),
    ],
)
def test_a_verdict_is_what_stands_paid_more(
    subject: str, said: list[tuple[str, int, bool]], expected: tuple[str, int] | None
) -> None:
    found = verdict(subject, 1000, answers(*said))
    assert (found and (found.state, found.recovered_cents)) == expected


def answered(claim: Claim) -> Letter:
    letter = sent(letters.letter(claim))
    for row in queries.answered_since(clock.now()):
        assert outcomes.take(row.pk)
        assert not outcomes.take(row.pk)
    return Letter.objects.get(pk=letter.pk)


def test_a_remit_that_pays_overturns_by_itself_and_counts(summit: Payer) -> None:
    claim = letters.denied(summit)
    denials.answer(claim)
    denials.answer(claim, Outcome.PAID, paid_cents=36_000, **PAID)
    letter = answered(claim)
    assert (letter.state, letter.recovered_cents, letter.answered_by) == ("overturned", 36_000, "system")
    assert letter.answered_on == date(2026, 3, 18)
    (record,) = queries.records()
    assert (record.sent, record.answered, record.recovered_cents) == (1, 1, 36_000)
    assert record.rate is not None
    assert record.rate.mid == 1.0
    assert list(queries.answered_since(clock.now())) == []


def test_an_answer_decided_before_the_letter_says_nothing(summit: Payer) -> None:
    claim = letters.denied(summit)
    denials.answer(claim, known_at=LATER, decided_date=date(2026, 2, 3))
    assert answered(claim).state == "sent"


def test_a_second_payers_payment_is_no_recovery(summit: Payer) -> None:
    claim = letters.denied(summit)
    denials.answer(claim, Outcome.PAID, paid_cents=5_000, payer_order=2, **PAID)
    assert answered(claim).state == "sent"


def test_a_claim_that_replaces_it_answers_for_it(summit: Payer) -> None:
    claim = letters.denied(summit)
    again = letters.denied(summit, "LK-2", family_key=claim.family_key)
    denials.answer(again, Outcome.PAID, paid_cents=36_000, **PAID)
    assert answered(claim).state == "overturned"


def test_money_taken_back_later_changes_the_verdict_and_a_persons_word_stays(summit: Payer) -> None:
    claim = letters.denied(summit)
    paid = denials.answer(claim, Outcome.PAID, paid_cents=36_000, **PAID)
    letter = answered(claim)
    much_later = datetime(2026, 4, 20, 12, tzinfo=UTC)
    back = {"decided_date": date(2026, 4, 18), "known_at": much_later}
    denials.answer(claim, Outcome.REVERSED, paid_cents=-36_000, reverses=paid, **back)
    denials.answer(claim, **back)
    assert outcomes.take(letter.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.recovered_cents) == ("upheld", 0)
    services.move(letter, to_state="partly", version=letter.version, actor=BY, answered_on=date(2026, 3, 2))
    denials.answer(claim, known_at=datetime(2026, 5, 20, 12, tzinfo=UTC), decided_date=date(2026, 5, 18))
    outcomes.take(letter.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.answered_by) == ("partly", BY)


@pytest.mark.parametrize(
    ("submitted", "paid_on", "cents", "late", "interest"),
    [
        (date(2026, 1, 1), date(2026, 1, 31), 100_000, 0, 0),
        (date(2026, 1, 1), date(2026, 2, 1), 100_000, 1, 33),
        (date(2024, 2, 1), date(2024, 4, 2), 100_000, 31, 1_019),
        (date(2025, 1, 1), None, 36_500, 395, 4_740),
        (date(2026, 1, 1), date(2026, 2, 10), -500, 10, 0),
    ],
)
def test_interest_is_amount_times_days_times_rate(
    submitted: date, paid_on: date | None, cents: int, late: int, interest: int
) -> None:
    found = interest_of(LateClaim(1, submitted, paid_on, cents), days=30, percent=Decimal(12), until=date(2026, 3, 2))
    assert (found.days_late, found.cents) == (late, interest)


@given(
    cents=st.integers(0, 10**9), days=st.integers(1, 365), late=st.integers(0, 2000),
    percent=st.decimals("0.01", "60", places=2),
)  # fmt: skip
def test_interest_never_differs_from_the_exact_by_more_than_half_a_cent(
    cents: int, days: int, late: int, percent: Decimal
) -> None:
    submitted = date(2020, 1, 1)
    paid = date.fromordinal(submitted.toordinal() + days + late)
    found = interest_of(LateClaim(1, submitted, paid, cents), days=days, percent=percent, until=paid)
    assert found.days_late == late
    assert abs(found.cents - Decimal(cents) * late * percent / 36500) <= Decimal("0.5")
