"""On practices made by chance: what the weekly report says is what the API and the workbook say, to the cent."""

import csv
import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.test import Client
from pypdf import PdfReader

from tests import factories
from tests.api.conftest import Caller
from tests.factories import findings, weeks
from upstream.claims.choices import Outcome
from upstream.core import tenancy
from upstream.core.money import show_dollars
from upstream.kpis.choices import Fact
from upstream.kpis.models import Price
from upstream.reports.assemble import Assembled, assemble
from upstream.reports.render.pdf import render_pdf
from upstream.reports.render.xlsx import render_xlsx

SUNDAY = date(2026, 3, 1)
FIRST_WEEK = weeks.WEEK - timedelta(weeks=12)
MEASURES = f"measures/?first={FIRST_WEEK}&last={SUNDAY}"


def build(chance: random.Random) -> None:
    """Some payers over 13 weeks, with denials whole and in part, incidents with claims, and payments."""
    run = findings.run()
    for _ in range(chance.randint(1, 15)):
        payer = factories.payer()
        findings.baseline(run, payer)
        Price.objects.create(
            payer=payer, procedure_code="73721", claims=chance.randint(5, 90),
            billed_cents=chance.randint(90_000, 900_000), allowed_cents=chance.randint(10_000, 90_000),
        )  # fmt: skip
        for back in range(0, 13, chance.randint(1, 4)):
            week = {"week": weeks.WEEK - timedelta(weeks=back), "sent_week": weeks.WEEK - timedelta(weeks=back)}
            for fact in (Fact.DENIED, Fact.PARTLY, Fact.BY_PROCEDURE):
                weeks.first_answers(payer, fact, chance.randint(1, 50), chance.randint(1, 3_000), **week)
            known = {"known_week": week["week"], "submitted_week": week["week"]}
            weeks.payer_week(payer, Outcome.PAID, chance.randint(1, 90), chance.randint(1, 900), **known)
            weeks.reason_week(payer, "AUTH", "CO-197", chance.randint(1, 40), chance.randint(1, 2_000), **known)
        for _ in range(chance.randint(0, 2)):
            low, more, most = (chance.randint(1, 5_000_000) for _ in range(3))
            findings.incident(
                payer, run, lost_low_cents=low, lost_cents=low + more, lost_high_cents=low + more + most,
                at_stake_cents=chance.randint(1, 9_000_000),
            )  # fmt: skip
        weeks.remittance(payer, amount_cents=chance.randint(1, 10**7), claims_paid_cents=chance.randint(1, 10**7))


def made(us: Caller, seed: int, settings: Any) -> Assembled:
    settings.FIXED_NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)
    with tenancy.bind(us.practice.pk), transaction.atomic():
        build(random.Random(seed))
        return assemble(SUNDAY)


def cents(said: str) -> int:
    return int(Decimal(said) * 100)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_totals_are_those_of_the_api(us: Caller, seed: int, settings: Any) -> None:
    report = made(us, seed, settings).report
    found = {one["measure"]: one for one in json.loads(us.get(MEASURES).content)["measures"]}
    assert sum(p.denied_cents for p in report.payers) == cents(found["denied_dollars"]["numerator"])
    assert sum(p.denied_allowed_cents for p in report.payers) == cents(found["denied_expected"]["numerator"])
    ours = {m.key: (m.numerator, m.denominator, m.unknown) for m in report.measures}
    assert ours == {key: (one["numerator"], one["denominator"], one["unknown"]) for key, one in found.items()}
    incidents, path = [], "incidents/"
    while path:
        page = json.loads(us.get(path).content)
        incidents += page["results"]
        path = page["next"]
    assert sum(i.money.mid_cents for i in report.open_incidents) == sum(cents(i["lost"]["middle"]) for i in incidents)
    assert sum(i.at_stake_cents for i in report.open_incidents) == sum(cents(i["at_stake"]) for i in incidents)


@pytest.mark.parametrize("seed", [5, 6])
def test_totals_are_those_of_the_sheets(us: Caller, seed: int, settings: Any) -> None:
    found = made(us, seed, settings)
    book = openpyxl.load_workbook(BytesIO(render_xlsx(found.report, found.claims)))
    ties = [[cell.value for cell in row] for row in book["Summary"].iter_rows(min_row=7)]
    assert len(ties) == 8
    for label, said, *_, formula, _difference, _note in ties:
        name, _, column = formula.removeprefix("=SUM(").partition("!$")
        held = [cell.value for cell in book[name.strip("'")][column[0]][3:]]
        summed = sum(round(value * 100) for value in held if isinstance(value, int | float))
        assert summed == round(said * 100), label


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_the_pdf_prints_what_the_portal_and_the_api_say(us: Caller, seed: int, settings: Any) -> None:
    report = made(us, seed, settings).report
    with tenancy.bind(us.practice.pk), transaction.atomic():
        browser = Client()
        browser.force_login(factories.member().user)
    page = browser.get(f"/portal/measures/csv/?first={FIRST_WEEK}&last={SUNDAY}").content.decode()
    told = {row[0]: row[6] for row in csv.reader(page.splitlines())}
    found = {one["measure"]: one for one in json.loads(us.get(MEASURES).content)["measures"]}
    paid = json.loads(us.get(f"reconciliation/?first={weeks.WEEK}&last={SUNDAY}").content)["total"]
    denied = cents(found["denied_dollars"]["numerator"])
    assert cents(told["denied_dollars"]) == denied
    pages = PdfReader(BytesIO(render_pdf(report))).pages
    said = " ".join(" ".join(page.extract_text().split()) for page in pages)
    lost = sum(incident.money.mid_cents for incident in report.open_incidents)
    for words in (
        f"the {show_dollars(denied, whole=True)} of the scorecard",
        f"{show_dollars(lost, whole=True)} lost so far in {len(report.open_incidents)} open incident" if lost else "",
        f"checks {show_dollars(cents(paid['amount']))}, claim payments {show_dollars(cents(paid['claims_paid']))}",
    ):
        assert words in said
