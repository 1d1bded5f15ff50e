from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import NOON, batch, claim
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.audit.models import PHIAccess
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Adjustment, Claim, ClaimIdentity, LineAdjudication, ServiceLine
from upstream.claims.models.identity import packed
from upstream.portal.queries.claims import Standing, standing_of, steps_of
from upstream.tenants.choices import Role
from upstream.tenants.services import tenant_keys


def _denied(practice: Practice, answers: int = 1) -> Claim:
    """A claim denied for missing authorization, as often as asked."""
    made = claim(
        practice.payer, "C-77", outcome=Outcome.DENIED, denial_group="CO", denial_carc="197", denial_category="AUTH"
    )
    file = batch(format="x12")
    for number in range(answers):
        answer = Adjudication.objects.create(
            claim=made, batch_id=file.pk, payer=practice.payer, event_bidx=bytes([number]) * 16, position=41 + number,
            outcome=Outcome.DENIED, billed_cents=10_000, allowed_cents=0, paid_cents=0, known_at=NOON,
        )  # fmt: skip
        Adjustment.objects.create(adjudication=answer, ordinal=0, group_code="CO", carc="197", cents=10_000)
        ServiceLine.objects.create(claim=made, number=number + 1, procedure_code="73721", billed_cents=1, known_at=NOON)
    return made


def test_claim_tells_what_happened_in_plain_words(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = _denied(practice)
    said = words_of(manager, f"/portal/claims/{made.public_id}/")
    assert "CO-197 $100.00: approval or referral missing, late, used up or not matching" in said
    assert "segment 41" in said
    assert "C-77" not in said


def _answered(claim: Claim, number: int, outcome: Outcome, paid_cents: int, **more: object) -> Adjudication:
    values = {"batch_id": batch().pk, "payer": claim.payer, "event_bidx": bytes([number]) * 16, "position": number}
    cents = {"billed_cents": 40_000, "paid_cents": paid_cents}
    at = NOON + timedelta(days=number)
    made: Adjudication = Adjudication.objects.create(
        claim=claim, outcome=outcome, known_at=at, **values, **cents, **more
    )
    return made


def test_first_decision_stands_beside_how_the_claim_stands_now(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = claim(practice.payer, outcome=Outcome.DENIED, allowed_cents=0, paid_cents=0, billed_cents=40_000)
        _answered(made, 1, Outcome.DENIED, 0)
        _answered(made, 2, Outcome.PAID, 26_702)
    said = words_of(manager, f"/portal/claims/{made.public_id}/")
    first, now = said.split('id="first">First decision</h2>')[1].split('id="now">Now</h2>')
    assert '<span class="badge badge-denied">Denied</span>' in first
    assert "<dt>Paid</dt><dd>$0.00</dd>" in first
    assert '<span class="badge badge-paid">Paid</span>' in now
    assert "<dt>Paid in all</dt><dd>$267.02</dd>" in now


def test_an_answer_taken_back_counts_no_more(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = claim(practice.payer, billed_cents=40_000)
        paid = _answered(made, 1, Outcome.PAID, 26_702)
        _answered(made, 2, Outcome.REVERSED, -26_702, reverses=paid)
        _answered(made, 3, Outcome.PARTIAL, 10_000)
    now = words_of(manager, f"/portal/claims/{made.public_id}/").split('id="now">Now</h2>')[1]
    assert "Partly denied" in now
    assert "<dt>Paid in all</dt><dd>$100.00</dd>" in now


def test_an_answer_taken_back_without_itself_leaves_nothing_decided(practice: Practice) -> None:
    with practice.bound():
        made = claim(practice.payer)
        _answered(made, 1, Outcome.REVERSED, -26_702)
        assert standing_of(steps_of(made)) == Standing(Outcome.PENDING, -26_702)


def identified(practice: Practice) -> Claim:
    made = _denied(practice)
    key, keys = bytes(made.number_bidx), tenant_keys()
    values = packed("C-77", "", "", "ACCT-9")
    ClaimIdentity.objects.create(
        claim=made, number_bidx=key, fingerprint=key, sealed=keys.seal(values, ClaimIdentity.TABLE, "sealed", key)
    )
    return made


def test_claim_number_is_shown_once_and_the_look_written_down(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = identified(practice)
    page = f"/portal/claims/{made.public_id}/"
    shown = manager.post(f"{page}number/").content.decode()
    assert "C-77" in shown
    assert "stored" not in shown
    assert "C-77" not in words_of(manager, page)
    with practice.bound():
        looks = list(PHIAccess.objects.values_list("actor", "action", "subject", "records"))
    assert looks == [(f"user:{practice.manager.user.public_id}", "show_claim_number", f"claim:{made.public_id}", 1)]


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.AUDITOR, Role.STAFF])
def test_claim_number_is_refused_without_the_right(role: str, signed_in: SignedIn, practice: Practice) -> None:
    with practice.bound():
        made = identified(practice)
    assert signed_in(role).post(f"/portal/claims/{made.public_id}/number/").status_code == 403
    with practice.bound():
        assert not PHIAccess.objects.exists()


def test_claim_is_found_by_its_exact_number(manager: Client, stranger: Client, practice: Practice) -> None:
    with practice.bound():
        made = _denied(practice)
    assert manager.post("/portal/search/", {"q": " C-77 "})["Location"] == f"/portal/claims/{made.public_id}/"
    for client, number in ((manager, "C-7"), (manager, "C-770"), (stranger, "C-77")):
        answer = client.post("/portal/search/", {"q": number}, follow=True)
        assert "No claim with exactly this number is here." in answer.content.decode()
    with practice.bound():
        looks = list(PHIAccess.objects.order_by("number").values_list("action", "subject"))
    assert looks == [("find_claim", f"claim:{made.public_id}"), *[("find_claim", "claim:none")] * 2]


def test_clinician_finds_no_claim_by_number(signed_in: SignedIn, practice: Practice) -> None:
    with practice.bound():
        _denied(practice)
    answer = signed_in(Role.CLINICIAN).post("/portal/search/", {"q": "C-77"})
    assert answer.status_code == 200
    with practice.bound():
        assert not PHIAccess.objects.exists()


@pytest.mark.parametrize("answers", [1, 3])
def test_queries_do_not_grow_with_rows(
    answers: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        made = _denied(practice, answers)
    manager.get(f"/portal/claims/{made.public_id}/")
    with django_assert_num_queries(32):
        manager.get(f"/portal/claims/{made.public_id}/")


def test_a_line_says_what_was_paid_for_it_and_under_which_code(manager: Client, practice: Practice) -> None:
    with practice.bound():
        made = claim(practice.payer)
        ServiceLine.objects.create(claim=made, number=1, procedure_code="99215", billed_cents=200, known_at=NOON)
        answer = _answered(made, 1, Outcome.PAID, 120)
        LineAdjudication.objects.create(
            adjudication=answer, number=1, procedure_code="99213", billed_code="99215", billed_cents=200, paid_cents=120
        )
    said = words_of(manager, f"/portal/claims/{made.public_id}/")
    assert '$1.20<span class="under">answered as 99213</span>' in said
