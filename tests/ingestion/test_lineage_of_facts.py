"""Facts of a claim stand where the file that told them last says so; interest and odd places change nothing else."""

from datetime import timedelta

import pytest

from tests.ingestion.world import MAY, PAID_835, csv_of, denied, load, paid, pending, sent, x12
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim, ClaimRevision, PayerWeek, ProviderAdjustment, Remittance
from upstream.claims.queries import timeline
from upstream.ingestion.lineage import sources_at

pytestmark = pytest.mark.usefixtures("practice")


def test_a_corrected_claim_leads_to_both_files_and_the_line_in_each():
    first = load(csv_of(paid("C0"), pending("C1")), MAY)
    second = load(csv_of(pending("C8"), pending("C9"), pending("C1").replace("100.00", "120.00")), MAY + timedelta(1))
    claim = Claim.objects.get(billed_cents=12_000)
    places = [(event.words, event.batch_id, event.position) for event in timeline(claim)]
    assert places == [("Submitted", first.pk, 3), ("Corrected by a later file", second.pk, 4)]
    rows = [source.parts[0] for source in sources_at([place[1:] for place in places])]
    assert [row.split(",")[9] for row in rows] == ["100.00", "120.00"]


def test_the_earlier_of_two_files_may_come_later():
    later = load(csv_of(pending("C1").replace("100.00", "120.00")), MAY + timedelta(1))
    earlier = load(csv_of(paid("C0"), pending("C1")), MAY)
    claim = Claim.objects.get(billed_cents=12_000)
    assert [(event.batch_id, event.position) for event in timeline(claim)] == [(earlier.pk, 3), (later.pk, 2)]


def test_interest_on_a_claim_is_kept_beside_what_was_paid():
    with_interest = PAID_835.replace("~SVC", "~AMT*AU*100~AMT*I*1.25~AMT*I*.5~SVC")
    load(x12(with_interest, amount="65.75", plb="PLB*1234567893*20261231*L6*-1.75"))
    answer = Adjudication.objects.get()
    assert (answer.interest_cents, answer.paid_cents, answer.balance_cents) == (175, 6_400, 0)
    assert (ProviderAdjustment.objects.get().cents, Remittance.objects.get().difference_cents) == (-175, 0)


@pytest.mark.parametrize("sent_first", [True, False])
def test_an_institutional_claim_has_no_place_of_service_and_an_answer_that_names_one_changes_nothing(sent_first):
    told = (
        sent(("C1", "1", ""))
        .replace(b"X222A1", b"X223A2")
        .replace(b"SV1*HC:99213*100*UN*1***1", b"SV2*0450*HC:99213*100*UN*1")
    )
    told = told.replace(b"11:B:1", b"13:A:1")
    answer = x12(PAID_835.replace("20260227", "20260227"), amount="64")
    files = [(told, MAY), (answer, MAY + timedelta(9))]
    for content, known in files if sent_first else reversed(files):
        load(content, known)
    load(told + b"\n", MAY + timedelta(10))
    claim = Claim.objects.get()
    assert (claim.place_of_service, claim.outcome, ClaimRevision.objects.count()) == ("", Outcome.PAID, 0)


FILES = [
    csv_of(
        pending("C1", "2026-03-02").replace("99213", "73721").replace("100.00", "900.00"), pending("C2", "2026-03-02")
    ),
    x12("CLP*C1*1*900*0**12*ICN2*11~DTM*232*20260227~SVC*HC:73721*900*0**1~CAS*CO*197*900", amount="0"),
    csv_of(pending("C1", "2026-04-13").replace("99213", "73721").replace("100.00", "900.00")),
]


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 1, 0), (1, 2, 0), (2, 0, 1), (1, 0, 2)])
def test_a_claim_sent_again_under_its_number_counts_in_the_week_whose_submission_was_answered(order):
    for number in order:
        load(FILES[number], MAY + timedelta(days=7 * number))
    cells = PayerWeek.objects.order_by("submitted_week", "outcome").values_list("submitted_week", "outcome", "claims")
    assert [(str(week), outcome, claims) for week, outcome, claims in cells] == [
        ("2026-03-02", Outcome.PENDING, 2), ("2026-03-02", Outcome.DENIED, 1),
    ]  # fmt: skip
    assert str(Claim.objects.get(billed_cents=90_000).submitted_date) == "2026-04-13"


def test_an_answer_after_the_second_submission_counts_with_that_one():
    load(FILES[0], MAY)
    load(FILES[2], MAY + timedelta(days=7))
    load(csv_of(denied("C1", "2026-04-13", decided="2026-04-30")), MAY + timedelta(days=14))
    cells = PayerWeek.objects.exclude(outcome=Outcome.PENDING).values_list("submitted_week", "claims")
    assert [(str(week), claims) for week, claims in cells] == [("2026-04-13", 1)]
