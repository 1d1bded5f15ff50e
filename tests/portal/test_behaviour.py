"""How a payer behaves, on its page and as CSV."""

import csv
import io

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import findings, payer
from tests.portal.conftest import Practice, words_of


def page_of(practice: Practice) -> str:
    return f"/portal/payers/{practice.payer.public_id}/"


def table_of(client: Client, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_the_page_says_the_rate_now_with_what_it_is_made_of(manager: Client, practice: Practice) -> None:
    said = words_of(manager, page_of(practice))
    assert "Now <b>11.0%</b> (8.0% to 14.0%) of claims of the last 8 weeks, usually 10.0%. 120 claims a week." in said
    assert (
        "By the week of submission, as of 1 March 2026; 71% of the decisions on the last 8 weeks&#x27; claims are "
        "expected by then. Method two-clock 1. Hatched weeks are still filling." in said
    )
    assert said.count('class="chart chart-nowcast"') == 2
    assert "The band holds the true rate in 95 of 100 weeks" in said


def test_the_page_says_how_fast_the_payer_decides_and_pays(manager: Client, practice: Practice) -> None:
    said = words_of(manager, page_of(practice))
    assert said.count('class="chart chart-lag"') == 2
    assert "15 (14 to 17)" in said
    assert "45 (41 or more)" in said
    assert "decisions of the last 4 weeks against those of 12 to 64 weeks ago, as of 1 March 2026. Method" in said


def test_the_page_says_what_the_newest_weeks_will_bring(manager: Client, practice: Practice) -> None:
    said = words_of(manager, page_of(practice)).split("What the newest weeks will bring")[1]
    assert "$1,200" in said
    assert '$3,420<span class="under">$3,100 to $3,710</span>' in said


def test_the_page_says_what_would_be_noticed(manager: Client, practice: Practice) -> None:
    said = words_of(manager, page_of(practice)).split('id="noticed"')[1]
    for change, within in (
        ("Denials rise by", ("12 points", "9 points", "6 points")),
        ("Decisions come later by", ("8 days", "5 days", "2.4 days")),
        ("Allowed amounts fall by", ("6.1%", "4.2%", "too few claims")),
    ):
        cells = "".join(f'<td class="number">{size}</td>' for size in within)
        assert f'<th scope="row">{change}</th>{cells}' in said


def test_a_payer_of_which_the_last_look_left_nothing_has_a_page_without_it(manager: Client, practice: Practice) -> None:
    with practice.bound():
        other = payer("Civic Care")
    assert "What we would notice" not in words_of(manager, f"/portal/payers/{other.public_id}/")
    assert manager.get(f"/portal/payers/{other.public_id}/?csv=weeks").status_code == 404


def test_a_look_of_an_older_version_shows_what_it_has(manager: Client, practice: Practice) -> None:
    with practice.bound():
        old = payer("Civic Care")
        series = [
            {k: v for k, v in week.items() if k not in ("allowed", "paid", "denied")} for week in findings.series()
        ]
        findings.baseline(practice.run, old, maturity=None, lag={}, visible={}, series=series)
    said = words_of(manager, f"/portal/payers/{old.public_id}/")
    assert "Denial rate</h2>" in said
    assert "How fast" not in said
    assert len(table_of(manager, f"/portal/payers/{old.public_id}/?csv=weeks")) == 52
    assert table_of(manager, f"/portal/payers/{old.public_id}/?csv=days") == []


def test_weeks_as_csv(manager: Client, practice: Practice) -> None:
    rows = table_of(manager, page_of(practice) + "?csv=weeks")
    assert len(rows) == 52
    assert rows[-1] == {
        "week": "2026-02-23", "claims": "32", "decided": "14", "denied": "3", "denial_rate": "0.092",
        "denial_rate_low_95": "0.0020000000000000018", "denial_rate_high_95": "0.182", "usual_rate": "0.1",
        "share_of_decisions_expected_by_now": "0.4", "still_filling": "yes",
        "allowed_so_far": "1200.0", "allowed_expected": "3420.0", "allowed_low_80": "3100.0",
        "allowed_high_80": "3710.0",
        "paid_so_far": "980.0", "paid_expected": "2810.0", "paid_low_80": "2500.0", "paid_high_80": "3050.0",
        "as_of": "2026-03-01", "method": "two-clock 1",
    }  # fmt: skip


def test_days_as_csv(manager: Client, practice: Practice) -> None:
    rows = table_of(manager, page_of(practice) + "?csv=days")
    assert (len(rows), rows[15]["days_since_submission"], rows[15]["decision_now"]) == (91, "15", "0.5")
    assert (rows[14]["decision_usual"], rows[18]["payment_usual"]) == ("0.5", "0.5")


@pytest.mark.parametrize("others", [0, 2])
def test_the_page_costs_the_same_whatever_else_there_is(
    others: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for _ in range(others):
            findings.baseline(practice.run, payer())
    manager.get(page_of(practice))
    with django_assert_num_queries(29):
        manager.get(page_of(practice))
