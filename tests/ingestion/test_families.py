"""Claims that name the one they replace by the payer's number join its family, in any order of files."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import organization
from tests.ingestion.told import status, tell
from tests.ingestion.world import csv_of, load, pending, x12
from upstream.claims.models import Claim, PayerWeek
from upstream.claims.queries import attempts_of
from upstream.core import tenancy
from upstream.tenants.services import tenant_keys

FIRST = datetime(2026, 3, 3, 12, tzinfo=UTC)


def _837(*claims: tuple[str, str, str], day: str = "20260303") -> bytes:
    """One 837 with these claims: (number, frequency, the payer's number of the claim that it replaces)."""
    body = [
        "ST*837*0001*005010X222A1", f"BHT*0019*00*1*{day}*1200*CH", "NM1*41*2*LAKESIDE*****46*L1",
        "NM1*40*2*CLEARING*****46*C1", "HL*1**20*1", "NM1*85*2*LAKESIDE*****XX*1234567893", "HL*2*1*22*0",
        "SBR*P*18*******CI", "NM1*IL*1*LOVELACE*ADA****MI*M100", "NM1*PR*2*SUMMIT MUTUAL*****PI*DSM01",
    ]  # fmt: skip
    for number, frequency, replaced in claims:
        body += [f"CLM*{number}*100***11:B:{frequency}*Y*A*Y*Y", *([f"REF*F8*{replaced}"] if replaced else [])]
        body += ["HI*ABK:M5450", "LX*1", "SV1*HC:99213*100*UN*1***1", "DTP*472*D8*20260227"]
    whole = [
        f"ISA*00*          *00*          *ZZ*LAKESIDE       *ZZ*CLEARING       *{day[2:]}*1200*^*00501*000000007*0*P*:",
        f"GS*HC*LAKESIDE*CLEARING*{day}*1200*7*X*005010X222A1",
        *body,
        f"SE*{len(body) + 1}*0001",
        "GE*1*7",
        "IEA*1*000000007",
    ]
    return ("~".join(whole) + "~").encode()


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
    load(_837(("C1", "1", "")), known_at=FIRST)
    load(_answer("C1", "ICN1"), known_at=FIRST + timedelta(days=9))
    load(_837(("C1R", "7", "ICN1"), day="20260320"), known_at=FIRST + timedelta(days=17))
    load(_answer("C1R", "ICN2", paid="80", check="CHK2"), known_at=FIRST + timedelta(days=30))
    assert same_family("C1", "C1R")
    cells = PayerWeek.objects.order_by("outcome").values_list("outcome", "claims")
    assert list(cells) == [(0, 1), (2, 1)]
    attempts = [(a.number, a.claim.pk, a.frequency_code) for a in attempts_of(claim("C1"))]
    assert attempts == [(1, claim("C1").pk, "1"), (2, claim("C1R").pk, "7")]
    assert [a.number for a in attempts_of(claim("C1R"))] == [1, 2]


@pytest.mark.usefixtures("practice")
def test_a_277ca_tells_the_payers_number_too():
    load(_837(("C1", "1", "")))
    load(_837(("C1R", "7", "ICN1"), day="20260320"))
    assert not same_family("C1", "C1R")
    name = claim("C1").payer.name
    tell(status("C1", "A2", payer_control_number="ICN1", payer_name=name, payer_id="DSM01"))
    assert same_family("C1", "C1R")


@pytest.mark.usefixtures("practice")
def test_a_number_that_the_payer_used_for_several_claims_joins_none():
    load(_837(("C1", "1", ""), ("C2", "1", "")))
    load(_answer("C1", "ICN1"))
    load(_837(("C1R", "7", "ICN1"), day="20260320"))
    assert same_family("C1", "C1R")
    load(_answer("C2", "ICN1", check="CHK2"))
    assert not same_family("C1", "C1R")


FILES = [
    _837(("C1", "1", ""), ("C2", "1", "")),
    _answer("C1", "ICN1"),
    _837(("C1R", "7", "ICN1"), day="20260312"),
    _answer("C1R", "ICN2", check="CHK2"),
    _837(("C1S", "7", "ICN2"), ("C2R", "8", "NOBODY"), day="20260330"),
    _answer("C1S", "ICN3", paid="80", check="CHK3"),
]
KNOWN = """
SELECT c.submitted_date, c.outcome, c.paid_cents, c.frequency_code, r.submitted_date, r.outcome
FROM claims_claim c LEFT JOIN claims_claim r ON r.number_bidx = c.family_key AND r.tenant_id = c.tenant_id
ORDER BY 1, 2, 3, 4, 5, 6
"""


def after(order: list[int]) -> list[object]:
    with tenancy.bind(organization().pk), connection.cursor() as cursor:
        for number in order:
            load(FILES[number], known_at=FIRST + timedelta(days=7 * number))
        cursor.execute(KNOWN)
        claims = cursor.fetchall()
        cursor.execute(
            "SELECT submitted_week, known_week, outcome, claims, paid_cents FROM claims_payerweek ORDER BY 1, 2"
        )
        return [claims, cursor.fetchall()]


@pytest.fixture
def in_turn(db):
    return after(list(range(len(FILES))))


@pytest.mark.django_db
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(FILES))), again=st.lists(st.integers(0, len(FILES) - 1), max_size=2))
def test_any_order_of_files_gives_the_same_families(in_turn, order, again):
    assert after([*order, *again]) == in_turn


@pytest.mark.usefixtures("practice")
def test_the_same_number_sent_anew_is_another_attempt():
    load(csv_of(pending()), known_at=FIRST)
    load(csv_of(pending(day="2026-03-20")), known_at=FIRST + timedelta(days=20))
    days = [(a.number, a.submitted_date.isoformat(), a.now) for a in attempts_of(claim("C1"))]
    assert days == [(1, "2026-03-02", False), (2, "2026-03-20", True)]
