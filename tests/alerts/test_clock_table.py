"""The clocks of every type of payer against the calendar: leap days, year ends, weekends and holidays."""

from datetime import date

import pytest
from django.db import transaction

from tests.factories import organization, payer
from upstream.alerts.business_days import business_days_before, is_business_day
from upstream.alerts.choices import ClockAction
from upstream.alerts.clocks import clocks_for, clocks_of
from upstream.alerts.rules import due_of
from upstream.claims.choices import PayerType
from upstream.core import tenancy

# Type, clock, day of the decision (of the service for filing), days, the payer's last day, ours before it, who says so.
# Worked out apart from the product, with NumPy's calendar and the bank holidays of 2024 to 2028 typed in.
TABLE = (
    (PayerType.MEDICARE, "appeal", "2024-02-29", 120, "2024-06-28", "2024-06-16", "payer type"),
    (PayerType.MEDICARE, "appeal", "2025-12-31", 120, "2026-04-30", "2026-04-18", "payer type"),
    (PayerType.MEDICARE, "appeal", "2027-11-03", 120, "2028-03-02", "2028-02-19", "payer type"),
    (PayerType.MEDICARE, "appeal", "2028-02-29", 120, "2028-06-28", "2028-06-16", "payer type"),
    (PayerType.MEDICARE, "refile", "2024-02-28", 365, "2025-02-27", "2025-01-21", "payer type"),
    (PayerType.MEDICARE, "refile", "2024-02-29", 365, "2025-02-28", "2025-01-22", "payer type"),
    (PayerType.MEDICARE, "refile", "2027-03-01", 365, "2028-02-29", "2028-01-23", "payer type"),
    (PayerType.MEDICARE, "document", "2024-01-30", 30, "2024-02-29", "2024-02-22", "payer type"),
    (PayerType.MEDICARE, "dispute", "2025-07-04", 180, "2025-12-31", "2025-12-13", "payer type"),
    (PayerType.MEDICARE, "filing", "2024-12-31", 365, "2025-12-31", "2025-11-24", "payer type"),
    (PayerType.MEDICARE, "payment", "2024-12-02", 30, "2025-01-01", "2024-12-24", "payer type"),
    (PayerType.MEDICARE_ADVANTAGE, "appeal", "2024-12-31", 60, "2025-03-01", "2025-02-23", "payer type"),
    (PayerType.MEDICARE_ADVANTAGE, "appeal", "2025-11-01", 60, "2025-12-31", "2025-12-23", "payer type"),
    (PayerType.MEDICARE_ADVANTAGE, "appeal", "2026-02-14", 60, "2026-04-15", "2026-04-08", "payer type"),
    (PayerType.MEDICARE_ADVANTAGE, "refile", "2026-07-01", 180, "2026-12-28", "2026-12-10", "payer type"),
    (PayerType.MEDICARE_ADVANTAGE_OTHER, "appeal", "2028-01-01", 60, "2028-03-01", "2028-02-23", "payer type"),
    (PayerType.MEDICARE_ADVANTAGE_OTHER, "refile", "2027-02-28", 365, "2028-02-28", "2028-01-22", "payer type"),
    (PayerType.MEDICARE_ADVANTAGE_OTHER, "payment", "2025-11-27", 30, "2025-12-27", "2025-12-19", "payer type"),
    (PayerType.MEDICAID, "appeal", "2024-01-30", 30, "2024-02-29", "2024-02-22", "payer type"),
    (PayerType.MEDICAID, "appeal", "2025-01-31", 30, "2025-03-02", "2025-02-24", "payer type"),
    (PayerType.MEDICAID, "appeal", "2025-12-05", 30, "2026-01-04", "2025-12-26", "payer type"),
    (PayerType.MEDICAID, "appeal", "2026-06-19", 30, "2026-07-19", "2026-07-13", "payer type"),
    (PayerType.MEDICAID, "refile", "2027-11-28", 95, "2028-03-02", "2028-02-21", "payer type"),
    (PayerType.MEDICAID, "filing", "2024-03-01", 365, "2025-03-01", "2025-01-23", "payer type"),
    (PayerType.MEDICAID_PLAN, "appeal", "2024-10-29", 60, "2024-12-28", "2024-12-20", "payer type"),
    (PayerType.MEDICAID_PLAN, "refile", "2025-10-30", 120, "2026-02-27", "2026-02-15", "payer type"),
    (PayerType.MEDICAID_PLAN, "filing", "2026-08-31", 120, "2026-12-29", "2026-12-17", "payer type"),
    (PayerType.COMMERCIAL, "appeal", "2024-02-29", 180, "2024-08-27", "2024-08-09", "payer type"),
    (PayerType.COMMERCIAL, "appeal", "2025-07-05", 180, "2026-01-01", "2025-12-14", "payer type"),
    (PayerType.COMMERCIAL, "appeal", "2026-05-29", 180, "2026-11-25", "2026-11-07", "payer type"),
    (PayerType.COMMERCIAL, "refile", "2024-12-01", 90, "2025-03-01", "2025-02-20", "payer type"),
    (PayerType.COMMERCIAL, "refile", "2026-10-02", 90, "2026-12-31", "2026-12-22", "payer type"),
    (PayerType.COMMERCIAL, "document", "2025-12-26", 30, "2026-01-25", "2026-01-16", "payer type"),
    (PayerType.COMMERCIAL, "document", "2026-01-31", 30, "2026-03-02", "2026-02-23", "payer type"),
    (PayerType.COMMERCIAL, "payment", "2024-11-30", 30, "2024-12-30", "2024-12-20", "payer type"),
    (PayerType.SELF_FUNDED, "appeal", "2025-06-28", 180, "2025-12-25", "2025-12-07", "payer type"),
    (PayerType.SELF_FUNDED, "filing", "2024-01-01", 90, "2024-03-31", "2024-03-22", "unknown"),
    (PayerType.SELF_FUNDED, "document", "2028-01-30", 30, "2028-02-29", "2028-02-22", "payer type"),
    (PayerType.BLUECARD, "appeal", "2026-03-15", 60, "2026-05-14", "2026-05-07", "unknown"),
    (PayerType.BLUECARD, "refile", "2025-09-27", 90, "2025-12-26", "2025-12-17", "unknown"),
    (PayerType.BLUECARD, "dispute", "2024-08-31", 180, "2025-02-27", "2025-02-09", "payer type"),
    (PayerType.MARKETPLACE, "appeal", "2027-08-28", 180, "2028-02-24", "2028-02-06", "payer type"),
    (PayerType.MARKETPLACE, "refile", "2024-11-30", 90, "2025-02-28", "2025-02-19", "payer type"),
    (PayerType.MARKETPLACE, "filing", "2026-12-25", 90, "2027-03-25", "2027-03-16", "unknown"),
    (PayerType.TRICARE, "appeal", "2025-11-29", 90, "2026-02-27", "2026-02-18", "payer type"),
    (PayerType.TRICARE, "refile", "2028-02-29", 365, "2029-02-28", "2029-01-22", "payer type"),
    (PayerType.TRICARE, "dispute", "2024-12-31", 180, "2025-06-29", "2025-06-11", "payer type"),
    (PayerType.VETERANS, "appeal", "2024-11-02", 60, "2025-01-01", "2024-12-24", "unknown"),
    (PayerType.VETERANS, "refile", "2026-04-06", 90, "2026-07-05", "2026-06-26", "unknown"),
    (PayerType.VETERANS, "filing", "2025-05-15", 180, "2025-11-11", "2025-10-24", "payer type"),
    (PayerType.INJURY, "appeal", "2026-11-01", 60, "2026-12-31", "2026-12-23", "unknown"),
    (PayerType.INJURY, "refile", "2025-04-13", 90, "2025-07-12", "2025-07-03", "unknown"),
    (PayerType.INJURY, "document", "2024-06-05", 30, "2024-07-05", "2024-06-27", "payer type"),
    (PayerType.UNKNOWN, "appeal", "2024-02-29", 30, "2024-03-30", "2024-03-25", "unknown"),
    (PayerType.UNKNOWN, "document", "2025-11-14", 30, "2025-12-14", "2025-12-08", "unknown"),
    (PayerType.UNKNOWN, "dispute", "2026-05-30", 180, "2026-11-26", "2026-11-08", "unknown"),
    (PayerType.UNKNOWN, "refile", "2027-10-02", 90, "2027-12-31", "2027-12-22", "unknown"),
)


@pytest.mark.parametrize(("kind", "action", "from_day", "days", "deadline", "internal", "basis"), TABLE)
def test_deadline_and_our_own_date_before_it(
    db: None, kind: PayerType, action: str, from_day: str, days: int, deadline: str, internal: str, basis: str
) -> None:
    with tenancy.bind(organization().pk), transaction.atomic():
        of = payer()
        of.payer_type = kind
        of.save()
        standing = clocks_of(of.pk, date.fromisoformat(from_day))[ClockAction(action)]
    due = due_of(date.fromisoformat(from_day), standing.window)
    assert (standing.window.days, standing.basis) == (days, basis)
    assert (due.deadline.isoformat(), due.internal.isoformat()) == (deadline, internal)


def test_every_type_says_each_of_its_clocks_itself(db: None) -> None:
    """All but pay-by, which only some have: where nobody knows, the row says so."""
    with tenancy.bind(organization().pk), transaction.atomic():
        of = payer()
        usual = clocks_for([of.pk]).usual
        for kind in PayerType:
            of.payer_type = kind
            of.save()
            found = clocks_for([of.pk])
            own = {row.action for row in found.usual if row.payer_type == kind}
            assert own >= {"appeal", "refile", "document", "filing", "dispute"}, kind
            unknown = {a for a, standing in found.of(of.pk, date(2026, 3, 2)).items() if not standing.is_known}
            assert all("check contract" in row.source for row in usual if row.action in unknown)


def test_a_date_before_our_first_rows_has_no_clock(db: None) -> None:
    with tenancy.bind(organization().pk), transaction.atomic():
        assert clocks_of(payer().pk, date(2023, 12, 31)) == {}


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 7, 3), True),  # a Saturday's holiday leaves Friday alone, as banks do
        (date(2026, 7, 4), False),
        (date(2027, 7, 5), False),  # a Sunday's holiday is kept on Monday
        (date(2026, 11, 26), False),
        (date(2026, 11, 27), True),
        (date(2024, 2, 29), True),
        (date(2026, 3, 1), False),
    ],
)
def test_days_on_which_an_office_works(day: date, works: bool) -> None:
    assert is_business_day(day) is works


def test_no_business_days_before_a_day_is_the_day() -> None:
    assert business_days_before(date(2026, 3, 1), 0) == date(2026, 3, 1)
