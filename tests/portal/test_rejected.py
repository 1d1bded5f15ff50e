from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import claim
from tests.factories import match as match_of
from tests.ingestion.told import acknowledgement, status, tell
from tests.portal.conftest import Practice, words_of
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim
from upstream.claims.queries import NEVER


def _rejected(practice: Practice, number: str = "C1", category: str = "A7") -> Claim:
    made = claim(practice.payer, number, outcome=Outcome.PENDING, decided_date=None, decision_known_at=None)
    tell(status(number, category, status_code="21", payer_name=practice.payer.name))
    return made


def test_rejected_claims_are_listed_with_why_and_linked_from_the_data_page(manager: Client, practice: Practice) -> None:
    assert "rejected before adjudication" not in words_of(manager, "/portal/data/")
    with practice.bound():
        made = _rejected(practice)
    assert '<a href="/portal/claims/rejected/">1 claim rejected before adjudication</a>' in words_of(
        manager, "/portal/data/"
    )
    said = words_of(manager, "/portal/claims/rejected/")
    assert f'<a href="/portal/claims/{made.public_id}/">{str(made.public_id)[-8:]}</a>' in said
    assert "Rejected before adjudication: something is not valid" in said
    assert "3 Mar 2026" in said


def test_the_claims_page_says_that_no_answer_will_come(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = _rejected(practice)
    now = words_of(manager, f"/portal/claims/{made.public_id}/").split('id="now">Now</h2>')[1]
    assert '<span class="badge badge-rejected">Rejected before adjudication</span>' in now
    assert "Correct it and send it again." in now
    with practice.bound():
        tell(status("C1", "A2", effective_date=date(2026, 3, 9), payer_name=practice.payer.name))
    assert "Correct it and send it again." not in words_of(manager, f"/portal/claims/{made.public_id}/")


def test_a_file_shows_what_it_said_of_our_deliveries(manager: Client, practice: Practice) -> None:
    with practice.bound():
        file = tell(acknowledgement("R"), acknowledgement("A", control_number="101/0002"), status())
    said = words_of(manager, f"/portal/data/{file.public_id}/")
    assert "<dt>Claim statuses</dt><dd>1" in said
    assert "999 837 101/0001" in said
    assert '<span class="badge badge-rejected">refused</span> R' in said
    assert "Authorizations" not in said.partition("<main")[2]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for number in range(rows):
            _rejected(practice, f"C{number}")
    manager.get("/portal/claims/rejected/")
    with django_assert_num_queries(20):
        manager.get("/portal/claims/rejected/")


def test_a_match_is_shown_on_both_claims_and_can_be_taken_apart(manager: Client, practice: Practice) -> None:
    with practice.bound():
        match = match_of(practice.payer)
        page, other = (f"/portal/claims/{c.public_id}/" for c in (match.claim, match.remitted))
    assert "The payer answered <a" in words_of(manager, page)
    assert "the same service date, number, charge." in words_of(manager, other)
    said = manager.post(f"/portal/claims/matches/{match.public_id}/undo/", follow=True).content.decode()
    assert "The two are apart, and stay so." in said
    assert "taken apart" in words_of(manager, page)


def test_answers_to_no_known_claim_are_listed(manager: Client, practice: Practice) -> None:
    with practice.bound():
        alone = claim(practice.payer, "ALONE", facts_known_at=NEVER)
        claim(practice.payer)
    assert "1 answer of payers</a> to no claim that we know" in words_of(manager, "/portal/data/")
    assert f"/portal/claims/{alone.public_id}/" in words_of(manager, "/portal/claims/unmatched/")
