"""The director's week: sums that agree with what they open, payers, places, and what waits for a decision."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import findings, payer
from tests.portal.conftest import Practice, words_of
from upstream.claims.choices import Outcome
from upstream.claims.models import PayerWeek, ReasonWeek, SiteWeek
from upstream.portal.week_rules import Funnel, funnel
from upstream.tenants.models import Site

PAGE, QUERIES = "/portal/week/", 39
NOW, BEFORE = date(2026, 2, 16), date(2025, 11, 10)


def _week(model: type, of: object, known: date, outcome: int, cents: int, claims: int = 1, **keys: object) -> None:
    money = {"billed_cents": cents, "allowed_cents": 0, "paid_cents": cents if outcome == Outcome.PAID else 0}
    model.objects.create(
        payer=of, submitted_week=known, known_week=known, outcome=outcome, claims=claims, **money, **keys
    )


@pytest.fixture
def quarter(practice: Practice) -> None:
    """Summit paid $300 and refused $50, $20 before; Westgate refuses every second claim, Main none."""
    with practice.bound():
        for model, keys in ((PayerWeek, {}), (ReasonWeek, {"category": "AUTH", "reason": "CO-197"})):
            _week(model, practice.payer, NOW, Outcome.DENIED, 5_000, **keys)
            _week(model, practice.payer, BEFORE, Outcome.DENIED, 2_000, **keys)
        _week(PayerWeek, practice.payer, NOW, Outcome.PAID, 30_000)
        for name, refused, paid in (("Westgate", 50, 50), ("Main", 0, 400)):
            site = Site.objects.create(name=name, name_key=name.lower())
            _week(SiteWeek, practice.payer, NOW, Outcome.DENIED, 0, refused, site_id=site.pk)
            _week(SiteWeek, practice.payer, NOW, Outcome.PAID, 0, paid, site_id=site.pk)
        findings.incident(practice.payer, practice.run, title="To decide", at_stake_cents=700_000)
        owned = {"assigned_to": practice.manager, "deadline": date(2026, 9, 1), "at_stake_cents": 100_000}
        findings.incident(practice.payer, practice.run, title="In hand", **owned)
        findings.incident(practice.payer, practice.run, title="Over", state="resolved", outcome="payer_change")


def test_sums_payers_causes_and_places(quarter: None, manager: Client) -> None:
    said = words_of(manager, PAGE)
    assert '<a href="/portal/incidents/?state=not_closed">$8,000</a>' in said
    assert '<td class="number">$50<span class="under">$20 before</span></td>' in said
    assert "missing authorization" in said.lower()
    assert '50.0%<span class="under">50 of 100</span>' in said
    assert said.count('<span class="badge badge-high">above</span>') == 1
    assert "Over</a></th><td>The payer changed</td>" in said


def test_what_is_in_hand_is_no_decision(quarter: None, manager: Client) -> None:
    decide = words_of(manager, PAGE).split('id="decide"')[1].split('id="payers"')[0]
    assert "To decide</a>" in decide
    assert "In hand" not in decide


def test_three_decisions_stand_there_and_the_others_are_counted(practice: Practice, manager: Client) -> None:
    with practice.bound():
        for _ in range(5):
            findings.incident(practice.payer, practice.run)
    said = words_of(manager, PAGE)
    assert said.count('<li class="incident">') == 3
    assert "And 2 more with less at stake" in said
    assert '<a href="/portal/incidents/?state=not_closed&amp;order=money">' in said


def test_payers_as_a_file(quarter: None, manager: Client) -> None:
    lines = manager.get(f"{PAGE}?csv=payers").content.decode().splitlines()
    assert lines[0].startswith("payer,share_of_payments,denial_rate")
    assert [line.split(",")[0] for line in lines[1:]] == ["Summit Mutual"]
    assert ",50.00,20.00,0.00," in lines[1]


def test_an_empty_practice_says_so(manager: Client, practice: Practice) -> None:
    said = words_of(manager, PAGE)
    assert "Nothing waits for a decision" in said
    assert "Files name no place." in said


@pytest.mark.parametrize(
    ("refused", "decided", "expected"),
    [(0, 0, None), (10, 100, Funnel(0.1, 0.01, 0.19, 100)), (1, 1, Funnel(1.0, 0.0, 1.0, 1))],
)
def test_limits_widen_as_numbers_shrink(refused: int, decided: int, expected: Funnel | None) -> None:
    found = funnel(refused, decided, 0.1)
    assert (found and Funnel(found.rate, round(found.low, 9), round(found.high, 9), found.n)) == expected


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for _ in range(rows):
            other = payer()
            findings.baseline(practice.run, other)
            findings.incident(other, practice.run)
            findings.incident(other, practice.run, state="resolved", outcome="noise")
            _week(PayerWeek, other, NOW, Outcome.PAID, 100)
    manager.get(PAGE)
    with django_assert_num_queries(QUERIES):
        manager.get(PAGE)


def test_what_is_raised_with_a_payer_stands_there_until_it_is_taken_off(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = findings.incident(practice.payer, practice.run, title="Knee MRI", at_stake_cents=920_000)
    page = f"/portal/incidents/{made.public_id}/"
    assert "To raise with payers" in words_of(manager, PAGE)
    manager.post(f"{page}raise/", {"raised": "1", "version": 1})
    said = words_of(manager, PAGE).split("What to speak of")[1].split("</table>")[0]
    assert "Knee MRI" in said
    assert '<td class="number">$9,200</td>' in said
    assert "put it on the list for the payer" in words_of(manager, page)
    manager.post(f"{page}raise/", {"raised": "0", "version": 2})
    assert "What to speak of" not in words_of(manager, PAGE)
    manager.post(f"{page}undo/", {})
    assert "What to speak of" in words_of(manager, PAGE)
