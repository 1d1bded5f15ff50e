"""The next four weeks: their page, their file, and what Today says of the week ahead."""

import csv
from io import StringIO

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import payer
from tests.factories.ahead import forecasts
from tests.portal.conftest import Practice, words_of

PAGE = "/portal/forecast/"


@pytest.fixture
def ahead(practice: Practice) -> None:
    with practice.bound():
        forecasts([practice.payer, payer("Civic Care")], weeks=8, year=True)


def test_page_says_what_is_expected_its_range_and_how_right_we_were(manager: Client, ahead: None) -> None:
    said = words_of(manager, PAGE)
    assert "$80,000 from payers' first answers ($64,000 to $100,000), 48 denied claims (32 to 64)." in said
    assert "As of 22 February 2026, method forecast-2." in said
    civic = said.split(">Civic Care</a></th>")[1].split("</tr>")[0]
    assert civic.count("$10,000") == 4
    assert "$40,000" in civic
    right = said.split("How right we were")[1].split(">Civic Care</th>")[1].split("</tr>")[0]
    assert "100% of 22" in right
    assert "9%" in right
    assert "50%" in right


def test_one_payer_alone_has_its_own_chart(manager: Client, practice: Practice, ahead: None) -> None:
    said = words_of(manager, f"{PAGE}?payer={practice.payer.public_id}")
    assert "Cash by week, Summit Mutual" in said
    assert ">Civic Care</a>" not in said


def test_the_file_holds_what_the_page_shows(manager: Client, ahead: None) -> None:
    answer = manager.get(f"{PAGE}csv/")
    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    assert answer["Content-Disposition"] == 'attachment; filename="forecast-2026-02-22.csv"'
    assert len(rows) == 3 * (7 + 5)
    past, ahead_row, four = rows[6], rows[7], rows[11]
    assert (past["payer"], past["last_day"], past["cash_expected"], past["cash_came"], past["denials_came"]) == (
        "Civic Care", "2026-02-22", "10000.00", "11000.00", "5",
    )  # fmt: skip
    assert (ahead_row["first_day"], ahead_row["cash_low_80"], ahead_row["cash_came"]) == ("2026-02-23", "8000.00", "")
    assert (four["weeks_ahead"], four["cash_expected"], four["denials_expected"]) == ("4", "40000.00", "24.0")
    assert rows[-1]["payer"] == "all"


def test_today_says_what_the_week_should_bring_and_has_brought(manager: Client, ahead: None) -> None:
    said = words_of(manager, "/portal/")
    assert "Expected 23 Feb 2026 to 1 Mar 2026" in said
    assert '$20,000 <span class="quiet">($16,000 to $25,000)</span>, of which $5,000 has come' in said
    assert "The week before brought $22,000 where $20,000 was expected, inside the range." in said


def test_without_enough_past_it_is_unknown(manager: Client, practice: Practice) -> None:
    assert "Unknown: a forecast needs 20 weeks of claims and answers." in words_of(manager, PAGE)
    assert "Expected" not in words_of(manager, "/portal/").split("<main")[1].split("<table")[0]
    assert manager.get(f"{PAGE}csv/").content.decode().count("\n") == 1


def test_other_practices_payers_are_no_choice(stranger: Client, practice: Practice) -> None:
    assert stranger.get(f"{PAGE}?payer={practice.payer.public_id}").status_code == 422
    assert stranger.get(f"{PAGE}csv/?payer={practice.payer.public_id}").status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        forecasts([payer(f"P{number}") for number in range(rows)])
    manager.get(PAGE)
    with django_assert_num_queries(23):
        assert manager.get(PAGE).status_code == 200
