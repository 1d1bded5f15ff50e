"""Tables behind charts, as files of the page that draws them."""

import csv
import io
from datetime import date

import pytest
from django.test import Client

from tests.factories import entry, findings
from tests.portal.conftest import Practice, words_of
from upstream.portal.figures import plain


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("$1,234.50", 1234.5), ("-$36", -36.0), ("+$93,500", 93500.0), ("12.3%", 0.123), ("1,848", 1848.0), ("7", 7.0),
        ("2 Mar 2026", date(2026, 3, 2)), ("10.0% to 12.0%", "10.0% to 12.0%"), ("not yet", "not yet"), ("", ""),
        (None, None), (3, 3), ("-", "-"), ("99213A", "99213A"),
    ],
)  # fmt: skip
def test_text_of_a_page_becomes_what_a_spreadsheet_adds_up(said: object, meant: object) -> None:
    assert plain(said) == meant


def _table(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(answer.content.decode())))


def test_today_gives_the_weeks_of_its_payers(manager: Client) -> None:
    assert 'href="?csv=payers"' in words_of(manager, "/portal/")
    titles, *rows = _table(manager, "/portal/?csv=payers")
    assert titles[:4] == ["payer", "week", "claims", "denial_rate"]
    assert (len(rows), rows[-1][:3], rows[-1][-1]) == (26, ["Summit Mutual", "2026-02-23", "32"], "yes")


def test_an_incident_gives_weeks_and_costs(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = findings.incident(practice.payer, practice.run)
    page = f"/portal/incidents/{made.public_id}/"
    assert _table(manager, f"{page}?csv=weeks")[0] == ["week", "claims", "value", "low_95", "high_95", "complete"]
    assert manager.get(f"{page}?csv=answers").status_code == 404
    assert manager.get(f"{page}?csv=nothing").status_code == 404


def test_an_authorization_gives_its_weeks(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = entry(practice.payer)
    assert _table(manager, f"/portal/authorizations/{made.public_id}/?csv=units") == [
        ["Week of", "Units used", "Units left"]
    ]  # fmt: skip


def test_scores_of_the_data_are_a_file(manager: Client) -> None:
    assert _table(manager, "/portal/data/quality/?csv=scores")[0] == ["week", "score", "files", "claims_and_answers"]
