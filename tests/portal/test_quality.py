"""What was found in the data, the rows behind it, and what it does to the numbers beside it."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import batch, claim, findings, payer, quality
from tests.factories.weeks import remittance
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.ingestion.quality import services
from upstream.ingestion.quality.models import Finding, Threshold
from upstream.tenants.choices import Role

CAVEAT = "1 file of Summit Mutual is out of balance: look at the data first"


def _odd_payment(practice: Practice) -> Finding:
    """A payment that is out of balance by $4.00, found by looking at its file."""
    file = batch(format="x12")
    remittance(practice.payer, batch_id=file.pk, difference_cents=-400, payment_date=date(2026, 2, 20))
    services.measure(file)
    found: Finding = Finding.objects.get()
    return found


def test_page_shows_scores_and_findings(manager: Client, practice: Practice) -> None:
    with practice.bound():
        _odd_payment(practice)
        quality.score(batch(), score=100)
        quality.score(batch(), practice.payer, score=60)
    said = words_of(manager, "/portal/data/quality/")
    assert "Score by week: 100 of 100" in said
    assert "Payments out of balance</a>" in said
    assert "1 of 1: payments that are not the sum of their claims and adjustments" in said
    assert "100.0%, limit 0.0%" in said
    assert "$4.00" in said


def test_finding_lists_the_rows_that_it_counts(manager: Client, practice: Practice) -> None:
    with practice.bound():
        found = _odd_payment(practice)
        file = found.batch.public_id
    said = words_of(manager, f"/portal/data/quality/findings/{found.public_id}/")
    assert "The payments behind it: 1, $4.00" in said
    assert f"/portal/data/{file}/payments/1/" in said
    assert "claims.csv</a>" in said


def test_rows_behind_lead_to_their_claims(manager: Client, practice: Practice) -> None:
    with practice.bound():
        file = batch()
        odd = claim(practice.payer, batch_id=file.pk, submitted_date=date(1999, 2, 1), service_date=None)
        services.measure(file)
        found = Finding.objects.get()
    said = words_of(manager, f"/portal/data/quality/findings/{found.public_id}/")
    assert "The claims behind it: 1, $100.00" in said
    assert f"/portal/claims/{odd.public_id}/" in said


def test_a_caveat_stands_beside_every_number_it_touches(manager: Client, practice: Practice) -> None:
    with practice.bound():
        incident = findings.incident(practice.payer, practice.run)
        other = findings.incident(payer("Civic Care"), practice.run)
        _odd_payment(practice)
    said = words_of(manager, "/portal/")
    assert said.count(CAVEAT) == 2  # above the incidents and in the payer's own row
    assert CAVEAT in words_of(manager, f"/portal/incidents/{incident.public_id}/")
    assert "out of balance" not in words_of(manager, f"/portal/incidents/{other.public_id}/")


def test_a_person_says_that_the_data_are_right_and_takes_it_back(manager: Client, practice: Practice) -> None:
    with practice.bound():
        found = _odd_payment(practice)
    page = f"/portal/data/quality/findings/{found.public_id}/"
    assert manager.post(f"{page}dismiss/", {"note": ""}).status_code == 422
    said = manager.post(f"{page}dismiss/", {"note": "interest"}, follow=True).content.decode()
    assert "No number carries this caveat any more." in said
    assert CAVEAT not in words_of(manager, "/portal/")
    manager.post(f"{page}reopen/")
    assert CAVEAT in words_of(manager, "/portal/")


def test_auditor_reads_and_dismisses_nothing(signed_in: SignedIn, practice: Practice) -> None:
    with practice.bound():
        found = _odd_payment(practice)
    page = f"/portal/data/quality/findings/{found.public_id}/"
    client = signed_in(Role.AUDITOR)
    assert "The data are right" not in words_of(client, page)
    assert client.post(f"{page}dismiss/", {"note": "x"}).status_code == 403


def test_files_own_report_lists_every_check(manager: Client, practice: Practice) -> None:
    with practice.bound():
        file = _odd_payment(practice).batch
    said = words_of(manager, f"/portal/data/{file.public_id}/")
    assert "Data quality: 75 of 100" in said
    assert 'Payments out of balance</th><td class="number">1</td><td class="number">1</td>' in said
    assert '<span class="wrong">failed</span>' in said


def test_owner_sets_a_limit_and_others_do_not(signed_in: SignedIn, practice: Practice) -> None:
    given = {"name": "rows_left_out", "value": "0.05", "valid_from": "2026-03-02", "reason": "our export has totals"}
    assert signed_in(Role.BILLER).post("/portal/data/quality/limits/", given).status_code == 403
    owner = signed_in(Role.OWNER)
    assert owner.post("/portal/data/quality/limits/", {**given, "value": "-1"}).status_code == 422
    assert owner.post("/portal/data/quality/limits/", given).status_code == 302
    said = words_of(owner, "/portal/data/quality/limits/")
    assert '5% <span class="badge badge-state">your own</span>' in said
    with practice.bound():
        assert Threshold.objects.get().reason == "our export has totals"


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        file = batch(format="x12")
        for number in range(rows):
            remittance(practice.payer, batch_id=file.pk, position=number + 1, difference_cents=-1,
                       key_bidx=bytes([number]) * 16, payment_date=date(2026, 2, 20))  # fmt: skip
            quality.finding(batch(), payer())
        services.measure(file)
        found = Finding.objects.get(batch=file)
    manager.get("/portal/data/quality/")
    with django_assert_num_queries(24):
        manager.get("/portal/data/quality/")
    with django_assert_num_queries(24):
        manager.get(f"/portal/data/quality/findings/{found.public_id}/")
    with django_assert_num_queries(19):
        manager.get("/portal/data/quality/limits/")
