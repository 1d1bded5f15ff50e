"""Claims that name the one they replace by the payer's number join its family, in any order of files."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from tests.ingestion.orders import BY_WEEK, FIRST, known_after, orders
from tests.ingestion.told import status, tell
from tests.ingestion.world import HEADER, csv_of, load, pending, sent, x12
from upstream.claims.models import Claim, PayerWeek
from upstream.claims.queries import attempts_of
from upstream.tenants.services import tenant_keys


def _answer(number: str, control: str, paid: str = "0", check: str = "CHK1") -> bytes:
    reason = "CAS*CO*197*100" if paid == "0" else f"CAS*CO*45*{100 - int(paid)}"
    clp = f"CLP*{number}*1*100*{paid}**12*{control}*11~DTM*232*20260227~SVC*HC:99213*100*{paid}**1~{reason}"
    return x12(clp, amount=paid, check=check)


def claim(number: str) -> Claim:
    return Claim.objects.get(number_bidx=tenant_keys().index("claim_number", number))


def same_family(*numbers: str) -> bool:
    return len({bytes(claim(number).family_key) for number in numbers}) == 1


@pytest.mark.usefixtures("practice")
def test_a_replacement_is_known_by_the_payers_number_of_the_first():
    load(sent(("C1", "1", "")), known_at=FIRST)
    load(_answer("C1", "ICN1"), known_at=FIRST + timedelta(days=9))
    load(sent(("C1R", "7", "ICN1"), day="20260320"), known_at=FIRST + timedelta(days=17))
    load(_answer("C1R", "ICN2", paid="80", check="CHK2"), known_at=FIRST + timedelta(days=30))
    assert same_family("C1", "C1R")
    cells = PayerWeek.objects.order_by("outcome").values_list("outcome", "claims")
    assert list(cells) == [(0, 1), (2, 1)]
    attempts = [(a.number, a.claim.pk, a.frequency_code) for a in attempts_of(claim("C1"))]
    assert attempts == [(1, claim("C1").pk, "1"), (2, claim("C1R").pk, "7")]
    assert [a.number for a in attempts_of(claim("C1R"))] == [1, 2]


@pytest.mark.usefixtures("practice")
def test_a_277ca_tells_the_payers_number_too():
    load(sent(("C1", "1", "")))
    load(sent(("C1R", "7", "ICN1"), day="20260320"))
    assert not same_family("C1", "C1R")
    name = claim("C1").payer.name
    tell(status("C1", "A2", payer_control_number="ICN1", payer_name=name, payer_id="DSM01"))
    assert same_family("C1", "C1R")


@pytest.mark.usefixtures("practice")
def test_a_number_that_the_payer_used_for_several_claims_joins_none():
    load(sent(("C1", "1", ""), ("C2", "1", "")))
    load(_answer("C1", "ICN1"))
    load(sent(("C1R", "7", "ICN1"), day="20260320"))
    assert same_family("C1", "C1R")
    load(_answer("C2", "ICN1", check="CHK2"))
    assert not same_family("C1", "C1R")


@pytest.mark.usefixtures("practice")
def test_another_payers_claim_of_the_same_number_is_not_the_one_replaced():
    load(sent(("C1", "1", "")))
    load(_answer("C1", "ICN1"))
    elsewhere = _answer("X9", "ICN1", check="CHK9").replace(b"SUMMIT MUTUAL", b"HARBOR ADVANTAGE")
    load(elsewhere.replace(b"DSM01", b"HAR01").replace(b"1512345678", b"1598765432"))
    load(sent(("C1R", "7", "ICN1"), day="20260320"))
    assert claim("X9").payer != claim("C1").payer
    assert (same_family("C1", "C1R"), same_family("X9", "C1R")) == (True, False)


@pytest.mark.usefixtures("practice")
def test_a_claim_that_replaces_the_replacing_one_comes_along_into_the_family():
    load(sent(("C1", "1", "")))
    load(sent(("C1R", "7", "ICN1"), day="20260320"))
    load(csv_of(pending("C1S", "2026-04-02") + ",7,C1R", header=HEADER + ",frequency_code,original_claim_id"))
    assert (same_family("C1R", "C1S"), same_family("C1", "C1R")) == (True, False)
    load(_answer("C1", "ICN1"))
    assert same_family("C1", "C1R", "C1S")


FILES = [
    sent(("C1", "1", ""), ("C2", "1", "")),
    _answer("C1", "ICN1"),
    sent(("C1R", "7", "ICN1"), day="20260312"),
    _answer("C1R", "ICN2", check="CHK2"),
    sent(("C1S", "7", "ICN2"), ("C2R", "8", "NOBODY"), day="20260330"),
    _answer("C1S", "ICN3", paid="80", check="CHK3"),
]
KNOWN = """
SELECT c.submitted_date, c.outcome, c.paid_cents, c.frequency_code, r.submitted_date, r.outcome
FROM claims_claim c LEFT JOIN claims_claim r ON r.number_bidx = c.family_key AND r.tenant_id = c.tenant_id
ORDER BY 1, 2, 3, 4, 5, 6
"""


@pytest.fixture
def in_turn(db):
    return known_after(FILES, range(len(FILES)), KNOWN, BY_WEEK)


@pytest.mark.django_db
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=orders(FILES))
def test_any_order_of_files_gives_the_same_families(in_turn, order):
    assert known_after(FILES, order, KNOWN, BY_WEEK) == in_turn


@pytest.mark.usefixtures("practice")
def test_the_same_number_sent_anew_is_another_attempt():
    load(csv_of(pending()), known_at=FIRST)
    load(csv_of(pending(day="2026-03-20")), known_at=FIRST + timedelta(days=20))
    days = [(a.number, a.submitted_date.isoformat(), a.now) for a in attempts_of(claim("C1"))]
    assert days == [(1, "2026-03-02", False), (2, "2026-03-20", True)]
