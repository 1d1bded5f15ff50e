"""Remittances become answers, payments and reversals."""

from datetime import UTC, date, datetime

import pytest

from tests.ingestion.world import (
    CORRECTION,
    DENIED_835,
    HEADER,
    MAY,
    PAID_835,
    PHI,
    REVERSAL,
    counts,
    csv_of,
    load,
    pending,
    x12,
)
from upstream.claims.choices import Outcome
from upstream.claims.models import (
    Adjudication,
    Claim,
    ClaimRevision,
    LineAdjudication,
    Patient,
    ProviderAdjustment,
    Remittance,
    ServiceLine,
)
from upstream.claims.queries import identities_of, timeline
from upstream.ingestion import phi
from upstream.tenants.services import tenant_keys

pytestmark = pytest.mark.usefixtures("practice")


def test_a_remittance_decides_the_claims_of_the_practice_file():
    load(csv_of(pending("C1"), pending("C2").replace("99213", "73721")), known_at=datetime(2026, 3, 3, tzinfo=UTC))
    batch = load(x12(PAID_835, DENIED_835, amount="64"), known_at=datetime(2026, 3, 22, tzinfo=UTC))
    assert (batch.format, batch.claims, batch.lines, batch.adjudications, batch.notices) == ("x12", 2, 2, 2, {})
    outcomes = dict(Claim.objects.values_list("procedure_code", "outcome"))
    assert outcomes == {"99213": Outcome.PAID, "73721": Outcome.DENIED}
    assert (Claim.objects.count(), ClaimRevision.objects.count()) == (2, 0)
    assert set(Claim.objects.values_list("submitted_date", flat=True)) == {date(2026, 3, 2)}


def test_a_remittance_before_the_practice_file_is_completed_by_it():
    load(x12(PAID_835, amount="64"), known_at=datetime(2026, 3, 22, tzinfo=UTC))
    assert Claim.objects.get().submitted_date == date(2026, 2, 27)
    load(csv_of(pending()), known_at=MAY)
    claim = Claim.objects.select_related("site").get()
    assert (claim.submitted_date, claim.site.name, claim.outcome) == (date(2026, 3, 2), "Main", Outcome.PAID)


def test_a_payment_and_its_provider_adjustments_balance_to_the_cent():
    load(x12(PAID_835, DENIED_835, amount="50.5", plb="PLB*1234567893*20261231*WO:ICN9*14*L6*-0.5"))
    remittance = Remittance.objects.get()
    assert (remittance.amount_cents, remittance.claims_paid_cents, remittance.difference_cents) == (5_050, 6_400, 0)
    assert list(ProviderAdjustment.objects.order_by("ordinal").values_list("reason", "cents")) == [
        ("WO", 1_400),
        ("L6", -50),
    ]


def test_a_payment_that_does_not_add_up_is_kept_and_named():
    load(x12(PAID_835, amount="60"))
    assert Remittance.objects.get().difference_cents == -400
    assert Claim.objects.get().paid_cents == 6_400


def test_the_same_remittance_in_a_new_envelope_changes_nothing():
    load(x12(PAID_835, DENIED_835, amount="64"))
    before = counts()
    again = load(x12(PAID_835, DENIED_835, amount="64", control="000000777"))
    assert (again.state, again.new_adjudications) == ("loaded", 0)
    assert counts() == before


def test_a_cut_remittance_is_superseded_by_the_whole_one():
    whole = x12(PAID_835, DENIED_835, amount="64")
    cut = load(whole[: whole.index(b"CLP*C2")])
    assert (cut.status, Remittance.objects.get().complete) == ("partly_loaded", False)
    load(whole)
    states = list(Remittance.objects.order_by("pk").values_list("complete", "superseded"))
    assert states == [(False, True), (True, False)]
    assert (Claim.objects.count(), Adjudication.objects.count()) == (2, 2)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0)])
def test_a_reversal_finds_its_original_in_any_order(order):
    files = [
        x12(PAID_835, amount="64"),
        x12(REVERSAL, amount="-64", check="CHK2"),
        x12(CORRECTION, amount="70", check="CHK3"),
    ]
    for place in order:
        load(files[place], known_at=datetime(2026, 3, 22 + place, tzinfo=UTC))
    events = list(Adjudication.objects.order_by("known_at"))
    assert [event.outcome for event in events] == [Outcome.PAID, Outcome.REVERSED, Outcome.PAID]
    assert [event.reverses_id for event in events] == [None, events[0].pk, None]
    assert sum(event.paid_cents for event in events) == 7_000
    claim = Claim.objects.get()
    assert (claim.outcome, claim.paid_cents) == (Outcome.PAID, 6_400)


def test_a_secondary_answer_is_an_event_and_no_first_decision():
    load(csv_of(pending()), known_at=datetime(2026, 3, 3, tzinfo=UTC))
    load(x12("CLP*C1*2*100*10**12*ICN5*11~DTM*232*20260227~SVC*HC:99213*100*10**1~CAS*OA*23*90", amount="10"))
    assert (Claim.objects.get().outcome, Adjudication.objects.get().payer_order) == (Outcome.PENDING, 2)


def test_the_timeline_tells_the_claims_life_in_order():
    load(csv_of(pending()), known_at=datetime(2026, 3, 3, tzinfo=UTC))
    load(x12(PAID_835, amount="64"), known_at=datetime(2026, 3, 22, tzinfo=UTC))
    load(x12(REVERSAL, CORRECTION, amount="6", check="CHK2"), known_at=datetime(2026, 4, 5, tzinfo=UTC))
    words = [event.words for event in timeline(Claim.objects.get())]
    assert words == ["Submitted", "Paid", "Earlier answer taken back", "Paid"]


def test_two_answers_of_one_file_are_taken_in_their_order():
    duplicate = "CLP*C1*1*100*0**12*ICN8*11~DTM*232*20260227~SVC*HC:99213*100*0**1~CAS*OA*18*100"
    load(x12(PAID_835, duplicate, amount="64"))
    assert Claim.objects.get().outcome == Outcome.PAID
    assert list(Adjudication.objects.order_by("position").values_list("outcome", flat=True)) == [1, 2]


def test_a_remittance_takes_nothing_from_what_the_practice_said_of_a_patient(settings):
    settings.REAL_DATA_MODE = True
    load(csv_of(pending() + ",Ada,Lovelace,1980-01-01,M100,A200", header=HEADER + PHI))
    load(x12(PAID_835, amount="64"))
    patient = Patient.objects.get()
    assert patient.opened(tenant_keys())["birth_date"] == "1980-01-01"
    assert bytes(patient.account_bidx) == tenant_keys().index("account", "A200")


def test_equal_payments_and_take_backs_are_paired_in_turn():
    files = [(PAID_835, "64"), (REVERSAL, "-64"), (PAID_835, "64"), (REVERSAL, "-64")]
    for number, (claim, amount) in enumerate(files):
        load(x12(claim, amount=amount, check=f"CHK{number}"), known_at=datetime(2026, 3, 22 + number, tzinfo=UTC))
    events = list(Adjudication.objects.order_by("known_at"))
    assert [event.reverses_id for event in events] == [None, events[0].pk, None, events[2].pk]


def test_a_reversal_of_an_answer_never_seen_is_not_paired_with_the_next_one():
    load(x12(REVERSAL, amount="-64", check="CHK2"), known_at=datetime(2026, 3, 22, tzinfo=UTC))
    load(x12(PAID_835, amount="64", check="CHK3"), known_at=datetime(2026, 3, 29, tzinfo=UTC))
    assert set(Adjudication.objects.values_list("reverses_id", flat=True)) == {None}


def test_two_take_backs_of_two_equal_payments_take_back_each_of_them():
    taken = []
    for number, (claim, amount) in enumerate([(PAID_835, "64")] * 2 + [(REVERSAL, "-64")] * 2):
        load(x12(claim, amount=amount, check=f"CHK{number}"), known_at=datetime(2026, 3, 22 + number, tzinfo=UTC))
        events = list(Adjudication.objects.order_by("known_at"))
        taken.append([events.index(found) for event in events for found in events if event.reverses_id == found.pk])
    assert taken == [[], [], [0], [0, 1]]


def test_a_reversal_that_stands_before_the_answer_in_its_file_does_not_take_it_back():
    load(x12(REVERSAL, PAID_835, amount="0"))
    assert set(Adjudication.objects.values_list("reverses_id", flat=True)) == {None}


def test_a_reversal_of_another_charge_is_not_paired_though_the_payment_is_equal():
    load(x12(PAID_835, amount="64"), known_at=datetime(2026, 3, 22, tzinfo=UTC))
    other = REVERSAL.replace("*-100*", "*-90*").replace("CAS*CO*45*-20", "CAS*CO*45*-10")
    load(x12(other, amount="-64", check="CHK2"), known_at=datetime(2026, 3, 29, tzinfo=UTC))
    assert list(Adjudication.objects.order_by("known_at").values_list("billed_cents", "reverses_id")) == [
        (10_000, None), (-9_000, None),
    ]  # fmt: skip


def test_claims_without_a_number_are_not_one_claim():
    nameless = "CLP*0*1*100*64**12*ICN{0}*11~DTM*232*20260227~SVC*HC:99213*100*64**1~CAS*CO*45*36"
    load(x12(nameless.format(1), nameless.format(2), amount="128"))
    assert Claim.objects.count() == 2


def test_a_line_keeps_what_was_billed_and_its_own_number_as_an_index_alone():
    recoded = "CLP*C1*1*100*64**12*ICN1*11~DTM*232*20260227~SVC*HC:99212*100*64**1*HC:99213~REF*6R*L-77~CAS*CO*45*36"
    load(x12(recoded, amount="64"))
    answered = LineAdjudication.objects.get()
    line = tenant_keys().index("line_control", "L-77")
    assert (answered.procedure_code, answered.billed_code, bytes(answered.control_bidx)) == ("99212", "99213", line)
    assert bytes(ServiceLine.objects.get().control_bidx) == line


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_payers_number_is_known_beside_the_practices_identity_in_any_order(order, settings):
    settings.REAL_DATA_MODE = True
    files = [csv_of(pending() + ",Ada,Lovelace,1950-12-10,M100,A100", header=HEADER + PHI), x12(PAID_835, amount="64")]
    for place in order:
        load(files[place])
    claim = Claim.objects.get()
    opened = identities_of([claim.pk])[claim.pk]
    assert (opened["account"], opened["payer_control_number"]) == ("A100", "ICN1")
    assert phi.verify()["claims_adjudication"] == {"rows": 1, "unreadable": 0, "older_key": 0}
