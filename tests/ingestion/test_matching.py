"""A remittance whose claim number was changed finds the practice's claim, or stands apart where it could be another."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from tests.factories import organization
from tests.ingestion.orders import BY_WEEK, FIRST, known_after, orders
from tests.ingestion.world import HEADER, csv_of, load, x12
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim, ClaimMatch, PayerWeek
from upstream.claims.queries import NEVER, timeline, unmatched_claims
from upstream.claims.undoing import undo_match
from upstream.core import tenancy
from upstream.core.errors import Conflict
from upstream.tenants.services import tenant_keys

WITH_DAY = HEADER + ",service_date,rendering_npi,member_id"


def sent(number: str, charge: str = "100.00", day: str = "2026-02-27", member: str = "M100") -> str:
    return f"{number},Summit Mutual,99213,M54.50,Main,2026-03-02,,pending,,{charge},,,{day},1987654321,{member}"


def answered(number: str, charge: str = "100", paid: str = "64", member: str = "M100", control: str = "ICN1") -> str:
    share = f"~CAS*CO*45*{int(charge) - int(paid)}" if charge != paid else ""
    return (
        f"CLP*{number}*1*{charge}*{paid}**12*{control}*11~NM1*QC*1*LOVELACE*ADA****MI*{member}"
        f"~NM1*82*1*DOC*A****XX*1987654321~DTM*232*20260227~SVC*HC:99213*{charge}*{paid}**1{share}"
    )


def practice_file(*rows: str) -> str:
    return csv_of(*rows, header=WITH_DAY)


def claim(number: str) -> Claim:
    return Claim.objects.get(number_bidx=tenant_keys().index("claim_number", number))


def matches() -> set[tuple[int, int]]:
    return set(ClaimMatch.objects.filter(state="matched").values_list("remitted_id", "claim_id"))


def counted() -> list[tuple[int, int, int]]:
    return list(PayerWeek.objects.order_by("outcome").values_list("outcome", "claims", "paid_cents"))


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize(
    ("ours", "told"),
    [("acc1234", "ACC1234"), ("1234567", "0001234567"), ("ACC1234567-01", "ACC1234567"), ("77-1234567", "1234567")],
    ids=["upper-cased", "zero-padded", "cut", "without its beginning"],
)
def test_a_changed_number_with_the_same_day_and_charge_is_that_claim(ours, told):
    load(practice_file(sent(ours), sent("other99", charge="250.00")), known_at=FIRST)
    load(x12(answered(told), amount="64"), known_at=FIRST + timedelta(days=7))
    mine, theirs = claim(ours), claim(told)
    assert matches() == {(theirs.pk, mine.pk)}
    assert (mine.outcome, mine.paid_cents, theirs.family_key) == (Outcome.PAID, 6_400, mine.family_key)
    assert Adjudication.objects.get().claim_id == theirs.pk
    assert counted() == [(Outcome.PENDING, 2, 6_400), (Outcome.PAID, 1, 6_400)]


@pytest.mark.usefixtures("practice")
def test_a_constant_number_needs_member_day_charge_and_provider(settings):
    settings.REAL_DATA_MODE = True
    load(practice_file(sent("acc1"), sent("acc2", member="M200")))
    load(x12(answered("NOT AVAILABLE"), amount="64"))
    assert matches() == {(Claim.objects.get(facts_known_at=NEVER).pk, claim("acc1").pk)}
    assert ClaimMatch.objects.get().agreed == "service date, member, charge, provider"


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        ([sent("acc1234")], answered("zzz9999")),
        ([sent("acc1234", charge="90.00")], answered("ACC1234")),
        ([sent("acc1234", day="2026-02-20")], answered("ACC1234")),
        ([sent("acc1234567-01"), sent("acc1234567-02")], answered("ACC1234567")),
    ],
    ids=["another number", "another charge", "another day", "two would fit"],
)
def test_what_could_be_another_claim_stands_apart(rows, answer):
    load(practice_file(*rows))
    load(x12(answer, amount="64"))
    assert matches() == set()
    assert set(Claim.objects.values_list("outcome", flat=True)) == {Outcome.PENDING, Outcome.PAID}


@pytest.mark.usefixtures("practice")
def test_a_claim_answered_under_its_own_number_takes_no_other_answer():
    load(practice_file(sent("acc1234")))
    load(x12(answered("ACC1234"), amount="64"))
    assert len(matches()) == 1
    load(x12(answered("acc1234", paid="70"), amount="70", check="CHK2"))
    assert matches() == set()
    mine, theirs = claim("acc1234"), claim("ACC1234")
    assert (mine.outcome, mine.paid_cents) == (Outcome.PAID, 7_000)
    assert bytes(theirs.family_key) == bytes(theirs.number_bidx)


@pytest.mark.usefixtures("practice")
def test_a_match_ends_when_the_practice_tells_of_the_remitted_number_itself():
    load(practice_file(sent("acc1234")))
    load(x12(answered("ACC1234"), amount="64"))
    load(practice_file(sent("ACC1234")))
    assert matches() == set()
    assert (claim("acc1234").outcome, claim("ACC1234").outcome) == (Outcome.PENDING, Outcome.PAID)


@pytest.mark.usefixtures("practice")
def test_a_match_taken_apart_stays_apart_and_each_has_its_own():
    load(practice_file(sent("acc1234")))
    load(x12(answered("ACC1234"), amount="64"))
    match = ClaimMatch.objects.get()
    undo_match(match, actor="user:1")
    with pytest.raises(Conflict):
        undo_match(match, actor="user:1")
    load(x12(answered("ACC1234", paid="70", control="ICN9"), amount="70", check="CHK3"))
    match.refresh_from_db()
    assert (match.state, match.undone_by, claim("acc1234").outcome) == ("undone", "user:1", Outcome.PENDING)
    assert sorted(counted()) == [(Outcome.PENDING, 1, 0), (Outcome.PENDING, 1, 6_400), (Outcome.PAID, 1, 6_400)]


@pytest.mark.usefixtures("practice")
def test_the_practices_claim_tells_of_the_answer_and_the_unmatched_are_listed():
    load(x12(answered("zzz9999"), amount="64"))
    assert not unmatched_claims().exists()
    load(practice_file(sent("acc1234")))
    assert [c.pk for c in unmatched_claims()] == [claim("zzz9999").pk]
    load(x12(answered("ACC1234"), amount="64", check="CHK2"))
    assert [event.words for event in timeline(claim("acc1234"))] == ["Submitted", "Paid"]
    assert unmatched_claims().count() == 1


FILES = [
    practice_file(sent("acc1234"), sent("77-5550001", charge="250.00")),
    x12(answered("ACC1234"), answered("5550001", charge="250", paid="200", control="ICN2"), amount="264"),
    practice_file(sent("ACC-1234-9", charge="300.00"), sent("99-5550001", charge="250.00")),
    x12("CLP*ACC1234*22*-100*-64**12*ICN1*11~DTM*232*20260227~SVC*HC:99213*-100*-64**1~CAS*CO*45*-36",
        answered("ACC1234", paid="70", control="ICN3"), amount="6", check="CHK2"),
    x12(answered("0005559999", control="ICN4"), amount="64", check="CHK4"),
    practice_file(sent("5559999")),
]  # fmt: skip
KNOWN = """
SELECT c.submitted_date, c.billed_cents, c.known_at, c.outcome, c.decided_date, c.decision_known_at, c.paid_cents,
    c.family_key = c.number_bidx, (SELECT string_agg(m.agreed, ';') FROM claims_claimmatch m WHERE m.claim_id = c.id),
    (SELECT count(*) FROM claims_claimmatch m WHERE m.remitted_id = c.id)
FROM claims_claim c ORDER BY 2, 3, 4, 5, 6, 7, 8
"""


@pytest.fixture
def in_turn(db):
    return known_after(FILES, range(len(FILES)), KNOWN, BY_WEEK)


@pytest.mark.django_db
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=orders(FILES))
def test_any_order_of_files_gives_the_same_matches(in_turn, order):
    assert known_after(FILES, order, KNOWN, BY_WEEK) == in_turn


@pytest.mark.django_db
def test_the_files_of_that_test_match_two_and_leave_one_in_doubt():
    with tenancy.bind(organization().pk):
        for number, content in enumerate(FILES):
            load(content, known_at=FIRST + timedelta(days=7 * number))
        assert len(matches()) == 2
