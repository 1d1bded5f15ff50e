"""The value ledger's pages and workbook."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries, Settings

from tests.alerts.test_ledger import answer, denied
from tests.factories import NOON, findings, weeks
from tests.portal.conftest import Practice, words_of
from upstream.alerts import ledger
from upstream.alerts.models import Incident

PAGE, LINES = "/portal/incidents/recovered/", "/portal/incidents/recovered/lines/"


@pytest.fixture
def incident(practice: Practice, settings: Settings) -> Incident:
    """One claim that cost $300: $360 came in February 2026 after all, and went again in March."""
    settings.FIXED_NOW = NOON
    with practice.bound():
        made = findings.incident(practice.payer, practice.run, first_as_of=date(2026, 2, 1))
        lost = denied(practice.payer, decision_known_at=NOON.replace(month=1))
        findings.behind(made, lost, cents=36_000)
        made.members.update(lost_cents=30_000)
        paid = answer(lost, date(2026, 2, 10), 36_000)
        weeks.remittance(practice.payer, batch_id=paid.batch_id, position=1)
        answer(lost, date(2026, 3, 2), -36_000, outcome=5, reverses=paid)
        ledger.settle()
    return made


def test_months_show_what_came_and_what_went(manager: Client, incident: Incident) -> None:
    said = words_of(manager, PAGE)
    for month, cents in (("February 2026", ("$360.00", "$300.00")), ("March 2026", ("-$360.00", "-$300.00"))):
        cells = "".join(f'<td class="number">{one}</td>' for one in (*cents, "$0.00"))
        assert f"{month}</a></th>{cells}" in said
    assert "$0.00 recovered and $0.00 avoided from 1 April 2025 to 31 March 2026." in said
    assert "What a payer takes back counts against the month in which it does" in said


def test_a_month_opens_to_its_claims_and_payments(manager: Client, practice: Practice, incident: Incident) -> None:
    said = words_of(manager, f"{LINES}?month=2026-02")
    assert '<td class="number">$360.00</td><td class="number">$300.00</td>' in said
    assert 'payments/1/">CHK0</a>' in said
    assert "recovered $300.00, avoided $0.00" in said
    both = words_of(manager, f"{LINES}?incident={incident.public_id}")
    assert "recovered $0.00, avoided $0.00" in both
    assert both.count('<td class="number">-$300.00</td>') == 1
    assert "No answer of a payer counts in these days." in words_of(manager, f"{LINES}?month=2025-12")
    page = words_of(manager, f"/portal/incidents/{incident.public_id}/")
    assert "Recovered since it was told" not in page


@pytest.mark.parametrize("query", ["month=x", "incident=x", "incident=00000000-0000-4000-8000-00000000abcd"])
def test_what_is_no_month_or_incident_is_not_there(manager: Client, incident: Incident, query: str) -> None:
    assert manager.get(f"{LINES}?{query}").status_code == 404


def test_the_workbook_adds_up_to_the_page(manager: Client, incident: Incident) -> None:
    book = load_workbook(BytesIO(manager.get(f"{PAGE}xlsx/").content))
    assert book.sheetnames == ["Months", "Incidents", "Lines"]
    rows = list(book["Months"].iter_rows(min_row=4, values_only=True))
    assert [(row[0].date(), *map(float, row[1:])) for row in rows] == [
        (date(2026, 2, 1), 360.0, 300.0, 0.0), (date(2026, 3, 1), -360.0, -300.0, 0.0),
    ]  # fmt: skip
    counted = [float(row[-1]) for row in book["Lines"].iter_rows(min_row=4, values_only=True)]
    assert counted == [300.0, -300.0]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, incident: Incident,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    with practice.bound():
        for _ in range(rows - 1):
            more = findings.incident(practice.payer, practice.run, first_as_of=date(2026, 2, 1))
            lost = denied(practice.payer, decision_known_at=NOON.replace(month=1))
            findings.behind(more, lost)
            more.members.update(lost_cents=30_000)
            answer(lost, date(2026, 2, 12), 36_000)
        ledger.settle()
    manager.get(PAGE)
    with django_assert_num_queries(23):
        manager.get(PAGE)
    with django_assert_num_queries(24):
        manager.get(LINES)
