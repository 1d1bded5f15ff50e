"""The hardest cases of what claims in an 835 mean, numbered as in the ingestion rules."""

from datetime import UTC, datetime

import pytest

from tests.ingestion.world import (
    CORRECTION,
    DENIED_835,
    MAY,
    PAID_835,
    REVERSAL,
    csv_of,
    load,
    pending,
    x12,
)
from upstream.claims.choices import Outcome
from upstream.claims.models import (
    Adjudication,
    Adjustment,
    Claim,
    LineAdjudication,
    Payer,
    ProviderAdjustment,
    Remittance,
    ServiceLine,
)
from upstream.ingestion import queries, services
from upstream.ingestion.models import Batch

pytestmark = pytest.mark.usefixtures("practice")


def on(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


def claim(cas: str, *, lines: str = "", status: str = "1", money: str = "100*0") -> str:
    return f"CLP*Z1*{status}*{money}**12*ICNZ*11~DTM*232*20260227~" + (lines or f"SVC*HC:99213*{money}**1~{cas}")


@pytest.mark.parametrize("cas", ["CAS*PR*1*100", "CAS*CO*24*100", "CAS*OA*23*100", "CAS*PR*100*100", "CAS*PR*3*100"])
def test_case_14_nothing_paid_is_no_denial(cas):
    load(x12(claim(cas), amount="0"))
    event = Adjudication.objects.get()
    assert (event.outcome, event.denial_carc, event.balance_cents) == (Outcome.ZERO_OTHER, "", 0)
    assert Adjustment.objects.get().carc == cas.split("*")[2]


def test_case_14_a_packaged_line_of_a_paid_claim_is_no_denial():
    lines = "SVC*HC:99213*60*50**1~CAS*CO*45*10~SVC*HC:36415*40*0**1~CAS*CO*97*40"
    load(x12(claim("", lines=lines, money="100*50"), amount="50"))
    assert Adjudication.objects.get().outcome == Outcome.PAID


def test_case_15_the_net_is_right_at_every_moment_and_the_denial_stays_in_the_history():
    denied = "CLP*C1*1*100*0**12*ICN1*11~DTM*232*20260227~SVC*HC:99213*100*0**1~CAS*CO*197*100"
    taken_back = "CLP*C1*22*-100*0**12*ICN1*11~DTM*232*20260227~SVC*HC:99213*-100*0**1~CAS*CO*197*-100"
    net = []
    for day, (answer, amount) in enumerate([(denied, "0"), (taken_back, "0"), (CORRECTION, "70")], start=21):
        load(x12(answer, amount=amount, check=f"CHK{day}"), known_at=on(day))
        net.append(sum(Adjudication.objects.values_list("paid_cents", flat=True)))
    assert net == [0, 0, 7_000]
    events = list(Adjudication.objects.order_by("known_at"))
    assert [event.outcome for event in events] == [Outcome.DENIED, Outcome.REVERSED, Outcome.PAID]
    assert [event.reverses_id for event in events] == [None, events[0].pk, None]
    assert (Claim.objects.get().outcome, Claim.objects.get().denial_carc) == (Outcome.DENIED, "197")


def test_case_15_reversal_and_correction_in_one_payment_leave_the_corrected_amount():
    load(x12(PAID_835, amount="64"), known_at=on(21))
    load(x12(REVERSAL, CORRECTION, amount="6", check="CHK2"), known_at=on(28))
    events = list(Adjudication.objects.order_by("known_at", "position").values_list("outcome", "paid_cents"))
    assert events == [(Outcome.PAID, 6_400), (Outcome.REVERSED, -6_400), (Outcome.PAID, 7_000)]
    assert (Claim.objects.count(), Remittance.objects.filter(difference_cents=0).count()) == (1, 2)


def test_case_15_a_reversal_of_what_never_came_stays_open():
    load(x12(REVERSAL, amount="-64"))
    assert Adjudication.objects.filter(outcome=Outcome.REVERSED, reverses=None).count() == 1


def test_case_16_a_negative_charge_is_a_reversal_and_no_new_claim():
    load(x12(PAID_835, amount="64"), known_at=on(21))
    batch = load(x12(REVERSAL.replace("CLP*C1*22", "CLP*C1*1"), amount="-64", check="CHK2"), known_at=on(28))
    original, reversal = Adjudication.objects.order_by("known_at")
    assert (reversal.outcome, reversal.paid_cents, reversal.reverses_id) == (Outcome.REVERSED, -6_400, original.pk)
    assert (Claim.objects.count(), batch.notices) == (1, {"implicit_reversal": 1})


def test_case_17_a_take_back_larger_than_the_claims_balances_and_touches_no_claim():
    data = x12(PAID_835, amount="0", plb="PLB*1234567893*20261231*WO:ICN9*100*FB:NEXT*-36").replace(
        b"*ACH*CCP*", b"*NON**"
    )
    load(data)
    payment = Remittance.objects.get()
    assert (payment.method, payment.amount_cents, payment.claims_paid_cents, payment.difference_cents) == (
        "NON",
        0,
        6_400,
        0,
    )
    rows = ProviderAdjustment.objects.order_by("ordinal").values_list("reason", "cents")
    assert list(rows) == [("WO", 10_000), ("FB", -3_600)]
    assert list(Claim.objects.values_list("outcome", "paid_cents")) == [(Outcome.PAID, 6_400)]


def test_case_18_every_triplet_is_kept_signed_and_none_merged():
    cas = (
        "CAS*CO*45*100*1*253*10**94*20~CAS*CO*97*30**59*40**16*10~CAS*OA*23*57.6*0*23*-1.08~CAS*OA*23*57.6"
        "~CAS*PR*1*10**2*20**3*30**45*40**66*50**100*60"
    )
    load(x12(claim(cas, money="634.12*100"), amount="100"))
    rows = list(Adjustment.objects.order_by("ordinal").values_list("group_code", "carc", "cents"))
    assert rows == [
        ("CO", "45", 10_000), ("CO", "253", 1_000), ("CO", "94", 2_000), ("CO", "97", 3_000), ("CO", "59", 4_000),
        ("CO", "16", 1_000), ("OA", "23", 5_760), ("OA", "23", -108), ("OA", "23", 5_760), ("PR", "1", 1_000),
        ("PR", "2", 2_000), ("PR", "3", 3_000), ("PR", "45", 4_000), ("PR", "66", 5_000), ("PR", "100", 6_000),
    ]  # fmt: skip
    assert (Adjudication.objects.get().balance_cents, Adjudication.objects.get().patient_cents) == (0, 21_000)


def test_case_19_reductions_of_the_claim_and_of_its_lines_count_once_each():
    lines = "CAS*OA*A2*50~SVC*HC:99213*100*20**1~CAS*CO*45*30"
    load(x12(claim("", lines=lines, money="100*20"), amount="20"))
    assert Adjudication.objects.get().balance_cents == 0
    rows = Adjustment.objects.order_by("ordinal").values_list("line", "carc", "cents")
    assert list(rows) == [(0, "A2", 5_000), (1, "45", 3_000)]


def test_case_20_a_claim_without_lines_has_the_claims_own_facts():
    load(x12(claim("", lines="CAS*CO*45*40", money="100*60"), amount="60"))
    event = Adjudication.objects.get()
    assert (event.outcome, event.balance_cents, event.allowed_cents) == (Outcome.PAID, 0, 6_000)
    assert (ServiceLine.objects.count(), LineAdjudication.objects.count()) == (0, 0)


def test_case_20_a_line_paid_under_another_code_keeps_both():
    lines = "SVC*HC:99213*100*60**1*HC:99215:25~CAS*CO*45*40"
    load(x12(claim("", lines=lines, money="100*60"), amount="60"))
    assert list(ServiceLine.objects.values_list("procedure_code", "modifiers")) == [("99215", "25")]
    assert list(LineAdjudication.objects.values_list("procedure_code", "paid_cents")) == [("99213", 6_000)]


def test_case_21_what_does_not_add_up_is_stored_with_its_difference():
    batch = load(x12(claim("CAS*CO*45*30", money="100*60"), DENIED_835, amount="59.99"))
    differences = Adjudication.objects.order_by("position").values_list("balance_cents", flat=True)
    assert list(differences) == [1_000, 0]
    balance = queries.balance_of(batch)
    assert (batch.status, balance.out_of_balance, balance.difference_cents) == ("loaded", 1, -1)


@pytest.mark.parametrize(
    ("right", "wrong", "notices"),
    [
        ("SVC*HC:99213*100*", "SVC*HC:99213*$450*", {"bad_amount": 1}),
        ("SVC*HC:99213*100*", "SVC*HC:99213**", {"bad_amount": 1}),
        ("CAS*CO*45*20", "CAS*CO*45*1e3", {"bad_amount": 1}),
        ("DTM*232*20260227", "DTM*232*20241345", {"bad_date": 1}),
        ("DTM*232*20260227", "DTM*232*00000000", {"bad_date": 1}),
        ("DTM*232*20260227", "DTM*232*20002316", {"bad_date": 1}),
    ],
)
def test_case_22_a_value_that_is_none_is_said_and_costs_no_claim(right, wrong, notices):
    assert right in PAID_835
    batch = load(x12(PAID_835.replace(right, wrong), DENIED_835, amount="64"))
    assert (batch.status, batch.claims, batch.paid_cents, batch.notices) == ("loaded", 2, 6_400, notices)


def test_case_23_a_word_for_a_number_merges_no_patients():
    some = [
        f"CLP*NOT AVAILABLE*1*100*64**12*ICN{n}*11~NM1*QC*1*P{n}*A****MI*M{n}~SVC*HC:99213*100*64**1~CAS*CO*45*36"
        for n in (1, 2, 3)
    ]
    load(x12(*some, amount="192"))
    assert (Claim.objects.count(), Adjudication.objects.count()) == (3, 3)


def test_case_23_a_cut_number_of_several_patients_is_several_claims():
    some = [
        f"CLP*1234567890*1*100*64**12*ICN{n}*11~NM1*QC*1*P{n}*A****MI*M{n}~SVC*HC:99213*100*64**1~CAS*CO*45*36"
        for n in (1, 2, 2)
    ]
    load(x12(*some, amount="192"))
    assert (Claim.objects.count(), Adjudication.objects.count()) == (2, 3)


def test_case_23_a_payers_number_shared_by_eight_patients_merges_none():
    some = [PAID_835.replace("C1", f"C{n}").replace("M100", f"M{n}") for n in range(8)]
    load(x12(*some, amount="512"))
    assert (Claim.objects.count(), Adjudication.objects.count()) == (8, 8)


def test_case_24_a_payer_is_known_by_its_number_under_any_name():
    load(x12(PAID_835, amount="64"))
    load(x12(DENIED_835, amount="0", check="CHK2").replace(b"SUMMIT MUTUAL", b"SUMMIT MUTUAL OF OHIO"))
    assert Payer.objects.count() == 1
    assert set(Claim.objects.values_list("payer_id", flat=True)) == {Payer.objects.get().pk}


def test_case_24_a_payer_named_again_between_claims_is_that_of_the_claims_after_it():
    data = x12(PAID_835, "N1*PR*CIVIC CARE*XV*CC01~LX*2", DENIED_835, amount="64")
    batch = load(data)
    assert batch.notices == {"repeated_header": 1}
    assert list(Claim.objects.order_by("position").values_list("payer__name", flat=True)) == [
        "SUMMIT MUTUAL",
        "CIVIC CARE",
    ]


def test_case_26_a_second_payers_answer_is_an_event_of_the_same_claim():
    load(csv_of(pending("C2").replace("99213", "73721").replace("100.00", "900.00")), known_at=on(3))
    load(x12(DENIED_835, amount="0"), known_at=on(21))
    second = "CLP*C2*2*900*40**12*ICN5*11~DTM*232*20260227~SVC*HC:73721*900*40**1~CAS*OA*23*860"
    load(x12(second, amount="40", check="CHK2").replace(b"SUMMIT MUTUAL*XV*DSM01", b"CIVIC CARE*XV*CC01"), known_at=MAY)
    events = Adjudication.objects.order_by("known_at").values_list("payer_order", "outcome", "paid_cents")
    assert list(events) == [(1, Outcome.DENIED, 0), (2, Outcome.PAID, 4_000)]
    assert list(Claim.objects.values_list("outcome", "denial_carc")) == [(Outcome.DENIED, "197")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\r\n\0\0 \n", "empty_file"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "unknown_format"),
        (b'{"error": "token expired", "code": 401}', "unknown_format"),
    ],
)
def test_case_30_what_is_no_file_of_claims_is_refused_in_words(content, code):
    batch = load(content, name="march.835")
    assert (batch.status, batch.error_code, batch.claims) == ("rejected", code, 0)
    assert batch.error_message


def test_case_30_an_element_of_ten_megabytes_is_refused_with_its_place_and_nothing_stays():
    data = x12(PAID_835, DENIED_835, amount="64").replace(b"LOVELACE", b"A" * 10_000_000)
    batch = load(data)
    assert (batch.status, batch.error_code) == ("rejected", "segment_too_long")
    assert batch.error_message == "a segment is longer than any real one (line 11)"
    assert (Claim.objects.count(), Remittance.objects.count()) == (0, 0)


def test_of_two_workers_with_one_file_one_loads_it():
    batch, _ = services.receive([x12(PAID_835, amount="64")], name="a.835", received_from="test")
    assert [services.load(batch.pk), services.load(batch.pk)] == [True, False]
    assert (Batch.objects.get().claims, Adjudication.objects.count()) == (1, 1)


@pytest.mark.parametrize("day", ["991231", "000101", "500101"])
def test_the_interchange_day_never_dates_a_payment(day):
    batch = load(x12(PAID_835, amount="64").replace(b"*260320*1200*^", f"*{day}*1200*^".encode()))
    assert batch.notices == {}
    assert Adjudication.objects.get().payment_date.isoformat() == "2026-03-20"
