"""The table of moves, severity and dates, in literal cases."""

from datetime import date

import pytest

from upstream.alerts.choices import IncidentState, Severity
from upstream.alerts.rules import (
    CLOSED,
    MOVES,
    SAID_OUTCOMES,
    Due,
    Window,
    deadlines_at,
    due_of,
    internal_due,
    outcome_of_move,
    severity_of,
)
from upstream.core.errors import Conflict, Invalid

APPEAL = Window("Appeal", 60, "contract")


def test_every_state_has_its_moves_and_none_leads_to_itself() -> None:
    assert set(MOVES) == set(IncidentState)
    assert all(state not in onward for state, onward in MOVES.items())


def test_what_is_closed_can_only_be_worked_again() -> None:
    assert {state: sorted(MOVES[state]) for state in CLOSED} == {"resolved": ["working"], "false": ["working"]}


def test_nothing_becomes_new_again_by_hand() -> None:
    assert all(IncidentState.NEW not in onward for onward in MOVES.values())


@pytest.mark.parametrize(
    ("from_state", "to_state", "outcome", "kept"),
    [
        ("new", "acknowledged", "", ""),
        ("working", "resolved", "payer_change", "payer_change"),
        ("new", "false", "", "noise"),
        ("new", "false", "data_fault", "data_fault"),
        ("resolved", "working", "", ""),
    ],
)
def test_outcome_of_a_legal_move(from_state: str, to_state: str, outcome: str, kept: str) -> None:
    assert outcome_of_move(from_state, to_state, outcome) == kept


@pytest.mark.parametrize(
    ("from_state", "to_state", "outcome", "error", "words"),
    [
        ("resolved", "acknowledged", "", Conflict, "resolved cannot become acknowledged"),
        ("new", "new", "", Conflict, "new cannot become new"),
        ("new", "gone", "", Invalid, "no such state"),
        ("working", "resolved", "", Invalid, "what it turned out to be"),
        ("working", "resolved", "whatever", Invalid, "what it turned out to be"),
        ("working", "waiting", "noise", Invalid, "only closing"),
        ("new", "false", "payer_change", Invalid, "noise or a data fault"),
    ],
)
def test_moves_that_are_refused(
    from_state: str, to_state: str, outcome: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        outcome_of_move(from_state, to_state, outcome)


def test_all_outcomes_close() -> None:
    assert {outcome_of_move("working", "resolved", outcome) for outcome in SAID_OUTCOMES} == set(SAID_OUTCOMES)


@pytest.mark.parametrize(
    ("at_stake", "monthly", "days", "severity"),
    [
        (1_000_000, 0, 31, Severity.HIGH),
        (1_000_000, 0, 30, Severity.CRITICAL),
        (999_999, 0, 31, Severity.MEDIUM),
        (200_000, 0, 8, Severity.HIGH),
        (200_000, 0, 7, Severity.CRITICAL),
        (199_999, 0, None, Severity.LOW),
        (199_999, 0, 30, Severity.MEDIUM),
        (199_999, 0, -2, Severity.HIGH),
        (20_000, 1_000_000, 60, Severity.HIGH),
        (5_000, 1_000_000, 60, Severity.MEDIUM),
        (4_999, 1_000_000, 60, Severity.LOW),
    ],
)
def test_severity_is_money_against_time(at_stake: int, monthly: int, days: int | None, severity: Severity) -> None:
    assert severity_of(at_stake, monthly, days) == severity


def dues(*days: date) -> list[tuple[Due, int]]:
    """A claim worth a dollar for each day of decision."""
    return [(due_of(day, APPEAL), 100) for day in days]


def test_claims_are_open_soon_or_past_their_own_dates() -> None:
    found = deadlines_at(
        dues(date(2026, 1, 1), date(2026, 1, 10), date(2026, 2, 1), date(2026, 2, 20)), date(2026, 3, 8)
    )
    assert found.next == Due(date(2026, 3, 11), date(2026, 3, 4), "Appeal, 60 days: contract")
    assert (found.open, found.soon, found.soon_cents, found.last) == (3, 1, 100, date(2026, 4, 21))
    assert (found.passed, found.passed_cents) == (1, 100)


def test_no_next_date_when_all_have_passed_or_no_clock_runs() -> None:
    assert deadlines_at(dues(date(2026, 1, 1)), date(2026, 6, 1)).next is None
    assert deadlines_at([], date(2026, 1, 2)).next is None


def test_a_date_holds_to_the_end_of_its_day() -> None:
    assert deadlines_at(dues(date(2026, 1, 1)), date(2026, 3, 2)).open == 1
    assert deadlines_at(dues(date(2026, 1, 1)), date(2026, 3, 3)).open == 0


@pytest.mark.parametrize(
    ("deadline", "days", "internal"),
    [
        (date(2026, 4, 2), 30, date(2026, 3, 26)),
        (date(2026, 4, 2), 60, date(2026, 3, 26)),
        (date(2026, 4, 2), 180, date(2026, 3, 15)),
        (date(2026, 4, 5), 30, date(2026, 3, 30)),
    ],
)
def test_our_own_date_is_five_business_days_or_a_tenth_before(deadline: date, days: int, internal: date) -> None:
    assert internal_due(deadline, days) == internal
