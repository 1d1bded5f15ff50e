"""Claims without an answer past the age at which nearly all of their payer's have one."""

from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import claim, findings, payer
from tests.portal.conftest import Practice, words_of
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim, Payer, PayerWeek
from upstream.core.clock import monday_of

PAGE, QUERIES = "/portal/claims/silent/", 22
WAITING = {"outcome": Outcome.PENDING, "decided_date": None, "decision_known_at": None}


def _sent(of: Payer, day: date, **fields: object) -> Claim:
    """A claim and its part in the weekly sums."""
    made = claim(of, submitted_date=day, **fields)
    cells = {
        "payer": of,
        "submitted_week": monday_of(day),
        "known_week": monday_of(day),
        "billed_cents": 10_000,
        "allowed_cents": 0,
        "paid_cents": 0,
    }
    kinds = {Outcome.PENDING, Outcome(made.outcome)}
    for outcome in kinds:
        PayerWeek.objects.create(**cells, outcome=outcome, claims=1)
    return made


def test_today_names_payers_that_owe_answers_and_the_list_shows_exactly_those(
    manager: Client, practice: Practice
) -> None:
    with practice.bound():
        old = _sent(practice.payer, date(2025, 12, 16), **WAITING)
        young = _sent(practice.payer, date(2026, 1, 5), **WAITING)
        paid = _sent(practice.payer, date(2025, 12, 9))
        ancient = _sent(practice.payer, date(2024, 12, 2), **WAITING)
    said = words_of(manager, "/portal/")
    assert f'<a href="{PAGE}?payer={practice.payer.public_id}">1 claim at Summit Mutual</a>' in said
    assert "after 61 days, $100 billed" in said
    listed = words_of(manager, PAGE)
    assert f"/portal/claims/{old.public_id}/" in listed
    assert not [one for one in (young, paid, ancient) if f"/portal/claims/{one.public_id}/" in listed]


def test_the_list_can_be_of_one_payer(manager: Client, practice: Practice) -> None:
    with practice.bound():
        other = payer("Civic Care")
        findings.baseline(practice.run, other)
        ours, theirs = (_sent(one, date(2025, 12, 16), **WAITING) for one in (practice.payer, other))
    said = words_of(manager, f"{PAGE}?payer={other.public_id}")
    assert f"/portal/claims/{theirs.public_id}/" in said
    assert f"/portal/claims/{ours.public_id}/" not in said
    assert "No claim waits longer" in words_of(manager, f"{PAGE}?payer=nonsense")


def test_nothing_is_said_of_a_payer_that_answers_too_few(manager: Client, practice: Practice) -> None:
    with practice.bound():
        other = payer("Civic Care")
        findings.baseline(practice.run, other, lag={})
        _sent(other, date(2025, 12, 16), **WAITING)
    assert "Without an answer" not in words_of(manager, "/portal/")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for week in range(rows):
            _sent(practice.payer, date(2025, 12, 16) - timedelta(weeks=week), **WAITING)
    manager.get(PAGE)
    with django_assert_num_queries(QUERIES):
        manager.get(PAGE)
